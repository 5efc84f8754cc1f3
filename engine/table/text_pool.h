// TextPool: every text of a job once, as a small id. Keys and text cells are ids.
//
// Threads may add and find texts at the same time. text() takes no lock: a text lies where it was
// put for as long as the pool lives, and who has an id got it after the text was there.

#ifndef QZ_TABLE_TEXT_POOL_H_
#define QZ_TABLE_TEXT_POOL_H_

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace qz::table {

class TextPool {
 public:
  // The id of `text`; ids count from 0 in order of first sight (which no result may depend on:
  // order by ranks()).
  std::int32_t intern(std::string_view text);
  // -1 where the text is unknown.
  std::int32_t find(std::string_view text) const;
  const std::string& text(std::int32_t id) const {
    const auto at = static_cast<std::size_t>(id) + kFirst;
    const auto block = static_cast<std::size_t>(std::bit_width(at)) - kFirstBits - 1;
    return blocks_[block][at - (kFirst << block)];
  }
  std::size_t size() const;
  // Room for `texts` more, so that the table of texts need not grow while they are added.
  void reserve(std::size_t texts);
  // rank[id]: position of the text in UTF-8 byte order. Recomputed when texts were added.
  std::vector<std::int32_t> ranks() const;

 private:
  // Blocks of 256, 512, 1024 … texts: stable addresses.
  static constexpr std::size_t kFirstBits = 8;
  static constexpr std::size_t kFirst = std::size_t{1} << kFirstBits;

  // One text in the table of slots. The tag spares most looks at a text that is another.
  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t next = 0;  // id + 1; 0: free
  };

  std::size_t slot_of(std::string_view text, std::uint64_t hash) const;
  std::int32_t add(std::string_view text, std::uint64_t hash, std::size_t slot);
  void widen(std::size_t slots);

  std::array<std::unique_ptr<std::string[]>, 32 - kFirstBits> blocks_;
  std::size_t size_ = 0;
  mutable std::mutex mutex_;  // guards what stands above and below, but not texts that have an id
  std::vector<Slot> slots_ = std::vector<Slot>(kFirst * 4);  // open addressing, at most half full
};

}  // namespace qz::table

#endif  // QZ_TABLE_TEXT_POOL_H_
