// Figures one by one, for sinks that know nothing of columns.

#include "seal/figures.h"

#include <algorithm>
#include <array>

namespace qz::seal {
namespace {

// EF leads U+FFFE and U+FFFF, which XML cannot carry.
constexpr std::array<bool, 256> make_special() {
  std::array<bool, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
  for (const char c : {'"', '\\', '&', '<', '>', '\xEF'}) out[static_cast<unsigned char>(c)] = true;
  return out;
}
constexpr std::array<bool, 256> kSpecial = make_special();

}  // namespace

bool is_plain(std::string_view text) {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return kSpecial[static_cast<unsigned char>(c)]; });
}

void Figures::clear() {
  texts.clear();
  keys.clear();
  figures.clear();
}

Text Figures::text_from(std::size_t begin) const {
  const std::string_view text(texts.data() + begin, texts.size() - begin);
  return {begin, static_cast<std::uint32_t>(text.size()), is_plain(text)};
}

Entry Figures::entry(const Figure& figure) const {
  Entry out = figure.frame->shared;
  const std::vector<std::string>& names = figure.frame->key->names;
  for (std::size_t i = 0; i < names.size(); ++i) {
    out.key.emplace_back(names[i], text(keys[figure.key + i]));
  }
  if (out.value) out.value = text(figure.value);
  return out;
}

std::unique_ptr<FigureFormer> LeafSink::former() const { return nullptr; }

void LeafSink::figures(const Figures& figures, std::string_view) {
  for (const Figure& figure : figures.figures) {
    if (figures.entity != nullptr) {
      entry(figures.entry(figure));
    } else {
      total(figures.entry(figure));
    }
  }
}

}  // namespace qz::seal
