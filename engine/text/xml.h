// XML out and in, through Xerces-C alone: an event writer of canonical bytes and a strict event
// reader.

#ifndef QZ_TEXT_XML_H_
#define QZ_TEXT_XML_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace qz::text {

using ByteSink = std::function<void(std::string_view)>;

// Writes UTF-8 XML as events come; nothing is kept but the open element names and a small buffer.
// Escaping by Xerces' XMLFormatter, as Canonical XML does it: & < " and tab, line feed, carriage
// return in attributes; & < > and carriage return in text; so what is read back is what was given.
// Characters XML 1.0 cannot carry and names that are none are programming errors (readers refuse
// them).
class XmlWriter {
 public:
  explicit XmlWriter(ByteSink sink);
  ~XmlWriter();
  XmlWriter(const XmlWriter&) = delete;
  XmlWriter& operator=(const XmlWriter&) = delete;

  void declaration();  // <?xml version="1.0" encoding="UTF-8"?>\n
  void start(std::string_view name);
  void attribute(std::string_view name, std::string_view value);  // after start(), before content
  void characters(std::string_view text);
  void newline();  // a line break between elements
  void elements(std::string_view bytes);  // whole elements, written by append_xml_… below
  void end();      // "/>" where nothing stood inside
  void flush();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Appends `value` as it stands between the quotes of an attribute, or between tags: the same bytes as
// XmlWriter's. Precondition: is_xml_text(value).
void append_xml_attribute(std::string& out, std::string_view value);
void append_xml_text(std::string& out, std::string_view value);

class XmlHandler {
 public:
  using Attributes = std::vector<std::pair<std::string, std::string>>;
  virtual ~XmlHandler() = default;
  // Return false to stop (the reading then fails with "stopped").
  virtual bool start(const std::string& name, const Attributes& attributes, std::uint32_t line) = 0;
  virtual bool characters(const std::string& text) = 0;
  virtual bool end(const std::string& name) = 0;
};

struct XmlLimits {
  std::size_t depth = 32;
  std::size_t attributes = 4096;
  std::size_t text_bytes = 16u << 20;  // of one text node, and of one tag with its attributes
  bool comments = false;               // true: skipped; false: refused
};

// Reads with SAX2: refuses a DTD, processing instructions, external anything; namespaces are given
// as an ordinary attribute. If `schema` is not empty (the text of an XSD), also validates against
// it with a grammar that is parsed once per schema text and thread that reads at the same time.
// Bounded memory for any length.
base::Result<bool> read_xml(std::string_view bytes, const std::string& file, XmlHandler& handler,
                            std::string_view schema = {}, const XmlLimits& limits = {});

// True if every character may stand in an XML 1.0 document.
bool is_xml_text(std::string_view utf8);

// True if `name` may be the name of an element or attribute ("FC@mode" may not).
bool is_xml_name(std::string_view name);

}  // namespace qz::text

#endif  // QZ_TEXT_XML_H_
