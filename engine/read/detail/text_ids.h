// TextIds: from the text of a cell to a small number that was worked out before. Open addressing on
// the text's bytes as words; one look-up costs a few nanoseconds and allocates nothing.
//
// Invariants: (1) texts of up to eight bytes lie in the narrow table until a longer one comes, then
// all lie in the wide one; (2) a text holds no byte 0, so that a short one is its word; (3) two
// texts are the same only if every byte is.

#ifndef QZ_READ_DETAIL_TEXT_IDS_H_
#define QZ_READ_DETAIL_TEXT_IDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace qz::read::detail {

inline std::uint64_t load_word(const char* at) {
  std::uint64_t out = 0;
  std::memcpy(&out, at, sizeof out);
  return out;
}

class TextIds {
 public:
  // Values at or below this are no values.
  static constexpr std::int32_t kBad = std::numeric_limits<std::int32_t>::min();
  static constexpr std::int32_t kMissing = kBad + 1;
  static constexpr std::int32_t kAbsent = kBad + 2;  // not known yet

  TextIds();

  bool is_narrow() const { return wide_.empty(); }
  // Of `size` bytes at `at`; eight bytes on either side of them may be read. kAbsent where it is
  // not known. Preconditions: size > 0; find_narrow: is_narrow(); find_wide: not.
  std::int32_t find_narrow(const char* at, std::size_t size) const {
    if (size > 8) return kAbsent;
    const std::uint64_t word = short_word(at, size);
    for (std::size_t i = narrow_place(word);; i = (i + 1) & narrow_mask_) {
      const Narrow& slot = narrow_[i];
      if (slot.word == word) return slot.value;
      if (slot.word == 0) return kAbsent;
    }
  }
  std::int32_t find_wide(const char* at, std::size_t size) const {
    const std::uint64_t first = short_word(at, size < 8 ? size : 8);
    const std::uint64_t last = size > 8 ? load_word(at + size - 8) : 0;
    const std::uint64_t hash = size > 16 ? long_hash(at, size) : mixed(first, last + size);
    for (std::size_t i = wide_place(hash);; i = (i + 1) & wide_mask_) {
      const Wide& slot = wide_[i];
      if (slot.size == 0) return kAbsent;
      if (slot.first != first || slot.last != last || slot.size != size) continue;
      if (size <= 16 || std::memcmp(long_texts_.data() + slot.text, at, size) == 0) {
        return slot.value;
      }
    }
  }
  // Many at once: out[k] of sizes[k] bytes at texts[k], where a size of 0 gives kAbsent. The places
  // in the table are asked for before they are needed, so that a large one costs no waiting.
  // Preconditions: as above; count <= kTogether.
  static constexpr std::size_t kTogether = 64;
  void find_all(const char* const* texts, const std::uint32_t* sizes, std::size_t count,
                std::int32_t* out) const {
    if (is_narrow()) {
      find_all_narrow(texts, sizes, count, out);
    } else {
      find_all_wide(texts, sizes, count, out);
    }
  }
  // The same for a text from anywhere.
  std::int32_t find(std::string_view text) const;
  // Precondition: `text` is not known and not empty.
  void add(std::string_view text, std::int32_t value);

 private:
  struct Narrow {
    std::uint64_t word = 0;  // 0: nothing
    std::int32_t value = kAbsent;
  };
  struct Wide {
    std::uint64_t first = 0;
    std::uint64_t last = 0;  // the last eight bytes of more than eight
    std::uint32_t size = 0;  // 0: nothing
    std::int32_t value = kAbsent;
    std::size_t text = 0;  // of more than 16 bytes: where it lies in long_texts_
  };

  static std::uint64_t short_word(const char* at, std::size_t size) {
    return load_word(at) & ~std::uint64_t{0} >> (64 - 8 * size);
  }
  // The same for any size, of which the first eight count; 0 for none.
  static std::uint64_t any_word(const char* at, std::size_t size) {
    // From a table: whether a name has eight letters nobody can foresee, so that a branch costs.
    static constexpr std::array<std::uint64_t, 9> kKept = {0,
                                                           0xff,
                                                           0xffff,
                                                           0xff'ffff,
                                                           0xffff'ffff,
                                                           0xff'ffff'ffff,
                                                           0xffff'ffff'ffff,
                                                           0xff'ffff'ffff'ffff,
                                                           ~std::uint64_t{0}};
    return load_word(at) & kKept[size < 8 ? size : 8];
  }
  // Even: the first two places that a text may have lie in one line of the cache, and are looked at
  // together.
  std::size_t narrow_place(std::uint64_t word) const {
    return mixed(word, 0) & narrow_mask_ & ~std::size_t{1};
  }
  std::size_t wide_place(std::uint64_t hash) const { return hash & wide_mask_ & ~std::size_t{1}; }
  void find_all_narrow(const char* const* texts, const std::uint32_t* sizes, std::size_t count,
                       std::int32_t* out) const;
  void find_all_wide(const char* const* texts, const std::uint32_t* sizes, std::size_t count,
                     std::int32_t* out) const;
  static std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
    a = (a ^ 0x8ebc6af09c88c6e3u) * 0x9fb21c651e98df25u;
    a ^= (b + 0x589965cc75374cc3u) * 0xe7037ed1a0b428dbu;
    // The high bits come from every byte of the text, the low ones from its first: numbered names
    // differ in their last. Places are taken from the low end.
    return __builtin_bswap64(a);
  }
  static std::uint64_t long_hash(const char* at, std::size_t size);
  void clear();
  void put_narrow(std::uint64_t word, std::int32_t value);
  void put_wide(const Wide& one, std::uint64_t hash);
  std::uint64_t hash_of(const Wide& one) const;
  void widen();

  std::vector<Narrow> narrow_;  // a power of two, at most half full; so is wide_
  std::vector<Wide> wide_;
  std::size_t narrow_mask_ = 0;
  std::size_t wide_mask_ = 0;
  std::size_t count_ = 0;
  std::string long_texts_;
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_TEXT_IDS_H_
