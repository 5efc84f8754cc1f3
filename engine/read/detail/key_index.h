// KeyIndex: rows by the ids of their key. No text is hashed twice and nothing is allocated per row.

#ifndef QZ_READ_DETAIL_KEY_INDEX_H_
#define QZ_READ_DETAIL_KEY_INDEX_H_

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace qz::read::detail {

inline constexpr std::uint32_t kNoRow = 0xffffffffu;

class KeyIndex {
 public:
  explicit KeyIndex(std::size_t width = 0) : width_(width), slots_(kSlotsFirst, kNoRow) {}

  std::size_t size() const { return size_; }
  std::span<const std::int32_t> key(std::uint32_t row) const {
    return {keys_.data() + row * width_, width_};
  }

  // The row with that key, or kNoRow.
  std::uint32_t find(std::span<const std::int32_t> key) const { return slots_[slot_of(key)]; }

  // Adds the key as row size(). If it is there already, nothing is added and its row is given.
  std::uint32_t add(std::span<const std::int32_t> key) {
    if ((size_ + 1) * 2 > slots_.size()) grow();
    const std::size_t slot = slot_of(key);
    if (slots_[slot] != kNoRow) return slots_[slot];
    slots_[slot] = static_cast<std::uint32_t>(size_++);
    keys_.insert(keys_.end(), key.begin(), key.end());
    return kNoRow;
  }

 private:
  static constexpr std::size_t kSlotsFirst = 16;  // a power of two

  static std::size_t hash(std::span<const std::int32_t> key) {
    std::uint64_t h = 0x9e3779b97f4a7c15u;
    for (const std::int32_t id : key) {
      h = (h ^ static_cast<std::uint32_t>(id)) * 0xff51afd7ed558ccdu;
      h ^= h >> 32;
    }
    return static_cast<std::size_t>(h);
  }

  // Where the key is, or the free slot where it would be.
  std::size_t slot_of(std::span<const std::int32_t> wanted) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t slot = hash(wanted) & mask;
    while (slots_[slot] != kNoRow) {
      const std::span<const std::int32_t> there = key(slots_[slot]);
      if (std::equal(there.begin(), there.end(), wanted.begin())) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  void grow() {
    slots_.assign(slots_.size() * 2, kNoRow);
    for (std::uint32_t row = 0; row < size_; ++row) slots_[slot_of(key(row))] = row;
  }

  std::size_t width_;
  std::size_t size_ = 0;
  std::vector<std::int32_t> keys_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_KEY_INDEX_H_
