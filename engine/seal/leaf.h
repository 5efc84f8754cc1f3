// Leaf: one sealed statement of a ledger: the header, an entry, a position, a finding or a total.
//
// The order of members in these structs is the order in which the files write them. A leaf's bytes
// are its RFC 8785 form with "leaf" (and "entity" under an entity) added: see canonical.h.

#ifndef QZ_SEAL_LEAF_H_
#define QZ_SEAL_LEAF_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/finding.h"

namespace qz::seal {

inline constexpr std::string_view kSchema = "urn:qingzhang:ledger:1";
inline constexpr std::string_view kSubject = "entity";  // what most packs account for

struct Source {
  std::string kind;   // pack, table, units, input, context, moves, scenario
  std::string name;
  std::string table;  // of an input or context file; "" otherwise and then not written
  std::string sha256;
  std::optional<std::uint64_t> rows;
};

struct Parameter {
  std::string pack;
  std::string name;
  std::string value;
};

struct Header {
  std::string schema{kSchema};
  std::string job;
  base::Bilingual title;             // not written where both are empty
  std::string cycle_id;
  std::vector<std::string> cycle_years;
  std::string as_of;
  std::string subject{kSubject};     // written only where it is another
  std::string engine_name;
  std::string engine_version;
  std::vector<Parameter> parameters;  // all values in force
  std::vector<std::string> pins;      // "pack@version" of editions that the job pinned
  std::vector<Source> sources;
  std::string previous;               // root of the previous ledger; "" and not written where none
};

// A cell as the ledger prints it: exact decimal text, already rounded.
struct Entry {
  std::string table;
  base::Key key;                      // without the entity
  std::string column;
  std::optional<std::string> value;   // empty: null
  std::optional<std::string> unit;    // numbers only
  std::string rule;                   // "pack@version/table.column"; this and the following three
  std::string cite;                   // are not written where empty
  std::string how;
  std::string error;
};

struct Position {
  std::string instrument;
  std::string lot;
  std::string state;
  std::string quantity;
  std::string unit;
};

using Total = Entry;  // the same members; a total belongs to no entity

struct Seal {
  std::uint64_t leaves = 0;
  std::string root;                   // hex
};

struct Figures;     // many entries or totals in columns: figures.h
class FigureFormer;

// Takes the leaves of a ledger in their order, one at a time: writers, the tree, comparisons.
// Calls come as header, { begin_entity, entry*, position*, finding*, end_entity }*, total*, finding*, seal.
class LeafSink {
 public:
  virtual ~LeafSink() = default;
  virtual void header(const Header& header) = 0;
  virtual void begin_entity(const std::string& entity) = 0;
  virtual void entry(const Entry& entry) = 0;
  virtual void position(const Position& position) = 0;
  virtual void finding(const base::Finding& finding) = 0;  // of the open entity, or of the job
  virtual void end_entity() = 0;
  virtual void total(const Total& total) = 0;
  virtual void seal(const Seal& seal) = 0;

  // Entries and totals may also come many at a time. Whoever writes bytes of its own gives a former,
  // one for each thread; what that made of `figures` is then `formed`. By default each entry or total
  // comes by itself.
  virtual std::unique_ptr<FigureFormer> former() const;
  virtual void figures(const Figures& figures, std::string_view formed);
};

}  // namespace qz::seal

#endif  // QZ_SEAL_LEAF_H_
