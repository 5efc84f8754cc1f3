// The JSON document reader: what it keeps, what it refuses and where it says so.

#include "text/json.h"

#include <gtest/gtest.h>

#include <string>

#include "base/finding.h"

namespace qz::text {
namespace {

using Kind = JsonValue::Kind;

JsonValue parsed(std::string_view text) {
  const base::Result<JsonValue> out = parse_json(text, "a.json");
  if (!out) ADD_FAILURE() << base::finding_line(out.failure(), "en");
  return out ? *out : JsonValue();
}

TEST(ParseJson, KeepsNumbersAsTheyAreWritten) {
  const JsonValue root =
      parsed(R"([1.10, -0, 1E3, 0.000000000000000000000000001, 12345678901234567890123])");
  ASSERT_EQ(root.items.size(), 5u);
  EXPECT_EQ(root.items[0].text, "1.10");
  EXPECT_EQ(root.items[1].text, "-0");
  EXPECT_EQ(root.items[2].text, "1E3");
  EXPECT_EQ(root.items[3].text, "0.000000000000000000000000001");
  EXPECT_EQ(root.items[4].text, "12345678901234567890123");
}

TEST(ParseJson, KnowsWhereEachValueBegins) {
  const JsonValue root = parsed("{\n  \"a\": 1,\n  \"煤\": [true,\n null, \"x\"]\n}\n");
  EXPECT_EQ(root.line, 1u);
  EXPECT_EQ(root.column, 1u);
  ASSERT_EQ(root.members.size(), 2u);
  EXPECT_EQ(root.members[0].first, "a");
  EXPECT_EQ(root.find("a")->line, 2u);
  EXPECT_EQ(root.find("a")->column, 8u);
  const JsonValue& list = *root.find("煤");
  EXPECT_EQ(list.line, 3u);
  EXPECT_EQ(list.column, 8u);  // columns count characters, not bytes
  EXPECT_EQ(list.items[0].column, 9u);
  EXPECT_TRUE(list.items[0].boolean);
  EXPECT_TRUE(list.items[1].is(Kind::kNull));
  EXPECT_EQ(list.items[1].line, 4u);
  EXPECT_EQ(list.items[1].column, 2u);
  EXPECT_EQ(list.items[2].text, "x");
  EXPECT_EQ(list.items[2].column, 8u);
  EXPECT_EQ(root.find("b"), nullptr);
}

struct RefusedCase {
  const char* name;
  const char* text;
  const char* line;  // what a person sees
  const char* code;
};

constexpr RefusedCase kRefusedCases[] = {
    {"Empty", "", "a.json:1:1: the file holds no JSON value (write one, such as {} or [])",
     "malformed-json"},
    {"Blank", " \n", "a.json:2:1: the file holds no JSON value (write one, such as {} or [])",
     "malformed-json"},
    {"CutOff", "{\"a\": [1,\n 2",
     "a.json:2:3: the JSON text ends before it is complete (write the rest, to the last closing "
     "bracket)",
     "truncated-file"},
    {"CutOffInString", "{\"a\": \"b",
     "a.json:1:7: the JSON text ends before it is complete (write the rest, to the last closing "
     "bracket)",
     "truncated-file"},
    {"MissingComma", "{\"a\": 1 \"b\": 2}",
     "a.json:1:9: \"\"b\":\" cannot stand here (write a value, or the comma, colon or bracket that "
     "is missing before it)",
     "malformed-json"},
    {"Trailing", "{} {}",
     "a.json:1:4: \"{\" cannot stand here (write a value, or the comma, colon or bracket that is "
     "missing before it)",
     "malformed-json"},
    {"NotANumber", "[1,\n NaN]",
     "a.json:2:2: \"NaN\" cannot stand here (write a value, or the comma, colon or bracket that is "
     "missing before it)",
     "malformed-json"},
    {"Plus", "[+1]",
     "a.json:1:2: \"+1\" cannot stand here (write a value, or the comma, colon or bracket that is "
     "missing before it)",
     "malformed-json"},
    // A message never carries what a ledger could not.
    {"NonCharacter", "\uFFFE\"\"",
     "a.json:1:1: this character cannot stand here (write a value, or the comma, colon or bracket "
     "that is "
     "missing before it)",
     "malformed-json"},
    {"RepeatedName", "{\"a\": 1, \"b\": 2,\n \"a\": 3}",
     "a.json:2:7: the name \"a\" stands twice (write it once)", "repeated-name"},
    {"LineBreakInString", "[\"a\nb\"]",
     "a.json:1:2: the string holds a control character (write it as an escape: \\n, \\t, \\u0001)",
     "malformed-json"},
    {"Huge", "[1e999]", "a.json:1:2: the number is too large (write one below 1e100)",
     "malformed-json"},
};

class ParseJsonRefuses : public testing::TestWithParam<RefusedCase> {};

TEST_P(ParseJsonRefuses, WithPlaceAndAdvice) {
  const base::Result<JsonValue> out = parse_json(GetParam().text, "a.json");
  ASSERT_FALSE(out);
  EXPECT_EQ(base::finding_line(out.failure(), "en"), GetParam().line);
  EXPECT_EQ(out.failure().code, GetParam().code);
  EXPECT_FALSE(out.failure().message.zh.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, ParseJsonRefuses, testing::ValuesIn(kRefusedCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ParseJson, RefusesDepthWithoutUsingTheStack) {
  for (const std::size_t depth : {std::size_t{65}, std::size_t{10'000'000}}) {
    const base::Result<JsonValue> out = parse_json(std::string(depth, '['), "a.json");
    ASSERT_FALSE(out);
    EXPECT_EQ(out.failure().code, "too-deep");
    EXPECT_EQ(out.failure().place.column, 65u);
  }
  EXPECT_TRUE(parse_json(std::string(64, '[') + std::string(64, ']'), "a.json"));
}

TEST(ParseJson, RefusesMoreThanItsLimits) {
  EXPECT_EQ(parse_json("[1,2,3]", "a.json", {.values = 3}).failure().code, "too-large");
  EXPECT_TRUE(parse_json("[1,2]", "a.json", {.values = 3}));
  EXPECT_EQ(parse_json("[1,2,3]", "a.json", {.bytes = 6}).failure().code, "too-large");
}

TEST(ParseJson, AByteOfZeroIsNotTheEnd) {
  EXPECT_FALSE(parse_json(std::string_view("123\0", 4), "a.json"));
  EXPECT_FALSE(parse_json(std::string_view("[1\0]", 4), "a.json"));
}

}  // namespace
}  // namespace qz::text
