// Fuzzes the CSV reader: whatever the text, records have as many clean cells as there are headings,
// lines do not go back, and every problem can be shown to a person.

#include <cstdint>
#include <string>

#include "base/assert.h"
#include "text/encoding.h"
#include "text/records.h"

namespace {

class Checker final : public qz::text::RecordSink {
 public:
  bool headings(const std::vector<std::string>& names, std::uint32_t line) override {
    width_ = names.size();
    line_ = line;
    return true;
  }
  bool record(const qz::text::Record& record) override {
    QZ_ASSERT(record.cells.size() == width_);
    QZ_ASSERT(record.line >= line_);
    line_ = record.line;
    for (const std::string_view cell : record.cells) QZ_ASSERT(qz::text::is_utf8(cell));
    return true;
  }
  void problem(qz::base::Finding finding) override {
    QZ_ASSERT(!finding.code.empty() && !finding.message.en.empty() && !finding.message.zh.empty());
    QZ_ASSERT(qz::text::is_clean_text(finding.message.en) &&
              qz::text::is_clean_text(finding.message.zh));
  }

 private:
  std::size_t width_ = 0;
  std::uint32_t line_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = qz::text::to_utf8(std::string(data, data + size), "a.csv");
  if (!text) return 0;
  Checker checker;
  qz::text::read_csv(*text, "a.csv", checker);
  // Small limits, so that the fuzzer meets them.
  Checker strict;
  qz::text::read_csv(*text, "a.csv", strict,
                     {.columns = 4, .cell_bytes = 8, .record_bytes = 24, .problems = 3});
  return 0;
}
