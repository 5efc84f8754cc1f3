// Scenarios file: what a scenarios/*.json asks for, read strictly and not yet acted on. Names of
// tables, columns, factors and packs are still names; formulas are texts that parse.

#ifndef QZ_WHATIF_SCENARIOS_FILE_H_
#define QZ_WHATIF_SCENARIOS_FILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/finding.h"
#include "base/place.h"
#include "exact/number.h"
#include "job/strict_object.h"
#include "rules/column_definition.h"
#include "text/json.h"

namespace qz::whatif {

// Limits of one file: what is larger is refused by its name.
inline constexpr std::size_t kScenariosMax = 100'000;
inline constexpr std::size_t kChangesMax = 1'000;  // of one scenario or measure
inline constexpr std::size_t kVaryMax = 8;         // dimensions of a grid
inline constexpr std::size_t kReportsMax = 200;
inline constexpr std::size_t kMeasuresMax = 1'000;
inline constexpr std::size_t kUncertainMax = 1'000;
inline constexpr std::int64_t kPointsMax = 100'000'000;  // of a grid, or steps of a goal

// What a change does to the current value of each cell that it touches, in file order.
enum class Action : std::uint8_t {
  kTo,     // the value itself
  kTimes,  // × a plain number
  kPlus,   // + a value in the target's dimension
};

// "-500[t]", "0.97", "44/12": a number and, where written, its unit.
struct Amount {
  exact::Number number;
  std::string unit;  // as written; empty where none
  std::string text;  // the whole as written
  base::Place place;
};

// What a change, a dimension of a sweep or an uncertain input is about: cells of a column, rows of
// a factor table, a constant or parameter.
struct Written {
  std::string set;  // "fuel_month.FC", "cn.grid.factor", "pack/NAME", "pack@version/NAME"
  base::Place place;
  std::optional<rules::Formula> where;  // parsed; over the rows of what `set` names
  std::optional<base::Date> from;       // rows whose period begins on or after that day
  std::optional<base::Date> until;      // rows whose period ends on or before that day
};

struct WrittenChange {
  Written target;   // `set` is empty where the change is a pin
  std::string pin;  // "id@version"; then nothing else is given
  Action action = Action::kTimes;
  // kTimes and kPlus: a number. kTo: a number, or any other value as `amount.text`.
  Amount amount;
  bool is_number = true;  // `amount.number` holds
  base::Place place;
};

struct WrittenScenario {
  std::string name;
  base::Bilingual title;
  std::vector<WrittenChange> changes;
  base::Place place;
};

// The values of one dimension: from, to, step, or a list.
struct WrittenRange {
  std::vector<Amount> values;  // where listed
  Amount from, to, step;       // otherwise; `step` is not zero and leads from `from` towards `to`
};

struct WrittenVary {
  Written target;
  Action action = Action::kTimes;
  WrittenRange range;
  base::Place place;
};

struct WrittenSweep {
  std::string scenario;  // a name of `scenarios` whose changes come first; empty: none
  base::Place scenario_place;
  std::vector<WrittenVary> vary;  // the first slowest
  base::Place place;
};

// One input of a one-at-a-time sensitivity: low and high beside the base.
struct WrittenSensitivity {
  Written target;
  Action action = Action::kTimes;
  Amount low, high;
  base::Bilingual title;
  base::Place place;
};

struct WrittenTornado {
  std::string of;  // the expression whose swing is looked at
  base::Place of_place;
  rules::Formula of_formula;
  std::vector<WrittenSensitivity> inputs;
  base::Place place;
};

struct WrittenSeek {
  std::string scenario;
  base::Place scenario_place;
  Written target;
  Action action = Action::kTimes;
  rules::Formula until;   // a condition over the whole job
  Amount step;            // positive
  Amount low, high;       // `between`, low < high
  bool largest = false;   // "take": "largest": looked for from above
  bool monotone = false;  // "assume": "monotone": the file vouches for it, so halving is enough
  base::Place place;
};

// An expression over the whole job ("sum(entity_year.E)") whose value every result shows.
struct WrittenReport {
  std::string name;  // the text itself where no name is given
  rules::Formula formula;
  std::string unit;  // empty: that of the formula
  base::Place place;
};

struct ScenariosFile {
  std::string file;    // as the user named it
  std::string sha256;  // filled in by whoever read it
  std::string base;    // the job file, relative to this one
  base::Place base_place;
  std::vector<WrittenScenario> scenarios;
  std::vector<WrittenReport> report;
  std::optional<WrittenSweep> sweep;
  std::optional<WrittenTornado> sensitivity;
  std::optional<WrittenSeek> seek;
  std::optional<rules::Formula> target;  // a condition over the whole job
  // Are findings that appear and vanish looked for? Each scenario is then a whole job of its own.
  std::optional<bool> findings;  // empty: where there are few scenarios
  // As written: read further by measures_file.h and uncertainty_file.h. kNull where absent.
  text::JsonValue measures;
  text::JsonValue uncertainty;
};

// Every problem goes to `problems` in one pass, with line and column, unknown members with the
// nearest known name. Empty result if there were any. Names are not yet looked up.
std::optional<ScenariosFile> read_scenarios(std::string_view bytes, const std::string& file,
                                            base::Findings& problems);

// Parts that measures and uncertainty are written in too. Each gives an empty or default value and
// a problem where the member is not as it should be.
job::Reading reading_of(const std::string& file, base::Findings& problems);
std::vector<WrittenChange> read_changes(const job::Reading& reading, const text::JsonValue& value);
std::optional<Amount> read_amount(const job::Reading& reading, const text::JsonValue& value,
                                  std::string_view what);
std::optional<rules::Formula> read_formula(const job::Reading& reading,
                                           const text::JsonValue& value, std::string_view what);
std::optional<base::Date> read_date(const job::Reading& reading, const text::JsonValue& value,
                                    std::string_view what);
// The members "set", "where", "from" and "until" into `out`: put these in front of your own.
job::Members target_members(const job::Reading& reading, Written& out);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_SCENARIOS_FILE_H_
