// Member by member in the written order; a member that is left out where empty must not stand
// empty.

#include "publish/detail/leaf_json_reader.h"

#include <cstdint>
#include <utility>

#include "publish/detail/limits.h"

namespace qz::publish::detail {

void LeafJsonReader::entry(seal::Entry& out) {
  in_.begin_leaf();
  JsonObjectCursor object(in_);
  object.need_text("\"table\"", out.table);
  object.need("\"key\"");
  key(out.key);
  object.need_text("\"column\"", out.column);
  object.need("\"value\"");
  if (in_.take("null")) {
    out.value.reset();
  } else {
    if (!out.value) out.value.emplace();
    in_.text(*out.value);
  }
  if (object.has("\"unit\"")) {
    if (!out.unit) out.unit.emplace();
    in_.text(*out.unit);
  } else {
    out.unit.reset();
  }
  object.maybe_text("\"rule\"", out.rule);
  object.maybe_text("\"cite\"", out.cite);
  object.maybe_text("\"how\"", out.how);
  object.maybe_text("\"error\"", out.error);
  object.end();
}

void LeafJsonReader::position(seal::Position& out) {
  in_.begin_leaf();
  JsonObjectCursor object(in_);
  object.need_text("\"instrument\"", out.instrument);
  object.need_text("\"lot\"", out.lot);
  object.need_text("\"state\"", out.state);
  object.need_text("\"quantity\"", out.quantity);
  object.need_text("\"unit\"", out.unit);
  object.end();
}

void LeafJsonReader::finding(base::Finding& out) {
  in_.begin_leaf();
  JsonObjectCursor object(in_);
  object.need_text("\"code\"", out.code);
  object.need("\"severity\"");
  out.severity = severity();
  object.maybe_text("\"table\"", out.table);
  out.key.clear();
  if (object.has("\"key\"")) {
    key(out.key);
    if (in_.ok() && out.key.empty()) {
      in_.fail("malformed-ledger", "a finding leaves out \"key\" where it is empty",
               "核查发现中空的 \"key\" 应当省略");
    }
  }
  object.maybe_text("\"column\"", out.column);
  object.maybe_text("\"file\"", out.place.file);
  const bool has_line = object.has("\"line\"");
  out.place.line = has_line ? static_cast<std::uint32_t>(in_.integer(UINT32_MAX)) : 0;
  out.message = {};
  if (object.has("\"message\"")) bilingual(out.message);
  object.maybe_text("\"cite\"", out.cite);
  object.end();
}

void LeafJsonReader::bilingual(base::Bilingual& out) {
  JsonObjectCursor object(in_);
  object.maybe_text("\"en\"", out.en);
  object.maybe_text("\"zh\"", out.zh);
  object.end();
}

void LeafJsonReader::key(base::Key& out) {
  JsonObjectCursor object(in_);
  std::size_t count = 0;
  while (object.any(name_)) {
    if (count == kKeyNamesMax) {
      return in_.fail("too-large", kTooManyNames.en, kTooManyNames.zh);
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (out[i].first != name_) continue;
      return in_.fail("repeated-name", "a key names \"" + name_ + "\" twice",
                      "键中 \"" + name_ + "\" 出现两次");
    }
    if (count == out.size()) out.emplace_back();
    std::swap(out[count].first, name_);
    in_.text(out[count].second);
    ++count;
  }
  out.resize(count);
  object.end();
}

base::Severity LeafJsonReader::severity() {
  in_.text(name_);
  for (const base::Severity one :
       {base::Severity::kInfo, base::Severity::kWarning, base::Severity::kError}) {
    if (base::severity_name(one) == name_) return one;
  }
  in_.fail("malformed-ledger", "a severity is info, warning or error",
           "严重程度应为 info、warning 或 error");
  return base::Severity::kError;
}

}  // namespace qz::publish::detail
