// Normal draws come from the table of standard_normal.h; a lognormal one is a table of its own,
// made by repeated products; the others need a product, or a product and a root.

#include "whatif/distribution.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/assert.h"
#include "exact/functions.h"
#include "whatif/detail/wide.h"
#include "whatif/standard_normal.h"

namespace qz::whatif {
namespace {

using detail::UInt128;
using exact::Number;

constexpr std::int32_t kSteps = StandardNormal::kStepsPerHalfWidth;
constexpr std::int32_t kLast = StandardNormal::kStepsMax;
constexpr std::uint64_t kRange = 2 * kSteps;  // steps of the whole range of bounded shapes
constexpr int kModeBits = 62;
constexpr std::uint64_t kSpanMin = std::uint64_t{1} << 44;  // 2^64 / 2^20
// Beyond is less than 2^-28 of the probability: limits that leave only that leave too little.
constexpr std::int32_t kFar = 30'000;
constexpr int kFactorBits = 88;   // fraction bits of a lognormal factor, which is below 2^25
constexpr int kPerStepBits = 80;  // fraction bits of steps for each unit, which are below 2^34

// The step of a normal draw in standard deviations, 1.96 / 10^4.
Number step_in_deviations() { return Number::ratio(49, 250'000); }

Number deviation_of_logarithm(const Number& half_width) {
  const Number variation = half_width / Number(2);
  const Number variance = exact::natural_logarithm(Number(1) + variation * variation).value;
  return exact::square_root(variance).value;
}

// v × 2^bits rounded down.
UInt128 fixed(const Number& v, int bits) {
  const Number whole = v.floor();
  return static_cast<UInt128>(whole.to_int64().value()) << bits |
         detail::fraction_of(v - whole) >> (128 - bits);
}

// For each normal draw from -kLast to kLast the factor e^(s z - s²/2), in whole steps of a
// ten-thousandth of the half-width.
std::vector<std::int64_t> lognormal_steps(const Number& half_width) {
  const Number s = deviation_of_logarithm(half_width);
  const Number growth = exact::exponential(s * step_in_deviations()).value;
  const Number middle = exact::exponential(-(s * s) / Number(2)).value;
  const UInt128 per_step = fixed(Number(kSteps) / half_width, kPerStepBits);
  constexpr int kRest = kFactorBits + kPerStepBits - 128;
  std::vector<std::int64_t> out(2 * static_cast<std::size_t>(kLast) + 1);
  const auto put = [&](std::int32_t draw, UInt128 factor) {
    const UInt128 steps = detail::scaled_product(factor, per_step);
    out[static_cast<std::size_t>(draw + kLast)] =
        static_cast<std::int64_t>((steps + (UInt128{1} << (kRest - 1))) >> kRest);
  };
  const UInt128 more = detail::fraction_of(growth - Number(1));
  const UInt128 less = detail::fraction_of(Number(1) / growth);
  UInt128 up = fixed(middle, kFactorBits);
  UInt128 down = up;
  put(0, up);
  for (std::int32_t i = 1; i <= kLast; ++i) {
    up += detail::scaled_product(up, more);
    down = detail::scaled_product(down, less);
    put(i, up);
    put(-i, down);
  }
  return out;
}

}  // namespace

std::string_view shape_name(Shape shape) {
  constexpr std::array<std::string_view, 4> kNames = {"normal", "lognormal", "uniform",
                                                      "triangular"};
  return kNames[static_cast<std::size_t>(shape)];
}

Distribution::Distribution(Shape shape, Number origin, Number step, Number half_width)
    : shape_(shape),
      origin_(std::move(origin)),
      step_(std::move(step)),
      half_width_(std::move(half_width)) {}

// Only normal draws from `lowest` to `highest`.
bool Distribution::limit(std::int32_t lowest, std::int32_t highest) {
  if (lowest > highest || lowest > kFar || highest < -kFar) return false;
  const StandardNormal& table = StandardNormal::table();
  first_ = table.below(lowest);
  span_ = table.below(highest + 1) - first_;
  return span_ == 0 || span_ >= kSpanMin;  // 0: all of 2^64
}

void Distribution::set_ends(const Number& center, const Limits& limits) {
  const auto within = [&](Number v) {
    if (limits.at_least) v = std::max(v, *limits.at_least);
    if (limits.at_most) v = std::min(v, *limits.at_most);
    return v;
  };
  low_end_ = within(center - half_width_);
  high_end_ = within(center + half_width_);
}

std::optional<Distribution> Distribution::normal(const Number& center, const Number& half_width,
                                                 const Limits& limits) {
  Distribution out(Shape::kNormal, center, half_width / Number(kSteps), half_width);
  const auto steps = [&](const Number& bound) { return (bound - center) / out.step_; };
  std::int32_t lowest = -kLast;
  std::int32_t highest = kLast;
  if (limits.at_least) {
    const Number bound = steps(*limits.at_least).ceiling();
    if (bound > Number(kLast)) return std::nullopt;
    if (bound > Number(lowest)) lowest = static_cast<std::int32_t>(*bound.to_int64());
  }
  if (limits.at_most) {
    const Number bound = steps(*limits.at_most).floor();
    if (bound < Number(-kLast)) return std::nullopt;
    if (bound < Number(highest)) highest = static_cast<std::int32_t>(*bound.to_int64());
  }
  if (!out.limit(lowest, highest)) return std::nullopt;
  out.set_ends(center, limits);
  if (out.low_end_ >= out.high_end_) return std::nullopt;
  return out;
}

std::optional<Distribution> Distribution::lognormal(const Number& half_width,
                                                    const Limits& limits) {
  Distribution out(Shape::kLognormal, Number(0), half_width / Number(kSteps), half_width);
  auto steps = lognormal_steps(half_width);
  auto first = steps.begin();
  auto last = steps.end();
  const auto whole = [](const Number& v) {
    const Number largest(std::int64_t{1} << 40);
    return *std::clamp(v, -largest, largest).to_int64();
  };
  if (limits.at_least) {
    first = std::lower_bound(first, last, whole((*limits.at_least / out.step_).ceiling()));
  }
  if (limits.at_most) {
    last = std::upper_bound(first, last, whole((*limits.at_most / out.step_).floor()));
  }
  const auto draw_of = [&](auto place) {
    return static_cast<std::int32_t>(place - steps.begin()) - kLast;
  };
  if (first == last || !out.limit(draw_of(first), draw_of(last) - 1)) return std::nullopt;
  out.factors_ = std::make_shared<const std::vector<std::int64_t>>(std::move(steps));
  Limits ends = limits;
  ends.at_least = std::max(limits.at_least.value_or(Number(0)), Number(0));
  out.set_ends(Number(1), ends);
  if (out.low_end_ >= out.high_end_) return std::nullopt;
  return out;
}

Distribution Distribution::uniform(const Number& low, const Number& high) {
  const Number range = high - low;
  Distribution out(Shape::kUniform, low, range / Number(static_cast<std::int64_t>(kRange)),
                   range * Number::ratio(19, 40));
  out.set_ends((low + high) / Number(2), {});
  return out;
}

// The quantiles at 2.5 % and 97.5 %: from each end the root of the probability × that side's share.
Distribution Distribution::triangular(const Number& low, const Number& mode, const Number& high) {
  const Number range = high - low;
  const Number place = (mode - low) / range;
  const Number tail = Number::ratio(1, 40);
  const auto quantile = [&](const Number& probability) {
    const Number rest = Number(1) - probability;
    if (probability <= place) return exact::square_root(probability * place).value;
    return Number(1) - exact::square_root(rest * (Number(1) - place)).value;
  };
  Distribution out(Shape::kTriangular, low, range / Number(static_cast<std::int64_t>(kRange)),
                   range * (quantile(Number(1) - tail) - quantile(tail)) / Number(2));
  out.mode_ = static_cast<std::uint64_t>(
      (place * Number(std::int64_t{1} << kModeBits)).floor().to_int64().value());
  // Roots have 34 digits: the nearest steps will do.
  const std::uint64_t tail_bits = ~std::uint64_t{0} / 40;
  out.low_end_ = out.value(out.draw(tail_bits));
  out.high_end_ = out.value(out.draw(~tail_bits));
  return out;
}

namespace {

// (bits + 1/2) / 2^64 of the range, rounded to the nearest step, halves up.
std::int64_t uniform_steps(std::uint64_t bits) {
  const UInt128 doubled = (static_cast<UInt128>(bits) * 2 + 1) * kRange;  // of 2^65
  return static_cast<std::int64_t>((doubled + (UInt128{1} << 64)) >> 65);
}

// round(sqrt(probability × share) × kRange): `odd` is the probability × 2^65, `share` × 2^62.
std::int64_t side_steps(UInt128 odd, std::uint64_t share) {
  // The root is taken of the square of twice the steps, 4 kRange² p s, below 2^31.
  const UInt128 product = (odd >> 1) * share;  // of 2^126; the half bit is below any step's end
  const UInt128 square = (product >> 63) * (4 * kRange * kRange) >> 63;
  return static_cast<std::int64_t>((detail::root_of(square) + 1) / 2);
}

}  // namespace

std::int64_t Distribution::draw(std::uint64_t bits) const {
  if (shape_ == Shape::kUniform) return uniform_steps(bits);
  if (shape_ == Shape::kTriangular) {
    constexpr std::uint64_t kWhole = std::uint64_t{1} << kModeBits;
    const UInt128 odd = static_cast<UInt128>(bits) * 2 + 1;
    if (odd <= static_cast<UInt128>(mode_) << 3) return side_steps(odd, mode_);
    const UInt128 rest = (UInt128{1} << 65) - odd;
    return static_cast<std::int64_t>(kRange) - side_steps(rest, kWhole - mode_);
  }
  if (span_ != 0) {
    bits = first_ + static_cast<std::uint64_t>(static_cast<UInt128>(bits) * span_ >> 64);
  }
  const std::int32_t normal = StandardNormal::table().draw(bits);
  return factors_ ? (*factors_)[static_cast<std::size_t>(normal + kLast)] : normal;
}

exact::Number Distribution::cut_off() const {
  if (span_ == 0) return {};
  return Number(1) - detail::number_of(span_) / detail::number_of(UInt128{1} << 64);
}

}  // namespace qz::whatif
