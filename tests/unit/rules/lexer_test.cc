// Lexer: tokens, their places in characters, and the remedy for what is no token.

#include "rules/lexer.h"

#include <gtest/gtest.h>

namespace qz::rules {
namespace {

std::string shown(std::string_view text) {
  std::string out;
  for (const Token& token : tokenize(text)) {
    const char* const kinds[] = {"number", "unit", "text", "name", "word", "mark", "bad", "end"};
    if (!out.empty()) out += ' ';
    out += std::to_string(token.offset) + ":" + kinds[static_cast<int>(token.kind)];
    if (!token.text.empty()) out += ":" + token.text;
  }
  return out;
}

struct TokenCase {
  const char* name;
  const char* text;
  const char* tokens;
};

const TokenCase kTokens[] = {
    {"Empty", "", "0:end"},
    {"Spaces", " \t\r\n ", "5:end"},
    {"Number", "1200.50", "0:number:1200.50 7:end"},
    {"Exponent", "1.5e-3", "0:number:1.5e-3 6:end"},
    {"PointNeedsDigits", "1.x", "0:number:1 1:mark:. 2:name:x 3:end"},
    {"Unit", "12 [ t ]", "0:number:12 3:unit:t 8:end"},
    {"UnitWithSpaceInside", "1[10^4 Nm3]", "0:number:1 1:unit:10^4 Nm3 11:end"},
    {"FilterIsNoUnit", "t[3]", "0:name:t 1:mark:[ 2:number:3 3:mark:] 4:end"},
    {"Text", R"("a\"b\\c")", R"(0:text:a"b\c 9:end)"},
    {"EmptyText", "\"\"", "0:text 2:end"},
    {"NameOfAnyScript", "消耗量2 + Größe_β", "0:name:消耗量2 5:mark:+ 7:name:Größe_β 14:end"},
    {"IterationMarks", "々〆〇", "0:name:々〆〇 3:end"},
    {"Keyword", "if iff", "0:word:if 3:name:iff 6:end"},
    {"CaseCounts", "And", "0:name:And 3:end"},
    {"LongestMark", "a**b<=c!=d",
     "0:name:a 1:mark:** 3:name:b 4:mark:<= 6:name:c 7:mark:!= 9:name:d 10:end"},
    // After what is no token nothing is read.
    {"Stops", "a ！ b", "0:name:a 2:bad 2:end"},
};

class Tokens : public testing::TestWithParam<TokenCase> {};

TEST_P(Tokens, AreCut) { EXPECT_EQ(shown(GetParam().text), GetParam().tokens); }

INSTANTIATE_TEST_SUITE_P(Table, Tokens, testing::ValuesIn(kTokens),
                         [](const auto& row) { return std::string(row.param.name); });

struct BadCase {
  const char* name;
  const char* text;
  std::uint32_t offset;
  const char* message;  // begins so
};

const BadCase kBad[] = {
    {"DoubleEquals", "a == b", 2, "\"==\" is no sign of a formula: write ="},
    {"Ampersands", "a && b", 2, "\"&&\" is no sign of a formula: write and"},
    {"Bars", "a || b", 2, "\"||\" is no sign of a formula: write or"},
    {"Diamond", "a <> b", 2, "\"<>\" is no sign of a formula: write !="},
    {"Arrow", "a => b", 2, "\"=>\" is no sign of a formula: write >="},
    {"Caret", "a ^ 2", 2, "\"^\" is no sign of a formula: write **"},
    {"Bang", "!a", 0, "\"!\" is no sign of a formula: write not(…)"},
    {"SingleQuote", "'a'", 0, "\"'\" is no sign of a formula: write \""},
    {"FullWidthBracket", "（a)", 0, "\"（\" is no sign of a formula: write ("},
    {"FullWidthComma", "max(a，b)", 5, "\"，\" is no sign of a formula: write ,"},
    {"FullWidthDigit", "a + １", 4, "the full-width digit \"１\": write 1"},
    {"CurlyQuote", "“a”", 0, "\"“\" is no sign of a formula: write \""},
    {"Times", "a × b", 2, "\"×\" is no sign of a formula: write *"},
    {"DividedBy", "a ÷ b", 2, "\"÷\" is no sign of a formula: write /"},
    {"AtMost", "a ≤ b", 2, "\"≤\" is no sign of a formula: write <="},
    {"HardSpace", "a\u00A0+ b", 1, "a full-width or hard space"},
    {"WideSpace", "a　+ b", 1, "a full-width or hard space"},
    {"ZeroWidthSpace", "a\u200B", 1, "\"\u200B\" is no sign of a formula"},
    {"Percent", "100%", 3, "write 100[%]"},
    {"LetterAfterNumber", "12abc", 2, "a letter follows the number 12"},
    {"ExponentWithoutDigits", "1e+", 1, "a letter follows the number 1"},
    {"OpenUnit", "1[t", 1, "the unit that begins here has no ]"},
    {"EmptyUnit", "1[ ]", 1, "the unit is empty"},
    {"OpenText", "a = \"coal", 4, "the text that begins here has no closing \""},
    {"OpenTextAfterEscape", "\"a\\\"", 0, "the text that begins here has no closing \""},
    {"UnknownEscape", "\"a\\n\"", 2, "only \\\" and \\\\ may follow a backslash"},
    {"Comment", "a // b", 2, "a formula has no comments"},
    {"BlockComment", "a /* b */", 2, "a formula has no comments"},
    {"Superscript", "m²", 1, "\"²\" is no sign of a formula: write ** 2"},
    {"SquaredUnit", "㎡", 0, "\"㎡\" is no sign of a formula"},
    {"Control", "a\x01", 1, "a control character has no place in a formula"},
    {"BrokenUtf8", "a\xFF", 1, "the formula is not valid UTF-8 here"},
    {"Overlong", "\xC0\xAF", 0, "the formula is not valid UTF-8 here"},
    {"Surrogate", "\xED\xA0\x80", 0, "the formula is not valid UTF-8 here"},
    {"CutOff", "\xE6\xB6", 0, "the formula is not valid UTF-8 here"},
};

class BadToken : public testing::TestWithParam<BadCase> {};

TEST_P(BadToken, SaysWhatToWrite) {
  const BadCase& row = GetParam();
  const std::vector<Token> tokens = tokenize(row.text);
  ASSERT_GE(tokens.size(), 2u);
  const Token& bad = tokens[tokens.size() - 2];
  ASSERT_EQ(bad.kind, TokenKind::kBad);
  EXPECT_EQ(bad.offset, row.offset);
  EXPECT_EQ(bad.message.en.substr(0, std::string(row.message).size()), row.message);
  EXPECT_FALSE(bad.message.zh.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, BadToken, testing::ValuesIn(kBad),
                         [](const auto& row) { return std::string(row.param.name); });

struct LetterCase {
  const char* name;
  char32_t character;
  bool letter;
};

const LetterCase kLetters[] = {
    {"Ascii", U'x', true},       {"Digit", U'7', false},        {"Underscore", U'_', false},
    {"Micro", U'µ', true},       {"Umlaut", U'ü', true},        {"Greek", U'Δ', true},
    {"Cyrillic", U'ж', true},    {"Han", U'碳', true},          {"HanExtension", U'𠮷', true},
    {"Kana", U'ガ', true},       {"Hangul", U'각', true},       {"Ideographs", 0x3005, true},
    {"MiddleDot", U'・', false}, {"Ideographic", U'。', false}, {"WideLetter", U'Ａ', true},
    {"WideDigit", U'９', false}, {"Degree", U'°', false},       {"Celsius", U'℃', false},
    {"Subscript", U'₂', false},  {"Emoji", U'🏭', false},        {"Private", 0xE000, false},
    {"Accent", 0x0301, false},   {"Mark", 0xFEFF, false},       {"Replacement", 0xFFFD, false},
};

class Letter : public testing::TestWithParam<LetterCase> {};

TEST_P(Letter, IsToldFromSigns) { EXPECT_EQ(is_letter(GetParam().character), GetParam().letter); }

INSTANTIATE_TEST_SUITE_P(Table, Letter, testing::ValuesIn(kLetters),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace qz::rules
