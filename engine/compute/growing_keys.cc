// GrowingKeys: two indexes, one for the files, one for what is added; and the order of both.

#include "compute/growing_keys.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <numeric>
#include <utility>

namespace qz::compute {

using table::kNoRow;

GrowingKeys::GrowingKeys(const read::InputTable& input, std::size_t width,
                         std::shared_ptr<const table::KeyIndex> index)
    : file_rows_(input.rows), read_(std::move(index)), added_(width) {
  for (std::size_t i = 0; i < width; ++i) parts_.push_back(input.keys[i].ids());
}

std::uint32_t GrowingKeys::find_in_files(std::span<const std::int32_t> key) {
  if (file_rows_ == 0) return kNoRow;
  if (read_) return read_->find(key);
  if (!files_) files_ = std::make_unique<table::RowIndex>(parts_, file_rows_);
  return files_->find(key);
}

std::vector<std::int32_t> GrowingKeys::parts(std::size_t i,
                                             std::span<const std::uint32_t> order) const {
  std::vector<std::int32_t> out(rows());
  if (order.empty()) {
    for (std::size_t row = 0; row < out.size(); ++row) out[row] = part(row, i);
  } else if (added_.rows() == 0) {
    for (std::size_t row = 0; row < out.size(); ++row) out[row] = parts_[i][order[row]];
  } else {
    for (std::size_t row = 0; row < out.size(); ++row) out[row] = part(order[row], i);
  }
  return out;
}

std::uint32_t GrowingKeys::find(std::span<const std::int32_t> key) {
  if (const std::uint32_t row = find_in_files(key); row != kNoRow) return row;
  const std::uint32_t row = added_.find(key);
  return row == kNoRow ? kNoRow : static_cast<std::uint32_t>(file_rows_ + row);
}

bool GrowingKeys::add(std::span<const std::int32_t> key) {
  if (find_in_files(key) != kNoRow) return false;
  bool added = false;
  added_.insert(key, &added);
  return added;
}

namespace {

class Order {
 public:
  Order(const GrowingKeys& keys, const rules::CheckedTable& of, std::span<const std::int32_t> ranks)
      : keys_(keys), ranks_(ranks) {
    for (std::size_t i = 0; i < keys.width(); ++i)
      is_text_.push_back(of.columns[i].type == table::Type::kText ? 1 : 0);
  }

  std::vector<std::uint32_t> run() {
    if (in_order()) return {};
    if (pack()) return by_pieces();
    std::vector<std::uint32_t> out(keys_.rows());
    std::iota(out.begin(), out.end(), 0u);
    std::sort(out.begin(), out.end(),
              [this](std::uint32_t a, std::uint32_t b) { return compare(a, b) < 0; });
    return out;
  }

 private:
  std::int32_t part(std::size_t row, std::size_t i) const {
    const std::int32_t id = keys_.part(row, i);
    return is_text_[i] != 0 ? ranks_[static_cast<std::size_t>(id)] : id;
  }

  int compare(std::size_t a, std::size_t b) const {
    for (std::size_t i = 0; i < keys_.width(); ++i) {
      if (keys_.part(a, i) == keys_.part(b, i)) continue;
      return part(a, i) < part(b, i) ? -1 : 1;
    }
    return 0;
  }

  bool in_order() const {
    for (std::size_t row = 1; row < keys_.rows(); ++row) {
      if (compare(row - 1, row) > 0) return false;
    }
    return true;
  }

  // A key as one number whose order is the key's; false if its parts need more than 64 bits.
  bool pack() {
    std::vector<std::int64_t> least(keys_.width(), std::numeric_limits<std::int64_t>::max());
    std::vector<std::int64_t> most(keys_.width(), std::numeric_limits<std::int64_t>::min());
    for (std::size_t row = 0; row < keys_.rows(); ++row) {
      for (std::size_t i = 0; i < keys_.width(); ++i) {
        const std::int64_t value = part(row, i);
        least[i] = std::min(least[i], value);
        most[i] = std::max(most[i], value);
      }
    }
    std::vector<int> bits;
    for (std::size_t i = 0; i < keys_.width(); ++i)
      bits.push_back(
          static_cast<int>(std::bit_width(static_cast<std::uint64_t>(most[i] - least[i]))));
    if (std::accumulate(bits.begin(), bits.end(), 0) > 64) return false;
    packed_.resize(keys_.rows());
    for (std::size_t row = 0; row < keys_.rows(); ++row) {
      std::uint64_t key = 0;
      for (std::size_t i = 0; i < keys_.width(); ++i) {
        // No part has more than 33 bits: the shift is always defined.
        key = (key << bits[i]) | static_cast<std::uint64_t>(part(row, i) - least[i]);
      }
      packed_[row] = key;
    }
    return true;
  }

  // Files are out of order in places only: each piece that everything before is below and
  // everything after is above is sorted for itself.
  std::vector<std::uint32_t> by_pieces() const {
    const std::size_t rows = packed_.size();
    std::vector<std::uint64_t> least_from(packed_);
    for (std::size_t row = rows - 1; row > 0; --row)
      least_from[row - 1] = std::min(least_from[row - 1], least_from[row]);
    std::vector<std::uint32_t> out(rows);
    std::vector<std::pair<std::uint64_t, std::uint32_t>> piece;
    std::size_t begin = 0;
    std::uint64_t most = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      most = std::max(most, packed_[row]);
      piece.emplace_back(packed_[row], static_cast<std::uint32_t>(row));
      if (row + 1 < rows && most > least_from[row + 1]) continue;
      if (piece.size() > 1) std::sort(piece.begin(), piece.end());
      for (const auto& [key, from] : piece) out[begin++] = from;
      piece.clear();
    }
    return out;
  }

  const GrowingKeys& keys_;
  std::span<const std::int32_t> ranks_;
  std::vector<std::uint8_t> is_text_;
  std::vector<std::uint64_t> packed_;
};

}  // namespace

std::vector<std::uint32_t> key_order(const GrowingKeys& keys, const rules::CheckedTable& of,
                                     std::span<const std::int32_t> ranks) {
  return Order(keys, of, ranks).run();
}

}  // namespace qz::compute
