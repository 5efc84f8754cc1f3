// Fuzzes the XML reader and writer: what is read and written again is read as the same events; no
// exception of the library comes out; tables of it end well.

#include <cstdint>
#include <string>

#include "base/assert.h"
#include "text/encoding.h"
#include "text/records.h"
#include "text/xml.h"

namespace {

// Writes down what it hears, and writes it as XML again.
class Echo final : public qz::text::XmlHandler {
 public:
  explicit Echo(std::string& xml) : writer_([&xml](std::string_view bytes) { xml += bytes; }) {}

  bool start(const std::string& name, const Attributes& attributes, std::uint32_t line) override {
    QZ_ASSERT(line > 0);
    heard += "<" + name;
    writer_.start(name);
    for (const auto& [attribute, value] : attributes) {
      heard += " " + attribute + "=" + value;
      writer_.attribute(attribute, value);
    }
    return true;
  }
  bool characters(const std::string& text) override {
    heard += "[" + text;
    writer_.characters(text);
    return true;
  }
  bool end(const std::string& name) override {
    heard += ">" + name;
    writer_.end();
    return true;
  }
  void flush() { writer_.flush(); }

  std::string heard;

 private:
  qz::text::XmlWriter writer_;
};

class Checker final : public qz::text::RecordSink {
 public:
  bool headings(const std::vector<std::string>&, std::uint32_t) override { return true; }
  bool record(const qz::text::Record& record) override {
    for (const std::string_view cell : record.cells) QZ_ASSERT(qz::text::is_utf8(cell));
    return true;
  }
  void problem(qz::base::Finding finding) override {
    QZ_ASSERT(!finding.code.empty() && !finding.message.en.empty() && !finding.message.zh.empty());
    QZ_ASSERT(qz::text::is_clean_text(finding.message.en) &&
              qz::text::is_clean_text(finding.message.zh));
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  std::string xml;
  Echo echo(xml);
  if (qz::text::read_xml(bytes, "a.xml", echo)) {
    echo.flush();
    std::string xml_again;
    Echo again(xml_again);
    QZ_ASSERT(qz::text::read_xml(xml, "a.xml", again));
    again.flush();
    QZ_ASSERT(again.heard == echo.heard && xml_again == xml);
  }
  Checker checker;
  qz::text::read_xml_records(bytes, "a.xml", checker);
  return 0;
}
