// Encoding: UTF-8 checked by hand because every input byte passes through it; GB18030 by ICU, which
// stops at the first byte that is neither text nor mapped.

#include "text/encoding.h"

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

namespace qz::text {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// The length of the well-formed sequence of more than one byte at `at`, or 0. Unicode 15, table
// 3-7.
std::size_t sequence_length(const unsigned char* at, std::size_t left) {
  const auto tail = [&](std::size_t i) { return (at[i] & 0xC0u) == 0x80u; };
  const unsigned char lead = at[0];
  if (lead < 0xC2) return 0;
  if (lead < 0xE0) return left >= 2 && tail(1) ? 2 : 0;
  if (lead < 0xF0) {
    if (left < 3 || !tail(1) || !tail(2)) return 0;
    if (lead == 0xE0 && at[1] < 0xA0) return 0;   // overlong
    if (lead == 0xED && at[1] >= 0xA0) return 0;  // a surrogate
    return 3;
  }
  if (lead > 0xF4 || left < 4 || !tail(1) || !tail(2) || !tail(3)) return 0;
  if (lead == 0xF0 && at[1] < 0x90) return 0;   // overlong
  if (lead == 0xF4 && at[1] >= 0x90) return 0;  // beyond U+10FFFF
  return 4;
}

// How many bytes from the start are well-formed UTF-8.
std::size_t utf8_prefix(std::string_view bytes) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t i = 0;
  while (i < bytes.size()) {
    if (data[i] < 0x80) {
      // Most files are mostly ASCII: eight bytes at a time while no high bit is set.
      std::uint64_t word = 0;
      while (bytes.size() - i >= sizeof word) {
        std::memcpy(&word, data + i, sizeof word);
        if ((word & kHighBits) != 0) break;
        i += sizeof word;
      }
      while (i < bytes.size() && data[i] < 0x80) ++i;
      continue;
    }
    const std::size_t length = sequence_length(data + i, bytes.size() - i);
    if (length == 0) return i;
    i += length;
  }
  return i;
}

struct ConverterCloser {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, ConverterCloser>;

Converter open_converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  Converter out(ucnv_open(name, &status));
  QZ_ASSERT(U_SUCCESS(status));
  return out;
}

// Appends the text of `bytes` to `out`; returns how many bytes are well-formed GB18030.
std::size_t gb18030_to_utf8(std::string_view bytes, std::string& out) {
  const Converter from = open_converter("gb18030");
  const Converter to = open_converter("UTF-8");
  UErrorCode status = U_ZERO_ERROR;
  ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  ucnv_setFromUCallBack(to.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  QZ_ASSERT(U_SUCCESS(status));

  std::array<UChar, 4096> pivot{};
  UChar* pivot_source = pivot.data();
  UChar* pivot_target = pivot.data();
  std::array<char, 16384> piece{};
  const char* source = bytes.data();
  const char* const source_end = bytes.data() + bytes.size();
  bool first = true;
  do {
    status = U_ZERO_ERROR;
    char* target = piece.data();
    ucnv_convertEx(to.get(), from.get(), &target, piece.data() + piece.size(), &source, source_end,
                   pivot.data(), &pivot_source, &pivot_target, pivot.data() + pivot.size(),
                   static_cast<UBool>(first), true, &status);
    first = false;
    out.append(piece.data(), static_cast<std::size_t>(target - piece.data()));
  } while (status == U_BUFFER_OVERFLOW_ERROR);
  if (U_SUCCESS(status)) return bytes.size();

  // ICU has read past the bytes that it refuses; it tells how many they are.
  std::array<char, 32> refused{};
  auto count = static_cast<std::int8_t>(refused.size());
  UErrorCode ignored = U_ZERO_ERROR;
  ucnv_getInvalidChars(from.get(), refused.data(), &count, &ignored);
  const auto read = static_cast<std::size_t>(source - bytes.data());
  const auto back = static_cast<std::size_t>(U_SUCCESS(ignored) && count > 0 ? count : 1);
  return read >= back ? read - back : 0;
}

std::string hex_byte(unsigned char byte) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {'0', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
}

base::Finding wrong_encoding(std::string_view bytes, std::size_t at, const std::string& file) {
  const auto line =
      1 + std::count(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::string byte =
      hex_byte(static_cast<unsigned char>(bytes[std::min(at, bytes.size() - 1)]));
  return base::failure(
      "wrong-encoding", {file, static_cast<std::uint32_t>(line), 0},
      "the byte " + byte + " here is neither UTF-8 nor GB18030 text (save the file as UTF-8)",
      "此处的字节 " + byte + " 既不是 UTF-8 也不是 GB18030 文字（请另存为 UTF-8）");
}

void append_code_point(std::string& out, UChar32 c) {
  std::array<std::uint8_t, U8_MAX_LENGTH> bytes{};
  std::int32_t length = 0;
  U8_APPEND_UNSAFE(bytes.data(), length, c);
  out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(length));
}

// Full-width and half-width forms become the ordinary form; nothing else changes, so that m² and
// m2 stay different keys.
UChar32 without_width(UChar32 c) {
  const int type = u_getIntPropertyValue(c, UCHAR_DECOMPOSITION_TYPE);
  if (type != U_DT_WIDE && type != U_DT_NARROW) return c;
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfkc = unorm2_getNFKCInstance(&status);
  QZ_ASSERT(U_SUCCESS(status));
  std::array<UChar, 8> units{};
  const std::int32_t length = unorm2_getRawDecomposition(
      nfkc, c, units.data(), static_cast<std::int32_t>(units.size()), &status);
  return U_SUCCESS(status) && length == 1 ? units[0] : c;
}

}  // namespace

bool is_utf8(std::string_view bytes) { return utf8_prefix(bytes) == bytes.size(); }

base::Result<std::string> to_utf8(std::string bytes, const std::string& file) {
  const std::string_view start = std::string_view(bytes).substr(0, 2);
  if (start == "\xFF\xFE" || start == "\xFE\xFF") {
    return base::failure("wrong-encoding", {file, 1, 0},
                         "the file is UTF-16 text (save the file as UTF-8)",
                         "文件是 UTF-16 编码（请另存为 UTF-8）");
  }
  const std::size_t good = utf8_prefix(bytes);
  if (good == bytes.size()) {
    if (bytes.starts_with(kByteOrderMark)) bytes.erase(0, kByteOrderMark.size());
    return bytes;
  }
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 2);
  const std::size_t good_gb = gb18030_to_utf8(bytes, out);
  // The encoding that explains more of the file is the one that was meant.
  if (good_gb != bytes.size()) return wrong_encoding(bytes, std::max(good, good_gb), file);
  if (out.starts_with(kByteOrderMark)) out.erase(0, kByteOrderMark.size());
  return out;
}

std::string folded_key(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  const auto* data = reinterpret_cast<const std::uint8_t*>(utf8.data());
  std::size_t i = 0;
  while (i < utf8.size()) {
    if (data[i] < 0x80) {
      const char c = utf8[i++];
      if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
      out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
      continue;
    }
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(data, i, utf8.size(), c);
    c = without_width(c);
    if (!u_isUWhiteSpace(c)) append_code_point(out, u_foldCase(c, U_FOLD_CASE_DEFAULT));
  }
  return out;
}

std::size_t character_count(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u;
  }));
}

}  // namespace qz::text
