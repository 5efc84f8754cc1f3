// Distribution: what an uncertain value may be, and the draw that 64 random bits stand for.
//
// A draw is the quantile at (bits + 1/2) / 2^64, rounded to the nearest of a grid whose step is a
// ten-thousandth of the half-width (of a normal or lognormal one) or of half the range (of the
// others), so that every value is exact, short, and the same on any machine. Draws rise with the
// bits. No binary floating point.

#ifndef QZ_WHATIF_DISTRIBUTION_H_
#define QZ_WHATIF_DISTRIBUTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "exact/number.h"

namespace qz::whatif {

enum class Shape : std::uint8_t { kNormal, kLognormal, kUniform, kTriangular };

// "normal", "lognormal", "uniform", "triangular".
std::string_view shape_name(Shape shape);

class Distribution {
 public:
  // The limits beyond which a draw cannot lie; the rest is drawn in its proportions.
  struct Limits {
    std::optional<exact::Number> at_least;
    std::optional<exact::Number> at_most;
  };

  // `center` ± `half_width` with a probability of 95 %. Precondition: half_width > 0.
  // Empty if less than one draw in 2^20, or nothing of the interval, lies within the limits.
  static std::optional<Distribution> normal(const exact::Number& center,
                                            const exact::Number& half_width, const Limits& limits);
  // A factor of mean 1 and coefficient of variation half_width / 2, as the inventory guidelines
  // give the lognormal one: ln has the deviation s with s² = ln(1 + half_width²/4) and the mean
  // -s²/2. Precondition: 10^-6 <= half_width <= 10.
  static std::optional<Distribution> lognormal(const exact::Number& half_width,
                                               const Limits& limits);
  // Preconditions: low < high; low <= mode <= high.
  static Distribution uniform(const exact::Number& low, const exact::Number& high);
  static Distribution triangular(const exact::Number& low, const exact::Number& mode,
                                 const exact::Number& high);

  Shape shape() const { return shape_; }
  // The draw as a whole number of steps, within ±2^40.
  std::int64_t draw(std::uint64_t bits) const;
  // The value of a draw.
  exact::Number value(std::int64_t steps) const { return origin_ + step_ * exact::Number(steps); }
  const exact::Number& step() const { return step_; }

  // Half of the interval that holds 95 %, before any limits: what error propagation works with.
  const exact::Number& half_width() const { return half_width_; }
  // Both ends of that interval, on the grid and within the limits; a lognormal's not below zero.
  const exact::Number& low_end() const { return low_end_; }
  const exact::Number& high_end() const { return high_end_; }
  // The probability of what the limits cut off.
  exact::Number cut_off() const;

 private:
  Distribution(Shape shape, exact::Number origin, exact::Number step, exact::Number half_width);
  bool limit(std::int32_t lowest, std::int32_t highest);
  void set_ends(const exact::Number& center, const Limits& limits);

  Shape shape_;
  exact::Number origin_, step_, half_width_, low_end_, high_end_;
  std::uint64_t first_ = 0;  // normal ones: the bits are spread over [first_, first_ + span_)
  std::uint64_t span_ = 0;   // 0: over all of 2^64
  std::uint64_t mode_ = 0;   // triangular: the mode's place in the range, × 2^62
  std::shared_ptr<const std::vector<std::int64_t>> factors_;  // lognormal: steps of each draw
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_DISTRIBUTION_H_
