// Lexer: one pass from left to right; the tables of blocks and of remedies come first.

#include "rules/lexer.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "rules/parser.h"

namespace qz::rules {
namespace {

using base::Bilingual;

constexpr char32_t kReplacement = 0xFFFD;

struct Block {
  char32_t first;
  char32_t last;
};

// Not letters, in order. Everything else from U+0080 on is one.
constexpr Block kNotLetters[] = {
    {0x0080, 0x00A9},
    {0x00AB, 0x00B4},
    {0x00B6, 0x00B9},
    {0x00BB, 0x00BF},
    {0x00D7, 0x00D7},
    {0x00F7, 0x00F7},  // multiplication and division signs
    {0x02C2, 0x02DF},
    {0x0300, 0x036F},  // accents on their own: é is one character in names
    {0x037E, 0x037E},
    {0x0387, 0x0387},
    {0x0600, 0x061F},
    {0x0660, 0x066D},
    {0x06F0, 0x06F9},
    {0x0966, 0x096F},
    {0x2000, 0x2BFF},  // punctuation, subscripts, currencies,
                       // arrows, operators, shapes
    {0x2E00, 0x2FFF},  // more punctuation, radicals
    {0x3000, 0x3004},
    {0x3008, 0x303F},  // CJK punctuation; 々 〆 〇 are letters
    {0x3099, 0x309C},
    {0x30A0, 0x30A0},
    {0x30FB, 0x30FB},
    {0x3190, 0x319F},
    {0x3200, 0x33FF},  // enclosed and squared words: ㎡ is a unit, no name
    {0x4DC0, 0x4DFF},
    {0xD800, 0xF8FF},
    {0xFE00, 0xFE6F},
    {0xFEFF, 0xFEFF},
    {0xFF00, 0xFF20},
    {0xFF3B, 0xFF40},
    {0xFF5B, 0xFF65},  // full-width digits and signs
    {0xFFE0, 0xFFFF},
    {0x1F000, 0x1FAFF},
    {0xE0000, 0x10FFFF},
};

struct Remedy {
  std::string_view found;
  std::string_view write;
};

// What people write in place of a sign of the grammar. The longer one comes first.
constexpr Remedy kRemedies[] = {
    {"==", "="},   {"=>", ">="},    {"=<", "<="},     {"<>", "!="},
    {"&&", "and"}, {"||", "or"},    {"&", "and"},     {"|", "or"},
    {"^", "**"},   {"!", "not(…)"}, {"'", "\""},      {"?", "if … then … else …"},
    {"（", "("},   {"）", ")"},     {"［", "["},      {"］", "]"},
    {"【", "["},   {"】", "]"},     {"，", ","},      {"、", ","},
    {"．", "."},   {"。", "."},     {"＋", "+"},      {"－", "-"},
    {"−", "-"},    {"–", "-"},      {"—", "-"},       {"＊", "*"},
    {"×", "*"},    {"·", "*"},      {"∙", "*"},       {"⋅", "*"},
    {"／", "/"},   {"÷", "/"},      {"＝", "="},      {"≠", "!="},
    {"＜", "<"},   {"＞", ">"},     {"≤", "<="},      {"≥", ">="},
    {"≦", "<="},   {"≧", ">="},     {"“", "\""},      {"”", "\""},
    {"‘", "\""},   {"’", "\""},     {"「", "\""},     {"」", "\""},
    {"＂", "\""},  {"＆", "and"},   {"｜", "or"},     {"！", "not(…)"},
    {"²", "** 2"}, {"³", "** 3"},   {"√", "sqrt(…)"}, {"∑", "sum(…)"},
    {"∧", "and"},  {"∨", "or"},     {"¬", "not(…)"},
};

constexpr std::array<std::string_view, 17> kMarks = {
    "**", "!=", "<=", ">=", "=", "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",", "."};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }
std::string quoted_zh(std::string_view text) { return "“" + std::string(text) + "”"; }

Bilingual advice(std::string_view found, std::string_view write) {
  return {quoted(found) + " is no sign of a formula: write " + std::string(write),
          quoted_zh(found) + " 不是公式中的符号，请写 " + std::string(write)};
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    while (!stopped_ && at_ < text_.size()) step();
    if (stopped_) return std::move(tokens_);
    add(TokenKind::kEnd, {});
    return std::move(tokens_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }

  // Moves over `bytes`, counting the characters that begin there.
  void skip(std::size_t bytes) {
    for (const char c : text_.substr(at_, bytes)) {
      if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u) ++offset_;
    }
    at_ += bytes;
  }

  void add(TokenKind kind, std::string text) {
    Token token;
    token.kind = kind;
    token.text = std::move(text);
    token.offset = offset_;
    tokens_.push_back(std::move(token));
  }

  void stop(Bilingual message) {
    add(TokenKind::kBad, {});
    tokens_.back().message = std::move(message);
    add(TokenKind::kEnd, {});
    stopped_ = true;
  }

  void step() {
    const char c = text_[at_];
    if (is_space(c)) return skip(1);
    if (is_digit(c)) return number();
    if (c == '"') return text();
    std::size_t bytes = 0;
    const char32_t character = first_character(rest(), bytes);
    if (character == U'_' || is_letter(character)) return name();
    mark();
  }

  std::size_t digits(std::size_t from) const {
    while (from < text_.size() && is_digit(text_[from])) ++from;
    return from;
  }

  void number() {
    std::size_t end = digits(at_);
    if (end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1])) {
      end = digits(end + 1);
    }
    if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
      std::size_t exponent = end + 1;
      if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
      if (digits(exponent) > exponent) end = digits(exponent);
    }
    const std::string written(text_.substr(at_, end - at_));
    add(TokenKind::kNumber, written);
    skip(end - at_);
    if (at_ == text_.size()) return;
    std::size_t bytes = 0;
    const char32_t next = first_character(rest(), bytes);
    if (next == U'_' || is_letter(next)) {
      return stop({"a letter follows the number " + written + ": write " + written +
                       "[unit] for a unit, " + written + " * name for a product",
                   "数字 " + written + " 后紧跟字母：单位请写 " + written + "[单位]，相乘请写 " +
                       written + " * 名称"});
    }
    if (next == U'%') {
      return stop({"write " + written + "[%]", "请写 " + written + "[%]"});
    }
    unit();
  }

  // A bracket after a number is a unit, never a filter; its codes are no tokens.
  void unit() {
    std::size_t open = at_;
    while (open < text_.size() && is_space(text_[open])) ++open;
    if (open == text_.size() || text_[open] != '[') return;
    skip(open - at_);
    const std::size_t close = text_.find(']', open);
    if (close == std::string_view::npos) {
      return stop({"the unit that begins here has no ]", "此处开始的单位缺少 ]"});
    }
    std::string_view inside = text_.substr(open + 1, close - open - 1);
    while (!inside.empty() && is_space(inside.front())) inside.remove_prefix(1);
    while (!inside.empty() && is_space(inside.back())) inside.remove_suffix(1);
    if (inside.empty()) return stop({"the unit is empty", "单位为空"});
    add(TokenKind::kUnit, std::string(inside));
    skip(close + 1 - open);
  }

  void text() {
    std::string decoded;
    for (std::size_t i = at_ + 1; i < text_.size(); ++i) {
      if (text_[i] == '"') {
        add(TokenKind::kText, std::move(decoded));
        return skip(i + 1 - at_);
      }
      if (text_[i] == '\\') {
        const char next = i + 1 < text_.size() ? text_[i + 1] : '\0';
        if (next != '"' && next != '\\') {
          skip(i - at_);
          return stop({"only \\\" and \\\\ may follow a backslash in a text",
                       "文本中的反斜杠后只能是 \\\" 或 \\\\"});
        }
        ++i;
      }
      decoded += text_[i];
    }
    stop({"the text that begins here has no closing \"", "此处开始的文本缺少结束的 \""});
  }

  void name() {
    std::size_t end = at_;
    while (end < text_.size()) {
      std::size_t bytes = 0;
      const char32_t character = first_character(text_.substr(end), bytes);
      if (character != U'_' && !is_letter(character) && !is_digit(text_[end])) break;
      end += bytes;
    }
    std::string word(text_.substr(at_, end - at_));
    const TokenKind kind = is_keyword(word) ? TokenKind::kWord : TokenKind::kName;
    add(kind, std::move(word));
    skip(end - at_);
  }

  void mark() {
    if (rest().starts_with("//") || rest().starts_with("/*")) {
      return stop({"a formula has no comments: use the column's \"note\"",
                   "公式中没有注释，请写在该列的 \"note\" 中"});
    }
    for (const Remedy& remedy : kRemedies) {
      // "!=" is a sign of the grammar although "!" is none.
      if (rest().starts_with(remedy.found) && !rest().starts_with("!=")) {
        return stop(advice(remedy.found, remedy.write));
      }
    }
    for (const std::string_view sign : kMarks) {
      if (rest().starts_with(sign)) {
        add(TokenKind::kMark, std::string(sign));
        return skip(sign.size());
      }
    }
    stray();
  }

  void stray() {
    std::size_t bytes = 0;
    const char32_t character = first_character(rest(), bytes);
    if (character == kReplacement) {
      return stop({"the formula is not valid UTF-8 here", "公式此处不是有效的 UTF-8"});
    }
    if (character == 0x3000 || character == 0x00A0) {
      return stop({"a full-width or hard space: write an ordinary space",
                   "此处为全角空格或不换行空格，请写普通空格"});
    }
    const std::string found(rest().substr(0, bytes));
    if (character >= 0xFF10 && character <= 0xFF19) {
      const std::string digit(1, static_cast<char>('0' + (character - 0xFF10)));
      return stop({"the full-width digit " + quoted(found) + ": write " + digit,
                   "全角数字" + quoted_zh(found) + "请写 " + digit});
    }
    if (character < 0x20 || character == 0x7F) {
      return stop({"a control character has no place in a formula", "公式中不能有控制字符"});
    }
    stop({quoted(found) + " is no sign of a formula", quoted_zh(found) + "不是公式中的符号"});
  }

  std::string_view text_;
  std::size_t at_ = 0;        // bytes read
  std::uint32_t offset_ = 0;  // characters read
  bool stopped_ = false;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).run(); }

bool is_letter(char32_t character) {
  if (character < 0x80) {
    return (character >= U'a' && character <= U'z') || (character >= U'A' && character <= U'Z');
  }
  const auto* block = std::lower_bound(std::begin(kNotLetters), std::end(kNotLetters), character,
                                       [](const Block& b, char32_t c) { return b.last < c; });
  return block == std::end(kNotLetters) || character < block->first;
}

char32_t first_character(std::string_view text, std::size_t& bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  bytes = 1;
  const unsigned lead = byte(0);
  if (lead < 0x80) return static_cast<char32_t>(lead);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return kReplacement;
  char32_t character = static_cast<char32_t>(lead & (0xFFu >> (length + 1)));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return kReplacement;
    character = (character << 6) | static_cast<char32_t>(byte(i) & 0x3Fu);
  }
  constexpr char32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < kLeast[length] || character > 0x10FFFF || surrogate) return kReplacement;
  bytes = length;
  return character;
}

}  // namespace qz::rules
