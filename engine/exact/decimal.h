// Decimal: the digits somebody wrote or reports. 1.10 keeps its two places.

#ifndef QZ_EXACT_DECIMAL_H_
#define QZ_EXACT_DECIMAL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "exact/number.h"

namespace qz::exact {

// Why a text is no number; malformed covers thousands separators, NaN, full-width digits, …
enum class DecimalProblem : std::uint8_t { kNone, kEmpty, kMalformed, kTooLong, kExponentTooLarge };

struct Decimal {
  Number value;
  // Digits after the point as written: "1.10" 2, "1e3" 0, "1.5e1" 0, "1.50e1" 1, "1e-3" 3.
  std::int32_t places = 0;
};

inline constexpr std::size_t kDigitsMax = 100;     // of a literal or a cell, leading zeros included
inline constexpr std::int32_t kExponentMax = 100;  // |e| of a literal or a cell

// [+-]digits[.digits][e[+-]digits] in ASCII and nothing else. Never through binary floating point.
// On failure `problem` (if given) says why. Fast for up to 18 digits without an exponent.
std::optional<Decimal> parse_decimal(std::string_view text, DecimalProblem* problem = nullptr);

// What to tell a person about a text that is no number: "is not a number (write 1200.50)"; in both
// languages through `zh`. The suggestion (without separators, half-width, …) only where it is
// certain.
std::string decimal_advice(std::string_view text, DecimalProblem problem, bool zh = false);

// "a/b" or a decimal: constants of packs and ratios of units. Empty if neither, or b is zero.
std::optional<Number> parse_ratio(std::string_view text);

// `value` with exactly `places` digits after the point; no exponent, no '+', no leading zeros,
// never "-0". Negative places count as 0. Precondition: value is a multiple of 10^-places.
std::string decimal_text(const Number& value, std::int32_t places);

}  // namespace qz::exact

#endif  // QZ_EXACT_DECIMAL_H_
