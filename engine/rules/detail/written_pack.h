// WrittenPack: what one pack file says literally, before `extends` is applied.
//
// The parts that replace an ancestor's one by one are kept as patches: what is there, what is
// removed. Everything that is never inherited already stands in `pack`.

#ifndef QZ_RULES_DETAIL_WRITTEN_PACK_H_
#define QZ_RULES_DETAIL_WRITTEN_PACK_H_

#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "rules/detail/member_reader.h"
#include "rules/pack.h"
#include "text/json.h"

namespace qz::rules::detail {

// A name that `null` (or "remove") takes away.
struct Removal {
  std::string name;
  base::Place place;
};

struct WrittenTable {
  std::string name;
  base::Place place;
  std::optional<std::vector<std::string>> key;
  std::optional<EveryDefinition> every;
  std::optional<std::vector<std::string>> cross;
  std::optional<std::vector<std::string>> unique;
  std::optional<bool> optional;
  std::optional<base::Bilingual> label;
  std::vector<ColumnDefinition> columns;
  std::vector<Removal> columns_removed;
};

struct WrittenPack {
  Pack pack;  // without tables; constants, parameters, factors and checks are this file's own
  std::vector<WrittenTable> tables;
  std::vector<Removal> tables_removed;
  std::vector<Removal> constants_removed;
  std::vector<Removal> parameters_removed;
  std::vector<Removal> factors_removed;
  std::vector<Removal> checks_removed;
  std::optional<exact::Rounding> rounding;
  std::optional<std::vector<std::string>> needs;
  base::Place version_place;
  base::Place extends_place;
  bool faulty = false;  // its file has problems
};

// The parts of a pack file. Each adds what it finds to `out`, and problems to the reader.
void read_tables(MemberReader& reader, const text::JsonValue& tables, WrittenPack& out);
ColumnDefinition read_column(MemberReader& reader, const std::string& name,
                             const text::JsonValue& value);
void read_constants(MemberReader& reader, const text::JsonValue& constants, WrittenPack& out);
void read_parameters(MemberReader& reader, const text::JsonValue& parameters, WrittenPack& out);
void read_factors(MemberReader& reader, const text::JsonValue& factors, WrittenPack& out);
void read_checks(MemberReader& reader, const text::JsonValue& checks, WrittenPack& out);
void read_examples(MemberReader& reader, const text::JsonValue& examples, WrittenPack& out);
void read_instruments(MemberReader& reader, const text::JsonValue& instruments, WrittenPack& out);

// Whole editions from what the files say: `extends` carried out, removals done, rounding modes
// filled in. Leaves out what is faulty or stands on something faulty, a circle or a missing
// version.
std::vector<Pack> apply_extends(std::vector<WrittenPack> written, base::Findings& problems);

}  // namespace qz::rules::detail

#endif  // QZ_RULES_DETAIL_WRITTEN_PACK_H_
