// ColumnDefinition: one column as a pack's file says it, of a table, of a lot or of a kind of move.

#ifndef QZ_RULES_COLUMN_DEFINITION_H_
#define QZ_RULES_COLUMN_DEFINITION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/place.h"
#include "exact/number.h"
#include "exact/rounding.h"
#include "rules/expression.h"

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

}  // namespace qz::rules

#endif  // QZ_RULES_COLUMN_DEFINITION_H_
