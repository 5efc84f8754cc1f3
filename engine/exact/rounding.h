// Rounding: the only way from an exact value to digits, and always by a rule in the caller's hand.
//
// Modes work on the magnitude. Half-even on the exact value is GB/T 8170's rule.

#ifndef QZ_EXACT_ROUNDING_H_
#define QZ_EXACT_ROUNDING_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exact/number.h"

namespace qz::exact {

enum class Rounding : std::uint8_t { kHalfEven, kHalfUp, kDown, kUp };

// "half-even", "half-up", "down", "up".
std::string_view rounding_name(Rounding mode);
std::optional<Rounding> parse_rounding(std::string_view name);

struct RoundingRule {
  std::int32_t n = 0;  // decimals (may be negative: −3 is thousands), or significant digits (>= 1)
  Rounding mode = Rounding::kHalfEven;
  bool significant = false;

  bool operator==(const RoundingRule&) const = default;
  // "half-up to 2 decimals", "half-even to 4 significant digits".
  std::string to_string() const;
};

// The multiple of 10^-n (or the value of n significant digits) that the rule gives. Zero stays
// zero.
Number round(const Number& value, const RoundingRule& rule);

// Digits after the point that a value rounded by `rule` is printed with: n for decimals (0 if
// negative); for significant digits as many as keep n digits, e.g. 0.012340 has 6 for n = 5.
std::int32_t places_after(const Number& rounded, const RoundingRule& rule);

// Magnitude helpers for integer columns: m / divisor rounded to an integer by `mode`.
// Precondition: divisor > 0. Never overflows for any int64 m.
std::int64_t divide_rounded(std::int64_t m, std::int64_t divisor, Rounding mode);

}  // namespace qz::exact

#endif  // QZ_EXACT_ROUNDING_H_
