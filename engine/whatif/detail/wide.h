// Fractions of 2^128: what the tables of draws are built from. Integers only.

#ifndef QZ_WHATIF_DETAIL_WIDE_H_
#define QZ_WHATIF_DETAIL_WIDE_H_

#include <cstdint>

#include "exact/number.h"

namespace qz::whatif::detail {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

// a × b / 2^128, rounded down: of a value and a fraction.
inline UInt128 scaled_product(UInt128 a, UInt128 b) {
  const auto low = [](UInt128 v) { return static_cast<UInt128>(static_cast<std::uint64_t>(v)); };
  const UInt128 low_low = low(a) * low(b);
  const UInt128 high_low = (a >> 64) * low(b) + (low_low >> 64);
  const UInt128 low_high = low(a) * (b >> 64) + low(high_low);
  return (a >> 64) * (b >> 64) + (high_low >> 64) + (low_high >> 64);
}

// x × 2^128 rounded down. Precondition: 0 <= x < 1.
inline UInt128 fraction_of(exact::Number x) {
  UInt128 out = 0;
  for (int piece = 0; piece < 4; ++piece) {
    x = x * exact::Number(std::int64_t{1} << 32);
    const std::int64_t whole = x.floor().to_int64().value();
    out = out << 32 | static_cast<UInt128>(whole);
    x = x - exact::Number(whole);
  }
  return out;
}

// The whole number itself.
inline exact::Number number_of(UInt128 v) {
  const exact::Number piece(std::int64_t{1} << 32);
  exact::Number out;
  for (int shift = 96; shift >= 0; shift -= 32) {
    out = out * piece + exact::Number(static_cast<std::int64_t>(v >> shift & 0xFFFFFFFFU));
  }
  return out;
}

// The largest whole number whose square is at most v. Precondition: v < 2^126.
inline std::uint64_t root_of(UInt128 v) {
  UInt128 root = 0;
  for (int bit = 62; bit >= 0; --bit) {
    const UInt128 next = root | static_cast<UInt128>(1) << bit;
    if (next * next <= v) root = next;
  }
  return static_cast<std::uint64_t>(root);
}

}  // namespace qz::whatif::detail

#endif  // QZ_WHATIF_DETAIL_WIDE_H_
