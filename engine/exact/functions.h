// Roots, powers, logarithms: the exact result rounded half-even to 34 significant digits.

#ifndef QZ_EXACT_FUNCTIONS_H_
#define QZ_EXACT_FUNCTIONS_H_

#include <cstdint>

#include "exact/number.h"

namespace qz::exact {

enum class FunctionProblem : std::uint8_t {
  kNone,
  kNoRealValue,     // root or fractional power of a negative number, logarithm of zero or less
  kDivisionByZero,  // zero to a negative power
  kTooLong,         // the result would exceed Number::kBitsMax (exp of a huge number)
};

struct FunctionResult {
  Number value;
  FunctionProblem problem = FunctionProblem::kNone;
};

// Correctly rounded: half-even at 34 significant digits of the true mathematical value, exact where
// that value has no more digits (sqrt(4) is 2). Bounded time for every Number within kBitsMax.
FunctionResult square_root(const Number& x);
FunctionResult natural_logarithm(const Number& x);
FunctionResult exponential(const Number& x);
// x^y. A whole y is exact (kTooLong beyond kBitsMax); 0^0 is 1.
FunctionResult power(const Number& x, const Number& y);

}  // namespace qz::exact

#endif  // QZ_EXACT_FUNCTIONS_H_
