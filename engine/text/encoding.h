// Encoding: what a file's bytes are, told without a flag: valid UTF-8 is UTF-8, else valid GB18030,
// else refused.

#ifndef QZ_TEXT_ENCODING_H_
#define QZ_TEXT_ENCODING_H_

#include <string>
#include <string_view>

#include "base/result.h"

namespace qz::text {

// True if `bytes` is well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view bytes);

// The same text as UTF-8 without a byte order mark. UTF-8 input is not copied more than once
// (moved through where there is no mark). Failure "wrong-encoding" names the byte's line.
base::Result<std::string> to_utf8(std::string bytes, const std::string& file);

// Letter case, width (full-width forms) and spaces folded: keys that differ only so are duplicates.
std::string folded_key(std::string_view utf8);

// Code points in well-formed UTF-8, for column numbers.
std::size_t character_count(std::string_view utf8);

}  // namespace qz::text

#endif  // QZ_TEXT_ENCODING_H_
