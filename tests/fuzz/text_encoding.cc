// Fuzzes the encodings: what is taken for text is UTF-8 afterwards, and folding twice is folding
// once.

#include <cstdint>
#include <string>

#include "base/assert.h"
#include "text/encoding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  const bool valid = qz::text::is_utf8(bytes);
  const auto text = qz::text::to_utf8(bytes, "a.csv");
  QZ_ASSERT(!valid || text);
  if (!text) {
    QZ_ASSERT(text.failure().code == "wrong-encoding" && text.failure().place.line > 0);
    return 0;
  }
  QZ_ASSERT(qz::text::is_utf8(*text));
  QZ_ASSERT(qz::text::character_count(*text) <= text->size());
  const std::string folded = qz::text::folded_key(*text);
  QZ_ASSERT(qz::text::is_utf8(folded));
  QZ_ASSERT(qz::text::folded_key(folded) == folded);
  return 0;
}
