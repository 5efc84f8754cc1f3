// The order of members is that of append_canonical() in canonical.cc; a test holds the two
// together.

#include "seal/figure_leaves.h"

#include <algorithm>

#include "seal/json_members.h"
#include "seal/merkle.h"
#include "text/json.h"

namespace qz::seal {

void append_json_text(std::string& out, std::string_view text, bool plain) {
  if (!plain) return text::append_json_string(out, text);
  out += '"';
  out += text;
  out += '"';
}

void FigureLeaves::digests(const Figures& figures, std::vector<Digest>& out) {
  begin(figures);
  for (const Figure& figure : figures.figures) {
    compose(figures, figure);
    out.push_back(leaf_digest(leaf_));
  }
}

std::string FigureLeaves::bytes(const Figures& figures, const Figure& figure) {
  begin(figures);
  compose(figures, figure);
  return leaf_;
}

void FigureLeaves::begin(const Figures& figures) {
  key_names_ = nullptr;
  entity_.clear();
  if (figures.entity == nullptr) return;
  entity_ = ",\"entity\":";
  text::append_json_string(entity_, *figures.entity);
}

void FigureLeaves::compose(const Figures& figures, const Figure& figure) {
  const FrameParts& frame = parts_of(*figure.frame, figures.entity == nullptr);
  const KeyNames& names = *figure.frame->key;
  if (key_names_ != &names || key_at_ != figure.key) {
    key_names_ = &names;
    key_at_ = figure.key;
    key_.clear();
    for (const auto& [place, quoted] : parts_of(names)) {
      const Text& value = figures.keys[figure.key + place];
      key_ += quoted;
      append_json_text(key_, figures.text(value), value.plain);
    }
    key_ += names.names.empty() ? "{}" : "}";
  }
  leaf_.assign(frame.before_entity);
  leaf_ += entity_;
  leaf_ += frame.before_key;
  leaf_ += key_;
  leaf_ += frame.before_value;
  if (frame.has_value) {
    append_json_text(leaf_, figures.text(figure.value), figure.value.plain);
  } else {
    leaf_ += "null";
  }
  leaf_ += '}';
}

const FigureLeaves::FrameParts& FigureLeaves::parts_of(const Frame& frame, bool total) {
  Prepared<FrameParts>& prepared = total ? totals_ : entries_;
  return prepared.of(frame.number, [&](FrameParts& parts) {
    const Entry& shared = frame.shared;
    JsonMembers first(parts.before_entity);
    first.optional("\"cite\":", shared.cite);
    first.text("\"column\":", shared.column);
    std::string& middle = parts.before_key;
    const auto member = [](std::string& out, std::string_view quoted, std::string_view value) {
      out += quoted;
      text::append_json_string(out, value);
    };
    if (!shared.error.empty()) member(middle, ",\"error\":", shared.error);
    if (!shared.how.empty()) member(middle, ",\"how\":", shared.how);
    middle += ",\"key\":";
    std::string& last = parts.before_value;
    last += total ? ",\"leaf\":\"total\"" : ",\"leaf\":\"entry\"";
    if (!shared.rule.empty()) member(last, ",\"rule\":", shared.rule);
    member(last, ",\"table\":", shared.table);
    if (shared.unit) member(last, ",\"unit\":", *shared.unit);
    last += ",\"value\":";
    parts.has_value = shared.value.has_value();
  });
}

const FigureLeaves::KeyParts& FigureLeaves::parts_of(const KeyNames& key) {
  return keys_.of(key.number, [&](KeyParts& parts) {
    for (std::size_t i = 0; i < key.names.size(); ++i) parts.emplace_back(i, key.names[i]);
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
      return text::canonical_less(a.second, b.second);
    });
    for (auto& [place, name] : parts) {
      std::string quoted(&name == &parts.front().second ? "{" : ",");
      text::append_json_string(quoted, name);
      name = quoted + ":";
    }
  });
}

}  // namespace qz::seal
