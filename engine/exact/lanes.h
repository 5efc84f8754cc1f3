// Lanes: arithmetic over arrays of integers, in the representation that a proof allows.
//
// Three representations have the same operations: integers held in the processor's binary floating
// point (below 2^53, where all of them are exact), int64 and int128. The caller proves the bounds:
// every operand, every product of an operand with its multiplier and every result stays below
// `limit`, or the result is meaningless. Nothing here rounds but the three operations that say so.

#ifndef QZ_EXACT_LANES_H_
#define QZ_EXACT_LANES_H_

#include <cstddef>
#include <cstdint>

#include "exact/rounding.h"

namespace qz::exact {

__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 UnsignedWide;

// One element of an array; what it is only its own kernels know.
struct Lane;

enum class LaneRounding : std::uint8_t { kHalfEven, kHalfUp, kDown, kUp, kFloor, kCeiling };
LaneRounding lane_rounding(Rounding mode);

// A divisor above 1 with what makes divisions by it quick.
struct LaneDivisor {
  Wide value = 2;
  std::uint64_t reciprocal = 0;  // for |n| < 2^63: n / value is n × reciprocal >> (64 + shift)
  std::int32_t shift = 0;
};
LaneDivisor lane_divisor(Wide value);  // precondition: value >= 2

enum class LaneOrder : std::uint8_t { kEqual, kNotEqual, kLess, kLessEqual };

// Arrays of n lanes, aligned to 64 bytes; `out` may be an operand. ka, kb: multipliers.
struct LaneKernels {
  std::size_t size;    // bytes of a lane
  UnsignedWide limit;  // magnitudes stay below this
  void (*load64)(Lane* out, const std::int64_t* from, std::int64_t largest, std::size_t n);
  void (*load32)(Lane* out, const std::int32_t* from, std::size_t n);
  void (*load16)(Lane* out, const std::uint16_t* from, std::size_t n);
  void (*load8)(Lane* out, const std::uint8_t* from, std::size_t n);
  void (*store64)(std::int64_t* out, const Lane* a, std::int64_t largest, std::size_t n);
  void (*fill)(Lane* out, std::int64_t value, std::size_t n);
  // table[index]; an index at or above `size` reads table[size].
  void (*gather32)(Lane* out, const Lane* table, std::size_t size, const std::int32_t* index,
                   std::size_t n);
  void (*gather8)(Lane* out, const Lane* table, const std::uint8_t* index, std::size_t n);
  void (*multiply)(Lane* out, const Lane* a, const Lane* b, std::size_t n);
  void (*times)(Lane* out, const Lane* a, Wide ka, std::size_t n);
  void (*linear)(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, std::size_t n);
  // a·ka / d, rounded. Quickest where `out` is not `a`.
  void (*divide)(Lane* out, const Lane* a, Wide ka, const LaneDivisor& d, LaneRounding mode,
                 std::size_t n);
  // a·ka / b·kb, rounded; where b is zero, anything.
  void (*quotient)(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, LaneRounding mode,
                   std::size_t n);
  void (*absolute)(Lane* out, const Lane* a, std::size_t n);
  // The smaller (larger: false) of a·ka and b·kb.
  void (*extreme)(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb, bool larger,
                  std::size_t n);
  // b·kb where take_b is not 0, else a·ka.
  void (*blend)(Lane* out, const Lane* a, Wide ka, const Lane* b, Wide kb,
                const std::uint8_t* take_b, std::size_t n);
  // 1 where a·ka stands so to b·kb, else 0.
  void (*compare)(std::uint8_t* out, const Lane* a, Wide ka, const Lane* b, Wide kb,
                  LaneOrder order, std::size_t n);
};

// Integers below 2^53 in binary floating point; with vectors where the processor has them.
const LaneKernels& narrow_lanes();
// The same without vectors, for tests of the other.
const LaneKernels& narrow_lanes_portable();
// Whether narrow_lanes() is the quick way on this processor (it has fused multiply-add).
bool narrow_lanes_are_quick();
const LaneKernels& int64_lanes();   // below 2^63
const LaneKernels& int128_lanes();  // below 2^126

// The largest |value|; for -2^63 the largest int64 there is, plus one, as unsigned.
std::uint64_t largest_magnitude(const std::int64_t* values, std::size_t n);
std::uint64_t largest_magnitude(const std::int32_t* values, std::size_t n);
// Whether every value is within low … high.
bool all_within(const std::int64_t* values, std::size_t n, std::int64_t low, std::int64_t high);
bool all_within(const std::int32_t* values, std::size_t n, std::int64_t low, std::int64_t high);

}  // namespace qz::exact

#endif  // QZ_EXACT_LANES_H_
