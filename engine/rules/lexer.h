// Lexer: a formula's text to tokens, each knowing how many characters stand before it.
//
// (1) Any bytes give tokens; (2) the last token is kEnd; (3) what is no token becomes one kBad with
// the reason and the remedy, and nothing after it is read.

#ifndef QZ_RULES_LEXER_H_
#define QZ_RULES_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"

namespace qz::rules {

enum class TokenKind : std::uint8_t { kNumber, kUnit, kText, kName, kWord, kMark, kBad, kEnd };

struct Token {
  TokenKind kind = TokenKind::kEnd;
  // A number as written; a unit without its brackets; a text decoded; a name; a keyword; a sign.
  std::string text;
  std::uint32_t offset = 0;  // characters before it
  base::Bilingual message;   // kBad: what is wrong, and what to write
};

std::vector<Token> tokenize(std::string_view text);

// Letters of any script, by blocks: what is no punctuation, sign, mark, digit or symbol. Names need
// only be told from operators here, so the blocks are coarser than Unicode's own property.
bool is_letter(char32_t character);

// The first character of `text` and the bytes it takes; where the bytes are not UTF-8, 0xFFFD
// and 1. Precondition: `text` is not empty.
char32_t first_character(std::string_view text, std::size_t& bytes);

}  // namespace qz::rules

#endif  // QZ_RULES_LEXER_H_
