// Xerces' start and its strings. ICU converts, since Xerces' own transcoders allocate for each
// text.

#include "text/detail/xerces.h"

#include <unicode/ustring.h>

#include <xercesc/util/PlatformUtils.hpp>
#include <xercesc/util/XMLString.hpp>

#include "base/assert.h"

namespace qz::text::detail {

static_assert(sizeof(XMLCh) == sizeof(UChar));

void start_xerces() {
  // A local static is started once, and other threads wait for it.
  static const bool kStarted = [] {
    xercesc::XMLPlatformUtils::Initialize();
    return true;
  }();
  QZ_ASSERT(kStarted);
}

void assign_utf16(std::vector<XMLCh>& out, std::string_view utf8) {
  out.resize(utf8.size() + 1);  // never more units than bytes
  std::int32_t length = 0;
  UErrorCode status = U_ZERO_ERROR;
  QZ_ASSERT(utf8.size() < (1u << 30));
  u_strFromUTF8(reinterpret_cast<UChar*>(out.data()), static_cast<std::int32_t>(out.size()),
                &length, utf8.data(), static_cast<std::int32_t>(utf8.size()), &status);
  QZ_ASSERT(U_SUCCESS(status));
  out.resize(static_cast<std::size_t>(length) + 1);
  out.back() = 0;
}

void append_utf8(std::string& out, const XMLCh* text, std::size_t length) {
  std::size_t ascii = 0;
  while (ascii < length && text[ascii] < 0x80) ++ascii;
  const std::size_t before = out.size();
  out.resize(before + ascii);
  for (std::size_t i = 0; i < ascii; ++i) out[before + i] = static_cast<char>(text[i]);
  if (ascii == length) return;

  const std::size_t rest = length - ascii;
  QZ_ASSERT(rest < (1u << 29));
  out.resize(before + ascii + 3 * rest);  // a unit needs three bytes at most
  std::int32_t written = 0;
  UErrorCode status = U_ZERO_ERROR;
  // What the parser gives is sound; a half pair would be replaced rather than trusted.
  u_strToUTF8WithSub(out.data() + before + ascii, static_cast<std::int32_t>(3 * rest), &written,
                     reinterpret_cast<const UChar*>(text + ascii), static_cast<std::int32_t>(rest),
                     0xFFFD, nullptr, &status);
  QZ_ASSERT(U_SUCCESS(status));
  out.resize(before + ascii + static_cast<std::size_t>(written));
}

void assign_utf8(std::string& out, const XMLCh* text, std::size_t length) {
  out.clear();
  append_utf8(out, text, length);
}

std::string utf8(const XMLCh* text) {
  std::string out;
  if (text != nullptr) append_utf8(out, text, xercesc::XMLString::stringLen(text));
  return out;
}

}  // namespace qz::text::detail
