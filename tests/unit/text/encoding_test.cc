// Encodings: which bytes are which text, and what is said of bytes that are none.

#include "text/encoding.h"

#include <gtest/gtest.h>

#include <string>

namespace qz::text {
namespace {

using namespace std::string_literals;

struct Utf8Case {
  const char* name;
  std::string bytes;
  bool good;
};

// The borders of table 3-7 of the Unicode standard.
const Utf8Case kUtf8Cases[] = {
    {"Empty", "", true},
    {"Ascii", "plain text longer than eight bytes", true},
    {"Zero", "\0"s, true},
    {"Two", "\xC2\x80\xDF\xBF", true},
    {"OverlongTwo", "\xC1\xBF", false},
    {"Three", "\xE0\xA0\x80\xEF\xBF\xBF", true},
    {"OverlongThree", "\xE0\x9F\xBF", false},
    {"BeforeSurrogates", "\xED\x9F\xBF", true},
    {"Surrogate", "\xED\xA0\x80", false},
    {"Four", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true},
    {"OverlongFour", "\xF0\x8F\xBF\xBF", false},
    {"BeyondUnicode", "\xF4\x90\x80\x80", false},
    {"F5", "\xF5\x80\x80\x80", false},
    {"LoneTail", "\x80", false},
    {"CutTwo", "\xC2", false},
    {"CutThree", "\xE7\x85", false},
    {"CutFour", "\xF0\x9F\x98", false},
    {"BadTailAfterAscii", "0123456789abcdef\xE7\x85z", false},
    {"HighByteInAnyPlaceOfAWord",
     "1234567\xE7\x85\xA4"
     "12345678",
     true},
};

class IsUtf8 : public testing::TestWithParam<Utf8Case> {};

TEST_P(IsUtf8, AsTheStandardSays) { EXPECT_EQ(is_utf8(GetParam().bytes), GetParam().good); }

INSTANTIATE_TEST_SUITE_P(Table, IsUtf8, testing::ValuesIn(kUtf8Cases),
                         [](const auto& row) { return std::string(row.param.name); });

struct DecodeCase {
  const char* name;
  std::string bytes;
  const char* text;
};

const DecodeCase kDecodeCases[] = {
    {"Utf8", "煤,1", "煤,1"},
    {"Utf8WithMark", "\xEF\xBB\xBF煤", "煤"},
    {"MarkOnly", "\xEF\xBB\xBF", ""},
    {"Gbk", "\xC3\xBA,1\r\n\xC8\xBC\xC1\xCF", "煤,1\r\n燃料"},
    // Four bytes of GB18030 beyond GBK: U+20000 and U+1F600.
    {"FourBytes", "\x95\x32\x82\x36,\x94\x39\xFC\x36", "\xF0\xA0\x80\x80,😀"},
    {"FullWidth", "\xA3\xB1\xA3\xAC", "１，"},
};

class ToUtf8 : public testing::TestWithParam<DecodeCase> {};

TEST_P(ToUtf8, GivesTheSameText) {
  const base::Result<std::string> out = to_utf8(GetParam().bytes, "a.csv");
  ASSERT_TRUE(out);
  EXPECT_EQ(*out, GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Table, ToUtf8, testing::ValuesIn(kDecodeCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ToUtf8, ALongFileOfGb18030) {
  std::string bytes;
  std::string text;
  for (int i = 0; i < 50'000; ++i) {
    bytes += "\xC8\xBC\xC1\xCF\n";
    text += "燃料\n";
  }
  const base::Result<std::string> out = to_utf8(bytes, "a.csv");
  ASSERT_TRUE(out);
  EXPECT_TRUE(*out == text);
}

struct WrongCase {
  const char* name;
  std::string bytes;
  const char* line;
};

const WrongCase kWrongCases[] = {
    {"Utf16Little", "\xFF\xFE\x01\x00"s,
     "a.csv:1: the file is UTF-16 text (save the file as UTF-8)"},
    {"Utf16Big", "\xFE\xFF\x00\x01"s, "a.csv:1: the file is UTF-16 text (save the file as UTF-8)"},
    {"Latin", "a,b\nna\xEFve,caf\xE9\n1,\xE9",
     "a.csv:2: the byte 0xE9 here is neither UTF-8 nor GB18030 text (save the file as UTF-8)"},
    {"NeitherAtOnce", "ok\n\xFF\n",
     "a.csv:2: the byte 0xFF here is neither UTF-8 nor GB18030 text (save the file as UTF-8)"},
    {"Gb18030CutOff", "\xC8\xBC\xC1\xCF\n\xC8\xBC\n\xC3",
     "a.csv:3: the byte 0xC3 here is neither UTF-8 nor GB18030 text (save the file as UTF-8)"},
    // The encoding that explains more of the file is the one that was meant.
    {"Utf8WithOneBadByte", "煤炭煤\n煤炭\n\xFF\n",
     "a.csv:3: the byte 0xFF here is neither UTF-8 nor GB18030 text (save the file as UTF-8)"},
};

class ToUtf8Refuses : public testing::TestWithParam<WrongCase> {};

TEST_P(ToUtf8Refuses, WithTheLine) {
  const base::Result<std::string> out = to_utf8(GetParam().bytes, "a.csv");
  ASSERT_FALSE(out);
  EXPECT_EQ(out.failure().code, "wrong-encoding");
  EXPECT_EQ(base::finding_line(out.failure(), "en"), GetParam().line);
  EXPECT_FALSE(out.failure().message.zh.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, ToUtf8Refuses, testing::ValuesIn(kWrongCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct FoldCase {
  const char* name;
  const char* a;
  const char* b;
  bool same;
};

constexpr FoldCase kFoldCases[] = {
    {"Case", "Unit-A", "unit-a", true},
    {"Width", "Ａ１号", "A1号", true},
    {"HalfWidthKana", "ｱ", "ア", true},
    {"Spaces", " 1 号　炉", "1号炉", true},
    {"GreekCase", "Σ", "σ", true},
    {"Letters", "A1", "A2", false},
    // Nothing else is folded: these are different names.
    {"Superscript", "m²", "m2", false},
    {"Circled", "①", "1", false},
};

class FoldedKey : public testing::TestWithParam<FoldCase> {};

TEST_P(FoldedKey, FoldsCaseWidthAndSpaces) {
  EXPECT_EQ(folded_key(GetParam().a) == folded_key(GetParam().b), GetParam().same)
      << folded_key(GetParam().a) << " " << folded_key(GetParam().b);
}

INSTANTIATE_TEST_SUITE_P(Table, FoldedKey, testing::ValuesIn(kFoldCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(CharacterCount, CountsCodePoints) { EXPECT_EQ(character_count("a煤😀é"), 4u); }

}  // namespace
}  // namespace qz::text
