// quick_decimal: nearly every number in a file, as an integer and its places, without a Number.

#ifndef QZ_READ_DETAIL_QUICK_DECIMAL_H_
#define QZ_READ_DETAIL_QUICK_DECIMAL_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace qz::read::detail {

inline constexpr std::size_t kQuickDigits = 18;  // any 18 digits fit an int64
inline constexpr std::int64_t kPowersOfTen[kQuickDigits + 1] = {1,
                                                                10,
                                                                100,
                                                                1'000,
                                                                10'000,
                                                                100'000,
                                                                1'000'000,
                                                                10'000'000,
                                                                100'000'000,
                                                                1'000'000'000,
                                                                10'000'000'000,
                                                                100'000'000'000,
                                                                1'000'000'000'000,
                                                                10'000'000'000'000,
                                                                100'000'000'000'000,
                                                                1'000'000'000'000'000,
                                                                10'000'000'000'000'000,
                                                                100'000'000'000'000'000,
                                                                1'000'000'000'000'000'000};

struct QuickDecimal {
  std::int64_t mantissa = 0;
  std::uint8_t places = 0;
  bool ok = false;  // false: the text is longer, has an exponent, or is no number; ask exact/
};

// [-]digits[.digits] with at most 18 digits. Whatever else there is, exact::parse_decimal knows.
inline QuickDecimal quick_decimal(std::string_view text) {
  QuickDecimal out;
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > kQuickDigits) return out;
  std::size_t point = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c >= '0' && c <= '9') {
      out.mantissa = out.mantissa * 10 + (c - '0');
    } else if (c == '.' && point == text.size() && i > 0 && i + 1 < text.size()) {
      point = i;
    } else {
      return out;
    }
  }
  if (point < text.size()) out.places = static_cast<std::uint8_t>(text.size() - point - 1);
  if (negative) out.mantissa = -out.mantissa;
  out.ok = true;
  return out;
}

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_QUICK_DECIMAL_H_
