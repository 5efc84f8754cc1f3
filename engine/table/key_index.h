// KeyIndex: from a key, as 32-bit ids, to the row that has it.
//
// Open addressing over row numbers; the keys lie row by row in one vector. No allocation per row
// beyond the vectors' growth. Rows count from 0 in order of insertion.

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
    return {keys_.data() + row * width_, width_};
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

  std::size_t slot_of(std::span<const std::int32_t> key, std::uint64_t hash) const;
  void grow(std::size_t slots);

  std::size_t width_;
  std::size_t rows_ = 0;
  std::vector<std::int32_t> keys_;
  std::vector<Slot> slots_;  // a power of two; kNoRow is empty
};

}  // namespace qz::table

#endif  // QZ_TABLE_KEY_INDEX_H_
