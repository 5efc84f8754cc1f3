// TextPool: a hash map from text to id, and the order of the ids by bytes when it is needed.

#include "table/text_pool.h"

#include <algorithm>

namespace qz::table {

std::int32_t TextPool::intern(std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(text);
  return found != ids_.end() ? found->second : add(text);
}

std::int32_t TextPool::add(std::string_view text) {
  const std::size_t at = size_ + kFirst;
  const auto block = static_cast<std::size_t>(std::bit_width(at)) - kFirstBits - 1;
  const std::size_t first = kFirst << block;
  if (!blocks_[block]) blocks_[block] = std::make_unique<std::string[]>(first);
  std::string& slot = blocks_[block][at - first];
  slot = text;
  const auto id = static_cast<std::int32_t>(size_++);
  ids_.emplace(slot, id);
  return id;
}

std::int32_t TextPool::find(std::string_view text) const {
  const std::lock_guard lock(mutex_);
  const auto found = ids_.find(text);
  return found == ids_.end() ? -1 : found->second;
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
