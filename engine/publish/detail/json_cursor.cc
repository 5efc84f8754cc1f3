// Strings are taken in runs: bytes that mean themselves are appended at once, and only escapes,
// quotes and control characters are looked at one by one.

#include "publish/detail/json_cursor.h"

#include <algorithm>
#include <array>
#include <utility>

#include "publish/detail/limits.h"
#include "text/xml.h"

namespace qz::publish::detail {
namespace {

enum ByteKind : std::uint8_t { kPlain, kBeyondAscii, kSpecial };

constexpr std::array<ByteKind, 256> make_kinds() {
  std::array<ByteKind, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = kSpecial;
  for (std::size_t c = 0x80; c < 256; ++c) out[c] = kBeyondAscii;
  out['"'] = out['\\'] = kSpecial;
  return out;
}
constexpr std::array<ByteKind, 256> kKinds = make_kinds();

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  const auto next = [&](unsigned shift) { byte(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | code >> 6);
    next(0);
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12);
    next(6);
    next(0);
  } else {
    byte(0xF0 | code >> 18);
    next(12);
    next(6);
    next(0);
  }
}

}  // namespace

base::Place place_at(std::string_view bytes, std::size_t offset, const std::string& file) {
  const std::string_view before = bytes.substr(0, offset);
  const auto breaks = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  // Not character_count(): the bytes before a failure need not be good UTF-8.
  const std::string_view line = before.substr(line_begin);
  const auto characters = std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
  return {file, static_cast<std::uint32_t>(breaks + 1), static_cast<std::uint32_t>(characters + 1)};
}

void JsonCursor::fail(std::string code, std::string en, std::string zh) {
  if (failure_) return;
  skip_space();
  if (at_ >= bytes_.size()) {
    code = "truncated-file";
    en = "the ledger ends before it is complete (take the whole file)";
    zh = "台账文件不完整（请使用完整的文件）";
  }
  failure_ =
      base::failure(std::move(code), place_at(bytes_, at_, file_), std::move(en), std::move(zh));
}

void JsonCursor::skip_space() {
  while (at_ < bytes_.size() && is_space(bytes_[at_])) ++at_;
}

bool JsonCursor::take(std::string_view token) {
  if (failure_) return false;
  skip_space();
  if (!bytes_.substr(at_).starts_with(token)) return false;
  at_ += token.size();
  return true;
}

bool JsonCursor::take_after_comma(std::string_view token) {
  const std::size_t before = at_;
  if (take(",") && take(token)) return true;
  at_ = before;
  return false;
}

bool JsonCursor::sees(std::string_view token) {
  const std::size_t before = at_;
  const bool seen = take(token);
  at_ = before;
  return seen;
}

void JsonCursor::need(std::string_view token) {
  if (failure_ || take(token)) return;
  const std::string shown(token);
  fail("malformed-ledger", "a ledger has " + shown + " here (take the file as it was written)",
       "台账此处应为 " + shown + "（请使用原始文件）");
}

void JsonCursor::text(std::string& out) {
  out.clear();
  need("\"");
  if (failure_) return;
  const std::size_t begin = at_;
  bool check = false;
  while (!failure_) {
    const std::size_t run = at_;
    ByteKind kind = kPlain;
    for (; at_ < bytes_.size(); ++at_) {
      kind = kKinds[static_cast<unsigned char>(bytes_[at_])];
      if (kind == kSpecial) break;
      if (kind == kBeyondAscii) check = true;
    }
    if (at_ - begin > kTextBytesMax || at_ - leaf_begin_ > kLeafBytesMax) {
      return fail("too-large", kTooLarge.en, kTooLarge.zh);
    }
    out.append(bytes_, run, at_ - run);
    if (at_ == bytes_.size() || bytes_[at_] == '"') break;
    check = true;
    escape(out);
  }
  if (failure_) return;
  if (at_ == bytes_.size()) return fail({}, {}, {});
  ++at_;
  if (check && !text::is_xml_text(out)) {
    at_ = begin;
    fail("malformed-json", "this text is not well-formed UTF-8, or holds a control character",
         "此文字不是合格的 UTF-8，或含有控制字符");
  }
}

// At a byte that is neither plain nor the closing quote.
void JsonCursor::escape(std::string& out) {
  constexpr std::string_view kLetters = "\"\\/bfnrt";
  constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
  const std::string_view rest = bytes_.substr(at_, 2);
  if (rest.size() == 2 && rest[0] == '\\') {
    const std::size_t letter = kLetters.find(rest[1]);
    if (letter != std::string_view::npos) {
      out += kMeant[letter];
      at_ += 2;
      return;
    }
    if (rest[1] == 'u') {
      std::uint32_t code = hex_unit();
      if (code >= 0xD800 && code < 0xDC00 && bytes_.substr(at_).starts_with("\\u")) {
        const std::uint32_t low = hex_unit();
        if (low >= 0xDC00 && low < 0xE000)
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      }
      // A lone surrogate becomes bytes that is_xml_text() refuses.
      append_utf8(out, code);
      return;
    }
  }
  fail("malformed-json", "a string holds a raw control character or an unknown escape",
       "字符串含有未转义的控制字符或未知的转义");
}

// Takes \uXXXX.
std::uint32_t JsonCursor::hex_unit() {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint32_t out = 0;
  for (std::size_t i = at_ + 2; i < at_ + 6; ++i) {
    const char c = i < bytes_.size() ? bytes_[i] : '"';
    const std::size_t digit = kDigits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    if (digit == std::string_view::npos) {
      fail("malformed-json", "\\u needs four hexadecimal digits", "\\u 之后应为四位十六进制数");
      return 0;
    }
    out = out << 4 | static_cast<std::uint32_t>(digit);
  }
  at_ += 6;
  return out;
}

std::uint64_t JsonCursor::integer(std::uint64_t largest) {
  if (failure_) return 0;
  skip_space();
  std::uint64_t out = 0;
  std::size_t i = at_;
  for (; i < bytes_.size() && bytes_[i] >= '0' && bytes_[i] <= '9' && out <= largest; ++i) {
    // Both stay far below 2^64: `largest` is at most 2^53.
    out = out * 10 + static_cast<std::uint64_t>(bytes_[i] - '0');
  }
  const bool leading_zero = bytes_.substr(at_, 1) == "0" && i > at_ + 1;
  if (i == at_ || leading_zero || out > largest) {
    fail("malformed-ledger",
         "a ledger has a whole number of at most " + std::to_string(largest) + " here",
         "台账此处应为不超过 " + std::to_string(largest) + " 的整数");
    return 0;
  }
  at_ = i;
  return out;
}

void JsonCursor::end() {
  if (failure_) return;
  skip_space();
  if (at_ == bytes_.size()) return;
  fail("malformed-json", "text follows after the ledger's end (remove it)",
       "台账结束之后还有文字（请删去）");
}

bool JsonObjectCursor::has(std::string_view quoted) {
  // A name that is another's beginning is no danger: the closing quote is part of it.
  const bool found = first_ ? in_.take(quoted) : in_.take_after_comma(quoted);
  if (!found) return false;
  first_ = false;
  in_.need(":");
  return true;
}

void JsonObjectCursor::need(std::string_view quoted) {
  if (!first_) in_.need(",");
  in_.need(quoted);
  in_.need(":");
  first_ = false;
}

void JsonObjectCursor::maybe_text(std::string_view quoted, std::string& out) {
  out.clear();
  if (!has(quoted)) return;
  in_.text(out);
  if (in_.ok() && out.empty()) {
    in_.fail("malformed-ledger",
             "a ledger leaves out " + std::string(quoted) + " where it is empty",
             "台账中空的 " + std::string(quoted) + " 应当省略");
  }
}

bool JsonObjectCursor::any(std::string& name) {
  if (!in_.ok() || in_.sees("}")) return false;
  if (!first_) in_.need(",");
  first_ = false;
  in_.text(name);
  in_.need(":");
  return in_.ok();
}

}  // namespace qz::publish::detail
