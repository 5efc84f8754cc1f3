// A line break never stands inside a leaf of canonical JSON, nor in one of XML but for texts with
// line breaks of their own, which are left to the strict reader.

#include "publish/detail/ledger_lines.h"

#include <algorithm>

namespace qz::publish::detail {
namespace {

using Kind = LedgerLine::Kind;

constexpr LedgerLine kNothing = {};

// The file and the place up to which it was cut.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}

  std::string_view rest() const { return bytes_.substr(at_); }
  bool take(std::string_view token) {
    if (!rest().starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  // Up to the next `stop`, which is not taken, or to the end.
  std::string_view until(char stop) {
    const std::string_view left = rest();
    const std::size_t size = std::min(left.find(stop), left.size());
    at_ += size;
    return left.substr(0, size);
  }
  void back(std::size_t n) { at_ -= n; }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

class JsonLines final : public LedgerLines {
 public:
  explicit JsonLines(std::string_view bytes) : in_(bytes) {
    header_ = in_.until('\n');
    const std::size_t end = bytes.rfind(kSeal);
    if (end != std::string_view::npos) end_ = bytes.substr(end + kSeal.size());
  }

  LedgerLine next() override;
  std::string skeleton() const override {
    std::string out;
    if (end_.empty()) return out;
    for (const std::string_view part :
         {header_, std::string_view("\n\"entities\":[],\n\"totals\":[],\n\"findings\":[]"), kSeal,
          end_})
      out += part;
    return out;
  }

 private:
  static constexpr std::string_view kSeal = ",\n\"seal\":";
  enum class Part { kStart, kEntities, kEntries, kPositions, kEntityFindings, kTotals, kFindings };

  // Whether the open array has another item; what stands before it is taken. Neither that nor an
  // end: `unknown_`.
  bool has_item() {
    if (in_.take(first_ ? "\n" : ",\n")) {
      first_ = false;
      return true;
    }
    if (!in_.take(first_ ? "]" : "\n]")) unknown_ = true;
    return false;
  }
  LedgerLine entity() {
    if (!in_.take("{\"entity\":\"")) return kNothing;
    const std::string_view begin = in_.rest();
    std::size_t size = 0;
    for (;;) {  // to a quote that no backslash precedes
      size += in_.until('"').size();
      if (in_.at_end()) return kNothing;
      std::size_t slashes = 0;
      while (slashes < size && begin[size - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 0) break;
      in_.take("\"");
      ++size;
    }
    if (!in_.take("\",\"entries\":[")) return kNothing;
    part_ = Part::kEntries;
    first_ = true;
    return {Kind::kEntity, begin.substr(0, size)};
  }
  LedgerLine item(Kind kind) {
    std::string_view line = in_.until('\n');
    if (in_.at_end()) return kNothing;
    if (line.ends_with(',')) {
      line.remove_suffix(1);
      in_.back(1);
    }
    return {kind, line};
  }
  // Goes on to `part`, an array.
  bool begin(std::string_view token, Part part) {
    part_ = part;
    first_ = true;
    return in_.take(token);
  }

  Cursor in_;
  std::string_view header_;
  std::string_view end_;  // after kSeal
  Part part_ = Part::kStart;
  bool first_ = true;
  bool unknown_ = false;
};

LedgerLine JsonLines::next() {
  for (;;) {
    if (part_ == Part::kStart) {
      if (!begin("\n\"entities\":[", Part::kEntities)) return kNothing;
    }
    const bool more = has_item();
    if (unknown_) return kNothing;
    switch (part_) {
      case Part::kStart:
        return kNothing;
      case Part::kEntities:
        if (more) return entity();
        if (!begin(",\n\"totals\":[", Part::kTotals)) return kNothing;
        break;
      case Part::kEntries:
        if (more) return item(Kind::kEntry);
        if (!begin(",\"positions\":[", Part::kPositions)) return kNothing;
        break;
      case Part::kPositions:
        if (more) return item(Kind::kPosition);
        if (!begin(",\"findings\":[", Part::kEntityFindings)) return kNothing;
        break;
      case Part::kEntityFindings:
        if (more) return item(Kind::kFinding);
        if (!in_.take("}")) return kNothing;
        part_ = Part::kEntities;
        first_ = false;
        return {Kind::kEndEntity, {}};
      case Part::kTotals:
        if (more) return item(Kind::kTotal);
        if (!begin(",\n\"findings\":[", Part::kFindings)) return kNothing;
        break;
      case Part::kFindings:
        if (more) return item(Kind::kFinding);
        if (!in_.take(kSeal) || in_.rest().size() != end_.size()) return kNothing;
        return {Kind::kEnd, {}};
    }
  }
}

class XmlLines final : public LedgerLines {
 public:
  explicit XmlLines(std::string_view bytes) : in_(bytes) {
    constexpr std::string_view kEnd = "</header>\n";
    const std::size_t end = bytes.find(kEnd);
    const std::size_t seal = bytes.rfind("<seal ");
    if (end == std::string_view::npos || seal == std::string_view::npos) return;
    head_ = bytes.substr(0, end + kEnd.size());
    end_ = bytes.substr(seal);
    in_.take(head_);
  }

  LedgerLine next() override;
  std::string skeleton() const override { return std::string(head_) + std::string(end_); }

 private:
  enum class Part { kEntities, kEntries, kPositions, kEntityFindings, kTotals, kFindings };

  LedgerLine item(Kind kind, Part part) {
    if (part_ > part) return kNothing;
    part_ = part;
    const std::string_view line = in_.until('\n');
    if (!in_.take("\n")) return kNothing;
    return {kind, line};
  }

  Cursor in_;
  std::string_view head_;  // up to the header's end
  std::string_view end_;   // from the seal on
  Part part_ = Part::kEntities;
};

LedgerLine XmlLines::next() {
  if (head_.empty()) return kNothing;
  const std::string_view rest = in_.rest();
  const auto sees = [&](std::string_view token) { return rest.starts_with(token); };
  if (part_ >= Part::kEntries && part_ <= Part::kEntityFindings) {
    if (sees("<entry ")) return item(Kind::kEntry, Part::kEntries);
    if (sees("<position ")) return item(Kind::kPosition, Part::kPositions);
    if (sees("<finding ")) return item(Kind::kFinding, Part::kEntityFindings);
    if (!in_.take("</entity>\n")) return kNothing;
    part_ = Part::kEntities;
    return {Kind::kEndEntity, {}};
  }
  if (part_ == Part::kEntities && in_.take("<entity entity=\"")) {
    const std::string_view name = in_.until('"');
    if (!in_.take("\">\n")) return kNothing;
    part_ = Part::kEntries;
    return {Kind::kEntity, name};
  }
  if (sees("<total ")) return item(Kind::kTotal, Part::kTotals);
  if (sees("<finding ")) return item(Kind::kFinding, Part::kFindings);
  if (rest.size() == end_.size()) return {Kind::kEnd, {}};
  return kNothing;
}

}  // namespace

std::unique_ptr<LedgerLines> ledger_lines(std::string_view bytes) {
  if (bytes.starts_with('<')) return std::make_unique<XmlLines>(bytes);
  return std::make_unique<JsonLines>(bytes);
}

}  // namespace qz::publish::detail
