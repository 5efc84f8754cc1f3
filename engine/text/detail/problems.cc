// Problems: the sentences that the readers share, and the count that stops a hopeless file.

#include "text/detail/problems.h"

#include "text/encoding.h"

namespace qz::text::detail {
namespace {

// Enough for any name that somebody means.
constexpr std::size_t kColumnCharacters = 200;

}  // namespace

bool Problems::add(Defect defect, std::uint32_t line, std::string_view column) {
  base::Finding out;
  out.code = std::move(defect.code);
  out.column = column;
  out.place = {file_, line, 0};
  out.message = std::move(defect.message);
  return add(std::move(out));
}

bool Problems::add(base::Finding finding) {
  finding.column = excerpt(finding.column, kColumnCharacters);
  const base::Place place = finding.place;
  sink_.problem(std::move(finding));
  if (++count_ < limit_) return true;
  const std::string count = std::to_string(limit_);
  sink_.problem(base::failure(
      "too-many-problems", {place.file, place.line, 0},
      "reading stops here after " + count + " problems (correct those above, then read it again)",
      "已有 " + count + " 个问题，到此停止读取（请先改正以上问题再读）"));
  return false;
}

Defect control_character() {
  return {"control-character",
          {"the cell holds a control character (write it without tabs and control characters)",
           "单元格含有控制字符（请去掉制表符和控制字符）"}};
}

Defect cell_too_large(std::size_t bytes) {
  const std::string n = std::to_string(bytes);
  return {"too-large",
          {"a cell is longer than " + n + " bytes (write a shorter one, or close its quote)",
           "单元格超过 " + n + " 字节（请缩短，或补上结束的引号）"}};
}

Defect record_too_large(std::size_t bytes) {
  const std::string n = std::to_string(bytes);
  return {"too-large",
          {"a record is longer than " + n + " bytes (write each record on a line of its own)",
           "一条记录超过 " + n + " 字节（请每条记录另起一行）"}};
}

Defect too_many_columns(std::size_t columns) {
  const std::string n = std::to_string(columns);
  return {"too-large",
          {"the table has more than " + n + " columns (write fewer, or split the table)",
           "表格超过 " + n + " 列（请减少列数或拆分表格）"}};
}

Defect repeated_name(std::string_view name) {
  const std::string shown = excerpt(name);
  return {"repeated-name",
          {"the name \"" + shown + "\" stands twice (write it once)",
           "名称“" + shown + "”出现两次（请只写一次）"}};
}

bool is_clean_cell(std::string_view cell) {
  std::size_t begin = 0;
  for (std::size_t i = cell.find('\n'); i != std::string_view::npos; i = cell.find('\n', begin)) {
    std::string_view piece = cell.substr(begin, i - begin);
    if (piece.ends_with('\r')) piece.remove_suffix(1);
    if (!is_clean_text(piece)) return false;
    begin = i + 1;
  }
  return is_clean_text(cell.substr(begin));
}

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string excerpt(std::string_view text, std::size_t characters_max) {
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++characters) {
    if (characters == characters_max) return std::string(text.substr(0, end)) + "…";
    std::size_t next = end + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0u) == 0x80u) ++next;
    const std::string_view character = text.substr(end, next - end);
    if (!is_clean_text(character) || !is_utf8(character)) break;
    end = next;
  }
  return std::string(text.substr(0, end));
}

}  // namespace qz::text::detail

namespace qz::text {

bool is_clean_text(std::string_view cell) {
  for (std::size_t i = 0; i < cell.size(); ++i) {
    const auto byte = static_cast<unsigned char>(cell[i]);
    if (byte < 0x20 || byte == 0x7F) return false;
    // U+0080 to U+009F are control characters too.
    if (byte == 0xC2 && i + 1 < cell.size() && static_cast<unsigned char>(cell[i + 1]) < 0xA0) {
      return false;
    }
    // U+FFFE and U+FFFF are no characters, and no XML ledger could carry them.
    if (byte == 0xEF && cell.substr(i).starts_with("\xEF\xBF") && i + 2 < cell.size() &&
        static_cast<unsigned char>(cell[i + 2]) >= 0xBE) {
      return false;
    }
  }
  return true;
}

}  // namespace qz::text
