// With h = 49/250000 standard deviations a step, the probability of step i is
//   φ(ih) h (1 + ((ih)² - 1) h² / 24), and φ((i+1)h) = φ(ih) e^(-(2i+1)h²/2):
// two products a step. All are divided by their sum, so that nothing needs the number π.

#include "whatif/standard_normal.h"

#include <algorithm>

#include "exact/functions.h"
#include "whatif/detail/wide.h"

namespace qz::whatif {
namespace {

using detail::Int128;
using detail::UInt128;
using exact::Number;

constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
constexpr int kGuideBits = 12;
constexpr int kCurveBits = 112;  // fraction bits of the second-order term

// h², h in standard deviations.
Number step_squared() { return Number::ratio(2401, 62'500'000'000); }

UInt128 exponential_fraction(const Number& exponent) {
  return detail::fraction_of(exact::exponential(exponent).value);
}

// Not yet divided by their sum: of step 0 from its middle, then of steps 1, 2, …; below 2^127.
std::vector<UInt128> masses() {
  const Number h2 = step_squared();
  // h²/24 and h⁴/24 as fractions of 2^kCurveBits: below 2^-29 and 2^-53, so of few bits.
  const auto curve = [](const Number& v) {
    return static_cast<Int128>(detail::fraction_of(v) >> (128 - kCurveBits));
  };
  const Int128 flat = curve(h2 / Number(24));
  const Int128 bent = curve(h2 * h2 / Number(24));
  std::vector<UInt128> out;
  out.reserve(StandardNormal::kStepsMax + 1);
  // Half of the density 1 at zero, in fractions of 2^127; half of it again for half a step.
  const UInt128 one = static_cast<UInt128>(1) << 126;
  out.push_back(one - (static_cast<UInt128>(flat) << (126 - kCurveBits)));
  UInt128 density = exponential_fraction(-h2 / Number(2));
  UInt128 ratio = exponential_fraction(-h2 * Number::ratio(3, 2));
  const UInt128 ratio_step = exponential_fraction(-h2);
  for (std::int64_t i = 1; i <= StandardNormal::kStepsMax; ++i) {
    const Int128 term = bent * (i * i) - flat;
    const UInt128 size = static_cast<UInt128>(term < 0 ? -term : term) << (128 - kCurveBits);
    const UInt128 change = detail::scaled_product(density, size);
    out.push_back((term < 0 ? density - change : density + change) >> 1);
    density = detail::scaled_product(density, ratio);
    ratio = detail::scaled_product(ratio, ratio_step);
  }
  return out;
}

}  // namespace

StandardNormal::StandardNormal() {
  const std::vector<UInt128> mass = masses();
  // Sums of up to 2^16 masses: the lowest 16 bits are given up.
  UInt128 whole = 0;
  for (const UInt128 m : mass) whole += m >> 16;
  const Number share = Number(1) / detail::number_of(whole) * detail::number_of(UInt128{1} << 110);
  const UInt128 factor = detail::fraction_of(share);  // 2^110 / whole: below 1, for whole > 2^110
  ends_.reserve(mass.size());
  UInt128 sum = 0;
  for (const UInt128 m : mass) {
    sum += m >> 16;
    const UInt128 scaled = detail::scaled_product(sum, factor);  // of 2^110
    ends_.push_back(static_cast<std::uint64_t>((scaled + (UInt128{1} << 46)) >> 47));
  }
  ends_.back() = kHalf;
  guide_.reserve(std::size_t{1} << kGuideBits);
  std::int32_t step = 0;
  for (std::uint64_t top = 0; top < std::uint64_t{1} << kGuideBits; ++top) {
    while (ends_[static_cast<std::size_t>(step)] <= top << (63 - kGuideBits)) ++step;
    guide_.push_back(step);
  }
}

const StandardNormal& StandardNormal::table() {
  static const StandardNormal one;
  return one;
}

std::int32_t StandardNormal::magnitude(std::uint64_t from_half) const {
  const std::size_t top = from_half >> (63 - kGuideBits);
  const auto first = ends_.begin() + guide_[top];
  const auto last = top + 1 < guide_.size() ? ends_.begin() + guide_[top + 1] + 1 : ends_.end();
  return static_cast<std::int32_t>(std::upper_bound(first, last, from_half) - ends_.begin());
}

std::int32_t StandardNormal::draw(std::uint64_t bits) const {
  return bits < kHalf ? -magnitude(kHalf - 1 - bits) : magnitude(bits - kHalf);
}

std::uint64_t StandardNormal::below(std::int32_t step) const {
  if (step > 0) return kHalf + ends_[static_cast<std::size_t>(step) - 1];
  return kHalf - ends_[static_cast<std::size_t>(-step)];
}

}  // namespace qz::whatif
