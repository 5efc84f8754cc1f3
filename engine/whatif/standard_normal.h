// Standard normal: random bits to a normal draw, in ten-thousandths of the half-width.
//
// The inventory guidelines state an uncertainty as the half-width of a 95 % interval, 1.96 standard
// deviations. A draw is a whole number of ten-thousandths of it, the one nearest to the true
// quantile, so a value stays short: 1 ± 2.5 % has seven decimals. What the grid adds to the
// variance is below 10^-8 of it.
//
// The table holds where one draw ends and the next begins, as probabilities × 2^64. Each is within
// 2^-54 of the truth, and so is the probability of every range of draws: the probability of draw i
// is taken as that of the density at its middle with the second-order term of the integral, and
// what that leaves out sums to less than 2^-57; the density itself has a relative error below 2^-80
// (34-digit exponentials, products of 128 bits).

#ifndef QZ_WHATIF_STANDARD_NORMAL_H_
#define QZ_WHATIF_STANDARD_NORMAL_H_

#include <cstdint>
#include <vector>

namespace qz::whatif {

class StandardNormal {
 public:
  // A half-width is 1.96 standard deviations.
  static constexpr std::int32_t kStepsPerHalfWidth = 10'000;
  // No draw is further from zero: beyond lies less than 2^-64 of the probability.
  static constexpr std::int32_t kStepsMax = 47'000;

  // The one table, built when first asked for.
  static const StandardNormal& table();

  // The draw for 64 bits; rises with them. bits and 2^64 - 1 - bits give draws of opposite sign.
  std::int32_t draw(std::uint64_t bits) const;
  // The probability × 2^64 of a draw below `step`, modulo 2^64 (certainty is 0 too).
  // Precondition: -kStepsMax <= step <= kStepsMax + 1.
  std::uint64_t below(std::int32_t step) const;

 private:
  StandardNormal();
  std::int32_t magnitude(std::uint64_t from_half) const;

  // ends_[i]: the probability × 2^64 of a draw from the middle of step 0 to the end of step i.
  std::vector<std::uint64_t> ends_;
  std::vector<std::int32_t> guide_;  // the first step that may hold a probability, by its top bits
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_STANDARD_NORMAL_H_
