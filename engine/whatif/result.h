// Result: what a study says, part by part, in the order in which it is found out. Texts are as
// people and programs read them; no number in here needs another look.

#ifndef QZ_WHATIF_RESULT_H_
#define QZ_WHATIF_RESULT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "whatif/section.h"

namespace qz::whatif {

// A figure beside its base. `difference` and `parts` are exact: decimals where they end, else a
// fraction "a/b"; in the figure's unit.
struct Figure {
  std::string table;   // empty: an expression of "report"
  std::string entity;  // the subject's part of the key; empty where it has none
  base::Key key;       // without the entity
  std::string column;  // or the report's name
  std::string unit;    // empty for what is no number
  std::string base;    // as a ledger prints it; empty: no value, for the reason in `base_state`
  std::string base_state;
  std::string value;
  std::string value_state;
  std::string difference;          // empty where one of the two is no number
  std::vector<std::string> parts;  // by change of the scenario; empty where there are none
  bool is_short = false;           // of a period shorter than a year
};

// What a change touches: a cell, a row of a factor table, a constant of an edition.
struct TouchedValue {
  std::string name;  // "unit=2, month=2022-07"
  std::string value;
};

struct ChangeResult {
  std::string text;    // "fuel_month.C_ad × 0.97 where unit = \"2\""
  std::string set;     // or the pin
  std::string action;  // "to", "times", "plus", "pin"
  std::string amount;  // as written
  std::string where;
  std::string from, until;  // dates
  std::string unit;         // of the values
  std::uint64_t count = 0;
  std::vector<TouchedValue> touched;  // all where they are asked for, else the first
};

// How differences were divided among changes.
enum class Division : std::uint8_t {
  kNone,     // no change, or one: it made all of it
  kShapley,  // the mean over all orders of the changes
  kInTurn,   // each change on top of those before it
};
// In this many changes every subset is computed; beyond, each change counts on top of those before.
inline constexpr std::size_t kShapleyMax = 8;

struct ScenarioResult {
  std::string name;
  base::Bilingual title;
  std::vector<ChangeResult> changes;
  Division division = Division::kNone;
  std::vector<Figure> report;
  std::vector<Figure> figures;  // reported cells that moved
  bool findings_compared = false;
  base::Findings appeared;
  base::Findings vanished;
};

struct Swing {
  ChangeResult change;  // its amount is "low … high"
  base::Bilingual title;
  Figure low, high;
  std::string swing;  // |high − low|; empty where one of them has no value
};

struct SensitivityResult {
  std::string of;
  std::string unit;
  std::string base;
  std::vector<Swing> swings;  // the widest first; equal ones in the file's order
};

struct SweepShape {
  std::string scenario;
  std::vector<ChangeResult> dimensions;  // the first slowest
  std::uint64_t points = 0;
};

struct SweepPoint {
  std::uint64_t index = 0;          // from 0
  std::vector<std::string> values;  // by dimension
  std::vector<Figure> report;
  std::vector<Figure> figures;  // that moved; only where the file reports nothing
};

struct SeekResult {
  std::string scenario;
  ChangeResult change;  // its amount is empty
  std::string until;
  std::string step, low, high;       // as written
  bool largest = false;              // looked for from above
  std::optional<std::string> found;  // the smallest (or largest) multiple of the step that does
  std::optional<std::string> fails;  // its neighbour outward, where the condition does not hold
  bool halved = false;               // by halving, as the file vouches; else one after another
  std::uint64_t candidates = 0;      // multiples of the step in the bracket
  std::uint64_t evaluations = 0;     // multiples that were looked at
  std::uint64_t unknown = 0;         // of them, without an answer: a missing figure or an error
  std::vector<Figure> report;        // at the value that was found
  std::vector<Figure> figures;       // that moved there
};

struct ResultHeader {
  std::string file;  // the scenarios file
  std::string sha256;
  std::string job;
  std::string base_root;
  std::string engine;
};

// Takes a study's parts in their order.
class ResultSink {
 public:
  virtual ~ResultSink() = default;
  virtual void begin(const ResultHeader& header) = 0;
  virtual void scenario(const ScenarioResult& result) = 0;
  virtual void sensitivity(const SensitivityResult& result) = 0;
  virtual void begin_sweep(const SweepShape& shape) = 0;
  virtual void point(const SweepPoint& point) = 0;
  virtual void end_sweep() = 0;
  virtual void seek(const SeekResult& result) = 0;
  virtual void section(const Section& section) = 0;  // uncertainty, measures
  virtual void end() = 0;
  // Every value that a change touches, not the first few?
  virtual bool wants_all_touched() const { return false; }
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_RESULT_H_
