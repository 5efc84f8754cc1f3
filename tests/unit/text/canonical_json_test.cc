// RFC 8785: escapes, order, and the way back.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <stdexcept>
#include <string>

#include "text/json.h"

namespace qz::text {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

struct EscapeCase {
  const char* name;
  std::string text;
  const char* written;
};

const EscapeCase kEscapeCases[] = {
    {"Plain", "煤 coal/😀'", "\"煤 coal/😀'\""},
    {"QuoteAndBackslash", "\"\\", "\"\\\"\\\\\""},
    {"ShortEscapes", "\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\""},
    {"OtherControls", std::string("\0\x01\x0B\x1F\x7F", 5), "\"\\u0000\\u0001\\u000b\\u001f\x7F\""},
    {"LineSeparators", "\u2028\u2029", "\"\u2028\u2029\""},
    {"Empty", "", "\"\""},
};

class JsonString : public testing::TestWithParam<EscapeCase> {};

TEST_P(JsonString, IsEscapedAsCanonicalJson) {
  EXPECT_EQ(escaped(GetParam().text), GetParam().written);
}

INSTANTIATE_TEST_SUITE_P(Table, JsonString, testing::ValuesIn(kEscapeCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct CanonicalCase {
  const char* name;
  const char* text;
  const char* canonical;
};

constexpr CanonicalCase kCanonicalCases[] = {
    {"Literals", " [ null , true,false ] ", "[null,true,false]"},
    {"Order", R"({"b": 1, "a": {"y": "", "x": []}, "": {}})",
     R"({"":{},"a":{"x":[],"y":""},"b":1})"},
    // By UTF-16 units 😀 (D83D DE00) comes before U+FB33, though its code point is larger.
    {"Utf16Order", R"({"\ufb33": 1, "\ud83d\ude00": 2, "\u20ac": 3})",
     "{\"€\":3,\"😀\":2,\"\uFB33\":1}"},
    {"PrefixFirst", R"({"ab": 1, "a": 2, "b": 3})", R"({"a":2,"ab":1,"b":3})"},
    {"Integers", "[0, -1, 9007199254740992]", "[0,-1,9007199254740992]"},
};

class CanonicalJson : public testing::TestWithParam<CanonicalCase> {};

TEST_P(CanonicalJson, HasOneForm) {
  const base::Result<JsonValue> value = parse_json(GetParam().text, "a.json");
  ASSERT_TRUE(value);
  EXPECT_EQ(canonical_json(*value), GetParam().canonical);
}

INSTANTIATE_TEST_SUITE_P(Table, CanonicalJson, testing::ValuesIn(kCanonicalCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(CanonicalInteger, IsWhatEcmaScriptGivesBackUnchanged) {
  for (const char* good : {"0", "7", "-7", "10", "9007199254740992", "-9007199254740992"}) {
    EXPECT_TRUE(is_canonical_integer(good)) << good;
  }
  for (const char* bad : {"", "-", "-0", "+1", "01", "1.0", "1e3", "9007199254740993",
                          "99999999999999999", "10000000000000000", "1a"}) {
    EXPECT_FALSE(is_canonical_integer(bad)) << bad;
  }
}

TEST(CanonicalInteger, OtherNumbersAreAFaultOfTheProgram) {
  const base::Result<JsonValue> value = parse_json("[1.10]", "a.json");
  ASSERT_TRUE(value);
  EXPECT_THROW(canonical_json(*value), std::logic_error);
}

rc::Gen<std::string> any_text() {
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
                          "a", "\"", "\\", "/", "\t", "\n", "\r", std::string(1, '\0'), "\x1F",
                          "\x7F", "煤", "é", "😀", "\u2028", "\uFFFF", "u0041", "<", "&")),
                      [](const std::vector<std::string>& parts) {
                        std::string out;
                        for (const std::string& part : parts) out += part;
                        return out;
                      });
}

TEST(JsonProperty, AnyTextComesBackFromItsString) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = *any_text();
    const base::Result<JsonValue> value = parse_json(escaped(text), "a.json");
    RC_ASSERT(static_cast<bool>(value));
    RC_ASSERT(value->text == text);
  }));
}

TEST(JsonProperty, TheCanonicalFormIsItsOwnCanonicalForm) {
  EXPECT_TRUE(rc::check([] {
    JsonValue object;
    object.kind = JsonValue::Kind::kObject;
    const auto names = *rc::gen::unique<std::vector<std::string>>(any_text());
    for (const std::string& name : names) {
      JsonValue value;
      value.kind = JsonValue::Kind::kString;
      value.text = name;
      object.members.emplace_back(name, value);
    }
    const std::string canonical = canonical_json(object);
    const base::Result<JsonValue> back = parse_json(canonical, "a.json");
    RC_ASSERT(static_cast<bool>(back));
    RC_ASSERT(back->members.size() == names.size());
    RC_ASSERT(canonical_json(*back) == canonical);
    for (const auto& [name, value] : back->members) RC_ASSERT(value.text == name);
  }));
}

}  // namespace
}  // namespace qz::text
