// The hash that both indexes of keys use; its order reaches no result.

#ifndef QZ_TABLE_DETAIL_KEY_HASH_H_
#define QZ_TABLE_DETAIL_KEY_HASH_H_

#include <cstdint>

namespace qz::table::detail {

inline constexpr std::uint64_t kHashStart = 0x9e3779b97f4a7c15u;

// Multiply and fold, part by part.
inline std::uint64_t hash_part(std::uint64_t hash, std::int32_t part) {
  hash ^= static_cast<std::uint32_t>(part);
  hash *= 0xff51afd7ed558ccdu;
  return hash ^ (hash >> 32);
}

}  // namespace qz::table::detail

#endif  // QZ_TABLE_DETAIL_KEY_HASH_H_
