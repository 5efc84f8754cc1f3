// Fuzzes the JSON readers: a document that is read has a canonical form that is read again as the
// same; one that is refused is refused with a sentence; tables of it end well.

#include <cstdint>
#include <string>

#include "base/assert.h"
#include "text/encoding.h"
#include "text/json.h"
#include "text/records.h"

namespace {

using qz::text::JsonValue;

bool can_be_canonical(const JsonValue& value) {
  if (value.is(JsonValue::Kind::kNumber)) return qz::text::is_canonical_integer(value.text);
  for (const JsonValue& item : value.items) {
    if (!can_be_canonical(item)) return false;
  }
  for (const auto& [name, member] : value.members) {
    if (!can_be_canonical(member)) return false;
  }
  return true;
}

class Checker final : public qz::text::RecordSink {
 public:
  bool headings(const std::vector<std::string>& names, std::uint32_t) override {
    QZ_ASSERT(names.size() > width_);
    width_ = names.size();
    return true;
  }
  bool record(const qz::text::Record& record) override {
    QZ_ASSERT(record.cells.size() <= width_ && record.line > 0);
    for (const std::string_view cell : record.cells) QZ_ASSERT(qz::text::is_utf8(cell));
    return true;
  }
  void problem(qz::base::Finding finding) override {
    QZ_ASSERT(!finding.code.empty() && !finding.message.en.empty() && !finding.message.zh.empty());
    QZ_ASSERT(qz::text::is_clean_text(finding.message.en));
  }

 private:
  std::size_t width_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(data, data + size);
  const auto value = qz::text::parse_json(text, "a.json");
  if (!value) {
    QZ_ASSERT(!value.failure().code.empty() && !value.failure().message.zh.empty());
  } else if (can_be_canonical(*value)) {
    const std::string canonical = qz::text::canonical_json(*value);
    const auto again = qz::text::parse_json(canonical, "a.json");
    QZ_ASSERT(again && qz::text::canonical_json(*again) == canonical);
  }
  if (!qz::text::is_utf8(text)) return 0;
  Checker checker;
  qz::text::read_json_records(text, "a.json", checker);
  Checker strict;
  qz::text::read_json_records(text, "a.json", strict,
                              {.columns = 4, .cell_bytes = 8, .record_bytes = 60, .problems = 3});
  return 0;
}
