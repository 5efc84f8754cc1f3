// Guess type: the type of a formula column that has no unit, told from the shape of its formula.
//
// Columns without a unit are texts, bools, dates or periods. Their type must be known before
// formulas are checked (columns may loop through earlier periods), so it is read off the outermost
// operator; the type checker then proves it.

#ifndef QZ_RULES_GUESS_TYPE_H_
#define QZ_RULES_GUESS_TYPE_H_

#include <optional>
#include <string>

#include "base/period.h"
#include "rules/checked_packs.h"

namespace qz::rules {

struct ValueType {
  table::Type type = table::Type::kNumber;
  base::PeriodKind period = base::PeriodKind::kYear;
  bool operator==(const ValueType&) const = default;
};

// Empty where the formula does not tell (only null, or references in a circle).
std::optional<ValueType> guess_type(const CheckedPacks& packs, const Edition& edition,
                                    const std::string& table, const ColumnDefinition& column);

}  // namespace qz::rules

#endif  // QZ_RULES_GUESS_TYPE_H_
