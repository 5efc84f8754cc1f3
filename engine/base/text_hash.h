// text_hash: the hash of a text, for open-addressing tables in memory. Never stored, never in a
// result: it may differ from machine to machine.

#ifndef QZ_BASE_TEXT_HASH_H_
#define QZ_BASE_TEXT_HASH_H_

#include <cstdint>
#include <cstring>
#include <string_view>

namespace qz::base {

inline std::uint64_t mixed_bits(std::uint64_t x) {
  x *= 0xBF58476D1CE4E5B9;
  x ^= x >> 29;
  x *= 0x94D049BB133111EB;
  return x ^ (x >> 32);
}

// Every bit of the result depends on every byte of `text`.
inline std::uint64_t text_hash(std::string_view text) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;
  std::uint64_t hash = text.size() * kOdd;
  while (text.size() >= sizeof(std::uint64_t)) {
    std::uint64_t part = 0;
    std::memcpy(&part, text.data(), sizeof part);
    hash = mixed_bits(hash ^ part);
    text.remove_prefix(sizeof part);
  }
  std::uint64_t rest = 0;
  if (!text.empty()) std::memcpy(&rest, text.data(), text.size());
  return mixed_bits(hash ^ rest);
}

}  // namespace qz::base

#endif  // QZ_BASE_TEXT_HASH_H_
