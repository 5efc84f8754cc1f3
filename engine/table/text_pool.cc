// TextPool: a hash map from text to id, and the order of the ids by bytes when it is needed.

#include "table/text_pool.h"

#include <algorithm>

namespace qz::table {

std::int32_t TextPool::intern(std::string_view text) {
  const auto found = ids_.find(text);
  if (found != ids_.end()) return found->second;
  texts_.emplace_back(text);
  const auto id = static_cast<std::int32_t>(texts_.size() - 1);
  ids_.emplace(texts_.back(), id);
  return id;
}

std::int32_t TextPool::find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? -1 : found->second;
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
