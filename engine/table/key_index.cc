// KeyIndex: linear probing, at most two thirds full.

#include "table/key_index.h"

#include <algorithm>
#include <bit>

namespace qz::table {
namespace {

// A multiply-and-fold hash; its order reaches no result.
std::uint64_t hash(std::span<const std::int32_t> key) {
  std::uint64_t h = 0x9e3779b97f4a7c15u;
  for (const std::int32_t part : key) {
    h ^= static_cast<std::uint32_t>(part);
    h *= 0xff51afd7ed558ccdu;
    h ^= h >> 32;
  }
  return h;
}

}  // namespace

void KeyIndex::reserve(std::size_t rows) {
  keys_.reserve(rows * width_);
  const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, rows + rows / 2 + 1));
  if (slots > slots_.size()) grow(slots);
}

std::size_t KeyIndex::slot_of(std::span<const std::int32_t> wanted) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = hash(wanted) & mask;
  while (slots_[slot] != kNoRow && !std::ranges::equal(key(slots_[slot]), wanted)) {
    slot = (slot + 1) & mask;
  }
  return slot;
}

std::uint32_t KeyIndex::find(std::span<const std::int32_t> wanted) const {
  return slots_.empty() ? kNoRow : slots_[slot_of(wanted)];
}

std::uint32_t KeyIndex::insert(std::span<const std::int32_t> wanted, bool* added) {
  if (slots_.empty() || (rows_ + 1) * 3 > slots_.size() * 2) {
    grow(std::max<std::size_t>(16, slots_.size() * 2));
  }
  const std::size_t slot = slot_of(wanted);
  const bool is_new = slots_[slot] == kNoRow;
  if (added != nullptr) *added = is_new;
  if (is_new) {
    keys_.insert(keys_.end(), wanted.begin(), wanted.end());
    slots_[slot] = static_cast<std::uint32_t>(rows_++);
  }
  return slots_[slot];
}

void KeyIndex::grow(std::size_t slots) {
  slots_.assign(slots, kNoRow);
  const std::size_t mask = slots - 1;
  for (std::size_t row = 0; row < rows_; ++row) {
    std::size_t slot = hash(key(row)) & mask;
    while (slots_[slot] != kNoRow) slot = (slot + 1) & mask;
    slots_[slot] = static_cast<std::uint32_t>(row);
  }
}

}  // namespace qz::table
