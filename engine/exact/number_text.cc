// Number::to_string: what traces and messages show, in bounded length and time.

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>

#include "exact/decimal.h"
#include "exact/detail/big.h"
#include "exact/detail/small.h"
#include "exact/number.h"

namespace qz::exact {
namespace {

using detail::Integer;

constexpr const char* kCut = "…";

// The digits of v >= 0, or the first `digits_max` of them and the mark of a cut. Only as many
// digits are made as are shown: the full text of the longest Number would take milliseconds.
std::string digits_of(const Integer& v, std::size_t digits_max) {
  if (v.is_zero()) return "0";
  const auto digits = static_cast<std::size_t>(detail::decimal_exponent(v, 1)) + 1;
  if (digits <= digits_max) return v.str();
  return Integer(v / detail::ten_power(static_cast<unsigned>(digits - digits_max))).str() + kCut;
}

// The number of places after which the expansion of 1/den ends, if it does.
std::optional<std::size_t> places_of(const Integer& den) {
  const std::size_t twos = lsb(den);
  const Integer rest = den >> static_cast<unsigned>(twos);
  if (rest == 1) return twos;
  if (!Integer(rest % 5).is_zero()) return {};
  // 5^n has 2.3219 n bits, so that there is one n to try on either side of the estimate.
  const std::size_t estimate = detail::bit_length(rest) * 10000 / 23219;
  for (std::size_t fives = estimate - (estimate > 0 ? 1 : 0); fives <= estimate + 1; ++fives) {
    if (pow(Integer(5), static_cast<unsigned>(fives)) == rest) return std::max(twos, fives);
  }
  return {};
}

// A small denominator's places, if its expansion ends within what int64 holds.
std::optional<std::int32_t> small_places_of(std::int64_t den) {
  std::int32_t twos = 0, fives = 0;
  for (; den % 2 == 0; den /= 2) ++twos;
  for (; den % 5 == 0; den /= 5) ++fives;
  const std::int32_t places = std::max(twos, fives);
  if (den != 1 || places > detail::kTenMax) return {};
  return places;
}

// A small number has at most 19 digits before its point, such an expansion at most 18 behind it.
constexpr std::size_t kSmallDigitsMax = 19 + detail::kTenMax;

}  // namespace

std::string Number::to_string(std::size_t digits_max) const {
  if (den_ == 1 && digits_max >= 19) return std::to_string(num_);
  if (den_ > 1 && digits_max >= kSmallDigitsMax) {
    const std::optional<std::int32_t> places = small_places_of(den_);
    if (places && scaled_by(detail::ten_to(*places))) return decimal_text(*this, *places);
  }
  const NumberAccess::Parts parts(*this);
  const std::string sign = parts.num().sign() < 0 ? "-" : "";
  const Integer size = parts.num().sign() < 0 ? Integer(-parts.num()) : parts.num();
  if (digits_max == 0) digits_max = 1;
  const std::optional<std::size_t> places = places_of(parts.den());
  if (!places) {
    return sign + digits_of(size, digits_max) + "/" + digits_of(parts.den(), digits_max);
  }
  const Integer whole = size / parts.den();
  const std::string front = digits_of(whole, digits_max);
  if (*places == 0 || front.ends_with(kCut)) return sign + front;
  const std::size_t shown = std::min(*places, digits_max - std::min(digits_max, front.size()));
  if (shown == 0) return sign + front + kCut;
  const Integer rest = size - whole * parts.den();
  const Integer scaled = rest * detail::ten_power(static_cast<unsigned>(shown)) / parts.den();
  std::string back = scaled.str();
  back.insert(0, shown - back.size(), '0');
  return sign + front + "." + back + (shown < *places ? kCut : "");
}

}  // namespace qz::exact
