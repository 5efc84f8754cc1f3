#include "cli/listing.h"

#include <algorithm>
#include <cstdint>

#include "base/assert.h"
#include "text/json.h"
#include "text/xml.h"

namespace qz::cli {
namespace {

// The code point that begins at `i`, and moves past it. Precondition: well-formed UTF-8.
std::uint32_t next_character(std::string_view utf8, std::size_t& i) {
  const auto lead = static_cast<unsigned char>(utf8[i++]);
  const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  std::uint32_t code = more == 0 ? lead : lead & (0x3fu >> more);
  for (int k = 0; k < more && i < utf8.size(); ++k) {
    code = (code << 6) | (static_cast<unsigned char>(utf8[i++]) & 0x3fu);
  }
  return code;
}

bool is_wide(std::uint32_t code) {
  return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) ||
         (code >= 0xac00 && code <= 0xd7a3) || (code >= 0xf900 && code <= 0xfaff) ||
         (code >= 0xfe30 && code <= 0xfe4f) || (code >= 0xff00 && code <= 0xff60) ||
         (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x20000 && code <= 0x3fffd);
}

void append_csv_cell(std::string& out, std::string_view cell) {
  if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += cell;
    return;
  }
  out += '"';
  for (const char c : cell) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

}  // namespace

void append_csv_row(std::string& out, const std::vector<std::string_view>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += ',';
    append_csv_cell(out, cells[i]);
  }
  out += '\n';
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t i = 0; i < utf8.size();) width += is_wide(next_character(utf8, i)) ? 2 : 1;
  return width;
}

void Listing::add(Row row) {
  QZ_ASSERT(row.size() == headings_.size());
  rows_.push_back(std::move(row));
}

std::string Listing::text(std::string_view language) const {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < headings_.size(); ++c) {
    std::size_t width = display_width(headings_[c].title.in(language));
    for (const Row& row : rows_) width = std::max(width, display_width(row[c]));
    widths.push_back(width);
  }
  std::string out;
  const auto append = [&](auto&& cell) {
    std::string line;
    for (std::size_t c = 0; c < widths.size(); ++c) {
      const std::string& text = cell(c);
      line += text + std::string(widths[c] - display_width(text) + 2, ' ');
    }
    out += line.substr(0, line.find_last_not_of(' ') + 1) + '\n';
  };
  append([&](std::size_t c) -> const std::string& { return headings_[c].title.in(language); });
  for (const Row& row : rows_) append([&](std::size_t c) -> const std::string& { return row[c]; });
  return out;
}

std::string Listing::csv() const {
  std::string out;
  std::vector<std::string_view> cells;
  for (const Heading& heading : headings_) cells.push_back(heading.code);
  append_csv_row(out, cells);
  for (const Row& row : rows_) append_csv_row(out, {row.begin(), row.end()});
  return out;
}

std::string Listing::json() const {
  std::string out = "[";
  for (const Row& row : rows_) {
    out += out.size() > 1 ? ",\n{" : "\n{";
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (row[c].empty()) continue;
      if (out.back() != '{') out += ',';
      text::append_json_string(out, headings_[c].code);
      out += ':';
      text::append_json_string(out, row[c]);
    }
    out += '}';
  }
  return out + "\n]\n";
}

std::string Listing::xml() const {
  std::string out;
  text::XmlWriter writer([&](std::string_view bytes) { out += bytes; });
  writer.declaration();
  writer.start("table");
  writer.newline();
  for (const Row& row : rows_) {
    writer.start("row");
    for (std::size_t c = 0; c < row.size(); ++c) {
      if (!row[c].empty()) writer.attribute(headings_[c].code, row[c]);
    }
    writer.end();
    writer.newline();
  }
  writer.end();
  writer.newline();
  writer.flush();
  return out;
}

std::string Listing::in(std::string_view format, std::string_view language) const {
  if (format == "csv") return csv();
  if (format == "json") return json();
  if (format == "xml") return xml();
  return text(language);
}

}  // namespace qz::cli
