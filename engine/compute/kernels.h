// Kernels: one operation over whole columns of numbers, exact, with the states of rule-language §7.
//
// Scaled columns are computed on int64 with every overflow seen; a column that does not fit is
// computed on exact Numbers instead. Errors of operands win over missing ones; the left operand's
// comes first.

#ifndef QZ_COMPUTE_KERNELS_H_
#define QZ_COMPUTE_KERNELS_H_

#include <cstdint>

#include "exact/functions.h"
#include "exact/rounding.h"
#include "table/column.h"

namespace qz::compute {

// `fresh` is true if some cell became an error here (an operand's error is none of ours).
struct Cells {
  table::Column column;
  bool fresh = false;
};

Cells add(const table::Column& a, const table::Column& b);
Cells subtract(const table::Column& a, const table::Column& b);
Cells multiply(const table::Column& a, const table::Column& b);
Cells divide(const table::Column& a, const table::Column& b);  // kDivisionByZero
Cells scale(const table::Column& a, const exact::Number& factor);
Cells power(const table::Column& a, std::int32_t whole);
Cells power(const table::Column& a, const table::Column& b);
Cells negate(const table::Column& a);
Cells absolute(const table::Column& a);
Cells floor(const table::Column& a);
Cells ceiling(const table::Column& a);
Cells round(const table::Column& a, const exact::RoundingRule& rule);
Cells apply(const table::Column& a, exact::FunctionResult (*function)(const exact::Number&));

// −1, 0, 1 for cells of one type; both must have a value.
int compare_cells(const table::Column& a, std::size_t i, const table::Column& b, std::size_t j);

// The state of an operation that needs both: an error (a's first), null, or kValue.
inline table::State both(table::State a, table::State b) {
  if (table::is_error(a)) return a;
  if (table::is_error(b)) return b;
  return a == table::State::kValue && b == table::State::kValue ? table::State::kValue
                                                                : table::State::kNull;
}

}  // namespace qz::compute

#endif  // QZ_COMPUTE_KERNELS_H_
