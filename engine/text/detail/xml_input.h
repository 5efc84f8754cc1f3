// XML input: a file's bytes as the UTF-8 that Xerces is given, and a source that never opens a
// file.

#ifndef QZ_TEXT_DETAIL_XML_INPUT_H_
#define QZ_TEXT_DETAIL_XML_INPUT_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <xercesc/sax/InputSource.hpp>
#include <xercesc/util/BinInputStream.hpp>

#include "base/result.h"

namespace qz::text::detail {

// A file's text in UTF-8: a view of its own bytes where they are UTF-8 already.
struct XmlText {
  std::string converted;
  std::uint32_t root_line = 1;  // where the first element begins
  std::string_view text(std::string_view bytes) const {
    return converted.empty() ? bytes : converted;
  }
};

// Failure: "wrong-encoding" for an encoding that is not read or bytes that are not in it,
// "malformed-xml" for a version other than 1.0, "dtd-refused" for a document type of any kind (an
// empty one would pass Xerces without a word).
base::Result<XmlText> xml_text(std::string_view bytes, const std::string& file);

base::Finding refused_dtd(base::Place place);

// Counts what Xerces takes from the text, so that a tag or text without end is noticed before it
// fills the memory: the reader resets `since_event`, and beyond `limit` the text seems to end.
struct XmlFlow {
  std::size_t limit = 0;
  std::size_t since_event = 0;
  bool too_large = false;
  bool at_end = false;
};

// A text in memory, always taken as UTF-8 whatever its declaration says.
class MemorySource final : public xercesc::InputSource {
 public:
  // Both must outlive the source. `flow` may be null.
  MemorySource(std::string_view utf8, XmlFlow* flow);
  xercesc::BinInputStream* makeStream() const override;

 private:
  std::string_view utf8_;
  XmlFlow* flow_;
};

}  // namespace qz::text::detail

#endif  // QZ_TEXT_DETAIL_XML_INPUT_H_
