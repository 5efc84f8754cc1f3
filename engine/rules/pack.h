// Pack: one edition of a rule pack as its file says it, formulas parsed, `extends` applied.
//
// Not yet resolved: names, units and types are checked by resolve.h, against the other packs and
// factor tables of a job. A Pack is a value; nothing in it points outside.

#ifndef QZ_RULES_PACK_H_
#define QZ_RULES_PACK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/finding.h"
#include "base/period.h"
#include "base/place.h"
#include "exact/number.h"
#include "exact/rounding.h"
#include "rules/expression.h"
#include "text/json.h"

namespace qz::rules {

// A formula and its text. Shared: editions that extend one another share what they do not replace.
struct Formula {
  std::string text;
  base::Place place;  // of the first character of the text
  std::shared_ptr<const Expression> expression;
};

struct Case {
  std::optional<Formula> when;
  Formula formula;
  std::string how = "formula";  // measured, default, substituted, penalty, formula
  std::string cite;             // of the case; empty: the column's
};

enum class InputKind : std::uint8_t { kNone, kNumber, kText, kDate, kBool, kChoice };

// An allowed text of a kChoice input: stored code, accepted and shown labels.
struct Choice {
  std::string code;
  base::Bilingual label;
};

struct RoundDefinition {
  exact::RoundingRule rule;  // mode filled in from the pack's `rounding` where the file has none
  bool own_mode = false;     // the column names its mode; otherwise an heir's `rounding` counts
};

struct ColumnDefinition {
  std::string name;
  base::Place place;
  InputKind input = InputKind::kNone;
  std::vector<Choice> choices;
  std::vector<Case> cases;  // `formula` is one case without `when`
  bool has_formula() const { return !cases.empty(); }
  std::optional<Formula> when;  // of the column
  std::string unit;             // empty for columns that are no numbers
  base::Place unit_place;
  bool optional = false;
  std::optional<exact::Number> min;  // in `unit`
  std::optional<exact::Number> max;
  std::optional<std::int32_t> decimals;
  std::optional<RoundDefinition> round;
  std::optional<std::int32_t> shown;  // decimals of the ledger and reports only
  bool report = false;
  bool link = false;
  bool open = false;  // another pack's definition, where one is in use, stands for this one
  base::Bilingual label;
  std::string cite;
  std::string note;
};

struct EveryDefinition {
  base::PeriodKind period = base::PeriodKind::kMonth;
  std::optional<std::pair<std::string, std::string>> from;  // table, date input column
  std::optional<std::pair<std::string, std::string>> to;
  base::Place place;
};

struct TableDefinition {
  std::string name;
  base::Place place;
  std::vector<std::string> key;           // column names, in order; may be empty
  std::vector<ColumnDefinition> columns;  // in the file's order, without the key
  std::optional<EveryDefinition> every;
  std::vector<std::string> cross;  // tables or factor tables
  bool optional = false;
  base::Bilingual label;
};

struct Constant {
  std::string name;
  base::Place place;
  exact::Number value;
  std::string text;  // as written: "44/12"
  std::string unit;
  std::string cite;
  std::string status;  // empty: verified
};

struct Parameter {
  std::string name;
  base::Place place;
  std::vector<std::string> choices;  // a text parameter; empty for a number
  std::string unit;                  // a number parameter
  std::optional<exact::Number> min, max;
  std::string default_text;  // as written
  std::optional<exact::Number> default_number;
  std::string status;  // empty: verified
  std::string cite;
  base::Bilingual label;
  bool is_number() const { return choices.empty(); }
};

struct CheckDefinition {
  std::string id;
  base::Place place;
  std::string table;
  base::Severity severity = base::Severity::kError;
  std::optional<Formula> when;
  Formula require;
  base::Bilingual message;  // with {placeholders}
  std::string cite;
};

// Cells of an example as text, read like a file's; a null cell has no value.
struct ExampleCell {
  std::string column;
  std::optional<std::string> text;
  base::Place place;
};
struct ExampleRow {
  base::Place place;
  std::vector<ExampleCell> cells;
};
struct Example {
  std::string name;
  std::string source;
  base::Place place;
  std::optional<base::Cycle> cycle;  // {"id", "years"} where given
  std::optional<base::Date> as_of;
  std::map<std::string, std::string> parameters;  // name -> value, where given
  std::map<std::string, std::vector<ExampleRow>> given;
  std::map<std::string, std::vector<ExampleRow>> expect;
  std::vector<std::string> findings;
};

// A factor table that the pack names: alias in formulas -> id and optional version.
struct FactorUse {
  std::string alias;
  std::string id;
  std::string version;  // empty: exactly one must be installed
  base::Place place;
};

struct Pack {
  std::string id;
  std::string version;
  std::string file;    // for messages
  std::string sha256;  // of the file's bytes, filled in by whoever read them
  base::Bilingual title;
  std::string authority;
  std::string document;
  base::Date applies_from;
  std::optional<base::Date> applies_to;
  std::string extends;             // version, empty if none
  std::vector<std::string> needs;  // pack ids
  std::vector<FactorUse> factors;
  std::vector<Constant> constants;  // in the file's order
  std::vector<Parameter> parameters;
  exact::Rounding rounding = exact::Rounding::kHalfEven;
  std::vector<TableDefinition> tables;
  std::vector<CheckDefinition> checks;
  std::vector<Example> examples;
  text::JsonValue instruments;  // §11, kept whole until settle reads it; kNull if absent
  std::map<std::string, std::string> instrument_files;  // name -> file: an ancestor's if inherited

  std::string name() const { return id + "@" + version; }
  const TableDefinition* table(const std::string& table_name) const;
};

}  // namespace qz::rules

#endif  // QZ_RULES_PACK_H_
