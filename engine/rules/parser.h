// Parser: the text of a formula to an Expression, by the grammar of the rule language.

#ifndef QZ_RULES_PARSER_H_
#define QZ_RULES_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "rules/expression.h"

namespace qz::rules {

inline constexpr int kNestingMax = 200;            // brackets, ifs, minus signs within each other
inline constexpr std::uint16_t kHeightMax = 1000;  // of the tree: "a + a + …" grows to the left
inline constexpr std::size_t kFormulaBytesMax = 1u << 16;

// `origin` is where the text begins in its file (the character after the opening quote of the JSON
// string); places inside the formula are counted on from there. Failures ("malformed-formula") say
// what was found and what was expected, with a remedy where people usually go wrong:
// "-a ** 2" and "a ** b ** c" need brackets, comparisons do not chain, "==" is "=", "&&" is "and",
// full-width brackets and operators are named.
base::Result<ExpressionPtr> parse_expression(std::string_view text, const base::Place& origin);

// True if `text` is a name of the grammar (letters of any script, digits, "_"; no keyword).
bool is_name(std::string_view text);
// True for if then else and or between in at true false null this.
bool is_keyword(std::string_view text);

}  // namespace qz::rules

#endif  // QZ_RULES_PARSER_H_
