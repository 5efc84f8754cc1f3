// The ledger read back, member by member in the written order; one leaf is held at a time, in
// structs that are used again for the next.

#include <cstdint>
#include <utility>

#include "publish/detail/json_cursor.h"
#include "publish/detail/limits.h"
#include "publish/ledger_json.h"

namespace qz::publish {
namespace {

using detail::JsonCursor;
using detail::JsonObjectCursor;

void read_bilingual(JsonCursor& in, base::Bilingual& text) {
  JsonObjectCursor object(in);
  object.maybe_text("\"en\"", text.en);
  object.maybe_text("\"zh\"", text.zh);
  object.end();
}

// A list in the header, which is held as a whole.
template <class Read>
void read_header_list(JsonCursor& in, const Read& read) {
  std::size_t count = 0;
  detail::read_json_array(in, [&] {
    if (++count > detail::kHeaderItemsMax)
      in.fail("too-large", detail::kTooManyItems.en, detail::kTooManyItems.zh);
    read();
  });
}

class Reader {
 public:
  Reader(std::string_view bytes, const std::string& file, seal::LeafSink& sink)
      : in_(bytes, file), sink_(sink) {}

  base::Result<bool> read() {
    JsonObjectCursor ledger(in_);
    read_header(ledger);
    ledger.need("\"entities\"");
    detail::read_json_array(in_, [this] { read_entity(); });
    ledger.need("\"totals\"");
    detail::read_json_array(in_, [this] {
      read_entry();
      if (in_.ok()) sink_.total(entry_);
    });
    ledger.need("\"findings\"");
    detail::read_json_array(in_, [this] { read_finding(); });
    ledger.need("\"seal\"");
    const seal::Seal seal = read_seal();
    ledger.end();
    in_.end();
    if (!in_.ok()) return *in_.failure();
    sink_.seal(seal);
    return true;
  }

 private:
  void read_header(JsonObjectCursor& ledger);
  void read_entity();
  void read_key(base::Key& key);
  void read_entry();
  void read_position();
  void read_finding();
  void read_severity();
  seal::Seal read_seal();

  JsonCursor in_;
  seal::LeafSink& sink_;
  seal::Entry entry_;
  seal::Position position_;
  base::Finding finding_;
  std::string name_;
};

void Reader::read_header(JsonObjectCursor& ledger) {
  seal::Header header;
  ledger.need_text("\"schema\"", header.schema);
  if (in_.ok() && header.schema != seal::kSchema) {
    in_.fail("unknown-schema", "this is no ledger of " + std::string(seal::kSchema),
             "这不是 " + std::string(seal::kSchema) + " 的台账");
  }
  ledger.need_text("\"job\"", header.job);
  if (ledger.has("\"title\"")) read_bilingual(in_, header.title);
  ledger.need("\"cycle\"");
  JsonObjectCursor cycle(in_);
  cycle.need_text("\"id\"", header.cycle_id);
  cycle.need("\"years\"");
  read_header_list(in_, [&] { in_.text(header.cycle_years.emplace_back()); });
  cycle.end();
  ledger.need_text("\"as_of\"", header.as_of);
  if (ledger.has("\"subject\"")) in_.text(header.subject);
  ledger.need("\"engine\"");
  JsonObjectCursor engine(in_);
  engine.need_text("\"name\"", header.engine_name);
  engine.need_text("\"version\"", header.engine_version);
  engine.end();
  ledger.need("\"parameters\"");
  read_header_list(in_, [&] {
    seal::Parameter& parameter = header.parameters.emplace_back();
    JsonObjectCursor object(in_);
    object.need_text("\"pack\"", parameter.pack);
    object.need_text("\"name\"", parameter.name);
    object.need_text("\"value\"", parameter.value);
    object.end();
  });
  if (ledger.has("\"pins\"")) {
    read_header_list(in_, [&] { in_.text(header.pins.emplace_back()); });
  }
  ledger.need("\"sources\"");
  read_header_list(in_, [&] {
    seal::Source& source = header.sources.emplace_back();
    JsonObjectCursor object(in_);
    object.need_text("\"kind\"", source.kind);
    object.need_text("\"name\"", source.name);
    object.maybe_text("\"table\"", source.table);
    object.need_text("\"sha256\"", source.sha256);
    if (object.has("\"rows\"")) source.rows = in_.integer(detail::kIntegerMax);
    object.end();
  });
  ledger.maybe_text("\"previous\"", header.previous);
  if (in_.ok()) sink_.header(header);
}

void Reader::read_entity() {
  in_.begin_leaf();
  JsonObjectCursor object(in_);
  object.need_text("\"entity\"", name_);
  if (in_.ok()) sink_.begin_entity(name_);
  object.need("\"entries\"");
  detail::read_json_array(in_, [this] {
    read_entry();
    if (in_.ok()) sink_.entry(entry_);
  });
  object.need("\"positions\"");
  detail::read_json_array(in_, [this] { read_position(); });
  object.need("\"findings\"");
  detail::read_json_array(in_, [this] { read_finding(); });
  object.end();
  if (in_.ok()) sink_.end_entity();
}

void Reader::read_key(base::Key& key) {
  JsonObjectCursor object(in_);
  std::size_t count = 0;
  while (object.any(name_)) {
    if (count == detail::kKeyNamesMax) {
      return in_.fail("too-large", detail::kTooManyNames.en, detail::kTooManyNames.zh);
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (key[i].first != name_) continue;
      return in_.fail("repeated-name", "a key names \"" + name_ + "\" twice",
                      "键中 \"" + name_ + "\" 出现两次");
    }
    if (count == key.size()) key.emplace_back();
    std::swap(key[count].first, name_);
    in_.text(key[count].second);
    ++count;
  }
  key.resize(count);
  object.end();
}

void Reader::read_entry() {
  in_.begin_leaf();
  JsonObjectCursor object(in_);
  object.need_text("\"table\"", entry_.table);
  object.need("\"key\"");
  read_key(entry_.key);
  object.need_text("\"column\"", entry_.column);
  object.need("\"value\"");
  if (in_.take("null")) {
    entry_.value.reset();
  } else {
    if (!entry_.value) entry_.value.emplace();
    in_.text(*entry_.value);
  }
  if (object.has("\"unit\"")) {
    if (!entry_.unit) entry_.unit.emplace();
    in_.text(*entry_.unit);
  } else {
    entry_.unit.reset();
  }
  object.maybe_text("\"rule\"", entry_.rule);
  object.maybe_text("\"cite\"", entry_.cite);
  object.maybe_text("\"how\"", entry_.how);
  object.maybe_text("\"error\"", entry_.error);
  object.end();
}

void Reader::read_position() {
  in_.begin_leaf();
  JsonObjectCursor object(in_);
  object.need_text("\"instrument\"", position_.instrument);
  object.need_text("\"lot\"", position_.lot);
  object.need_text("\"state\"", position_.state);
  object.need_text("\"quantity\"", position_.quantity);
  object.need_text("\"unit\"", position_.unit);
  object.end();
  if (in_.ok()) sink_.position(position_);
}

void Reader::read_finding() {
  in_.begin_leaf();
  JsonObjectCursor object(in_);
  object.need_text("\"code\"", finding_.code);
  object.need("\"severity\"");
  read_severity();
  object.maybe_text("\"table\"", finding_.table);
  finding_.key.clear();
  if (object.has("\"key\"")) {
    read_key(finding_.key);
    if (in_.ok() && finding_.key.empty()) {
      in_.fail("malformed-ledger", "a finding leaves out \"key\" where it is empty",
               "核查发现中空的 \"key\" 应当省略");
    }
  }
  object.maybe_text("\"column\"", finding_.column);
  object.maybe_text("\"file\"", finding_.place.file);
  const bool has_line = object.has("\"line\"");
  finding_.place.line = has_line ? static_cast<std::uint32_t>(in_.integer(UINT32_MAX)) : 0;
  finding_.message = {};
  if (object.has("\"message\"")) read_bilingual(in_, finding_.message);
  object.maybe_text("\"cite\"", finding_.cite);
  object.end();
  if (in_.ok()) sink_.finding(finding_);
}

void Reader::read_severity() {
  in_.text(name_);
  for (const base::Severity severity :
       {base::Severity::kInfo, base::Severity::kWarning, base::Severity::kError}) {
    finding_.severity = severity;
    if (base::severity_name(severity) == name_) return;
  }
  in_.fail("malformed-ledger", "a severity is info, warning or error",
           "严重程度应为 info、warning 或 error");
}

seal::Seal Reader::read_seal() {
  seal::Seal seal;
  JsonObjectCursor object(in_);
  object.need("\"hash\"");
  in_.need("\"sha-256\"");
  object.need("\"tree\"");
  in_.need("\"rfc9162\"");
  object.need("\"leaves\"");
  seal.leaves = in_.integer(detail::kIntegerMax);
  object.need_text("\"root\"", seal.root);
  object.need("\"signature\"");
  in_.need("null");
  object.end();
  return seal;
}

}  // namespace

base::Result<bool> read_ledger_json(std::string_view bytes, const std::string& file,
                                    seal::LeafSink& sink) {
  return Reader(bytes, file, sink).read();
}

}  // namespace qz::publish
