// KeyIndex: linear probing, at most two thirds full; a slot is chosen by the upper half of the
// hash.

#include "table/key_index.h"

#include <algorithm>
#include <utility>

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
  const std::size_t slots = std::max<std::size_t>(16, rows + rows / 2 + 1);
  if (slots > slots_.size()) grow(slots);
}

std::size_t KeyIndex::slot_of(std::span<const std::int32_t> wanted, std::uint32_t tag) const {
  std::size_t slot = first_slot(tag);
  while (slots_[slot].row != kNoRow) {
    if (slots_[slot].tag == tag && same(key(slots_[slot].row), wanted)) break;
    slot = after(slot);
  }
  return slot;
}

std::uint32_t KeyIndex::find(std::span<const std::int32_t> wanted) const {
  return slots_.empty() ? kNoRow : slots_[slot_of(wanted, tag_of(hash_of(wanted)))].row;
}

std::uint32_t KeyIndex::insert(std::span<const std::int32_t> wanted, bool* added) {
  if (slots_.empty() || (rows_ + 1) * 3 > slots_.size() * 2) {
    grow(std::max<std::size_t>(16, slots_.size() + slots_.size() / 2));
  }
  const std::uint32_t tag = tag_of(hash_of(wanted));
  Slot& slot = slots_[slot_of(wanted, tag)];
  const bool is_new = slot.row == kNoRow;
  if (added != nullptr) *added = is_new;
  if (is_new) {
    if (rows_ % kBlock == 0) {
      keys_.emplace_back();
      if (rows_ > 0) keys_.back().reserve(kBlock * width_);  // small indexes stay small
    }
    keys_.back().insert(keys_.back().end(), wanted.begin(), wanted.end());
    slot = {static_cast<std::uint32_t>(rows_++), tag};
  }
  return slot.row;
}

// Slots stand in the order of tags, so that moving them runs through both arrays once.
void KeyIndex::grow(std::size_t slots) {
  const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots));
  for (const Slot& one : old) {
    if (one.row == kNoRow) continue;
    std::size_t slot = first_slot(one.tag);
    while (slots_[slot].row != kNoRow) slot = after(slot);
    slots_[slot] = one;
  }
}

}  // namespace qz::table
