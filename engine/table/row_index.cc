// RowIndex: linear probing over half again as many slots as rows.

#include "table/row_index.h"

#include "table/detail/key_hash.h"

namespace qz::table {
namespace {

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }

}  // namespace

RowIndex::RowIndex(std::vector<std::span<const std::int32_t>> parts, std::size_t rows)
    : parts_(std::move(parts)), slots_(rows + rows / 2 + 1) {
  for (std::size_t row = 0; row < rows; ++row) {
    std::uint64_t hash = detail::kHashStart;
    for (const std::span<const std::int32_t> part : parts_)
      hash = detail::hash_part(hash, part[row]);
    std::size_t slot = first_slot(hash);
    while (slots_[slot].row != kNoRow) slot = after(slot);
    slots_[slot] = {static_cast<std::uint32_t>(row), tag_of(hash)};
  }
}

// The upper half of the hash, spread over all slots.
std::size_t RowIndex::first_slot(std::uint64_t hash) const {
  return static_cast<std::size_t>(((hash >> 32) * slots_.size()) >> 32);
}

bool RowIndex::has_key(std::uint32_t row, std::span<const std::int32_t> key) const {
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (parts_[i][row] != key[i]) return false;
  }
  return true;
}

std::uint32_t RowIndex::find(std::span<const std::int32_t> key) const {
  std::uint64_t hash = detail::kHashStart;
  for (const std::int32_t part : key) hash = detail::hash_part(hash, part);
  for (std::size_t slot = first_slot(hash); slots_[slot].row != kNoRow; slot = after(slot)) {
    if (slots_[slot].tag == tag_of(hash) && has_key(slots_[slot].row, key)) return slots_[slot].row;
  }
  return kNoRow;
}

}  // namespace qz::table
