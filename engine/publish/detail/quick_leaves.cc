// A shape's pieces are cut from what the writer itself makes of the shape's frame with a mark in
// place of every value, so that nothing about the form of a file is said here again.

#include "publish/detail/quick_leaves.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "publish/detail/figure_forms.h"
#include "publish/detail/leaf_json.h"
#include "publish/detail/leaf_json_reader.h"
#include "publish/detail/leaf_xml.h"
#include "text/json.h"
#include "text/xml.h"

namespace qz::publish::detail {
namespace {

constexpr std::size_t kLineBytesMax = std::size_t{1} << 20;
constexpr std::size_t kShapesMax = 4096;
constexpr std::size_t kRecentMax = 16;
constexpr char kMark = '\x01';  // stands in no ledger

enum ByteKind : std::uint8_t { kPlain, kBeyondAscii, kStop };

// Bytes that end a value or need more than a look.
constexpr std::array<ByteKind, 256> make_kinds(std::string_view stops) {
  std::array<ByteKind, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = kStop;
  for (std::size_t c = 0x80; c < 256; ++c) out[c] = kBeyondAscii;
  for (const char c : stops) out[static_cast<unsigned char>(c)] = kStop;
  return out;
}
constexpr std::array<ByteKind, 256> kJsonKinds = make_kinds("\"\\");
constexpr std::array<ByteKind, 256> kXmlKinds = make_kinds("\"\\&<>");

}  // namespace

QuickLeaves::QuickLeaves(bool xml) : xml_(xml) {
  if (xml) {
    former_ = std::make_unique<XmlFigures>();
  } else {
    former_ = std::make_unique<JsonFigures>();
  }
}

QuickLeaves::~QuickLeaves() = default;

bool QuickLeaves::entity(std::string_view written, std::string& out) {
  if (written.size() > kLineBytesMax) return false;
  text_.clear();
  if (xml_) {
    std::optional<std::string> name = unescaped_xml(written);
    if (!name) return false;
    out = std::move(*name);
    text::append_xml_attribute(text_, out);
    return text_ == written;
  }
  const std::string quoted = "\"" + std::string(written) + "\"";
  const std::string file;
  JsonCursor in(quoted, file);
  in.begin_leaf();
  in.text(out);
  in.end();
  if (!in.ok()) return false;
  text::append_json_string(text_, out);
  return text_ == quoted;
}

bool QuickLeaves::figure(std::string_view line, seal::Figures& figures) {
  if (line.size() > kLineBytesMax) return false;
  Shape* const expected = last_ == nullptr ? nullptr : last_->next;
  if (expected != nullptr && matches(*expected, line, figures)) {
    last_ = expected;
    return true;
  }
  for (Shape*& shape : recent_) {
    if (shape == expected || !matches(*shape, line, figures)) continue;
    if (last_ != nullptr) last_->next = shape;
    last_ = shape;
    std::swap(shape, recent_.front());
    return true;
  }
  return learn(line, figures);
}

bool QuickLeaves::matches(const Shape& shape, std::string_view line, seal::Figures& figures) {
  if (shape.total != (figures.entity == nullptr)) return false;
  const std::array<ByteKind, 256>& kinds = xml_ ? kXmlKinds : kJsonKinds;
  const char* at = line.data();
  const char* const end = at + line.size();
  const std::size_t texts = figures.texts.size();
  const std::size_t key = figures.keys.size();
  seal::Figure figure{&shape.frame, key, {}};
  figures.keys.resize(key + shape.names.names.size());
  const auto refuse = [&] {
    figures.texts.resize(texts);
    figures.keys.resize(key);
    return false;
  };
  for (std::size_t i = 0;; ++i) {
    const std::string& piece = shape.pieces[i];
    if (static_cast<std::size_t>(end - at) < piece.size() ||
        std::memcmp(at, piece.data(), piece.size()) != 0)
      return refuse();
    at += piece.size();
    if (i == shape.slots.size()) break;
    const char* const begin = at;
    unsigned seen = 0;
    for (; at != end; ++at) {
      const ByteKind kind = kinds[static_cast<unsigned char>(*at)];
      if (kind == kStop) break;
      seen |= kind;
    }
    const std::string_view value(begin, static_cast<std::size_t>(at - begin));
    // An empty text between tags is written as no text at all.
    if (xml_ && value.empty() && shape.slots[i] < shape.names.names.size()) return refuse();
    if (seen != 0 && !text::is_xml_text(value)) return refuse();
    seal::Text& slot = shape.slots[i] < shape.names.names.size()
                           ? figures.keys[key + shape.slots[i]]
                           : figure.value;
    // Plain as far as a leaf's JSON goes, which is all that is made of it.
    slot = {figures.texts.size(), static_cast<std::uint32_t>(value.size()), true};
    figures.texts += value;
  }
  if (at != end) return refuse();
  figures.figures.push_back(figure);
  return true;
}

bool QuickLeaves::read_entry(std::string_view line) {
  if (xml_) return read_xml_figure(line, entry_);
  const std::string file;
  JsonCursor in(line, file);
  LeafJsonReader(in).entry(entry_);
  in.end();
  return in.ok();
}

bool QuickLeaves::learn(std::string_view line, seal::Figures& figures) {
  if (!read_entry(line)) return false;
  Shape* const shape = shape_of(figures.entity == nullptr);
  if (shape == nullptr) return false;
  one_.entity = figures.entity;
  fill(*shape, one_);
  if (written(one_) != line) return false;
  if (last_ != nullptr) last_->next = shape;
  last_ = shape;
  fill(*shape, one_);
  const std::size_t key = figures.keys.size();
  const auto moved = [&](seal::Text text) {
    const std::size_t begin = figures.texts.size();
    figures.texts += one_.text(text);
    text.begin = begin;
    return text;
  };
  for (const seal::Text& part : one_.keys) figures.keys.push_back(moved(part));
  figures.figures.push_back({&shape->frame, key, moved(one_.figures[0].value)});
  return true;
}

void QuickLeaves::fill(const Shape& shape, seal::Figures& out) const {
  out.clear();
  const auto add = [&](std::string_view text) {
    const std::size_t begin = out.texts.size();
    out.texts += text;
    return out.text_from(begin);
  };
  for (const auto& [name, value] : entry_.key) out.keys.push_back(add(value));
  out.figures.push_back({&shape.frame, 0, add(entry_.value ? *entry_.value : std::string())});
}

std::string QuickLeaves::written(const seal::Figures& figures) {
  std::string out;
  former_->form(figures, out);
  if (xml_) {
    out.pop_back();  // the line break
  } else {
    out.erase(0, 2);  // the comma and the line break
  }
  return out;
}

QuickLeaves::Shape* QuickLeaves::shape_of(bool total) {
  // All but the values; where an XML text is empty, its element is another.
  std::string all(total ? "t" : "e");
  const auto add = [&all](std::string_view text) {
    all += text;
    all += kMark;
  };
  const auto add_optional = [&](const std::optional<std::string>& text) {
    add(text ? "1" : "0");
    add(text ? *text : std::string());
  };
  add(entry_.table);
  add(entry_.column);
  add_optional(entry_.unit);
  for (const std::string* text : {&entry_.rule, &entry_.cite, &entry_.how, &entry_.error})
    add(*text);
  add(entry_.value ? "1" : "0");
  for (const auto& [name, value] : entry_.key) {
    add(name);
    add(xml_ && value.empty() ? "0" : "1");
  }
  Shape*& known = by_text_[all];
  if (known != nullptr) return known;
  if (shapes_.size() == kShapesMax) return nullptr;
  std::vector<std::string> names;
  for (const auto& [name, value] : entry_.key) names.push_back(name);
  if (orders_.emplace(entry_.table, names).first->second != names) return nullptr;
  const auto number = static_cast<std::uint32_t>(shapes_.size());
  Shape& shape = shapes_.emplace_back();
  shape.total = total;
  shape.names = {number, std::move(names)};
  shape.frame.number = number;
  shape.frame.shared = entry_;
  shape.frame.shared.key.clear();
  if (shape.frame.shared.value) shape.frame.shared.value->clear();
  shape.frame.key = &shape.names;
  cut_pieces(shape);
  if (recent_.size() < kRecentMax) {
    recent_.push_back(&shape);
  } else {
    recent_[number % kRecentMax] = &shape;
  }
  return known = &shape;
}

void QuickLeaves::cut_pieces(Shape& shape) {
  const std::string nobody;
  seal::Figures marked;
  marked.entity = shape.total ? nullptr : &nobody;
  marked.texts = kMark;
  const std::size_t size = shape.names.names.size();
  for (std::size_t i = 0; i < size; ++i) {
    const bool slot = !xml_ || !entry_.key[i].second.empty();
    marked.keys.push_back({0, slot ? 1u : 0u, true});
    if (slot) shape.slots.push_back(i);
  }
  if (entry_.value) {  // an attribute stands before the key, a member after it
    shape.slots.insert(xml_ ? shape.slots.begin() : shape.slots.end(), size);
  }
  marked.figures.push_back({&shape.frame, 0, {0, 1, true}});
  const std::string all = written(marked);
  for (std::size_t begin = 0;;) {
    const std::size_t end = all.find(kMark, begin);
    shape.pieces.push_back(all.substr(begin, end - begin));
    if (end == std::string::npos) break;
    begin = end + 1;
  }
}

bool QuickLeaves::position(std::string_view line, seal::Position& out) {
  if (line.size() > kLineBytesMax) return false;
  text_.clear();
  if (xml_) {
    if (!read_xml_position(line, out)) return false;
    append_xml_position(text_, out);
    text_.pop_back();
    return text_ == line;
  }
  const std::string file;
  JsonCursor in(line, file);
  LeafJsonReader(in).position(out);
  in.end();
  if (!in.ok()) return false;
  append_position(text_, out);
  return text_ == line;
}

bool QuickLeaves::finding(std::string_view line, base::Finding& out) {
  if (line.size() > kLineBytesMax) return false;
  text_.clear();
  if (xml_) {
    if (!read_xml_finding(line, out)) return false;
    append_xml_finding(text_, out);
    text_.pop_back();
    return text_ == line;
  }
  const std::string file;
  JsonCursor in(line, file);
  LeafJsonReader(in).finding(out);
  in.end();
  if (!in.ok()) return false;
  append_finding(text_, out, nullptr);
  return text_ == line;
}

}  // namespace qz::publish::detail
