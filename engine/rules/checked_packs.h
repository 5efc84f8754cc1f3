// CheckedPacks: the packs of a job, resolved together: one set of tables with all their columns,
// each column with its rule in every edition in use. If it exists, names, types and units are
// right.

#ifndef QZ_RULES_CHECKED_PACKS_H_
#define QZ_RULES_CHECKED_PACKS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/finding.h"
#include "base/period.h"
#include "exact/unit.h"
#include "factor/library.h"
#include "rules/instrument.h"
#include "rules/pack.h"
#include "rules/typed.h"
#include "table/column.h"

namespace qz::rules {

// One edition in use. Rows find theirs by pack and day.
struct Edition {
  std::shared_ptr<const Pack> pack;
  std::int32_t pack_index = 0;        // same for all editions of one pack
  bool pinned = false;                // serves every row
  std::vector<std::int32_t> factors;  // of FactorUse i: index in CheckedPacks::factors
  bool built_in = false;              // of no file: it defines flow, holding and lot
};

struct ParameterValue {
  std::string pack;  // id
  std::string name;
  std::string value;  // as written
  bool is_default = true;
  std::string status;  // of the default; empty: not stated
};

struct CheckedCase {
  std::optional<Typed> when;
  Typed formula;  // in the rule's unit
  std::string how;
  std::string cite;
};

// A column as one edition defines it.
struct ColumnRule {
  std::int32_t edition = 0;                      // index in CheckedPacks::editions
  const ColumnDefinition* definition = nullptr;  // owned by the edition's pack
  exact::Unit unit;                              // of this edition; same dimension as the column's
  exact::Number to_column = exact::Number(1);    // × this: from the rule's unit to the column's
  exact::Rounding shown_mode = exact::Rounding::kHalfEven;  // of `shown`: the pack's `rounding`
  std::optional<Typed> when;
  std::vector<CheckedCase> cases;
};

// Columns of flow and holding whose unit follows each row's instrument.
enum class Measure : std::uint8_t { kNone, kQuantity, kPrice, kValue, kCost };

struct CheckedColumn {
  std::string name;
  std::int32_t pack_index = -1;  // the pack that defines it; -1 for keys
  table::Type type = table::Type::kNumber;
  base::PeriodKind period = base::PeriodKind::kYear;  // of a period key
  exact::Unit unit;                                   // numbers are held in this unit
  bool is_key = false;
  bool is_link = false;
  bool has_input = false;  // in some edition
  bool has_formula = false;
  bool report = false;               // in some edition
  Measure measure = Measure::kNone;  // not kNone: numbers are held in bases, `unit` may be none
  std::vector<ColumnRule> rules;     // by edition; none for keys

  const ColumnRule* rule(std::int32_t edition) const;
};

// How a name (a key, or a link column of a table above) is known for each row of a table.
struct Settled {
  std::int32_t column = -1;     // own key column or own link column
  std::int32_t via_table = -1;  // otherwise: the link column `column` of this table above
};

struct CheckedTable {
  std::string name;
  std::size_t key_size = 0;                   // the first key_size columns are the key
  std::vector<CheckedColumn> columns;         // keys first, then by name
  std::optional<std::int32_t> period_column;  // index of the period key
  base::PeriodKind period = base::PeriodKind::kYear;
  bool ends_in_row = false;  // the last key is `row`
  bool optional = false;
  std::optional<EveryDefinition> every;
  std::vector<std::string> cross;
  std::vector<std::string> unique;         // names of its keys and inputs
  std::map<std::string, Settled> settled;  // every name that the key settles, periods and row apart
  base::Bilingual label;

  std::optional<std::int32_t> column(const std::string& column_name) const;
};

struct CheckedCheck {
  const CheckDefinition* definition = nullptr;
  std::int32_t edition = 0;
  std::int32_t table = 0;
  std::optional<Typed> when;
  Typed require;
};

// What a kind or a state of one instrument can be, in any installed edition.
struct InstrumentWords {
  std::set<std::string> kinds, states;
};

struct CheckedPacks {
  std::vector<Edition> editions;     // by pack id, then applies_from
  std::vector<std::string> packs;    // ids, sorted; Edition::pack_index points here
  std::vector<CheckedTable> tables;  // by name
  std::vector<CheckedCheck> checks;
  std::vector<CheckedInstrument> instruments;       // by name
  std::map<std::string, InstrumentWords> words;     // of all installed instruments, by name
  std::vector<const factor::FactorTable*> factors;  // owned by the library
  std::vector<ParameterValue> parameters;
  std::string subject = "entity";
  base::Cycle cycle;
  base::Date as_of;

  std::optional<std::int32_t> table(const std::string& table_name) const;
  const CheckedInstrument* instrument(const std::string& instrument_name) const;
  // The edition of pack `pack_index` that holds on `day`; -1 if none.
  std::int32_t edition_at(std::int32_t pack_index, base::Date day) const;
};

// What a job asks of the packs.
struct PackRequest {
  std::vector<std::string> packs;  // "id" or "id@version"
  base::Cycle cycle;
  base::Date as_of;
  // The key column that holders and ledgers go by; empty: the one that most of the packs' tables
  // have, for packs that are looked at without a job.
  std::string subject = "entity";
  std::map<std::string, std::map<std::string, std::string>> parameters;  // pack -> name -> value
};

// Resolves names, types, units and editions of the packs that `request` names and of those they
// need. Every problem goes to `problems` with its place in the pack's file; empty result if any.
std::optional<CheckedPacks> check_packs(const std::vector<std::shared_ptr<const Pack>>& installed,
                                        const PackRequest& request, const factor::Library& factors,
                                        const exact::UnitCatalogue& units,
                                        base::Findings& problems);

// True if every key of `above` is settled by `below`'s key (periods rolled up): "above is up".
bool is_up(const CheckedPacks& packs, std::int32_t below, std::int32_t above);

}  // namespace qz::rules

#endif  // QZ_RULES_CHECKED_PACKS_H_
