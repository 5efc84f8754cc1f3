// What XML 1.0 can carry: characters and names.

#include <cstdint>

#include "text/encoding.h"
#include "text/xml.h"

namespace qz::text {
namespace {

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool is_xml_text(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return false;
    // U+FFFE and U+FFFF.
    if (byte == 0xEF && utf8.substr(i).starts_with("\xEF\xBF") && i + 2 < utf8.size() &&
        static_cast<unsigned char>(utf8[i + 2]) >= 0xBE) {
      return false;
    }
  }
  return is_utf8(utf8);
}

void append_xml_attribute(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\t':
        out += "&#x9;";
        break;
      case '\n':
        out += "&#xA;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        out += c;
    }
  }
}

void append_xml_text(std::string& out, std::string_view value) {
  for (const char c : value) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\r':
        out += "&#xD;";
        break;
      default:
        out += c;
    }
  }
}

bool is_xml_name(std::string_view name) {
  if (name.empty()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    // Beyond ASCII nearly every letter may stand in a name; the reader is the referee for the rest.
    if (is_ascii_letter(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80)
      continue;
    if (i > 0 && ((c >= '0' && c <= '9') || c == '-' || c == '.')) continue;
    return false;
  }
  return true;
}

}  // namespace qz::text
