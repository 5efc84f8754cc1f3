// WordList: texts that repeat, as small numbers. Faster than the job's pool, which keeps
// everything.

#ifndef QZ_READ_DETAIL_WORD_LIST_H_
#define QZ_READ_DETAIL_WORD_LIST_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_hash.h"

namespace qz::read::detail {

class WordList {
 public:
  explicit WordList(std::vector<std::string>& words) : words_(words), slots_(kStart, 0) {}

  // The index of `text` in the list, at its end if it is new.
  std::int32_t index(std::string_view text) {
    const std::uint64_t hash = base::text_hash(text);
    std::size_t at = static_cast<std::size_t>(hash) & (slots_.size() - 1);
    while (slots_[at] != 0) {
      const std::size_t known = slots_[at] - 1;
      if (hashes_[known] == hash && words_[known] == text) return static_cast<std::int32_t>(known);
      at = (at + 1) & (slots_.size() - 1);
    }
    words_.emplace_back(text);
    hashes_.push_back(hash);
    slots_[at] = static_cast<std::uint32_t>(words_.size());
    if (words_.size() * 2 > slots_.size()) grow();
    return static_cast<std::int32_t>(words_.size() - 1);
  }

 private:
  static constexpr std::size_t kStart = 1024;

  void grow() {
    slots_.assign(slots_.size() * 4, 0);
    for (std::size_t i = 0; i < hashes_.size(); ++i) {
      std::size_t at = static_cast<std::size_t>(hashes_[i]) & (slots_.size() - 1);
      while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = static_cast<std::uint32_t>(i + 1);
    }
  }

  std::vector<std::string>& words_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> slots_;  // index + 1; 0: free
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_WORD_LIST_H_
