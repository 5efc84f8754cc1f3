// TextIds: growth, and the look-up of texts around which nothing may be read.

#include "read/detail/text_ids.h"

#include <array>

#include "base/assert.h"

namespace qz::read::detail {
namespace {

constexpr std::size_t kSlotsFirst = 512;  // closed sets hardly ever meet in one place
// Beyond this the texts hardly repeat, and forgetting them all bounds the memory.
constexpr std::size_t kTextsMax = std::size_t{1} << 19;
constexpr std::size_t kLongBytesMax = std::size_t{16} << 20;

}  // namespace

TextIds::TextIds() { clear(); }

void TextIds::clear() {
  narrow_.assign(kSlotsFirst, Narrow{});
  narrow_mask_ = kSlotsFirst - 1;
  wide_.clear();
  wide_mask_ = 0;
  count_ = 0;
  long_texts_.clear();
}

std::uint64_t TextIds::long_hash(const char* at, std::size_t size) {
  std::uint64_t out = size;
  for (std::size_t i = 0; i + 8 <= size; i += 8) out = mixed(out, load_word(at + i));
  return mixed(out, load_word(at + size - 8));
}

std::int32_t TextIds::find(std::string_view text) const {
  if (text.size() > 8) {
    return is_narrow() ? kAbsent : find_wide(text.data(), text.size());
  }
  std::array<char, 24> room{};
  std::memcpy(room.data() + 8, text.data(), text.size());
  return is_narrow() ? find_narrow(room.data() + 8, text.size())
                     : find_wide(room.data() + 8, text.size());
}

void TextIds::find_all_narrow(const char* const* texts, const std::uint32_t* sizes,
                              std::size_t count, std::int32_t* out) const {
  std::array<std::uint64_t, kTogether> words;
  std::array<std::uint64_t, kTogether> slots;
  for (std::size_t k = 0; k < count; ++k) {
    words[k] = any_word(texts[k], sizes[k]);
    slots[k] = narrow_place(words[k]);
    __builtin_prefetch(&narrow_[slots[k]]);
  }
  for (std::size_t k = 0; k < count; ++k) {
    std::size_t i = slots[k];
    // Which of the two it is nobody can foresee: no branch.
    i += static_cast<std::size_t>(narrow_[i + 1].word == words[k]);
    while (narrow_[i].word != words[k] && narrow_[i].word != 0) i = (i + 1) & narrow_mask_;
    out[k] = sizes[k] <= 8 ? narrow_[i].value : kAbsent;
  }
}

void TextIds::find_all_wide(const char* const* texts, const std::uint32_t* sizes, std::size_t count,
                            std::int32_t* out) const {
  struct Asked {
    std::uint64_t first, last, slot;
  };
  std::array<Asked, kTogether> asked;
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t size = sizes[k];
    const std::uint64_t beyond = std::uint64_t{0} - static_cast<std::uint64_t>(size > 8);
    const std::uint64_t first = any_word(texts[k], size);
    const std::uint64_t last = load_word(texts[k] + size - 8) & beyond;
    const std::uint64_t hash = size > 16 ? long_hash(texts[k], size) : mixed(first, last + size);
    asked[k] = {first, last, wide_place(hash)};
    __builtin_prefetch(&wide_[asked[k].slot]);
  }
  for (std::size_t k = 0; k < count; ++k) {
    const Asked& one = asked[k];
    out[k] = kAbsent;
    const auto differs = [&](const Wide& slot) {
      return (slot.first ^ one.first) | (slot.last ^ one.last) | (slot.size ^ sizes[k]);
    };
    // As above; a long text may have two that are like it at both ends.
    const bool is_next = (differs(wide_[one.slot + 1]) == 0) & (sizes[k] <= 16);
    for (std::size_t i = one.slot + static_cast<std::size_t>(is_next);; i = (i + 1) & wide_mask_) {
      const Wide& slot = wide_[i];
      if (differs(slot) == 0 && (sizes[k] <= 16 || std::memcmp(long_texts_.data() + slot.text,
                                                               texts[k], sizes[k]) == 0)) {
        out[k] = slot.value;
        break;
      }
      if (slot.size == 0) break;
    }
  }
}

void TextIds::put_narrow(std::uint64_t word, std::int32_t value) {
  std::size_t i = narrow_place(word);
  while (narrow_[i].word != 0) i = (i + 1) & narrow_mask_;
  narrow_[i] = {word, value};
}

void TextIds::put_wide(const Wide& one, std::uint64_t hash) {
  std::size_t i = wide_place(hash);
  while (wide_[i].size != 0) i = (i + 1) & wide_mask_;
  wide_[i] = one;
}

std::uint64_t TextIds::hash_of(const Wide& one) const {
  return one.size > 16 ? long_hash(long_texts_.data() + one.text, one.size)
                       : mixed(one.first, one.last + one.size);
}

void TextIds::widen() {
  std::vector<Narrow> old;
  old.swap(narrow_);
  wide_.assign(old.size(), Wide{});
  wide_mask_ = wide_.size() - 1;
  for (const Narrow& one : old) {
    if (one.word == 0) continue;
    Wide slot;
    slot.first = one.word;
    slot.value = one.value;
    slot.size = 8 - static_cast<std::uint32_t>(__builtin_clzll(one.word)) / 8;
    put_wide(slot, hash_of(slot));
  }
}

void TextIds::add(std::string_view text, std::int32_t value) {
  QZ_ASSERT(!text.empty() && text.size() <= std::numeric_limits<std::uint32_t>::max());
  if (count_ >= kTextsMax || long_texts_.size() > kLongBytesMax) clear();
  if (is_narrow() && text.size() > 8) widen();
  ++count_;
  if (is_narrow()) {
    if (count_ * 2 > narrow_.size()) {
      std::vector<Narrow> old(narrow_.size() * 2);
      old.swap(narrow_);
      narrow_mask_ = narrow_.size() - 1;
      for (const Narrow& one : old) {
        if (one.word != 0) put_narrow(one.word, one.value);
      }
    }
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), text.size());
    return put_narrow(word, value);
  }
  if (count_ * 2 > wide_.size()) {
    std::vector<Wide> old(wide_.size() * 2);
    old.swap(wide_);
    wide_mask_ = wide_.size() - 1;
    for (const Wide& one : old) {
      if (one.size != 0) put_wide(one, hash_of(one));
    }
  }
  Wide one;
  std::memcpy(&one.first, text.data(), std::min<std::size_t>(8, text.size()));
  if (text.size() > 8) one.last = load_word(text.data() + text.size() - 8);
  one.size = static_cast<std::uint32_t>(text.size());
  one.value = value;
  if (text.size() > 16) {
    one.text = long_texts_.size();
    long_texts_ += text;
  }
  put_wide(one, hash_of(one));
}

}  // namespace qz::read::detail
