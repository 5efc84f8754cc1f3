// Limits of a ledger that is read: what one leaf may hold, so that a hostile file costs no more
// memory than an honest one. The number of leaves has no limit.

#ifndef QZ_PUBLISH_DETAIL_LIMITS_H_
#define QZ_PUBLISH_DETAIL_LIMITS_H_

#include <cstddef>
#include <cstdint>

namespace qz::publish::detail {

inline constexpr std::size_t kTextBytesMax = 16u << 20;  // of one text; text/xml.h has the same
inline constexpr std::size_t kLeafBytesMax = 64u << 20;  // of all texts of one leaf
inline constexpr std::size_t kKeyNamesMax = 64;
inline constexpr std::size_t kHeaderItemsMax = 100000;          // of each list in the header
inline constexpr std::uint64_t kIntegerMax = (1ull << 53) - 1;  // what RFC 8785 carries exactly

struct Sentence {
  const char* en;
  const char* zh;
};

inline constexpr Sentence kTooLarge = {"a text or a leaf is longer than a ledger's may be",
                                       "文字或叶子超过台账允许的长度"};
inline constexpr Sentence kTooManyNames = {"a key has more names than a ledger's keys may have",
                                           "键的列数超过台账允许的数目"};
inline constexpr Sentence kTooManyItems = {"a list in the header is longer than it may be",
                                           "台账头部的列表超过允许的长度"};

}  // namespace qz::publish::detail

#endif  // QZ_PUBLISH_DETAIL_LIMITS_H_
