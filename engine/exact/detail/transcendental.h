// Logarithm and exponential as close as one asks: binary fixed point on Boost's integers.
//
// Every function says how far its answer may be from the truth. functions.cc asks again with more
// bits until that distance cannot matter, so none of the bounds needs to be tight.

#ifndef QZ_EXACT_DETAIL_TRANSCENDENTAL_H_
#define QZ_EXACT_DETAIL_TRANSCENDENTAL_H_

#include <cstdint>
#include <optional>

#include "exact/detail/big.h"

namespace qz::exact::detail {

// A true value within kErrorUnits × 2^exponent of mantissa × 2^exponent.
struct Approximation {
  Integer mantissa;
  std::int64_t exponent = 0;
};
inline constexpr int kErrorUnits = 16;

// v × 2^shift, rounded down; shift may be negative.
Integer shifted(const Integer& v, std::int64_t shift);
// The largest whole number whose square is at most v. Precondition: v >= 0.
Integer root_of(const Integer& v);

// Beyond this |log2| no result has a numerator and a denominator within Number::kBitsMax, since 34
// decimal digits add 113 bits at most.
inline constexpr std::int64_t kLog2Max = static_cast<std::int64_t>(Number::kBitsMax) + 128;

// A value T × 2^-q, known to 2^16 units, on the way into exp; q is exp_input_bits(p).
inline std::int64_t exp_input_bits(std::int64_t p) { return p + 20; }
// e^t for the t that `fixed` is, to p bits; empty where |log2(e^t)| is above kLog2Max.
// Precondition: |t| < 2^19.
std::optional<Approximation> exp_of(const Integer& fixed, std::int64_t p);

// ln(n/d) to p significant bits. Preconditions: n > 0, d > 0, n != d.
Approximation ln_of(const Integer& n, const Integer& d, std::int64_t p);

}  // namespace qz::exact::detail

#endif  // QZ_EXACT_DETAIL_TRANSCENDENTAL_H_
