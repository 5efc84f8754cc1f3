// Rounding: 128-bit integers where value × 10^n fits them, detail::rounded_fraction elsewhere.

#include "exact/rounding.h"

#include <algorithm>
#include <bit>

#include "base/assert.h"
#include "exact/detail/big.h"
#include "exact/detail/small.h"

namespace qz::exact {
namespace {

using detail::Int128;
using detail::UInt128;

constexpr std::string_view kNames[] = {"half-even", "half-up", "down", "up"};

// One more than `quotient`, or not: the whole of a rounding mode. `rest` < `divisor`.
template <class Unsigned>
Unsigned quotient_rounded(Unsigned quotient, Unsigned rest, Unsigned divisor, Rounding mode) {
  if (rest == 0 || mode == Rounding::kDown) return quotient;
  if (mode == Rounding::kUp) return quotient + 1;
  const Unsigned other_half = divisor - rest;  // rest * 2 would overflow
  if (rest != other_half) return quotient + (rest > other_half ? 1 : 0);
  return quotient + (mode == Rounding::kHalfUp ? 1 : quotient % 2);
}

UInt128 divide_magnitude(UInt128 n, UInt128 divisor, Rounding mode) {
  const auto short_n = static_cast<std::uint64_t>(n);
  const auto short_divisor = static_cast<std::uint64_t>(divisor);
  if (short_n == n && short_divisor == divisor) {
    return quotient_rounded(short_n / short_divisor, short_n % short_divisor, short_divisor, mode);
  }
  const UInt128 quotient = n / divisor;
  return quotient_rounded(quotient, n - quotient * divisor, divisor, mode);
}

UInt128 wide_ten(int n) {
  const int first = std::min(n, detail::kTenMax);
  return static_cast<UInt128>(detail::ten_to(first)) *
         static_cast<UInt128>(detail::ten_to(n - first));
}

// The exponent of the first significant digit of num/den, both small and not zero.
int exponent_small(std::uint64_t num, std::uint64_t den) {
  // log10(2) is 0.30103; the estimate is off by one at most, on either side.
  const int twos = static_cast<int>(std::bit_width(num)) - static_cast<int>(std::bit_width(den));
  int e = twos * 30103 / 100000;
  const auto reaches = [&](int exponent) {
    return exponent < 0 ? num * wide_ten(-exponent) >= den : num >= den * wide_ten(exponent);
  };
  while (!reaches(e)) --e;
  while (reaches(e + 1)) ++e;
  return e;
}

// `value` rounded to `places` decimals; both are such that 10^|places| is small.
std::optional<Number> round_small(std::int64_t num, std::int64_t den, int places, Rounding mode) {
  const std::int64_t ten = detail::ten_to(std::abs(places));
  if (places >= 0 && ten % den == 0) return NumberAccess::small(num, den);
  const UInt128 size = detail::magnitude(num);
  const UInt128 whole =
      places >= 0
          ? divide_magnitude(size * static_cast<UInt128>(ten), static_cast<UInt128>(den), mode)
          : divide_magnitude(size, static_cast<UInt128>(den) * static_cast<UInt128>(ten), mode);
  if (whole > static_cast<UInt128>(detail::kSmallMax)) return {};
  const auto magnitude = static_cast<std::int64_t>(whole);
  return Number::scaled(num < 0 ? -magnitude : magnitude, places);
}

int exponent_of(const Number& value) {
  if (NumberAccess::is_small(value)) {
    return exponent_small(detail::magnitude(NumberAccess::small_num(value)),
                          detail::magnitude(NumberAccess::small_den(value)));
  }
  const NumberAccess::Parts parts(value);
  const detail::Integer size = parts.num().sign() < 0 ? detail::Integer(-parts.num()) : parts.num();
  return detail::decimal_exponent(size, parts.den());
}

}  // namespace

std::string_view rounding_name(Rounding mode) { return kNames[static_cast<std::size_t>(mode)]; }

std::optional<Rounding> parse_rounding(std::string_view name) {
  const auto* const found = std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return {};
  return static_cast<Rounding>(found - std::begin(kNames));
}

std::string RoundingRule::to_string() const {
  std::string out(rounding_name(mode));
  out += " to " + std::to_string(n);
  out += significant ? " significant digit" : " decimal";
  return n == 1 ? out : out + "s";
}

Number round(const Number& value, const RoundingRule& rule) {
  QZ_ASSERT(!rule.significant || rule.n >= 1);
  if (value.is_zero()) return value;
  if (NumberAccess::is_small(value)) {
    const std::int64_t num = NumberAccess::small_num(value);
    const std::int64_t den = NumberAccess::small_den(value);
    const int places = rule.significant ? rule.n - 1 - exponent_of(value) : rule.n;
    if (den == 1 && places >= 0) return value;
    if (places >= -detail::kTenMax && places <= detail::kTenMax) {
      if (auto out = round_small(num, den, places, rule.mode)) return *std::move(out);
    }
  }
  const NumberAccess::Parts parts(value);
  return detail::rounded_fraction(parts.num(), parts.den(), rule);
}

std::int32_t places_after(const Number& rounded, const RoundingRule& rule) {
  if (!rule.significant) return std::max(rule.n, 0);
  if (rounded.is_zero()) return 0;
  return std::max(rule.n - 1 - exponent_of(rounded), 0);
}

std::int64_t divide_rounded(std::int64_t m, std::int64_t divisor, Rounding mode) {
  QZ_ASSERT(divisor > 0);
  const std::uint64_t size = detail::magnitude(m);
  const std::uint64_t by = detail::magnitude(divisor);
  const std::uint64_t out = quotient_rounded(size / by, size % by, by, mode);
  // The cast wraps 2^63 to -2^63, which is the quotient where it arises: -2^63 / 1.
  return m < 0 ? static_cast<std::int64_t>(0 - out) : static_cast<std::int64_t>(out);
}

}  // namespace qz::exact
