// quick_decimal: nearly every number in a file, as an integer and its places, without a Number.

#ifndef QZ_READ_DETAIL_QUICK_DECIMAL_H_
#define QZ_READ_DETAIL_QUICK_DECIMAL_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
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

// --- eight digits at a time ---

// Up to eight digits that end at `end`, of which `size` count; false where one is no digit. The
// eight bytes before `end` may be read.
inline bool word_digits(const char* end, std::size_t size, std::uint64_t& out) {
  constexpr std::uint64_t kZeros = 0x3030303030303030u;
  if (size == 0) return false;
  std::uint64_t x = 0;
  std::memcpy(&x, end - 8, sizeof x);
  // What stands before the digits becomes zeros.
  x = (x ^ kZeros) >> (64 - 8 * size) << (64 - 8 * size);
  if ((((x + 0x7676767676767676u) | x) & 0x8080808080808080u) != 0) return false;
  x = x * 10 + (x >> 8);
  out = (((x & 0x000000FF000000FFu) * 0x000F424000000064u) +
         ((x >> 16 & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
        32;
  return true;
}

// digits[.digits] of at most eight characters; everything else is for quick_decimal(). The eight
// bytes before `end` may be read. Precondition: 0 < size <= 8.
inline QuickDecimal word_decimal(const char* end, std::size_t size) {
  constexpr std::uint64_t kZeros = 0x3030303030303030u;
  constexpr std::uint64_t kPoint = '.' ^ '0';
  QuickDecimal out;
  std::uint64_t x = 0;
  std::memcpy(&x, end - 8, sizeof x);
  const unsigned drop = static_cast<unsigned>(64 - 8 * size);
  x = (x ^ kZeros) >> drop << drop;
  // The high bit of each byte that is no digit. A carry from byte to byte comes only from a byte
  // that is no digit and no point, and such a text is refused whatever else is marked.
  const std::uint64_t other = ((x + 0x7676767676767676u) | x) & 0x8080808080808080u;
  if (other != 0) {
    const unsigned at = static_cast<unsigned>(__builtin_ctzll(other)) & ~7u;  // its lowest bit
    const bool is_point = (other & (other - 1)) == 0 && (x >> at & 0xFF) == kPoint;
    if (!is_point || at <= drop || at == 56) return out;
    // The digits before the point move up over it.
    const std::uint64_t before = (std::uint64_t{1} << at) - 1;
    x = (x & before) << 8 | (x & ~(before << 8 | 0xFF));
    out.places = static_cast<std::uint8_t>(7 - at / 8);
  }
  x = x * 10 + (x >> 8);
  out.mantissa =
      static_cast<std::int64_t>((((x & 0x000000FF000000FFu) * 0x000F424000000064u) +
                                 ((x >> 16 & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
                                32);
  out.ok = true;
  return out;
}

// digits[.digits] of at most eight characters and a known number of places, for columns of which
// one cell is like the other; everything else is refused here.
class FixedPlaces {
 public:
  FixedPlaces() = default;  // refuses everything
  explicit FixedPlaces(std::int32_t places) {
    if (places < 0 || places > 6) return;
    least_ = places == 0 ? 1 : static_cast<unsigned>(places) + 2;
    spread_ = 8 - least_;
    if (places == 0) return;
    const unsigned at = 8 * static_cast<unsigned>(7 - places);
    below_ = (std::uint64_t{1} << at) - 1;
    at_point_ = std::uint64_t{0xFF} << at;
    point_ = std::uint64_t{'.' ^ '0'} << at;
    above_ = ~(below_ | at_point_);
  }

  // The eight bytes before `end` may be read.
  bool read(const char* end, std::size_t size, std::int64_t& mantissa) const {
    if (size - least_ > spread_) return false;
    std::uint64_t x = 0;
    std::memcpy(&x, end - 8, sizeof x);
    const unsigned drop = static_cast<unsigned>(64 - 8 * size);
    // The point becomes a zero too; a carry from byte to byte comes only from one that is refused.
    x = ((x ^ 0x3030303030303030u) >> drop << drop) ^ point_;
    const std::uint64_t bad = (((x + 0x7676767676767676u) | x) & 0x8080808080808080u);
    if ((bad | (x & at_point_)) != 0) return false;
    x = (x & below_) << 8 | (x & above_);
    x = x * 10 + (x >> 8);
    mantissa =
        static_cast<std::int64_t>((((x & 0x000000FF000000FFu) * 0x000F424000000064u) +
                                   ((x >> 16 & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
                                  32);
    return true;
  }

 private:
  std::size_t least_ = ~std::size_t{0};  // characters
  std::size_t spread_ = 0;               // and how many more
  std::uint64_t below_ = 0;
  std::uint64_t above_ = ~std::uint64_t{0};
  std::uint64_t at_point_ = 0;
  std::uint64_t point_ = 0;
};

// The same as word_decimal() for nine to sixteen characters; the sixteen bytes before `end` may be
// read.
inline QuickDecimal two_word_decimal(const char* end, std::size_t size) {
  QuickDecimal out;
  std::size_t places = 0;
  while (places < 9 && end[-1 - static_cast<std::ptrdiff_t>(places)] != '.') ++places;
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  if (places < 9) {
    const std::size_t before = size - 1 - places;
    if (places == 0 || before > 8) return out;
    const char* point = end - 1 - static_cast<std::ptrdiff_t>(places);
    if (!word_digits(point, before, high) || !word_digits(end, places, low)) return out;
    out.places = static_cast<std::uint8_t>(places);
    out.mantissa =
        static_cast<std::int64_t>(high) * kPowersOfTen[places] + static_cast<std::int64_t>(low);
  } else {
    if (!word_digits(end - 8, size - 8, high) || !word_digits(end, 8, low)) return out;
    out.mantissa = static_cast<std::int64_t>(high) * 100'000'000 + static_cast<std::int64_t>(low);
  }
  out.ok = true;
  return out;
}

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_QUICK_DECIMAL_H_
