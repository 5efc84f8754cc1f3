// Lanes of integers held in binary floating point: the one file where the word double may stand.
//
// Why every digit is right. A double holds every integer of magnitude up to 2^53. The caller proves
// that operands, products and results stay below 2^53, so +, -, × and comparisons of such integers
// give the exact integer, in any order and with or without fusing. What remains is rounded
// division.
//
// n / d, integers, |n| < 2^53, 2 <= d < 2^53. Let i = fl(1/d), y = fl(n·i), q = the integer nearest
// y. Both roundings are within 2^-53 of their argument, relatively, so |y - n/d| <= |n/d|·(2^-52 +
// 2^-106), and therefore |q·d - n| <= d/2 + |n|·(2^-52 + 2^-106) < d/2 + 2 + 2^-53: r = n - q·d is
// an integer with |r| <= d/2 + 2 < 2^53 (2^52 + 2 at most), and fma(-q, d, n), which rounds once,
// gives it exactly, however large q·d is.
//   d = 2: i and y are exact, so |r| <= 1. d = 3: |r| <= 3. d >= 4: |r| <= d/2 + 2 <= d. In each
// case |r| <= 3d/2 - 1, so moving q by one where |r| > d/2 makes |r| <= d/2: then q is an integer
// nearest to n/d, and r = ±d/2 tells a tie, which cannot arise from the move itself (r = d/2 after
// it would need |r| = 3d/2 before). d/2 is exact, also for odd d. The modes follow from q, r and
// the sign of n. Half-even decides in the same step: q moves where |r| > d/2, or |r| = d/2 and q is
// odd, towards the sign of r.
//
// n / d, both lanes, 1 <= |d| < 2^53: y = fl(n/d) is within |n/d|·2^-53 < 1/|d| of n/d, hence
// |r| < |d|/2 + 1, and the same repair holds (d = ±1: y is exact).
//
// The build gives this file -fno-math-errno and -fno-trapping-math, which let loops become vectors,
// and never an option that lets a compiler assume that rounding does not matter. The program runs
// in the processor's own rounding mode, to nearest, which nobody changes.
//
// The loops stand in the file once and are compiled twice: as the machine's baseline allows, and
// for processors with AVX2 and FMA, between which the running program chooses.

#ifndef QZ_NARROW_LOOPS

#include <bit>
#include <cfloat>

#include "exact/lanes.h"

static_assert(FLT_EVAL_METHOD == 0 && FLT_RADIX == 2 && DBL_MANT_DIG == 53);

#if defined(__clang__)
#define QZ_EACH_LANE _Pragma("clang loop vectorize(assume_safety)")
#else
#define QZ_EACH_LANE _Pragma("GCC ivdep")
#endif
#define QZ_INLINE static inline __attribute__((always_inline))

#define QZ_NARROW_LOOPS baseline
#include "exact/lanes_narrow.cc"
#undef QZ_NARROW_LOOPS

#if defined(__x86_64__)
#define QZ_NARROW_LOOPS vectors
#if defined(__clang__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,fma")
#endif
#include "exact/lanes_narrow.cc"
#if defined(__clang__)
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif
#undef QZ_NARROW_LOOPS
#endif

namespace qz::exact {
namespace {

#if defined(__x86_64__)
bool has_vectors() {
  static const bool kHas = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return kHas;
}
#endif

}  // namespace

const LaneKernels& narrow_lanes_portable() { return baseline::kNarrow; }

const LaneKernels& narrow_lanes() {
#if defined(__x86_64__)
  if (has_vectors()) return vectors::kNarrow;
#endif
  return baseline::kNarrow;
}

bool narrow_lanes_are_quick() {
#if defined(__x86_64__)
  return has_vectors();
#elif defined(__FP_FAST_FMA)
  return true;
#else
  return false;
#endif
}

}  // namespace qz::exact

#else

// No function from elsewhere is called here: its code would be compiled for these processors and
// might be the copy that the linker keeps for all.
namespace qz::exact {
namespace {
namespace QZ_NARROW_LOOPS {

QZ_INLINE double* own(Lane* lanes) { return reinterpret_cast<double*>(lanes); }
QZ_INLINE const double* own(const Lane* lanes) { return reinterpret_cast<const double*>(lanes); }
QZ_INLINE double as_double(Wide k) { return static_cast<double>(static_cast<std::int64_t>(k)); }

// 2^52 + 2^51: added to an integer below 2^51 in magnitude, the sum's last bits are that integer.
constexpr std::int64_t kShift = (std::int64_t{1} << 52) + (std::int64_t{1} << 51);
constexpr std::int64_t kQuick = std::int64_t{1} << 51;

// The byte at place k of memory that was loaded as one number.
QZ_INLINE std::size_t eight_at(std::uint64_t eight, std::size_t k) {
  const std::size_t place = std::endian::native == std::endian::little ? k : 7 - k;
  return static_cast<std::size_t>(eight >> (8 * place) & 255);
}

QZ_INLINE bool odd(double q) { return q - 2 * __builtin_trunc(q / 2) != 0; }

// q, nearest to n/d or next to it, with r = n - q·d, to half-even; d > 0.
QZ_INLINE double half_even(double q, double r, double half) {
  const bool is_odd = odd(q);
  q += ((r > half) | ((r == half) & is_odd)) ? 1 : 0;
  q -= ((r < -half) | ((r == -half) & is_odd)) ? 1 : 0;
  return q;
}

QZ_INLINE double repaired(double q, double n, double d, LaneRounding mode) {
  const double half = d / 2;
  double r = __builtin_fma(-q, d, n);
  if (mode == LaneRounding::kHalfEven) return half_even(q, r, half);
  q += r > half ? 1 : 0;
  q -= r < -half ? 1 : 0;
  r = __builtin_fma(-q, d, n);  // |r| <= d/2
  switch (mode) {
    case LaneRounding::kHalfUp:
      q += ((r == half) & (n > 0)) ? 1 : 0;
      q -= ((r == -half) & (n < 0)) ? 1 : 0;
      return q;
    case LaneRounding::kDown:
      q += ((r > 0) & (n < 0)) ? 1 : 0;
      q -= ((r < 0) & (n > 0)) ? 1 : 0;
      return q;
    case LaneRounding::kUp:
      q += ((r > 0) & (n > 0)) ? 1 : 0;
      q -= ((r < 0) & (n < 0)) ? 1 : 0;
      return q;
    case LaneRounding::kFloor:
      return q - (r < 0 ? 1 : 0);
    default:
      return q + (r > 0 ? 1 : 0);
  }
}

QZ_INLINE void divide_as(double* to, const double* x, double k, double d, LaneRounding mode,
                         std::size_t n) {
  const double inverse = 1 / d;
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) {
    const double value = x[i] * k;
    to[i] = repaired(__builtin_nearbyint(value * inverse), value, d, mode);
  }
}

// To the nearest, most rows are right as they come: |r| < d/2 leaves nothing to repair, and such
// stretches are looked at no further. Ties, and quotients that are one off, are repaired together
// with the rows beside them.
QZ_INLINE void divide_nearest(Lane* out, const Lane* a, Wide ka, const LaneDivisor& by,
                              LaneRounding mode, std::size_t n) {
  double* const to = own(out);
  const double* const x = own(a);
  const double k = as_double(ka), d = as_double(by.value), inverse = 1 / d, half = d / 2;
  constexpr std::size_t kStretch = 32;
  std::size_t i = 0;
  for (; i + kStretch <= n && to != x; i += kStretch) {
    std::int64_t open = 0;
    QZ_EACH_LANE
    for (std::size_t j = i; j < i + kStretch; ++j) {
      const double value = x[j] * k, q = __builtin_nearbyint(value * inverse);
      const double r = __builtin_fabs(__builtin_fma(-q, d, value));
      open |= r >= half ? 1 : 0;
      to[j] = q;
    }
    if (open != 0) divide_as(to + i, x + i, k, d, mode, kStretch);
  }
  divide_as(to + i, x + i, k, d, mode, n - i);
}

QZ_INLINE void quotient_as(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb,
                           LaneRounding mode, std::size_t n) {
  double* const to = own(out);
  const double *const x = own(a), *const y = own(b);
  const double k = as_double(ka), l = as_double(kb);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) {
    const double by = y[i] * l;
    const double value = by < 0 ? -(x[i] * k) : x[i] * k;
    const double d = by == 0 ? 1 : __builtin_fabs(by);
    to[i] = repaired(__builtin_nearbyint(value / d), value, d, mode);
  }
}

void load64(Lane* out, const std::int64_t* from, std::int64_t largest, std::size_t n) {
  double* const to = own(out);
  if (largest < kQuick) {
    const double shift = static_cast<double>(kShift);
    const auto bits = __builtin_bit_cast(std::int64_t, shift);
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) to[i] = __builtin_bit_cast(double, from[i] + bits) - shift;
    return;
  }
  for (std::size_t i = 0; i < n; ++i) to[i] = static_cast<double>(from[i]);
}

void load32(Lane* out, const std::int32_t* from, std::size_t n) {
  double* const to = own(out);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
}

void load16(Lane* out, const std::uint16_t* from, std::size_t n) {
  double* const to = own(out);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
}

void load8(Lane* out, const std::uint8_t* from, std::size_t n) {
  double* const to = own(out);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
}

void store64(std::int64_t* out, const Lane* a, std::int64_t largest, std::size_t n) {
  const double* const from = own(a);
  if (largest < kQuick) {
    const double shift = static_cast<double>(kShift);
    const auto bits = __builtin_bit_cast(std::int64_t, shift);
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i)
      out[i] = __builtin_bit_cast(std::int64_t, from[i] + shift) - bits;
    return;
  }
  for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::int64_t>(from[i]);
}

void fill(Lane* out, std::int64_t value, std::size_t n) {
  double* const to = own(out);
  const auto same = static_cast<double>(value);
  for (std::size_t i = 0; i < n; ++i) to[i] = same;
}

void gather32(Lane* out, const Lane* table, std::size_t size, const std::int32_t* index,
              std::size_t n) {
  double* const to = own(out);
  const double* const from = own(table);
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = static_cast<std::uint32_t>(index[i]);
    to[i] = from[at < size ? at : size];
  }
}

void gather8(Lane* out, const Lane* table, const std::uint8_t* index, std::size_t n) {
  double* const to = own(out);
  const double* const from = own(table);
  std::size_t i = 0;
  // Eight at a time and one by one: an instruction that gathers is slower than loads on many
  // processors, and a loop that could become one would.
  for (; i + 8 <= n; i += 8) {
    std::uint64_t eight = 0;
    __builtin_memcpy(&eight, index + i, 8);
    for (std::size_t k = 0; k < 8; ++k) to[i + k] = from[eight_at(eight, k)];
  }
  for (; i < n; ++i) to[i] = from[index[i]];
}

void multiply(Lane* out, const Lane* a, const Lane* b, std::size_t n) {
  double* const to = own(out);
  const double *const x = own(a), *const y = own(b);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) to[i] = x[i] * y[i];
}

void times(Lane* out, const Lane* a, Wide ka, std::size_t n) {
  double* const to = own(out);
  const double* const x = own(a);
  const double k = as_double(ka);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) to[i] = x[i] * k;
}

void linear(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, std::size_t n) {
  double* const to = own(out);
  const double *const x = own(a), *const y = own(b);
  const double k = as_double(ka), l = as_double(kb);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) to[i] = x[i] * k + y[i] * l;
}

void divide(Lane* out, const Lane* a, Wide ka, const LaneDivisor& by, LaneRounding mode,
            std::size_t n) {
  switch (mode) {
    case LaneRounding::kHalfEven:
      return divide_nearest(out, a, ka, by, LaneRounding::kHalfEven, n);
    case LaneRounding::kHalfUp:
      return divide_nearest(out, a, ka, by, LaneRounding::kHalfUp, n);
    case LaneRounding::kDown:
      return divide_as(own(out), own(a), as_double(ka), as_double(by.value), LaneRounding::kDown,
                       n);
    case LaneRounding::kUp:
      return divide_as(own(out), own(a), as_double(ka), as_double(by.value), LaneRounding::kUp, n);
    case LaneRounding::kFloor:
      return divide_as(own(out), own(a), as_double(ka), as_double(by.value), LaneRounding::kFloor,
                       n);
    case LaneRounding::kCeiling:
      return divide_as(own(out), own(a), as_double(ka), as_double(by.value), LaneRounding::kCeiling,
                       n);
  }
}

void quotient(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, LaneRounding mode,
              std::size_t n) {
  if (mode == LaneRounding::kHalfEven)
    return quotient_as(out, a, ka, b, kb, LaneRounding::kHalfEven, n);
  quotient_as(out, a, ka, b, kb, mode, n);
}

void absolute(Lane* out, const Lane* a, std::size_t n) {
  double* const to = own(out);
  const double* const x = own(a);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) to[i] = __builtin_fabs(x[i]);
}

void extreme(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, bool larger,
             std::size_t n) {
  double* const to = own(out);
  const double *const x = own(a), *const y = own(b);
  const double k = as_double(ka), l = as_double(kb);
  if (larger) {
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) {
      const double one = x[i] * k, other = y[i] * l;
      to[i] = one < other ? other : one;
    }
    return;
  }
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) {
    const double one = x[i] * k, other = y[i] * l;
    to[i] = other < one ? other : one;
  }
}

void blend(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, const std::uint8_t* take_b,
           std::size_t n) {
  double* const to = own(out);
  const double *const x = own(a), *const y = own(b);
  const double k = as_double(ka), l = as_double(kb);
  QZ_EACH_LANE
  for (std::size_t i = 0; i < n; ++i) {
    const double one = x[i] * k, other = y[i] * l;
    to[i] = take_b[i] != 0 ? other : one;
  }
}

void compare(std::uint8_t* out, const Lane* a, Wide ka, const Lane* b, Wide kb, LaneOrder order,
             std::size_t n) {
  const double *const x = own(a), *const y = own(b);
  const double k = as_double(ka), l = as_double(kb);
  switch (order) {
    case LaneOrder::kEqual:
      for (std::size_t i = 0; i < n; ++i) out[i] = x[i] * k == y[i] * l;
      break;
    case LaneOrder::kNotEqual:
      for (std::size_t i = 0; i < n; ++i) out[i] = x[i] * k != y[i] * l;
      break;
    case LaneOrder::kLess:
      for (std::size_t i = 0; i < n; ++i) out[i] = x[i] * k < y[i] * l;
      break;
    case LaneOrder::kLessEqual:
      for (std::size_t i = 0; i < n; ++i) out[i] = x[i] * k <= y[i] * l;
      break;
  }
}

constexpr LaneKernels kNarrow = {sizeof(double), UnsignedWide{1} << 53,
                                 load64,         load32,
                                 load16,         load8,
                                 store64,        fill,
                                 gather32,       gather8,
                                 multiply,       times,
                                 linear,         divide,
                                 quotient,       absolute,
                                 extreme,        blend,
                                 compare};

}  // namespace QZ_NARROW_LOOPS
}  // namespace
}  // namespace qz::exact

#endif
