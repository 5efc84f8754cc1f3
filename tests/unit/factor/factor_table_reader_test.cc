// What a factor table must have to be loaded, and what is said where it has not.

#include "factor_fixture.h"

namespace qz::factor {
namespace {

constexpr const char* kFields =
    R"({"name": "a", "type": "string"}, {"name": "n", "type": "number", "unit": "t"},
       {"name": "valid_from", "type": "date"}, {"name": "valid_to", "type": "date"},
       {"name": "v", "type": "number", "unit": "GJ/t"}, {"name": "ok", "type": "boolean"})";

std::string two_texts() {
  return package(R"(["a", "b", "valid_from"])", R"({"name": "a", "type": "string"},
      {"name": "b", "type": "string"}, {"name": "valid_from", "type": "date"},
      {"name": "valid_to", "type": "date"}, {"name": "v", "type": "number", "unit": "1"})");
}

TEST(FactorTableReader, KeepsCellsSourcesAndDigits) {
  const Read read = read_text(package(R"(["a", "valid_from"])", kFields),
                              "a,n,valid_from,valid_to,v,ok,source,status\r\n"
                              "x,1.50,2022-01-01,,0.57030,true,\"doc, clause 3\",recalled\r\n");
  ASSERT_TRUE(read.table) << read.problems.front();
  const FactorTable& table = *read.table;
  EXPECT_EQ(table.name(), "x.test@1");
  EXPECT_EQ(table.sha256, "digest");
  EXPECT_EQ(table.row_count(), 1u);
  EXPECT_EQ(table.written(0, *table.field("v")), "0.57030");
  EXPECT_EQ(table.number(0, *table.field("n")), exact::Number::ratio(3, 2));
  EXPECT_EQ(table.id_value(0, *table.field("ok")), 1);
  EXPECT_EQ(table.source(0), "doc, clause 3");
  EXPECT_EQ(table.status(0), Status::kRecalled);
  EXPECT_EQ(table.line(0), 2u);
  EXPECT_EQ(table.valid_from(0), day("2022-01-01"));
  EXPECT_FALSE(table.valid_to(0));
  EXPECT_EQ(table.row_name(0), "a=x, valid_from=2022-01-01");
  EXPECT_EQ(table.key_fields.size(), 1u);
  const std::vector<std::string> values = {"n", "v", "ok", "source", "status"};
  EXPECT_EQ(table.value_field_names(), values);
}

TEST(FactorTableReader, TellsAllProblemsOfTheRowsAtOnce) {
  const Read read = read_text(package(R"(["a", "valid_from"])", kFields),
                              "a,n,valid_from,valid_to,v,ok,source,status\n"
                              ",\"1,200\",2022-1-1,,0.5,yes,,guessed\n"
                              "x,1,2022-02-01,2022-01-01,0.5,true,s,verified\n");
  const std::vector<std::string> expected = {
      "test.csv:2: a: a key cell is empty",
      "test.csv:2: n: \"1,200\" is not a number (write 1200)",
      "test.csv:2: valid_from: \"2022-1-1\" is not a date (write 2022-03-31)",
      "test.csv:2: ok: \"yes\" is not true or false",
      "test.csv:2: source: every row needs a source (write the document and clause)",
      "test.csv:2: status: \"guessed\" is no status (write verified, secondary, recalled or draft)",
      "test.csv:3: valid_to: valid_to 2022-01-01 lies before valid_from 2022-02-01",
  };
  EXPECT_EQ(read.problems, expected);
}

TEST(FactorTableReader, TellsHeadingsThatTheSchemaLacks) {
  const Read read = read_text(package(R"(["a", "valid_from"])", kFields),
                              "a,n,valid_form,valid_to,v,v,source,status\n");
  const std::vector<std::string> expected = {
      "test.csv:1: valid_form: the schema has no field \"valid_form\" (did you mean "
      "\"valid_from\"?)",
      "test.csv:1: v: this column stands twice in the heading",
      "test.csv:1: valid_from: the file lacks this column of the schema",
      "test.csv:1: ok: the file lacks this column of the schema",
  };
  EXPECT_EQ(read.problems, expected);
}

struct RefusedCase {
  const char* name;
  const char* rows;
  const char* expected;  // the one problem; empty: none
};

const RefusedCase kRefusedCases[] = {
    {"SpansThatMeet", "x,y,2021-01-01,2021-12-31,1,s,draft\nx,y,2022-01-01,,1,s,draft\n", ""},
    {"SpansThatOverlap", "x,y,2022-01-01,,1,s,draft\nx,y,2021-01-01,2022-01-01,1,s,draft\n",
     "test.csv:3: a=x, b=y, valid_from=2021-01-01: the validity overlaps that of line 2"},
    {"OpenSpansOverlap", "x,y,,,1,s,draft\nx,y,,2000-01-01,1,s,draft\n",
     "test.csv:3: a=x, b=y: the validity overlaps that of line 2"},
    {"StarsThatTie", "x,*,,,1,s,draft\n*,y,,,2,s,draft\n",
     "test.csv:3: a=*, b=y: ties with line 2 (a=x, b=*): both have as many \"*\" (write a row for "
     "what fits both)"},
    // The row with fewer stars answers what both would fit.
    {"StarsThatAreSettled", "x,*,,,1,s,draft\n*,y,,,2,s,draft\nx,y,,,3,s,draft\n", ""},
    {"StarsSettledTooShort", "x,*,,,1,s,draft\n*,y,,,2,s,draft\nx,y,2022-01-01,,3,s,draft\n",
     "test.csv:3: a=*, b=y: ties with line 2 (a=x, b=*): both have as many \"*\" (write a row for "
     "what fits both)"},
    {"StarsSettledInTwoSpans",
     "x,*,2021-01-01,2022-12-31,1,s,draft\n*,y,,,2,s,draft\nx,y,2022-01-01,,3,s,draft\n"
     "x,y,2020-01-01,2021-12-31,4,s,draft\n",
     ""},
    {"StarsAtOtherTimes", "x,*,,2021-12-31,1,s,draft\n*,y,2022-01-01,,2,s,draft\n", ""},
    {"StarsInOnePlaceNeverTie", "x,*,,,1,s,draft\nw,*,,,2,s,draft\n", ""},
};

class RefusedTest : public testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedTest, OneQuestionHasOneAnswer) {
  const RefusedCase& row = GetParam();
  const Read read =
      read_text(two_texts(), std::string("a,b,valid_from,valid_to,v,source,status\n") + row.rows);
  EXPECT_EQ(read.table.has_value(), *row.expected == '\0');
  EXPECT_EQ(read.problems.empty() ? "" : read.problems.front(), row.expected);
  EXPECT_LE(read.problems.size(), 1u);
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedTest, testing::ValuesIn(kRefusedCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(FactorTableReader, EqualNumbersAreOneKey) {
  const Read read = read_text(package(R"(["a", "n"])", kFields),
                              "a,n,valid_from,valid_to,v,ok,source,status\n"
                              "x,1.0,,,1,,s,draft\nx,1,,,1,,s,draft\n");
  ASSERT_EQ(read.problems.size(), 1u);
  EXPECT_EQ(read.problems[0], "test.csv:3: a=x, n=1: the validity overlaps that of line 2");
}

struct PackageCase {
  const char* name;
  const char* key;
  const char* fields;
  const char* expected;  // a part of the first problem
};

const PackageCase kPackageCases[] = {
    {"UnknownKey", R"(["b"])", R"({"name": "a", "type": "string"})", "the key \"b\" is no field"},
    {"NumberWithoutUnit", R"(["a"])", R"({"name": "a", "type": "number"})",
     "field \"a\" is a number without a unit (write \"unit\": \"1\" for none)"},
    {"UnknownUnit", R"(["a"])", R"({"name": "a", "type": "number", "unit": "GJ/tt"})",
     "unknown unit"},
    {"UnitOfAText", R"(["a"])", R"({"name": "a", "type": "string", "unit": "t"})",
     "field \"a\" is no number and has no unit"},
    {"UnknownType", R"(["a"])", R"({"name": "a", "type": "text"})", "unknown type \"text\""},
    {"UnknownMember", R"(["a"])", R"({"name": "a", "type": "string", "mach": "from"})",
     "unknown member \"mach\" (did you mean \"match\"?)"},
    {"MatchOfAText", R"(["a"])", R"({"name": "a", "type": "string", "match": "from"})",
     "\"match\" is \"from\", \"upto\" or \"linear\", and only for number keys"},
    {"MatchOfNoKey", R"([])", R"({"name": "a", "type": "number", "unit": "1", "match": "from"})",
     "has a \"match\" but is no key"},
    {"FieldTwice", R"(["a"])",
     R"({"name": "a", "type": "string"}, {"name": "a", "type": "string"})",
     "field \"a\" is declared twice"},
    {"ValidityIsADate", R"(["a"])",
     R"({"name": "a", "type": "string"}, {"name": "valid_to", "type": "string"})",
     "field \"valid_to\" must be of type \"date\""},
    {"SourceIsNoKey", R"(["source"])", R"({"name": "a", "type": "string"})",
     "\"source\" cannot stand in the key here"},
    {"CycleIsNoKey", R"(["cycle"])", R"({"name": "cycle", "type": "string"})",
     "it cannot be a cycle"},
};

class PackageTest : public testing::TestWithParam<PackageCase> {};

TEST_P(PackageTest, IsRefused) {
  const PackageCase& row = GetParam();
  const Read read = read_text(package(row.key, row.fields), "a,source,status\n");
  EXPECT_FALSE(read.table);
  ASSERT_FALSE(read.problems.empty());
  EXPECT_NE(read.problems[0].find(row.expected), std::string::npos) << read.problems[0];
  EXPECT_EQ(read.problems[0].rfind("datapackage.json:", 0), 0u);
}

INSTANTIATE_TEST_SUITE_P(Table, PackageTest, testing::ValuesIn(kPackageCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(FactorTableReader, PathStaysInItsFolder) {
  const auto path = [](const char* text) {
    return csv_path("p.json", std::string(R"({"resources": [{"path": ")") + text + "\"}]}");
  };
  EXPECT_EQ(*path("a.csv"), "a.csv");
  EXPECT_EQ(*path("data/a..csv"), "data/a..csv");
  for (const char* text :
       {"../a.csv", "a/../../b.csv", "/etc/a.csv", "..", "C:a.csv", "a\\\\b.csv", ""}) {
    EXPECT_FALSE(path(text)) << text;
  }
}

TEST(Library, NamesTheNearestAndTheVersions) {
  Library library;
  for (const auto& [id, version] : {std::pair("x.grid", "1"), {"x.grid", "2"}, {"x.coal", "1"}}) {
    FactorTable table;
    table.id = id;
    table.version = version;
    library.add(std::move(table));
  }
  EXPECT_EQ((*library.find("x.grid", "2"))->version, "2");
  EXPECT_EQ((*library.find("x.coal", ""))->name(), "x.coal@1");
  const auto message = [&](const char* id, const char* version) {
    return library.find(id, version).failure().message.en;
  };
  EXPECT_EQ(message("x.grd", ""),
            "no factor table \"x.grd\" is installed (did you mean \"x.grid\"?)");
  EXPECT_EQ(message("x.grid", ""),
            "factor table \"x.grid\" is installed in several versions: 1, 2 (write \"x.grid@2\")");
  EXPECT_EQ(message("x.grid", "3"),
            "factor table \"x.grid\" has no version \"3\"; installed: 1, 2");
  EXPECT_EQ(library.all().size(), 3u);
  EXPECT_EQ(library.all()[0]->name(), "x.coal@1");
}

struct UnitsCase {
  const char* name;
  const char* units;
  const char* expected;
};

const UnitsCase kUnitsCases[] = {
    {"NoKind", R"({"t": {}})", "unit \"t\" has no \"kind\""},
    {"RatioWithoutOf", R"({"t": {"kind": "m", "ratio": "2"}})", "has a \"ratio\" but no \"of\""},
    {"RatioNotPositive", R"({"t": {"kind": "m"}, "u": {"kind": "m", "ratio": "-1", "of": "t"}})",
     "must be a number or \"a/b\" above zero"},
    {"UnknownMember", R"({"t": {"kind": "m", "ration": "1"}})",
     "unknown member \"ration\" (did you mean \"ratio\"?)"},
};

TEST(Units, AreRefusedWithTheirPlace) {
  for (const UnitsCase& row : kUnitsCases) {
    const auto units = read_units({{"u.json", std::string("{\"units\": ") + row.units + "}"}});
    ASSERT_FALSE(units) << row.name;
    const std::string line = base::finding_line(units.failure(), "en");
    EXPECT_NE(line.find(row.expected), std::string::npos) << line;
    EXPECT_EQ(line.rfind("u.json:1:", 0), 0u) << line;
  }
}

// Another file may declare a unit again if it says the same; a base says nothing of ratios.
TEST(Units, OfTwoFilesMustMeanTheSame) {
  const auto both = [](const char* one, const char* other) {
    return read_units({{"a.json", std::string("{\"units\": ") + one + "}"},
                       {"b.json", std::string("{\"units\": ") + other + "}"}});
  };
  const char* const mass =
      R"({"t": {"kind": "m"}, "kg": {"kind": "m", "ratio": "1/1000", "of": "t"}})";
  EXPECT_TRUE(both(mass, R"({"t": {"kind": "m"}})"));
  EXPECT_TRUE(both(mass, R"({"kg": {"kind": "m", "ratio": "0.001", "of": "t"}})"));
  EXPECT_TRUE(
      both(mass, R"({"kg": {"kind": "m"}, "t": {"kind": "m", "ratio": "1000", "of": "kg"}})"));
  EXPECT_FALSE(both(mass, R"({"kg": {"kind": "m", "ratio": "0.002", "of": "t"}})"));
  EXPECT_FALSE(both(mass, R"({"kg": {"kind": "length"}})"));
}

}  // namespace
}  // namespace qz::factor
