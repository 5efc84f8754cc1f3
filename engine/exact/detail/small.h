// Small values: int64 fractions with 128-bit intermediates, so that the common case never
// allocates.

#ifndef QZ_EXACT_DETAIL_SMALL_H_
#define QZ_EXACT_DETAIL_SMALL_H_

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>

namespace qz::exact::detail {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

inline constexpr std::int64_t kSmallMax = std::numeric_limits<std::int64_t>::max();

// 10^0 to 10^18.
inline constexpr int kTenMax = 18;
inline constexpr auto kTen = [] {
  std::array<std::int64_t, kTenMax + 1> out{};
  out[0] = 1;
  for (std::size_t i = 1; i < out.size(); ++i) out[i] = out[i - 1] * 10;
  return out;
}();

inline std::int64_t ten_to(int n) { return kTen[static_cast<std::size_t>(n)]; }

// |v|, also of -2^63.
inline std::uint64_t magnitude(std::int64_t v) {
  const auto bits = static_cast<std::uint64_t>(v);
  return v < 0 ? 0 - bits : bits;
}

inline UInt128 magnitude(Int128 v) {
  const auto bits = static_cast<UInt128>(v);
  return v < 0 ? 0 - bits : bits;
}

// Whether v may lie in a Number itself; -2^63 may not.
inline bool fits_small(Int128 v) { return v >= -Int128{kSmallMax} && v <= Int128{kSmallMax}; }

// Greatest common divisor. Precondition: b != 0. One division comes first because denominators are
// mostly powers of ten, of which one divides the other.
inline std::uint64_t gcd(std::uint64_t a, std::uint64_t b) {
  if (b == 1) return 1;
  if (a < b) std::swap(a, b);
  if (b == 0) return a;
  a %= b;
  if (a == 0) return b;
  const int twos = std::countr_zero(a | b);
  a >>= std::countr_zero(a);
  do {
    b >>= std::countr_zero(b);
    const std::uint64_t less = a < b ? a : b;
    b = a < b ? b - a : a - b;
    a = less;
  } while (b != 0);
  return a << twos;
}

// gcd(|v|, b) without a 128-bit division where v is short. Precondition: b != 0.
inline std::uint64_t gcd(UInt128 v, std::uint64_t b) {
  if (b == 1) return 1;
  const auto low = static_cast<std::uint64_t>(v);
  return gcd(v == low ? low : static_cast<std::uint64_t>(v % b), b);
}

}  // namespace qz::exact::detail

#endif  // QZ_EXACT_DETAIL_SMALL_H_
