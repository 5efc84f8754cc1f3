// The XML writer: markup goes straight to a buffer; text that needs escapes goes through Xerces'
// XMLFormatter, which escapes as Canonical XML does. Text that needs none is the same bytes either
// way, and is not sent on that detour.

#include <array>
#include <xercesc/framework/XMLFormatter.hpp>
#include <xercesc/util/XMLUni.hpp>

#include "base/assert.h"
#include "text/detail/xerces.h"
#include "text/xml.h"

namespace qz::text {
namespace {

using xercesc::XMLFormatter;

constexpr std::size_t kBufferBytes = 64u << 10;

// Bytes that need a look by the formatter in an attribute. EF leads U+FFFE and U+FFFF.
constexpr std::array<bool, 256> make_attribute_marks() {
  std::array<bool, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = true;
  for (const char c : {'&', '<', '"', '\xEF'}) out[static_cast<unsigned char>(c)] = true;
  return out;
}
// In text between tags, tabs and line feeds stay as they are, and > is escaped for the sake of ]]>.
constexpr std::array<bool, 256> make_text_marks() {
  std::array<bool, 256> out = make_attribute_marks();
  out['\t'] = out['\n'] = out['"'] = false;
  out['>'] = true;
  return out;
}
constexpr std::array<bool, 256> kAttributeMarks = make_attribute_marks();
constexpr std::array<bool, 256> kTextMarks = make_text_marks();

bool is_plain(std::string_view text, const std::array<bool, 256>& marks) {
  for (const char c : text) {
    if (marks[static_cast<unsigned char>(c)]) return false;
  }
  return true;
}

class BufferTarget final : public xercesc::XMLFormatTarget {
 public:
  explicit BufferTarget(std::string& buffer) : buffer_(buffer) {}
  void writeChars(const XMLByte* bytes, XMLSize_t count, XMLFormatter*) override {
    buffer_.append(reinterpret_cast<const char*>(bytes), count);
  }

 private:
  std::string& buffer_;
};

}  // namespace

struct XmlWriter::State {
  explicit State(ByteSink out)
      : sink(std::move(out)),
        target(buffer),
        formatter(xercesc::XMLUni::fgUTF8EncodingString, xercesc::XMLUni::fgVersion1_0, &target) {}

  void escaped(std::string_view text, const std::array<bool, 256>& marks,
               XMLFormatter::EscapeFlags escapes) {
    if (is_plain(text, marks)) {
      buffer += text;
      return;
    }
    QZ_ASSERT(is_xml_text(text));
    detail::assign_utf16(wide, text);
    formatter.formatBuf(wide.data(), wide.size() - 1, escapes);
  }

  void close_tag() {
    if (tag_open) buffer += '>';
    tag_open = false;
  }

  void pass_on() {
    if (buffer.size() < kBufferBytes) return;
    sink(buffer);
    buffer.clear();
  }

  ByteSink sink;
  std::string buffer;
  BufferTarget target;
  XMLFormatter formatter;
  std::vector<XMLCh> wide;

  // The open elements' names in one string, with the length of each.
  std::string names;
  std::vector<std::size_t> lengths;
  bool tag_open = false;
};

XmlWriter::XmlWriter(ByteSink sink) {
  detail::start_xerces();
  state_ = std::make_unique<State>(std::move(sink));
}

XmlWriter::~XmlWriter() = default;

void XmlWriter::declaration() { state_->buffer += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"; }

void XmlWriter::start(std::string_view name) {
  QZ_ASSERT(is_xml_name(name));
  state_->close_tag();
  state_->pass_on();
  state_->buffer += '<';
  state_->buffer += name;
  state_->names += name;
  state_->lengths.push_back(name.size());
  state_->tag_open = true;
}

void XmlWriter::attribute(std::string_view name, std::string_view value) {
  QZ_ASSERT(state_->tag_open && is_xml_name(name));
  state_->buffer += ' ';
  state_->buffer += name;
  state_->buffer += "=\"";
  state_->escaped(value, kAttributeMarks, XMLFormatter::AttrEscapes);
  state_->buffer += '"';
}

void XmlWriter::characters(std::string_view text) {
  if (text.empty()) return;
  state_->close_tag();
  state_->escaped(text, kTextMarks, XMLFormatter::CharEscapes);
}

void XmlWriter::newline() {
  state_->close_tag();
  state_->buffer += '\n';
}

void XmlWriter::elements(std::string_view bytes) {
  state_->close_tag();
  if (bytes.size() < kBufferBytes) {
    state_->buffer += bytes;
    return state_->pass_on();
  }
  flush();
  state_->sink(bytes);
}

void XmlWriter::end() {
  QZ_ASSERT(!state_->lengths.empty());
  const std::size_t begin = state_->names.size() - state_->lengths.back();
  if (state_->tag_open) {
    state_->buffer += "/>";
    state_->tag_open = false;
  } else {
    state_->buffer += "</";
    state_->buffer.append(state_->names, begin);
    state_->buffer += '>';
  }
  state_->names.resize(begin);
  state_->lengths.pop_back();
  state_->pass_on();
}

void XmlWriter::flush() {
  state_->sink(state_->buffer);
  state_->buffer.clear();
}

}  // namespace qz::text
