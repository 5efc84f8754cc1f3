// Digits are made in pairs from the right: one division by 100 for two of them.

#include "seal/scaled_text.h"

#include <array>

namespace qz::seal {
namespace {

constexpr int kPlacesMax = 40;

constexpr std::array<char, 200> make_pairs() {
  std::array<char, 200> out{};
  for (std::size_t i = 0; i < 100; ++i) {
    out[2 * i] = static_cast<char>('0' + i / 10);
    out[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return out;
}
constexpr std::array<char, 200> kPairs = make_pairs();

// Writes `value` so that it ends before `end`; gives where it begins.
char* write_digits(char* end, std::uint64_t value) {
  while (value >= 100) {
    const std::size_t pair = 2 * (value % 100);
    value /= 100;
    *--end = kPairs[pair + 1];
    *--end = kPairs[pair];
  }
  if (value >= 10) {
    *--end = kPairs[2 * value + 1];
    *--end = kPairs[2 * value];
  } else {
    *--end = static_cast<char>('0' + value);
  }
  return end;
}

}  // namespace

std::optional<ScaledText> ScaledText::with_places(const exact::Number& one, std::int32_t places) {
  if (places < 0) places = 0;
  if (places > kPlacesMax) return std::nullopt;
  const exact::Number scaled = one * exact::Number::power_of_ten(places);
  const std::optional<std::int64_t> multiplier = scaled.numerator().to_int64();
  const std::optional<std::int64_t> divisor = scaled.denominator().to_int64();
  if (!multiplier || !divisor) return std::nullopt;
  ScaledText out;
  out.multiplier_ = *multiplier;
  out.divisor_ = *divisor;
  out.places_ = static_cast<unsigned>(places);
  return out;
}

std::optional<ScaledText> ScaledText::shortest(const exact::Number& one) {
  for (int places = 0; places <= kPlacesMax; ++places) {
    if (!(one * exact::Number::power_of_ten(places)).is_integer()) continue;
    std::optional<ScaledText> out = with_places(one, places);
    if (out) out->strip_ = true;
    return out;
  }
  return std::nullopt;
}

bool ScaledText::append(std::string& out, std::int64_t mantissa) const {
  // Both are below 2^63 in magnitude, so the product cannot overflow.
  __extension__ using Wide = __int128;
  Wide wide = static_cast<Wide>(mantissa) * multiplier_;
  if (divisor_ != 1) {
    if (wide % divisor_ != 0) return false;
    wide /= divisor_;
  }
  const bool negative = wide < 0;
  if (negative) wide = -wide;
  if (wide > static_cast<Wide>(UINT64_MAX)) return false;
  auto magnitude = static_cast<std::uint64_t>(wide);
  unsigned places = places_;
  if (strip_) {
    for (; places > 0 && magnitude % 10 == 0; --places) magnitude /= 10;
  }
  std::array<char, 64> digits;
  char* const end = digits.data() + digits.size();
  char* begin = write_digits(end, magnitude);
  while (static_cast<std::size_t>(end - begin) <= places) *--begin = '0';
  if (negative) out += '-';
  out.append(begin, end - places);
  if (places > 0) {
    out += '.';
    out.append(end - places, end);
  }
  return true;
}

}  // namespace qz::seal
