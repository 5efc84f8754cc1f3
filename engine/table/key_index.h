// KeyIndex: from a key, as 32-bit ids, to the row that has it.
//
// Open addressing over row numbers; the keys lie row by row in blocks, so that growing neither
// moves them nor leaves half of the room empty. Rows count from 0 in order of insertion.

#ifndef QZ_TABLE_KEY_INDEX_H_
#define QZ_TABLE_KEY_INDEX_H_

#include <cstdint>
#include <span>
#include <vector>

namespace qz::table {

inline constexpr std::uint32_t kNoRow = 0xffffffffu;

class KeyIndex {
 public:
  explicit KeyIndex(std::size_t width) : width_(width) {}

  std::size_t rows() const { return rows_; }
  std::size_t width() const { return width_; }
  std::span<const std::int32_t> key(std::size_t row) const {
    return {keys_[row / kBlock].data() + row % kBlock * width_, width_};
  }
  void reserve(std::size_t rows);
  // The row of `key`; kNoRow if there is none.
  std::uint32_t find(std::span<const std::int32_t> key) const;
  // The row of `key`, added if new; `added` says which.
  std::uint32_t insert(std::span<const std::int32_t> key, bool* added = nullptr);

 private:
  // A row and half of its key's hash, so that most keys that differ are told apart without a look.
  struct Slot {
    std::uint32_t row = kNoRow;
    std::uint32_t tag = 0;
  };

  static constexpr std::size_t kBlock = 4096;  // rows

  std::size_t slot_of(std::span<const std::int32_t> key, std::uint32_t tag) const;
  std::size_t first_slot(std::uint32_t tag) const {
    return static_cast<std::size_t>((tag * static_cast<std::uint64_t>(slots_.size())) >> 32);
  }
  std::size_t after(std::size_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }
  void grow(std::size_t slots);

  std::size_t width_;
  std::size_t rows_ = 0;
  std::vector<std::vector<std::int32_t>> keys_;
  std::vector<Slot> slots_;
};

}  // namespace qz::table

#endif  // QZ_TABLE_KEY_INDEX_H_
