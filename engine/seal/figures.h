// Figures: many entries (or totals) in columns, so that what they share is written down once.
//
// A Frame is all that entries of one column, one rule and one way of coming about have in common; a
// figure adds its key and its value. A former turns frames into ready bytes once and then copies.

#ifndef QZ_SEAL_FIGURES_H_
#define QZ_SEAL_FIGURES_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "seal/leaf.h"

namespace qz::seal {

// The names of a table's key, in the key's order, without the entity.
struct KeyNames {
  std::uint32_t number = 0;  // counts from 0 in whoever made it
  std::vector<std::string> names;
};

struct Frame {
  std::uint32_t number = 0;  // counts from 0 in whoever made it
  Entry shared;              // without key and value; `value` engaged: figures have one
  const KeyNames* key = nullptr;
};

// A piece of Figures::texts. Plain: no form needs to escape any of it.
struct Text {
  std::size_t begin = 0;
  std::uint32_t size = 0;
  bool plain = true;
};

struct Figure {
  const Frame* frame = nullptr;
  std::size_t key = 0;  // the first of its key's values in Figures::keys; rows share them
  Text value;
};

// A run of entries of one entity, or of totals. Frames outlive it.
struct Figures {
  const std::string* entity = nullptr;  // nullptr: totals
  std::string texts;
  std::vector<Text> keys;
  std::vector<Figure> figures;

  void clear();
  // The text that stands in `texts` from `begin` to its end.
  Text text_from(std::size_t begin) const;
  std::string_view text(const Text& of) const { return {texts.data() + of.begin, of.size}; }
  // One of them as other sinks take it.
  Entry entry(const Figure& figure) const;
};

// True if neither JSON nor XML escapes any byte of `text`.
bool is_plain(std::string_view text);

// What one sink writes for figures; one for each thread, since it keeps what it made of frames.
class FigureFormer {
 public:
  virtual ~FigureFormer() = default;
  // Appends to `out`. Frames of one former come from one maker.
  virtual void form(const Figures& figures, std::string& out) = 0;
};

// What a former made of frames or key names, by their numbers.
template <class Value>
class Prepared {
 public:
  // `make(value)` fills a new one.
  template <class Make>
  const Value& of(std::uint32_t number, const Make& make) {
    if (number >= values_.size()) values_.resize(number + 1);
    Slot& slot = values_[number];
    if (!slot.ready) {
      make(slot.value);
      slot.ready = true;
    }
    return slot.value;
  }

 private:
  struct Slot {
    Value value;
    bool ready = false;
  };
  std::vector<Slot> values_;
};

}  // namespace qz::seal

#endif  // QZ_SEAL_FIGURES_H_
