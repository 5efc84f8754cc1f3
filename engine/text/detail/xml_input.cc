// XML input: the declaration is read by hand, because the bytes must be converted before Xerces
// sees them: it would take encodings that nobody here has asked for.

#include "text/detail/xml_input.h"

#include <algorithm>
#include <cstring>
#include <xercesc/util/XMLUni.hpp>

#include "text/detail/problems.h"
#include "text/encoding.h"

namespace qz::text::detail {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The value of version= or encoding= in an XML declaration; empty if there is none.
std::string declared(std::string_view declaration, std::string_view name) {
  std::size_t at = declaration.find(name);
  if (at == std::string_view::npos || at == 0 || !is_space(declaration[at - 1])) return {};
  at += name.size();
  const auto skip = [&] {
    while (at < declaration.size() && is_space(declaration[at])) ++at;
  };
  skip();
  if (at == declaration.size() || declaration[at++] != '=') return {};
  skip();
  if (at == declaration.size()) return {};
  const char quote = declaration[at++];
  if (quote != '"' && quote != '\'') return {};
  const std::size_t end = declaration.find(quote, at);
  if (end == std::string_view::npos) return {};
  return std::string(declaration.substr(at, end - at));
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

// Where the first element or document type begins: behind white space, comments and instructions.
std::size_t prolog_end(std::string_view text) {
  std::size_t at = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (;;) {
    while (at < text.size() && is_space(text[at])) ++at;
    const std::string_view rest = text.substr(at);
    std::size_t end = std::string_view::npos;
    if (rest.starts_with("<!--")) end = rest.find("-->", 4);
    if (rest.starts_with("<?")) end = rest.find("?>", 2);
    if (end == std::string_view::npos) return at;
    at += end;
    at = text.find('>', at) + 1;
  }
}

// Notes where the first element begins; a failure if a document type stands before it.
base::Result<XmlText> with_prolog_read(XmlText out, std::string_view bytes,
                                       const std::string& file) {
  const std::string_view text = out.text(bytes);
  const std::size_t at = prolog_end(text);
  const auto breaks =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  out.root_line = 1 + static_cast<std::uint32_t>(breaks);
  if (!text.substr(at).starts_with("<!DOCTYPE")) return out;
  return refused_dtd({file, out.root_line, 0});
}

// Gives the text piece by piece, and an early end where a tag or text has none.
class MemoryStream final : public xercesc::BinInputStream {
 public:
  MemoryStream(std::string_view text, XmlFlow* flow) : text_(text), flow_(flow) {}
  XMLFilePos curPos() const override { return at_; }
  const XMLCh* getContentType() const override { return nullptr; }

  XMLSize_t readBytes(XMLByte* const out, const XMLSize_t room) override {
    const std::size_t count = std::min<std::size_t>(room, text_.size() - at_);
    if (flow_ != nullptr) {
      flow_->at_end = at_ + count == text_.size();
      if (flow_->since_event > flow_->limit) {
        flow_->too_large = true;
        return 0;
      }
      flow_->since_event += count;
    }
    if (count > 0) std::memcpy(out, text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string_view text_;
  XmlFlow* flow_;
  std::size_t at_ = 0;
};

}  // namespace

base::Result<XmlText> xml_text(std::string_view bytes, const std::string& file) {
  std::string_view start = bytes.substr(0, 1024);
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  std::string_view declaration;
  if (start.starts_with("<?xml")) declaration = start.substr(0, start.find("?>"));

  const std::string version = declared(declaration, "version");
  if (!version.empty() && version != "1.0") {
    return base::failure("malformed-xml", {file, 1, 0},
                         "XML of version " + excerpt(version) + " is not read (write version 1.0)",
                         "不支持 XML " + excerpt(version) + " 版（请写 1.0 版）");
  }
  const std::string encoding = lower(declared(declaration, "encoding"));
  const bool is_gb = encoding == "gb18030" || encoding == "gbk" || encoding == "gb2312";
  if (!is_gb && !encoding.empty() && encoding != "utf-8") {
    return base::failure(
        "wrong-encoding", {file, 1, 0},
        "the encoding " + excerpt(encoding) + " is not read (save the file as UTF-8)",
        "不支持编码 " + excerpt(encoding) + "（请另存为 UTF-8）");
  }
  // Valid UTF-8 is UTF-8 even where an older declaration was left standing, as in every other file.
  XmlText out;
  if (is_utf8(bytes)) return with_prolog_read(std::move(out), bytes, file);
  base::Result<std::string> converted = to_utf8(std::string(bytes), file);
  if (!converted) return converted.failure();
  if (!is_gb) {
    return base::failure("wrong-encoding", {file, 1, 0},
                         "the file is not UTF-8 and declares no other encoding (save it as UTF-8, "
                         "or declare encoding=\"GB18030\")",
                         "文件不是 UTF-8，也没有声明其他编码（请另存为 UTF-8，或声明 "
                         "encoding=\"GB18030\"）");
  }
  out.converted = std::move(*converted);
  return with_prolog_read(std::move(out), bytes, file);
}

base::Finding refused_dtd(base::Place place) {
  return base::failure("dtd-refused", std::move(place),
                       "a document type and entities are not read (remove <!DOCTYPE …> and write "
                       "the characters themselves)",
                       "不支持文档类型和实体（请删去 <!DOCTYPE …> 并直接写出字符）");
}

MemorySource::MemorySource(std::string_view utf8, XmlFlow* flow) : utf8_(utf8), flow_(flow) {
  setEncoding(xercesc::XMLUni::fgUTF8EncodingString);
}

xercesc::BinInputStream* MemorySource::makeStream() const { return new MemoryStream(utf8_, flow_); }

}  // namespace qz::text::detail
