// Lanes of int64 and int128: plain loops, one source for both.
//
// Division by a constant d without dividing, for 0 <= n < 2^63 and 2 <= d < 2^63. Let 2^(l-1) < d
// <= 2^l and m = floor(2^(63+l) / d) + 1. Then m·d = 2^(63+l) + e with 1 <= e <= d <= 2^l, so that
//   n·m / 2^(63+l) = n/d + n·e / (d·2^(63+l)),
// and the last term is below e / (d·2^l) <= 1/d: too little to reach the next integer above n/d.
// m < 2^64, since 2^(63+l) / d <= 2^64·2^(l-1) / (2^(l-1) + 1) < 2^64 - 2 for l <= 63.

#include <algorithm>
#include <bit>

#include "base/assert.h"
#include "exact/detail/small.h"
#include "exact/lanes.h"

#if defined(__clang__)
#define QZ_EACH_LANE  // its own checks do; what it cannot make a vector of, it would warn of
#else
#define QZ_EACH_LANE _Pragma("GCC ivdep")
#endif

namespace qz::exact {
namespace {

template <class T>
struct UnsignedOf {
  using Type = std::uint64_t;
};
template <>
struct UnsignedOf<Wide> {
  using Type = UnsignedWide;
};

template <class T>
class Integers {
  using U = typename UnsignedOf<T>::Type;

  static T* own(Lane* lanes) { return reinterpret_cast<T*>(lanes); }
  static const T* own(const Lane* lanes) { return reinterpret_cast<const T*>(lanes); }

  static U magnitude(T v) { return v < 0 ? U{0} - static_cast<U>(v) : static_cast<U>(v); }
  static T with_sign(U v, bool negative) { return static_cast<T>(negative ? U{0} - v : v); }

  template <LaneRounding kMode>
  static U rounded(U quotient, U rest, U divisor, bool negative) {
    const U other = divisor - rest;  // rest · 2 might not fit
    switch (kMode) {
      case LaneRounding::kHalfEven:
        return quotient +
               (static_cast<U>(rest > other) | (static_cast<U>(rest == other) & (quotient & 1)));
      case LaneRounding::kHalfUp:
        return quotient + static_cast<U>(rest >= other);
      case LaneRounding::kDown:
        return quotient;
      case LaneRounding::kUp:
        return quotient + static_cast<U>(rest != 0);
      case LaneRounding::kFloor:
        return quotient + (static_cast<U>(rest != 0) & static_cast<U>(negative));
      default:
        return quotient + (static_cast<U>(rest != 0) & static_cast<U>(!negative));
    }
  }

  static U whole(std::uint64_t n, const LaneDivisor& d) {
    const auto product = static_cast<UnsignedWide>(n) * d.reciprocal;
    return static_cast<std::uint64_t>(product >> 64) >> d.shift;
  }

  template <LaneRounding kMode>
  static void divide_as(T* out, const T* a, T ka, const LaneDivisor& d, std::size_t n) {
    const auto divisor = static_cast<U>(d.value);
    const LaneDivisor by = d;
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) {
      const T value = a[i] * ka;
      const U size = magnitude(value);
      U quotient = 0;
      if constexpr (sizeof(T) == 8) {
        quotient = whole(size, by);
      } else {
        const bool narrow = by.reciprocal != 0 && size >> 63 == 0;
        quotient = narrow ? whole(static_cast<std::uint64_t>(size), by) : size / divisor;
      }
      out[i] = with_sign(rounded<kMode>(quotient, size - quotient * divisor, divisor, value < 0),
                         value < 0);
    }
  }

  template <LaneRounding kMode>
  static void quotient_as(T* out, const T* a, T ka, const T* b, T kb, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i) {
      const T value = a[i] * ka, by = b[i] * kb;
      const bool negative = (value < 0) != (by < 0);
      const U size = magnitude(value);
      const U divisor = by == 0 ? U{1} : magnitude(by);
      const U quotient = size / divisor;
      out[i] = with_sign(rounded<kMode>(quotient, size - quotient * divisor, divisor, negative),
                         negative);
    }
  }

  // Calls `work` with the mode as a constant, so that each mode has a loop of its own.
  template <class Work>
  static void by_mode(LaneRounding mode, const Work& work) {
    switch (mode) {
      case LaneRounding::kHalfEven:
        return work.template operator()<LaneRounding::kHalfEven>();
      case LaneRounding::kHalfUp:
        return work.template operator()<LaneRounding::kHalfUp>();
      case LaneRounding::kDown:
        return work.template operator()<LaneRounding::kDown>();
      case LaneRounding::kUp:
        return work.template operator()<LaneRounding::kUp>();
      case LaneRounding::kFloor:
        return work.template operator()<LaneRounding::kFloor>();
      case LaneRounding::kCeiling:
        return work.template operator()<LaneRounding::kCeiling>();
    }
  }

  template <class Source>
  static void load(Lane* out, const Source* from, std::size_t n) {
    T* const to = own(out);
    for (std::size_t i = 0; i < n; ++i) to[i] = from[i];
  }

 public:
  static void load64(Lane* out, const std::int64_t* from, std::int64_t, std::size_t n) {
    load(out, from, n);
  }
  static void load32(Lane* out, const std::int32_t* from, std::size_t n) { load(out, from, n); }
  static void load16(Lane* out, const std::uint16_t* from, std::size_t n) { load(out, from, n); }
  static void load8(Lane* out, const std::uint8_t* from, std::size_t n) { load(out, from, n); }
  static void store64(std::int64_t* out, const Lane* a, std::int64_t, std::size_t n) {
    const T* const from = own(a);
    for (std::size_t i = 0; i < n; ++i) out[i] = static_cast<std::int64_t>(from[i]);
  }
  static void fill(Lane* out, std::int64_t value, std::size_t n) {
    std::fill_n(own(out), n, static_cast<T>(value));
  }
  static void gather32(Lane* out, const Lane* table, std::size_t size, const std::int32_t* index,
                       std::size_t n) {
    T* const to = own(out);
    const T* const from = own(table);
    for (std::size_t i = 0; i < n; ++i)
      to[i] = from[std::min<std::size_t>(static_cast<std::uint32_t>(index[i]), size)];
  }
  static void gather8(Lane* out, const Lane* table, const std::uint8_t* index, std::size_t n) {
    T* const to = own(out);
    const T* const from = own(table);
    for (std::size_t i = 0; i < n; ++i) to[i] = from[index[i]];
  }
  static void multiply(Lane* out, const Lane* a, const Lane* b, std::size_t n) {
    T* const to = own(out);
    const T *const x = own(a), *const y = own(b);
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) to[i] = x[i] * y[i];
  }
  static void times(Lane* out, const Lane* a, Wide ka, std::size_t n) {
    T* const to = own(out);
    const T* const x = own(a);
    const T k = static_cast<T>(ka);
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) to[i] = x[i] * k;
  }
  static void linear(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, std::size_t n) {
    T* const to = own(out);
    const T *const x = own(a), *const y = own(b);
    const T k = static_cast<T>(ka), l = static_cast<T>(kb);
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) to[i] = x[i] * k + y[i] * l;
  }
  static void divide(Lane* out, const Lane* a, Wide ka, const LaneDivisor& d, LaneRounding mode,
                     std::size_t n) {
    by_mode(mode, [&]<LaneRounding kMode>() {
      divide_as<kMode>(own(out), own(a), static_cast<T>(ka), d, n);
    });
  }
  static void quotient(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, LaneRounding mode,
                       std::size_t n) {
    by_mode(mode, [&]<LaneRounding kMode>() {
      quotient_as<kMode>(own(out), own(a), static_cast<T>(ka), own(b), static_cast<T>(kb), n);
    });
  }
  static void absolute(Lane* out, const Lane* a, std::size_t n) {
    T* const to = own(out);
    const T* const x = own(a);
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) to[i] = x[i] < 0 ? -x[i] : x[i];
  }
  static void extreme(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, bool larger,
                      std::size_t n) {
    T* const to = own(out);
    const T *const x = own(a), *const y = own(b);
    const T k = static_cast<T>(ka), l = static_cast<T>(kb);
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) {
      const T one = x[i] * k, other = y[i] * l;
      to[i] = (one < other) == larger ? other : one;
    }
  }
  static void blend(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb,
                    const std::uint8_t* take_b, std::size_t n) {
    T* const to = own(out);
    const T *const x = own(a), *const y = own(b);
    const T k = static_cast<T>(ka), l = static_cast<T>(kb);
    QZ_EACH_LANE
    for (std::size_t i = 0; i < n; ++i) to[i] = take_b[i] != 0 ? y[i] * l : x[i] * k;
  }
  static void compare(std::uint8_t* out, const Lane* a, Wide ka, const Lane* b, Wide kb,
                      LaneOrder order, std::size_t n) {
    const T *const x = own(a), *const y = own(b);
    const T k = static_cast<T>(ka), l = static_cast<T>(kb);
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

  static constexpr LaneKernels kernels() {
    return {sizeof(T), UnsignedWide{1} << (sizeof(T) * 8 - 1),
            load64,    load32,
            load16,    load8,
            store64,   fill,
            gather32,  gather8,
            multiply,  times,
            linear,    divide,
            quotient,  absolute,
            extreme,   blend,
            compare};
  }
};

constexpr LaneKernels kInt64 = Integers<std::int64_t>::kernels();
constexpr LaneKernels kInt128 = Integers<Wide>::kernels();

// The least and the greatest of some values and zero: where the processor has wider vectors, in
// those. (The loader chooses; nothing else stands in these functions, so nothing else is affected.)
#if defined(__x86_64__) && defined(__ELF__)
#define QZ_WIDER __attribute__((target_clones("avx2", "default")))
#else
#define QZ_WIDER
#endif

QZ_WIDER void range(const std::int64_t* values, std::size_t n, std::int64_t& low,
                    std::int64_t& high) {
  std::int64_t least = low, most = high;
  for (std::size_t i = 0; i < n; ++i) {
    least = values[i] < least ? values[i] : least;
    most = values[i] > most ? values[i] : most;
  }
  low = least;
  high = most;
}

QZ_WIDER void range(const std::int32_t* values, std::size_t n, std::int32_t& low,
                    std::int32_t& high) {
  std::int32_t least = low, most = high;
  for (std::size_t i = 0; i < n; ++i) {
    least = values[i] < least ? values[i] : least;
    most = values[i] > most ? values[i] : most;
  }
  low = least;
  high = most;
}

template <class Value>
std::uint64_t largest_of(const Value* values, std::size_t n) {
  Value low = 0, high = 0;
  range(values, n, low, high);
  return std::max(detail::magnitude(static_cast<std::int64_t>(low)),
                  static_cast<std::uint64_t>(high));
}

template <class Value>
bool within(const Value* values, std::size_t n, std::int64_t low, std::int64_t high) {
  if (n == 0) return true;
  Value least = values[0], most = values[0];
  range(values, n, least, most);
  return least >= low && most <= high;
}

}  // namespace

LaneRounding lane_rounding(Rounding mode) {
  switch (mode) {
    case Rounding::kHalfEven:
      return LaneRounding::kHalfEven;
    case Rounding::kHalfUp:
      return LaneRounding::kHalfUp;
    case Rounding::kDown:
      return LaneRounding::kDown;
    case Rounding::kUp:
      return LaneRounding::kUp;
  }
  return LaneRounding::kHalfEven;
}

LaneDivisor lane_divisor(Wide value) {
  QZ_ASSERT(value >= 2);
  LaneDivisor out;
  out.value = value;
  if (value >> 63 != 0) return out;
  const auto size = static_cast<std::uint64_t>(value);
  const auto l = static_cast<std::int32_t>(std::bit_width(size - 1));
  out.reciprocal = static_cast<std::uint64_t>((UnsignedWide{1} << (63 + l)) / size + 1);
  out.shift = l - 1;
  return out;
}

const LaneKernels& int64_lanes() { return kInt64; }
const LaneKernels& int128_lanes() { return kInt128; }

std::uint64_t largest_magnitude(const std::int64_t* values, std::size_t n) {
  return largest_of(values, n);
}
std::uint64_t largest_magnitude(const std::int32_t* values, std::size_t n) {
  return largest_of(values, n);
}
bool all_within(const std::int64_t* values, std::size_t n, std::int64_t low, std::int64_t high) {
  return within(values, n, low, high);
}
bool all_within(const std::int32_t* values, std::size_t n, std::int64_t low, std::int64_t high) {
  return within(values, n, low, high);
}

}  // namespace qz::exact
