// RFC 8785: one sequence of bytes for one JSON value, so that a hash of it means something.

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/assert.h"
#include "text/json.h"

namespace qz::text {
namespace {

// What a byte of a string needs: 0 itself, 'u' a \u00XX escape, else the letter after a backslash.
constexpr std::array<char, 256> make_escapes() {
  std::array<char, 256> out{};
  for (std::size_t c = 0; c < 0x20; ++c) out[c] = 'u';
  out['\b'] = 'b';
  out['\t'] = 't';
  out['\n'] = 'n';
  out['\f'] = 'f';
  out['\r'] = 'r';
  out['"'] = '"';
  out['\\'] = '\\';
  return out;
}
constexpr std::array<char, 256> kEscapes = make_escapes();

// UTF-8 bytes sort as code points do. UTF-16 differs only in that the characters from U+10000
// (lead bytes F0 to F4) come before U+E000 to U+FFFF (EE and EF).
unsigned utf16_rank(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0xEE || byte == 0xEF ? byte + 0x10u : byte;
}

void append_canonical(std::string& out, const JsonValue& value) {
  switch (value.kind) {
    case JsonValue::Kind::kNull:
      out += "null";
      return;
    case JsonValue::Kind::kBool:
      out += value.boolean ? "true" : "false";
      return;
    case JsonValue::Kind::kNumber:
      QZ_ASSERT(is_canonical_integer(value.text));
      out += value.text;
      return;
    case JsonValue::Kind::kString:
      append_json_string(out, value.text);
      return;
    case JsonValue::Kind::kArray:
      out += '[';
      for (const JsonValue& item : value.items) {
        if (&item != &value.items.front()) out += ',';
        append_canonical(out, item);
      }
      out += ']';
      return;
    case JsonValue::Kind::kObject:
      break;
  }
  std::vector<const JsonValue::Member*> sorted;
  sorted.reserve(value.members.size());
  for (const JsonValue::Member& member : value.members) sorted.push_back(&member);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return canonical_less(a->first, b->first); });
  out += '{';
  for (const JsonValue::Member* member : sorted) {
    if (member != sorted.front()) out += ',';
    append_json_string(out, member->first);
    out += ':';
    append_canonical(out, member->second);
  }
  out += '}';
}

}  // namespace

void append_json_string(std::string& out, std::string_view utf8) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '"';
  std::size_t clean = 0;  // where the run that needs no escape begins
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    const char escape = kEscapes[byte];
    if (escape == 0) continue;
    out.append(utf8, clean, i - clean);
    clean = i + 1;
    out += '\\';
    out += escape;
    if (escape == 'u') {
      out += "00";
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  out.append(utf8, clean, utf8.size() - clean);
  out += '"';
}

bool is_canonical_integer(std::string_view number) {
  constexpr std::string_view kLargest = "9007199254740992";  // 2^53
  if (number == "0") return true;
  if (number.starts_with('-')) number.remove_prefix(1);
  if (number.empty() || number.front() == '0' || number.size() > kLargest.size()) return false;
  if (number.find_first_not_of("0123456789") != std::string_view::npos) return false;
  return number.size() < kLargest.size() || number <= kLargest;
}

std::string canonical_json(const JsonValue& value) {
  std::string out;
  append_canonical(out, value);
  return out;
}

bool canonical_less(std::string_view a, std::string_view b) {
  const auto [in_a, in_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  if (in_b == b.end()) return false;
  if (in_a == a.end()) return true;
  return utf16_rank(*in_a) < utf16_rank(*in_b);
}

}  // namespace qz::text
