// TextPool: every text of a job once, as a small id. Keys and text cells are ids.

#ifndef QZ_TABLE_TEXT_POOL_H_
#define QZ_TABLE_TEXT_POOL_H_

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace qz::table {

class TextPool {
 public:
  // The id of `text`; ids count from 0 in order of first sight (which no result may depend on:
  // order by ranks()).
  std::int32_t intern(std::string_view text);
  // -1 where the text is unknown.
  std::int32_t find(std::string_view text) const;
  const std::string& text(std::int32_t id) const { return texts_[static_cast<std::size_t>(id)]; }
  std::size_t size() const { return texts_.size(); }
  // rank[id]: position of the text in UTF-8 byte order. Recomputed when texts were added.
  std::vector<std::int32_t> ranks() const;

 private:
  std::deque<std::string> texts_;  // stable addresses: the map's keys point into it
  std::unordered_map<std::string_view, std::int32_t> ids_;
};

}  // namespace qz::table

#endif  // QZ_TABLE_TEXT_POOL_H_
