// JSON events: nlohmann's SAX reader, fed through an iterator that knows how far it has read.
//
// nlohmann tells no places. But a callback comes right after its token was scanned, and between two
// tokens stand only white space, commas and colons, which the parser has checked; so the start of a
// token is found by skipping those from the end of the one before.

#include "text/detail/json_events.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "text/detail/problems.h"
#include "text/encoding.h"

namespace qz::text::detail {
namespace {

using nlohmann::json;

struct Cursor {
  const char* at = nullptr;
  const char* limit = nullptr;  // where the reader is told that the text ends
};

// Reads through a shared cursor; a default one is the end.
class CursorIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CursorIterator() = default;
  explicit CursorIterator(Cursor* cursor) : cursor_(cursor) {}
  const char& operator*() const { return *cursor_->at; }
  CursorIterator& operator++() {
    ++cursor_->at;
    return *this;
  }
  bool operator==(const CursorIterator&) const { return cursor_->at == cursor_->limit; }
  bool operator!=(const CursorIterator& other) const { return !(*this == other); }

 private:
  Cursor* cursor_ = nullptr;
};

bool is_number_character(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

struct Advice {
  std::string_view sign;  // what nlohmann's message contains
  const char* en;
  const char* zh;
};

constexpr Advice kAdvice[] = {
    {"control character",
     "the string holds a control character (write it as an escape: \\n, \\t, \\u0001)",
     "字符串含有控制字符（请写成转义：\\n、\\t、\\u0001）"},
    {"missing closing quote", "the string is not closed (write a quotation mark at its end)",
     "字符串没有结束（请在末尾补上双引号）"},
    {"surrogate", "the string holds half of a surrogate pair (write the character itself)",
     "字符串含有不成对的代理项（请直接写出该字符）"},
    {"ill-formed UTF-8", "the string is not UTF-8 text (save the file as UTF-8)",
     "字符串不是 UTF-8 文字（请另存为 UTF-8）"},
    {"invalid string", "the string holds an unknown escape (write \\\\ for a backslash)",
     "字符串含有未知转义（反斜杠请写成 \\\\）"},
    {"invalid number",
     "the number is not written as JSON demands (write it like -1200.50 or 1e3, without + or "
     "leading zeros)",
     "数字写法不合 JSON（请写成 -1200.50 或 1e3，不带加号和前导零）"},
    {"out_of_range", "the number is too large (write one below 1e100)",
     "数字过大（请写小于 1e100 的数）"},
};

// nlohmann's callbacks, with places added.
class Scanner {
 public:
  using number_integer_t = json::number_integer_t;
  using number_unsigned_t = json::number_unsigned_t;
  using number_float_t = json::number_float_t;
  using string_t = json::string_t;
  using binary_t = json::binary_t;

  Scanner(std::string_view text, const std::string& file, const JsonScanLimits& limits,
          JsonEvents& events)
      : text_(text), file_(file), limits_(limits), events_(events) {
    cursor_.at = text_.data();
    move_limit(0);
  }

  std::optional<base::Finding> run() {
    const bool complete = json::sax_parse(CursorIterator(&cursor_), CursorIterator(), this);
    if (failure_ || !complete) return failure_;
    // nlohmann takes a zero byte for the end of the text.
    to_token();
    if (at_.offset != text_.size()) fail_here("unexpected");
    return failure_;
  }

  bool null() { return token(4) && events_.null(at_); }
  bool boolean(bool value) { return token(value ? 4 : 5) && events_.boolean(value, at_); }
  bool number_integer(number_integer_t) { return number(); }
  bool number_unsigned(number_unsigned_t) { return number(); }
  bool number_float(number_float_t, const string_t&) { return number(); }
  bool string(string_t& value) { return quoted() && events_.string(value, at_); }
  bool key(string_t& value) { return quoted() && events_.name(value, at_); }
  bool binary(binary_t&) { return false; }
  bool start_object(std::size_t) { return open(JsonValue::Kind::kObject); }
  bool start_array(std::size_t) { return open(JsonValue::Kind::kArray); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception& error) {
    to_token();
    fail_here(error.what());
    return false;
  }

 private:
  void move_limit(std::size_t from) {
    const std::size_t left = text_.size() - from;
    cursor_.limit = text_.data() + from + std::min(left, limits_.token_bytes);
  }

  // Moves at_ from the end of the last token to the start of the next.
  void to_token() {
    advance_to(last_end_);
    std::size_t i = last_end_;
    while (i < text_.size() && (text_[i] == ' ' || text_[i] == '\t' || text_[i] == '\r' ||
                                text_[i] == ',' || text_[i] == ':' || text_[i] == '\n')) {
      if (text_[i++] == '\n') {
        at_ = {i, at_.line + 1, 1};
      }
    }
    advance_to(i);
  }

  // Counts characters within a line; each byte is visited once in all.
  void advance_to(std::size_t offset) {
    at_.column +=
        static_cast<std::uint32_t>(character_count(text_.substr(at_.offset, offset - at_.offset)));
    at_.offset = offset;
  }

  bool token(std::size_t length) {
    to_token();
    last_end_ = at_.offset + length;
    move_limit(last_end_);
    return true;
  }

  // The reader has just taken the closing quote.
  bool quoted() {
    to_token();
    last_end_ = static_cast<std::size_t>(cursor_.at - text_.data());
    move_limit(last_end_);
    return true;
  }

  bool number() {
    to_token();
    std::size_t end = at_.offset;
    while (end < text_.size() && is_number_character(text_[end])) ++end;
    last_end_ = end;
    // A number that the limit has cut looks complete to the reader.
    if (cursor_.at == cursor_.limit && text_.data() + end > cursor_.limit) return too_large();
    move_limit(last_end_);
    return events_.number(text_.substr(at_.offset, end - at_.offset), at_);
  }

  bool open(JsonValue::Kind kind) {
    token(1);
    if (++depth_ <= limits_.depth) return events_.open(kind, at_);
    const std::string n = std::to_string(limits_.depth);
    failure_ = base::failure("too-deep", place(),
                             "values are nested deeper than " + n + " levels (write them flatter)",
                             "嵌套超过 " + n + " 层（请减少嵌套）");
    return false;
  }

  bool close() {
    token(1);
    --depth_;
    return events_.close(at_);
  }

  base::Place place() const { return {file_, at_.line, at_.column}; }

  bool too_large() {
    const std::string n = std::to_string(limits_.token_bytes);
    failure_ = base::failure("too-large", place(),
                             "a value is longer than " + n + " bytes (write a shorter one)",
                             "一个值超过 " + n + " 字节（请缩短）");
    return false;
  }

  void fail_here(std::string_view reason) {
    const char* const end = text_.data() + text_.size();
    if (cursor_.at == cursor_.limit && cursor_.limit != end) {
      too_large();
      return;
    }
    const bool open_string = reason.find("missing closing quote") != std::string_view::npos;
    if (at_.offset == text_.size() && last_end_ == 0) {
      return malformed("the file holds no JSON value (write one, such as {} or [])",
                       "文件中没有 JSON 值（请写一个值，如 {} 或 []）");
    }
    if (at_.offset == text_.size() || (open_string && cursor_.at == end)) {
      failure_ = base::failure(
          "truncated-file", place(),
          "the JSON text ends before it is complete (write the rest, to the last closing bracket)",
          "JSON 文字没有写完（请补全到最后一个括号）");
      return;
    }
    for (const Advice& advice : kAdvice) {
      if (reason.find(advice.sign) != std::string_view::npos) {
        return malformed(advice.en, advice.zh);
      }
    }
    std::string shown = excerpt(text_.substr(at_.offset, 64));
    shown = shown.substr(0, shown.find_first_of(" ,]}"));
    if (shown.empty()) shown = excerpt(text_.substr(at_.offset, 1));
    const std::string en = shown.empty() ? "this character" : "\"" + shown + "\"";
    const std::string zh = shown.empty() ? "此字符" : "“" + shown + "”";
    malformed(en + " cannot stand here (write a value, or the comma, colon or bracket that is "
                   "missing before it)",
              "此处不能写" + zh + "（请写一个值，或补上其前缺少的逗号、冒号或括号）");
  }

  void malformed(std::string en, std::string zh) {
    failure_ = base::failure("malformed-json", place(), std::move(en), std::move(zh));
  }

  std::string_view text_;
  const std::string& file_;
  const JsonScanLimits& limits_;
  JsonEvents& events_;
  Cursor cursor_;
  JsonPosition at_;
  std::size_t last_end_ = 0;
  std::size_t depth_ = 0;
  std::optional<base::Finding> failure_;
};

}  // namespace

std::optional<base::Finding> scan_json(std::string_view utf8, const std::string& file,
                                       const JsonScanLimits& limits, JsonEvents& events) {
  if (utf8.starts_with("\xEF\xBB\xBF")) utf8.remove_prefix(3);
  return Scanner(utf8, file, limits, events).run();
}

}  // namespace qz::text::detail
