// RowIndex: from a key to the row of a finished table that has it.
//
// It holds row numbers only, twelve bytes a row; the keys stay in the table's own columns.

#ifndef QZ_TABLE_ROW_INDEX_H_
#define QZ_TABLE_ROW_INDEX_H_

#include <cstdint>
#include <span>
#include <vector>

#include "table/key_index.h"

namespace qz::table {

// Short keys, compared part by part. Precondition: of one width.
inline bool same_key(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

class RowIndex {
 public:
  // `parts`: the columns of the key, `rows` ids each. They must outlive the index and stay as they
  // are. Precondition: no key twice.
  RowIndex(std::vector<std::span<const std::int32_t>> parts, std::size_t rows);

  // The row of `key`; kNoRow if there is none.
  std::uint32_t find(std::span<const std::int32_t> key) const;

 private:
  // A row and half of its key's hash, so that most keys that differ are told apart without a look.
  struct Slot {
    std::uint32_t row = kNoRow;
    std::uint32_t tag = 0;
  };

  bool has_key(std::uint32_t row, std::span<const std::int32_t> key) const;
  std::size_t first_slot(std::uint64_t hash) const;
  std::size_t after(std::size_t slot) const { return slot + 1 == slots_.size() ? 0 : slot + 1; }

  std::vector<std::span<const std::int32_t>> parts_;
  std::vector<Slot> slots_;
};

}  // namespace qz::table

#endif  // QZ_TABLE_ROW_INDEX_H_
