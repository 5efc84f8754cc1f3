// Philox4x32-10: random bits as a function of a counter and a key, with nothing kept in between.
//
// A draw therefore depends on what it is for and on nothing else: not on the draws before it, the
// thread, the block of samples or the machine. Integers only; the published answers stand in the
// tests. Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011.

#ifndef QZ_WHATIF_PHILOX_H_
#define QZ_WHATIF_PHILOX_H_

#include <array>
#include <cstdint>
#include <string_view>

namespace qz::whatif {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

// 128 random bits for a counter under a key.
PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key);

// The draws of one uncertain quantity: named, so that neither the order of sources or rows nor what
// else is uncertain changes them.
class DrawStream {
 public:
  // `name` and `group` as they are written; the first 96 bits of SHA-256(name, NUL, group) tell
  // streams apart.
  DrawStream(std::uint64_t seed, std::string_view name, std::string_view group);

  // The 64 bits of sample `index`: bits b stand for the probability (b + 1/2) / 2^64.
  std::uint64_t bits(std::uint32_t index) const;

 private:
  PhiloxKey key_{};
  std::array<std::uint32_t, 3> words_{};
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_PHILOX_H_
