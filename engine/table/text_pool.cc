// TextPool: a hash map from text to id, and the order of the ids by bytes when it is needed.

#include "table/text_pool.h"

#include <algorithm>
#include <numeric>

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
  std::vector<std::int32_t> order(texts_.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [this](std::int32_t a, std::int32_t b) { return text(a) < text(b); });
  std::vector<std::int32_t> rank(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    rank[static_cast<std::size_t>(order[i])] = static_cast<std::int32_t>(i);
  }
  return rank;
}

}  // namespace qz::table
