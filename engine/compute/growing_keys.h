// GrowingKeys: the keys of one table while rows are called for: those of its files, then those that
// were added.

#ifndef QZ_COMPUTE_GROWING_KEYS_H_
#define QZ_COMPUTE_GROWING_KEYS_H_

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "read/input_tables.h"
#include "rules/checked_packs.h"
#include "table/key_index.h"
#include "table/row_index.h"

namespace qz::compute {

class GrowingKeys {
 public:
  // `input` must outlive it; `index` is its own, or null. Precondition: no key of `input` stands
  // there twice.
  GrowingKeys(const read::InputTable& input, std::size_t width,
              std::shared_ptr<const table::KeyIndex> index);

  std::size_t rows() const { return file_rows_ + added_.rows(); }
  std::size_t file_rows() const { return file_rows_; }
  std::size_t width() const { return parts_.size(); }
  // Part `i` of the key of `row`; rows of the files come first, in their order.
  std::int32_t part(std::size_t row, std::size_t i) const {
    return row < file_rows_ ? parts_[i][row] : added_.key(row - file_rows_)[i];
  }
  // Part `i` of the keys of the rows `order` (as key_order() gives it).
  std::vector<std::int32_t> parts(std::size_t i, std::span<const std::uint32_t> order) const;
  std::uint32_t find(std::span<const std::int32_t> key);
  // True if the key is new.
  bool add(std::span<const std::int32_t> key);
  // Gives up what only find() and add() need.
  void forget_files() {
    read_.reset();
    files_.reset();
  }

 private:
  // What reading knows of the files' keys; else they are indexed when somebody first asks for one.
  std::uint32_t find_in_files(std::span<const std::int32_t> key);

  std::vector<std::span<const std::int32_t>> parts_;  // of the files
  std::size_t file_rows_ = 0;
  std::shared_ptr<const table::KeyIndex> read_;
  std::unique_ptr<table::RowIndex> files_;
  table::KeyIndex added_;
};

// The rows in key order: texts by `ranks` (TextPool::ranks()), everything else by value. Empty
// where they stand in it already, which most files do.
std::vector<std::uint32_t> key_order(const GrowingKeys& keys, const rules::CheckedTable& of,
                                     std::span<const std::int32_t> ranks);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_GROWING_KEYS_H_
