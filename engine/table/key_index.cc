// KeyIndex: linear probing, at most two thirds full.

#include "table/key_index.h"

#include <algorithm>
#include <bit>

#include "table/detail/key_hash.h"

namespace qz::table {
namespace {

std::uint64_t hash_of(std::span<const std::int32_t> key) {
  std::uint64_t hash = detail::kHashStart;
  for (const std::int32_t part : key) hash = detail::hash_part(hash, part);
  return hash;
}

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

bool same(std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
  for (std::size_t i = 0; i < b.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace

void KeyIndex::reserve(std::size_t rows) {
  keys_.reserve(rows * width_);
  const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, rows + rows / 2 + 1));
  if (slots > slots_.size()) grow(slots);
}

std::size_t KeyIndex::slot_of(std::span<const std::int32_t> wanted, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const std::uint32_t tag = tag_of(hash);
  std::size_t slot = hash & mask;
  while (slots_[slot].row != kNoRow) {
    if (slots_[slot].tag == tag && same(key(slots_[slot].row), wanted)) break;
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::uint32_t KeyIndex::find(std::span<const std::int32_t> wanted) const {
  return slots_.empty() ? kNoRow : slots_[slot_of(wanted, hash_of(wanted))].row;
}

std::uint32_t KeyIndex::insert(std::span<const std::int32_t> wanted, bool* added) {
  if (slots_.empty() || (rows_ + 1) * 3 > slots_.size() * 2) {
    grow(std::max<std::size_t>(16, slots_.size() * 2));
  }
  const std::uint64_t hash = hash_of(wanted);
  Slot& slot = slots_[slot_of(wanted, hash)];
  const bool is_new = slot.row == kNoRow;
  if (added != nullptr) *added = is_new;
  if (is_new) {
    keys_.insert(keys_.end(), wanted.begin(), wanted.end());
    slot = {static_cast<std::uint32_t>(rows_++), tag_of(hash)};
  }
  return slot.row;
}

void KeyIndex::grow(std::size_t slots) {
  slots_.assign(slots, Slot{});
  const std::size_t mask = slots - 1;
  for (std::size_t row = 0; row < rows_; ++row) {
    const std::uint64_t hash = hash_of(key(row));
    std::size_t slot = hash & mask;
    while (slots_[slot].row != kNoRow) slot = (slot + 1) & mask;
    slots_[slot] = {static_cast<std::uint32_t>(row), tag_of(hash)};
  }
}

}  // namespace qz::table
