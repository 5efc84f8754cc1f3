// JSON tables: flat objects become rows; everything else is told with its place.

#include <gtest/gtest.h>

#include <string>

#include "unit/text/collecting_sink.h"

namespace qz::text {
namespace {

CollectingSink read(std::string_view text, const RecordLimits& limits = {}) {
  CollectingSink sink;
  read_json_records(text, "a.json", sink, limits);
  return sink;
}

struct JsonCase {
  const char* name;
  const char* text;
  const char* story;
};

constexpr JsonCase kJsonCases[] = {
    {"Plain", "[{\"a\": \"x\", \"b\": 1.10},\n {\"a\": \"y\", \"b\": -0}]",
     "[a|b]\n1: x|1.10\n2: y|-0\n"},
    {"NoRows", "[]", "[]\n"},
    {"AllKinds", "[{\"a\": true, \"b\": false, \"c\": null, \"d\": \"\", \"e\": 1E5}]",
     "[a|b|c|d|e]\n1: true|false|||1E5\n"},
    // A name may turn up late; positions keep their meaning.
    {"LateNames", "[{\"a\": 1},\n{\"b\": 2},\n{\"b\": 3, \"a\": 4}]",
     "[a|b]\n1: 1\n2: |2\n3: 4|3\n"},
    {"EmptyObject", "[{\"a\": 1}, {}]", "[a]\n1: 1\n1: \n"},
    {"Escapes", "[{\"a\": \"\\u7164\\\"x\\\"\", \"b\": \"x\\\"\"}]", "[a|b]\n1: 煤\"x\"|x\"\n"},
    {"Blanks", "[{\" a \": \" x \"}]", "[a]\n1: x\n"},
    {"LineBreak", "[{\"a\": \"x\\ny\"}]", "[a]\n1: x\ny\n"},

    {"Nested", "[{\"a\": [1, [2, {\"a\": 3}]], \"b\": {}},\n {\"a\": 2}]",
     "[a|b]\n2: 2|\n"
     "! a.json:1:8: a: the value is a list or an object (write a string, a number, true, false or "
     "null) [nested-value]\n"
     "! a.json:1:33: b: the value is a list or an object (write a string, a number, true, false or "
     "null) [nested-value]\n"},
    {"RepeatedName", "[{\"a\": 1, \"b\": 2, \"a\": 3}, {\"a\": 4, \"b\": 5}]",
     "[a|b]\n1: 4|5\n! a.json:1:19: a: the name \"a\" stands twice (write it once) "
     "[repeated-name]\n"},
    {"ControlCharacter", "[{\"a\": \"x\\ty\"}, {\"a\": \"\\u0000\"}, {\"a\": 1}]",
     "[a]\n1: 1\n"
     "! a.json:1:8: a: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"
     "! a.json:1:23: a: the cell holds a control character (write it without tabs and control "
     "characters) [control-character]\n"},
    {"NotAnObject", "[1, [2, {\"a\": 5}], {\"a\": 3}]",
     "[a]\n1: 3\n"
     "! a.json:1:2: a record is an object (write {\"column\": \"value\"}) [malformed-json]\n"
     "! a.json:1:5: a record is an object (write {\"column\": \"value\"}) [malformed-json]\n"},
    {"NotATable", "{\"a\": 1}",
     "[]\n! a.json:1:1: a table is an array of objects (write [{\"column\": \"value\"}]) "
     "[malformed-json]\n"},
    {"AScalar", "1",
     "[]\n! a.json:1:1: a table is an array of objects (write [{\"column\": \"value\"}]) "
     "[malformed-json]\n"},
    // What was read before stands.
    {"CutOff", "[{\"a\": 1},\n{\"a\": 2",
     "[a]\n1: 1\n! a.json:2:8: the JSON text ends before it is complete (write the rest, to the "
     "last "
     "closing bracket) [truncated-file]\n"},
    {"Trailing", "[{\"a\": 1}] x",
     "[a]\n1: 1\n! a.json:1:12: \"x\" cannot stand here (write a value, or the comma, colon or "
     "bracket "
     "that is missing before it) [malformed-json]\n"},
};

class ReadJsonRecords : public testing::TestWithParam<JsonCase> {};

TEST_P(ReadJsonRecords, TellsItsStory) {
  EXPECT_EQ(read(GetParam().text).story(), GetParam().story);
}

INSTANTIATE_TEST_SUITE_P(Table, ReadJsonRecords, testing::ValuesIn(kJsonCases),
                         [](const auto& row) { return std::string(row.param.name); });

std::string only_code(const CollectingSink& sink) {
  return sink.problems.size() == 1 ? sink.problems.front().code : sink.story();
}

TEST(JsonRecordLimits, AreKept) {
  const RecordLimits limits{.columns = 2, .cell_bytes = 10, .record_bytes = 200, .problems = 2};
  EXPECT_EQ(only_code(read("[{\"a\": \"12345678901\"}]", limits)), "too-large");
  EXPECT_EQ(only_code(read("[{\"a\": 12345678901}]", limits)), "too-large");
  EXPECT_EQ(only_code(read("[{\"a\": 1, \"b\": 2, \"c\": 3}]", limits)), "too-large");
  // A string or a number without end is given up long before the end of the file.
  EXPECT_EQ(only_code(read("[{\"a\": \"" + std::string(100'000, 'x'), limits)), "too-large");
  EXPECT_EQ(only_code(read("[{\"a\": " + std::string(100'000, '1'), limits)), "too-large");
  EXPECT_EQ(only_code(read("[{\"a\": " + std::string(100'000, ' ') + "1}]", limits)), "too-large");
  EXPECT_EQ(only_code(read("[{\"a\": 1," + std::string(300, ' ') + "\"b\": 1}]", limits)),
            "too-large");
  const CollectingSink deep = read("[{\"a\": " + std::string(100'000, '[') + "}]", {});
  ASSERT_EQ(deep.problems.size(), 2u);
  EXPECT_EQ(deep.problems.back().code, "too-deep");
}

TEST(JsonRecordSink, MayStop) {
  CollectingSink sink;
  sink.stop_after = 1;
  read_json_records("[{\"a\": 1}, {\"a\": 2}, nonsense", "a.json", sink);
  EXPECT_EQ(sink.rows.size(), 1u);
  EXPECT_TRUE(sink.problems.empty());
}

}  // namespace
}  // namespace qz::text
