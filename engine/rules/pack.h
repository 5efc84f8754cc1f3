// Pack: one edition of a rule pack as its file says it, formulas parsed, `extends` applied.
//
// Not yet resolved: names, units and types are checked by resolve.h, against the other packs and
// factor tables of a job. A Pack is a value; nothing in it points outside.

#ifndef QZ_RULES_PACK_H_
#define QZ_RULES_PACK_H_

#include <cstdint>
#include <map>
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
#include "rules/column_definition.h"
#include "rules/instrument.h"
#include "text/json.h"

namespace qz::rules {

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
  std::vector<std::string> cross;   // tables or factor tables
  std::vector<std::string> unique;  // keys and inputs that no two rows of files may share
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
  std::vector<InstrumentDefinition> instrument_definitions;  // what `instruments` declares
  text::JsonValue instruments;                               // as written; kNull if absent
  std::map<std::string, std::string> instrument_files;  // name -> file: an ancestor's if inherited

  std::string name() const { return id + "@" + version; }
  const TableDefinition* table(const std::string& table_name) const;
};

}  // namespace qz::rules

#endif  // QZ_RULES_PACK_H_
