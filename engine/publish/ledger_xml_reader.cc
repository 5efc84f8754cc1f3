// The ledger read back from XML. The schema is checked underneath by text/; the order of elements
// and attributes is checked here again, since a leaf is given on as soon as it ends.

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "publish/detail/limits.h"
#include "publish/ledger_schema.h"
#include "publish/ledger_xml.h"
#include "text/xml.h"

namespace qz::publish {
namespace {

using Attributes = text::XmlHandler::Attributes;

enum class Kind {
  kDocument,
  kLedger,
  kHeader,
  kEntity,
  kEntry,
  kTotal,
  kPosition,
  kFinding,
  kSeal,
  kTitle,
  kCycle,
  kYear,
  kEngine,
  kParameter,
  kPin,
  kSource,
  kKey,
  kMessage,
};

// Which element may stand in which, and in what order: a child's rank is never below that of the
// child before it, and above it where the child stands but once.
struct Rule {
  Kind parent;
  const char* name;
  Kind kind;
  int rank;
  bool once;
};

constexpr Rule kRules[] = {
    {Kind::kDocument, "ledger", Kind::kLedger, 1, true},
    {Kind::kLedger, "header", Kind::kHeader, 1, true},
    {Kind::kLedger, "entity", Kind::kEntity, 2, false},
    {Kind::kLedger, "total", Kind::kTotal, 3, false},
    {Kind::kLedger, "finding", Kind::kFinding, 4, false},
    {Kind::kLedger, "seal", Kind::kSeal, 5, true},
    {Kind::kHeader, "title", Kind::kTitle, 1, false},
    {Kind::kHeader, "cycle", Kind::kCycle, 2, true},
    {Kind::kHeader, "engine", Kind::kEngine, 3, true},
    {Kind::kHeader, "parameter", Kind::kParameter, 4, false},
    {Kind::kHeader, "pin", Kind::kPin, 5, false},
    {Kind::kHeader, "source", Kind::kSource, 6, false},
    {Kind::kCycle, "year", Kind::kYear, 1, false},
    {Kind::kEntity, "entry", Kind::kEntry, 1, false},
    {Kind::kEntity, "position", Kind::kPosition, 2, false},
    {Kind::kEntity, "finding", Kind::kFinding, 3, false},
    {Kind::kEntry, "k", Kind::kKey, 1, false},
    {Kind::kTotal, "k", Kind::kKey, 1, false},
    {Kind::kFinding, "k", Kind::kKey, 1, false},
    {Kind::kFinding, "message", Kind::kMessage, 2, false},
};

const Rule* rule_of(Kind parent, const std::string& name) {
  const auto* const found =
      std::find_if(std::begin(kRules), std::end(kRules),
                   [&](const Rule& rule) { return rule.parent == parent && rule.name == name; });
  return found == std::end(kRules) ? nullptr : found;
}

// The attributes of one element, taken in their order; done() tells if all was as it should be.
class AttributeCursor {
 public:
  explicit AttributeCursor(const Attributes& attributes) : attributes_(attributes) {}

  bool has(const char* name) const {
    return at_ < attributes_.size() && attributes_[at_].first == name;
  }
  void need(const char* name, std::string& out) {
    good_ = good_ && has(name);
    if (good_) out = attributes_[at_++].second;
  }
  void fixed(const char* name, std::string_view value) {
    good_ = good_ && has(name) && attributes_[at_++].second == value;
  }
  // Left out where empty.
  void maybe(const char* name, std::string& out) {
    out.clear();
    if (!has(name)) return;
    out = attributes_[at_++].second;
    good_ = good_ && !out.empty();
  }
  void maybe(const char* name, std::optional<std::string>& out) {
    if (!has(name)) return out.reset();
    out = attributes_[at_++].second;
  }
  // Digits only, without leading zeros.
  std::uint64_t integer(const char* name, std::uint64_t largest) {
    std::uint64_t out = 0;
    good_ = good_ && has(name);
    if (!good_) return 0;
    const std::string& digits = attributes_[at_++].second;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    good_ = error == std::errc() && end == digits.data() + digits.size() && out <= largest &&
            (digits.size() == 1 || digits[0] != '0');
    return out;
  }
  bool done() const { return good_ && at_ == attributes_.size(); }

 private:
  const Attributes& attributes_;
  std::size_t at_ = 0;
  bool good_ = true;
};

// A place for the text of a language, in the order en, zh; nullptr for any other.
std::string* language(base::Bilingual& texts, const std::string& lang) {
  if (lang == "en" && texts.en.empty() && texts.zh.empty()) return &texts.en;
  if (lang == "zh" && texts.zh.empty()) return &texts.zh;
  return nullptr;
}

class Reader : public text::XmlHandler {
 public:
  Reader(const std::string& file, seal::LeafSink& sink) : file_(file), sink_(sink) {}

  bool start(const std::string& name, const Attributes& attributes, std::uint32_t line) override;
  bool characters(const std::string& text) override;
  bool end(const std::string& name) override;

  const std::optional<base::Finding>& failure() const { return failure_; }
  // The seal is given on by read_ledger_xml(), when the whole text is known to be good.
  const std::optional<seal::Seal>& seal() const { return seal_; }

 private:
  struct Open {
    Kind kind;
    int rank = 0;  // of the last child
  };

  bool fail(const char* code, std::string en, std::string zh);
  bool grow(std::size_t bytes);
  bool take_attributes(Kind kind, const Attributes& attributes);
  bool take_header_part(Kind kind, AttributeCursor& in);
  void take_figure(AttributeCursor& in);
  void take_finding(AttributeCursor& in);
  bool take_key(AttributeCursor& in);
  bool take_language(AttributeCursor& in, base::Bilingual& texts);
  bool finish(const Open& element);
  bool finish_header();
  base::Key& key() { return open_.back().kind == Kind::kFinding ? finding_.key : entry_.key; }

  const std::string& file_;
  seal::LeafSink& sink_;
  std::vector<Open> open_ = {{Kind::kDocument}};
  std::uint32_t line_ = 0;
  std::size_t leaf_bytes_ = 0;
  std::size_t header_items_ = 0;
  bool has_cycle_ = false;
  bool has_engine_ = false;
  std::string* text_ = nullptr;  // where the open element's text goes
  bool text_needed_ = false;     // an empty one would not have been written
  seal::Header header_;
  seal::Entry entry_;
  seal::Position position_;
  base::Finding finding_;
  std::optional<seal::Seal> seal_;
  std::optional<base::Finding> failure_;
};

bool Reader::fail(const char* code, std::string en, std::string zh) {
  if (!failure_) failure_ = base::failure(code, {file_, line_, 0}, std::move(en), std::move(zh));
  return false;
}

bool Reader::grow(std::size_t bytes) {
  leaf_bytes_ += bytes;
  if (leaf_bytes_ <= detail::kLeafBytesMax) return true;
  return fail("too-large", detail::kTooLarge.en, detail::kTooLarge.zh);
}

bool Reader::start(const std::string& name, const Attributes& attributes, std::uint32_t line) {
  line_ = line;
  Open& parent = open_.back();
  const Rule* const rule = rule_of(parent.kind, name);
  if (rule == nullptr || rule->rank < parent.rank || (rule->once && rule->rank == parent.rank)) {
    return fail("malformed-ledger", "a ledger has no element " + name + " here",
                "台账此处不应有元素 " + name);
  }
  if (parent.kind == Kind::kLedger && rule->rank > 1 && parent.rank == 0) {
    return fail("malformed-ledger", "a ledger begins with its header", "台账应以 header 开头");
  }
  parent.rank = rule->rank;
  if (parent.kind == Kind::kLedger || parent.kind == Kind::kEntity) leaf_bytes_ = 0;
  std::size_t bytes = 0;
  for (const auto& [attribute, value] : attributes) bytes += value.size();
  if (!grow(bytes)) return false;
  text_ = nullptr;
  text_needed_ = false;
  if (!take_attributes(rule->kind, attributes)) {
    return fail("malformed-ledger",
                "element " + name + " does not have the attributes of a ledger's",
                "元素 " + name + " 的属性与台账不符");
  }
  open_.push_back({rule->kind});
  return true;
}

bool Reader::take_attributes(Kind kind, const Attributes& attributes) {
  AttributeCursor in(attributes);
  switch (kind) {
    case Kind::kLedger:
      in.fixed("xmlns", seal::kSchema);
      break;
    case Kind::kEntity: {
      std::string entity;
      in.need("entity", entity);
      if (in.done()) sink_.begin_entity(entity);
      break;
    }
    case Kind::kEntry:
    case Kind::kTotal:
      take_figure(in);
      break;
    case Kind::kPosition:
      in.need("instrument", position_.instrument);
      in.need("lot", position_.lot);
      in.need("state", position_.state);
      in.need("quantity", position_.quantity);
      in.need("unit", position_.unit);
      break;
    case Kind::kFinding:
      take_finding(in);
      break;
    case Kind::kKey:
      return take_key(in);
    case Kind::kMessage:
      return take_language(in, finding_.message);
    case Kind::kSeal:
      seal_.emplace();
      in.fixed("hash", "sha-256");
      in.fixed("tree", "rfc9162");
      seal_->leaves = in.integer("leaves", detail::kIntegerMax);
      in.need("root", seal_->root);
      in.fixed("signed", "false");
      break;
    default:
      return take_header_part(kind, in);
  }
  return in.done();
}

bool Reader::take_header_part(Kind kind, AttributeCursor& in) {
  if (++header_items_ > detail::kHeaderItemsMax) {
    return fail("too-large", detail::kTooManyItems.en, detail::kTooManyItems.zh);
  }
  switch (kind) {
    case Kind::kHeader:
      in.fixed("schema", seal::kSchema);
      in.need("job", header_.job);
      in.need("as_of", header_.as_of);
      if (in.has("subject")) in.need("subject", header_.subject);
      in.maybe("previous", header_.previous);
      break;
    case Kind::kTitle:
      return take_language(in, header_.title);
    case Kind::kCycle:
      has_cycle_ = true;
      in.need("id", header_.cycle_id);
      break;
    case Kind::kYear:
      text_ = &header_.cycle_years.emplace_back();
      break;
    case Kind::kEngine:
      has_engine_ = true;
      in.need("name", header_.engine_name);
      in.need("version", header_.engine_version);
      break;
    case Kind::kParameter: {
      seal::Parameter& parameter = header_.parameters.emplace_back();
      in.need("pack", parameter.pack);
      in.need("name", parameter.name);
      in.need("value", parameter.value);
      break;
    }
    case Kind::kPin:
      text_ = &header_.pins.emplace_back();
      break;
    default: {
      seal::Source& source = header_.sources.emplace_back();
      in.need("kind", source.kind);
      in.need("name", source.name);
      in.maybe("table", source.table);
      in.need("sha256", source.sha256);
      if (in.has("rows")) source.rows = in.integer("rows", detail::kIntegerMax);
    }
  }
  return in.done();
}

void Reader::take_figure(AttributeCursor& in) {
  entry_.key.clear();
  in.need("table", entry_.table);
  in.need("column", entry_.column);
  in.maybe("value", entry_.value);
  in.maybe("unit", entry_.unit);
  in.maybe("rule", entry_.rule);
  in.maybe("cite", entry_.cite);
  in.maybe("how", entry_.how);
  in.maybe("error", entry_.error);
}

void Reader::take_finding(AttributeCursor& in) {
  finding_ = {};
  std::string severity;
  in.need("code", finding_.code);
  in.need("severity", severity);
  // The schema knows no other name.
  finding_.severity = severity == "info"      ? base::Severity::kInfo
                      : severity == "warning" ? base::Severity::kWarning
                                              : base::Severity::kError;
  in.maybe("table", finding_.table);
  in.maybe("column", finding_.column);
  in.maybe("file", finding_.place.file);
  if (in.has("line")) {
    finding_.place.line = static_cast<std::uint32_t>(in.integer("line", UINT32_MAX));
  }
  in.maybe("cite", finding_.cite);
}

bool Reader::take_key(AttributeCursor& in) {
  base::Key& names = key();
  std::string name;
  in.need("n", name);
  if (!in.done()) return false;
  if (names.size() == detail::kKeyNamesMax) {
    return fail("too-large", detail::kTooManyNames.en, detail::kTooManyNames.zh);
  }
  for (const auto& [earlier, value] : names) {
    if (earlier != name) continue;
    return fail("repeated-name", "a key names \"" + name + "\" twice",
                "键中 \"" + name + "\" 出现两次");
  }
  names.emplace_back(std::move(name), std::string());
  text_ = &names.back().second;
  return true;
}

bool Reader::take_language(AttributeCursor& in, base::Bilingual& texts) {
  std::string lang;
  in.need("lang", lang);
  text_ = language(texts, lang);
  text_needed_ = true;
  return in.done() && text_ != nullptr;
}

bool Reader::characters(const std::string& text) {
  if (text_ != nullptr) {
    *text_ = text;
    return grow(text.size());
  }
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) return true;
  return fail("malformed-ledger", "a ledger has no text between its elements",
              "台账的元素之间不应有文字");
}

bool Reader::end(const std::string&) {
  if (text_needed_ && text_->empty()) {
    return fail("malformed-ledger", "a ledger leaves out a text that is empty",
                "台账中空的文字应当省略");
  }
  text_ = nullptr;
  text_needed_ = false;
  const Open element = open_.back();
  open_.pop_back();
  return finish(element);
}

bool Reader::finish(const Open& element) {
  switch (element.kind) {
    case Kind::kHeader:
      return finish_header();
    case Kind::kEntry:
      sink_.entry(entry_);
      return true;
    case Kind::kTotal:
      sink_.total(entry_);
      return true;
    case Kind::kPosition:
      sink_.position(position_);
      return true;
    case Kind::kFinding:
      sink_.finding(finding_);
      return true;
    case Kind::kEntity:
      sink_.end_entity();
      return true;
    default:
      return true;
  }
}

bool Reader::finish_header() {
  if (!has_cycle_ || !has_engine_) {
    return fail("malformed-ledger", "a ledger's header names its cycle and its engine",
                "台账的 header 应写明周期和引擎");
  }
  sink_.header(header_);
  header_ = {};
  return true;
}

}  // namespace

base::Result<bool> read_ledger_xml(std::string_view bytes, const std::string& file,
                                   seal::LeafSink& sink) {
  Reader reader(file, sink);
  text::XmlLimits limits;
  limits.depth = 4;
  limits.text_bytes = detail::kTextBytesMax;
  const base::Result<bool> result = text::read_xml(bytes, file, reader, ledger_schema(), limits);
  if (reader.failure()) return *reader.failure();
  if (!result) return result.failure();
  if (!reader.seal()) {
    return base::failure("malformed-ledger", {file, 0, 0}, "the ledger has no seal",
                         "台账没有封签");
  }
  sink.seal(*reader.seal());
  return true;
}

}  // namespace qz::publish
