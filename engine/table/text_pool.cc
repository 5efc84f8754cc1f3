// TextPool: a hash table from text to id, and the order of the ids by bytes when it is needed.

#include "table/text_pool.h"

#include <algorithm>

#include "base/text_hash.h"

namespace qz::table {

namespace {

std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

}  // namespace

// The slot of `text`, or the free one where it would stand.
std::size_t TextPool::slot_of(std::string_view text, std::uint64_t hash) const {
  const std::uint32_t tag = tag_of(hash);
  std::size_t at = static_cast<std::size_t>(hash) & (slots_.size() - 1);
  for (; slots_[at].next != 0; at = (at + 1) & (slots_.size() - 1)) {
    if (slots_[at].tag == tag && this->text(static_cast<std::int32_t>(slots_[at].next - 1)) == text)
      break;
  }
  return at;
}

std::int32_t TextPool::intern(std::string_view text) {
  const std::uint64_t hash = base::text_hash(text);
  const std::lock_guard lock(mutex_);
  const std::size_t at = slot_of(text, hash);
  return slots_[at].next != 0 ? static_cast<std::int32_t>(slots_[at].next - 1)
                              : add(text, hash, at);
}

std::int32_t TextPool::add(std::string_view text, std::uint64_t hash, std::size_t slot) {
  const std::size_t at = size_ + kFirst;
  const auto block = static_cast<std::size_t>(std::bit_width(at)) - kFirstBits - 1;
  const std::size_t first = kFirst << block;
  if (!blocks_[block]) blocks_[block] = std::make_unique<std::string[]>(first);
  blocks_[block][at - first] = text;
  const auto id = static_cast<std::int32_t>(size_++);
  slots_[slot] = {tag_of(hash), static_cast<std::uint32_t>(size_)};
  if (size_ * 2 > slots_.size()) widen(slots_.size() * 4);
  return id;
}

// A tag is half a hash, and a table of fewer than 2^32 slots needs the other half too: the hashes
// are made anew.
void TextPool::widen(std::size_t slots) {
  std::vector<Slot> wider(slots);
  slots_.swap(wider);
  for (std::size_t id = 0; id < size_; ++id) {
    const std::uint64_t hash = base::text_hash(text(static_cast<std::int32_t>(id)));
    std::size_t at = static_cast<std::size_t>(hash) & (slots_.size() - 1);
    while (slots_[at].next != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {tag_of(hash), static_cast<std::uint32_t>(id + 1)};
  }
}

void TextPool::reserve(std::size_t texts) {
  const std::lock_guard lock(mutex_);
  std::size_t slots = slots_.size();
  while ((size_ + texts) * 2 > slots) slots *= 2;
  if (slots > slots_.size()) widen(slots);
}

std::int32_t TextPool::find(std::string_view text) const {
  const std::uint64_t hash = base::text_hash(text);
  const std::lock_guard lock(mutex_);
  return static_cast<std::int32_t>(slots_[slot_of(text, hash)].next) - 1;
}

std::size_t TextPool::size() const {
  const std::lock_guard lock(mutex_);
  return size_;
}

std::vector<std::int32_t> TextPool::ranks() const {
  // Most texts differ in their first eight bytes, which compare as one number.
  struct Head {
    std::uint64_t bytes = 0;
    std::int32_t id = 0;
  };
  std::vector<Head> order(size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    order[i].id = static_cast<std::int32_t>(i);
    const std::string& whole = text(order[i].id);
    for (std::size_t k = 0; k < sizeof order[i].bytes; ++k) {
      const auto byte = k < whole.size() ? static_cast<unsigned char>(whole[k]) : 0u;
      order[i].bytes = order[i].bytes << 8 | byte;
    }
  }
  std::sort(order.begin(), order.end(), [this](const Head& a, const Head& b) {
    return a.bytes != b.bytes ? a.bytes < b.bytes : text(a.id) < text(b.id);
  });
  std::vector<std::int32_t> rank(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    rank[static_cast<std::size_t>(order[i].id)] = static_cast<std::int32_t>(i);
  return rank;
}

}  // namespace qz::table
