// Decimal: text to digits and digits to text. Text that is not plainly a number is refused.

#include "exact/decimal.h"

#include <algorithm>

#include "base/assert.h"
#include "exact/detail/big.h"
#include "exact/detail/small.h"

namespace qz::exact {
namespace {

using detail::Integer;

constexpr int kFastDigits = 18;  // any 18 digits fit an int64

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string_view take_digits(std::string_view& rest) {
  std::size_t n = 0;
  while (n < rest.size() && is_digit(rest[n])) ++n;
  const std::string_view digits = rest.substr(0, n);
  rest.remove_prefix(n);
  return digits;
}

bool take(std::string_view& rest, char first, char second) {
  if (rest.empty() || (rest[0] != first && rest[0] != second)) return false;
  rest.remove_prefix(1);
  return true;
}

// What a literal is made of, before anything is computed.
struct Parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  bool exponent_negative = false;
  std::string_view exponent;  // empty where there is none
};

std::optional<Parts> split(std::string_view text) {
  Parts out;
  out.negative = text.starts_with('-');
  take(text, '+', '-');
  out.whole = take_digits(text);
  if (out.whole.empty()) return {};
  if (take(text, '.', '.')) {
    out.fraction = take_digits(text);
    if (out.fraction.empty()) return {};
  }
  if (take(text, 'e', 'E')) {
    out.exponent_negative = text.starts_with('-');
    take(text, '+', '-');
    out.exponent = take_digits(text);
    if (out.exponent.empty()) return {};
  }
  return text.empty() ? std::optional(out) : std::nullopt;
}

// The exponent, or something beyond kExponentMax if it is beyond that.
std::int32_t exponent_of(const Parts& parts) {
  std::int32_t e = 0;
  for (const char c : parts.exponent) {
    e = e * 10 + (c - '0');
    if (e > kExponentMax) break;
  }
  return parts.exponent_negative ? -e : e;
}

Integer integer_of(std::string_view digits) {
  Integer out = 0;
  while (!digits.empty()) {
    const std::size_t n = std::min<std::size_t>(digits.size(), kFastDigits);
    std::int64_t piece = 0;
    for (const char c : digits.substr(0, n)) piece = piece * 10 + (c - '0');
    out = out * detail::ten_to(static_cast<int>(n)) + piece;
    digits.remove_prefix(n);
  }
  return out;
}

// [+-]digits[.digits] of up to kFastDigits digits: nearly every cell of a file.
std::optional<Decimal> parse_fast(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string_view rest = text;
  take(rest, '+', '-');
  if (rest.empty() || rest.size() > kFastDigits + 1 || !is_digit(rest[0])) return {};
  std::uint64_t size = 0;  // one digit too many still fits
  std::size_t point = rest.size();
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (is_digit(rest[i])) {
      size = size * 10 + static_cast<std::uint64_t>(rest[i] - '0');
    } else if (rest[i] == '.' && point == rest.size() && i + 1 < rest.size()) {
      point = i;
    } else {
      return {};
    }
  }
  const auto digits = rest.size() - (point < rest.size() ? 1 : 0);
  if (digits > kFastDigits) return {};
  const auto places = static_cast<std::int32_t>(digits - point);
  const auto coefficient = static_cast<std::int64_t>(size);
  return Decimal{Number::scaled(negative ? -coefficient : coefficient, places), places};
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<Decimal> parse_decimal(std::string_view text, DecimalProblem* problem) {
  const auto refuse = [&](DecimalProblem why) {
    if (problem != nullptr) *problem = why;
    return std::nullopt;
  };
  if (problem != nullptr) *problem = DecimalProblem::kNone;
  if (auto fast = parse_fast(text)) return fast;
  if (text.empty()) return refuse(DecimalProblem::kEmpty);
  const std::optional<Parts> parts = split(text);
  if (!parts) return refuse(DecimalProblem::kMalformed);
  if (parts->whole.size() + parts->fraction.size() > kDigitsMax) {
    return refuse(DecimalProblem::kTooLong);
  }
  const std::int32_t exponent = exponent_of(*parts);
  if (std::abs(exponent) > kExponentMax) return refuse(DecimalProblem::kExponentTooLarge);
  Integer coefficient = integer_of(std::string(parts->whole) + std::string(parts->fraction));
  if (parts->negative) coefficient = -coefficient;
  const std::int32_t shift = exponent - static_cast<std::int32_t>(parts->fraction.size());
  return Decimal{NumberAccess::number({coefficient, 1}) * Number::power_of_ten(shift),
                 std::max(-shift, 0)};
}

std::optional<Number> parse_ratio(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<Decimal> top = parse_decimal(trimmed(text.substr(0, slash)));
  if (!top) return {};
  if (slash == std::string_view::npos) return top->value;
  const std::optional<Decimal> bottom = parse_decimal(trimmed(text.substr(slash + 1)));
  if (!bottom || bottom->value.is_zero()) return {};
  return top->value / bottom->value;
}

std::string decimal_text(const Number& value, std::int32_t places) {
  places = std::max(places, 0);
  std::string digits;
  const bool negative = value.sign() < 0;
  const auto coefficient = places <= detail::kTenMax ? value.scaled_by(detail::ten_to(places))
                                                     : std::optional<std::int64_t>();
  if (coefficient) {
    digits = std::to_string(detail::magnitude(*coefficient));
  } else {
    const Number scaled = value.abs() * Number::power_of_ten(places);
    QZ_ASSERT(scaled.is_integer());
    digits = NumberAccess::Parts(scaled).num().str();
  }
  const auto after = static_cast<std::size_t>(places);
  if (digits.size() <= after) digits.insert(0, after + 1 - digits.size(), '0');
  if (after > 0) digits.insert(digits.size() - after, 1, '.');
  return negative ? "-" + digits : digits;
}

}  // namespace qz::exact
