// Small values: int64 fractions with 128-bit intermediates, so that the common case never
// allocates.

#ifndef QZ_EXACT_DETAIL_SMALL_H_
#define QZ_EXACT_DETAIL_SMALL_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>

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

// 5^0 to 5^27, each at the place of its width in bits, of which no two have the same.
inline constexpr auto kFives = [] {
  std::array<std::uint64_t, 65> out{};
  std::uint64_t five = 1;
  for (int n = 0; n <= 27; ++n, five *= 5)
    out[static_cast<std::size_t>(std::bit_width(five))] = five;
  return out;
}();

// Whether an odd number is a power of five.
inline bool is_five_power(std::uint64_t odd) {
  return kFives[static_cast<std::size_t>(std::bit_width(odd))] == odd;
}

// Preconditions: a != 0, b odd.
inline std::uint64_t odd_gcd(std::uint64_t a, std::uint64_t b) {
  a %= b;
  while (a != 0) {
    a >>= std::countr_zero(a);
    const std::uint64_t less = a < b ? a : b;
    a = a < b ? b - a : a - b;
    b = less;
  }
  return b;
}

// gcd(v, d). Precondition: d != 0. Most denominators have the factors 2 and 5 alone, and most
// numerators are not divisible by 5, which ends the search at its first step.
inline std::uint64_t gcd(std::uint64_t v, std::uint64_t d) {
  if (v == 0) return d;
  const int twos_of_d = std::countr_zero(d);
  const int twos = std::min(twos_of_d, std::countr_zero(v));
  const std::uint64_t odd = d >> twos_of_d;
  if (!is_five_power(odd)) return odd_gcd(v, odd) << twos;
  std::uint64_t fives = 1;
  for (; fives < odd && v % 5 == 0; v /= 5) fives *= 5;
  return fives << twos;
}

// The same without a 128-bit division where v is short.
inline std::uint64_t gcd(UInt128 v, std::uint64_t d) {
  const auto low = static_cast<std::uint64_t>(v);
  return gcd(v == low ? low : static_cast<std::uint64_t>(v % d), d);
}

// gcd of two denominators: of powers of ten and their divisors without any division.
inline std::uint64_t gcd_of_denominators(std::uint64_t a, std::uint64_t b) {
  const int twos_of_a = std::countr_zero(a);
  const int twos_of_b = std::countr_zero(b);
  const std::uint64_t odd_a = a >> twos_of_a;
  const std::uint64_t odd_b = b >> twos_of_b;
  const int twos = std::min(twos_of_a, twos_of_b);
  const bool decimal = is_five_power(odd_a) && is_five_power(odd_b);
  return (decimal ? std::min(odd_a, odd_b) : odd_gcd(odd_a, odd_b)) << twos;
}

}  // namespace qz::exact::detail

#endif  // QZ_EXACT_DETAIL_SMALL_H_
