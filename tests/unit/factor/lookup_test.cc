// The row that holds: wildcards, dates, number keys by their match, and what is no row at all.

#include "factor_fixture.h"

#include "exact/decimal.h"

namespace qz::factor {
namespace {

// A key argument as the table's fields want it.
KeyValue argument(const Field& field, const std::string& text) {
  switch (field.type) {
    case table::Type::kNumber:
      return exact::parse_decimal(text)->value;
    case table::Type::kPeriod:
      return *base::parse_period(field.period, text, {});
    case table::Type::kDate:
      return *base::Date::parse(text);
    case table::Type::kBool:
      return text == "true";
    default:
      return std::string_view(text);
  }
}

// "2:1/4 3:3/4": line and weight of each row, or why there is none.
std::string answer(const FactorTable& table, const std::vector<std::string>& key,
                   const char* on = "2022-12-31") {
  std::vector<KeyValue> values;
  for (std::size_t i = 0; i < key.size(); ++i) {
    values.push_back(argument(table.fields[table.key_fields[i]], key[i]));
  }
  const Found found = table.find(values, day(on));
  if (found.state != table::State::kValue) {
    EXPECT_TRUE(found.rows.empty());
    return std::string(table::error_code(found.state));
  }
  std::string out;
  exact::Number sum;
  for (const WeightedRow& row : found.rows) {
    if (!out.empty()) out += ' ';
    out += std::to_string(table.line(row.row));
    if (row.weight != exact::Number(1)) out += ":" + row.weight.to_string();
    sum += row.weight;
  }
  EXPECT_EQ(sum, exact::Number(1));
  return out;
}

struct LookupCase {
  const char* name;
  std::vector<std::string> key;
  const char* day;
  const char* expected;  // lines with weights, or the error's code
};

void expect_answers(const Read& read, const std::vector<LookupCase>& cases) {
  ASSERT_TRUE(read.table) << read.problems.front();
  for (const LookupCase& row : cases) {
    EXPECT_EQ(answer(*read.table, row.key, row.day), row.expected) << row.name;
  }
}

constexpr const char* kDay = "2022-12-31";

TEST(Lookup, TextKeysWithStars) {
  const Read read = read_text(
      package(R"(["a", "b"])", R"({"name": "a", "type": "string"}, {"name": "b", "type": "string"},
        {"name": "v", "type": "number", "unit": "1"})"),
      "a,b,v,source,status\n"
      "x,y,1,s,verified\n"
      "x,*,2,s,verified\n"
      "*,y,3,s,verified\n"
      "*,*,4,s,verified\n");
  expect_answers(read, {
                           {"exact wins", {"x", "y"}, kDay, "2"},
                           {"one star in the second", {"x", "z"}, kDay, "3"},
                           {"one star in the first", {"w", "y"}, kDay, "4"},
                           {"two stars", {"w", "z"}, kDay, "5"},
                           {"a star asked for is a text like any other", {"*", "*"}, kDay, "5"},
                       });
}

TEST(Lookup, DatedRows) {
  const Read read = read_text(package(R"(["a", "valid_from"])", R"({"name": "a", "type": "string"},
        {"name": "valid_from", "type": "date"}, {"name": "valid_to", "type": "date"},
        {"name": "v", "type": "number", "unit": "t"})"),
                              "a,valid_from,valid_to,v,source,status\n"
                              "x,,2020-12-31,1,s,verified\n"
                              "x,2022-01-01,2022-12-31,2,s,verified\n"
                              "x,2023-01-01,,3,s,verified\n"
                              "*,2021-01-01,2021-12-31,4,s,verified\n");
  ASSERT_TRUE(read.table) << read.problems.front();
  EXPECT_TRUE(read.table->dated);
  expect_answers(read, {
                           {"open beginning", {"x"}, "1999-01-01", "2"},
                           {"last day included", {"x"}, "2020-12-31", "2"},
                           {"a hole is filled by the star", {"x"}, "2021-06-30", "5"},
                           {"first day included", {"x"}, "2022-01-01", "3"},
                           {"open end", {"x"}, "2099-01-01", "4"},
                           {"no row on that day", {"y"}, "2022-06-30", "missing-factor"},
                       });
}

TEST(Lookup, NumberKeysAlone) {
  const auto table = [](const char* match) {
    return read_text(
        package(R"("n")", std::string(R"({"name": "n", "type": "number", "unit": "t")") + match +
                              R"(}, {"name": "v", "type": "number", "unit": "1"})"),
        "n,v,source,status\n10,1,s,verified\n20.0,2,s,verified\n40,3,s,verified\n");
  };
  expect_answers(table(""), {
                                {"there", {"20"}, kDay, "3"},
                                {"not there", {"21"}, kDay, "missing-factor"},
                            });
  expect_answers(table(R"(, "match": "from")"), {
                                                    {"below all", {"9.99"}, kDay, "out-of-range"},
                                                    {"at the first", {"10"}, kDay, "2"},
                                                    {"between", {"39.9"}, kDay, "3"},
                                                    {"above all", {"1000"}, kDay, "4"},
                                                });
  expect_answers(table(R"(, "match": "upto")"), {
                                                    {"below all", {"-5"}, kDay, "2"},
                                                    {"between", {"20.1"}, kDay, "4"},
                                                    {"at the last", {"40"}, kDay, "4"},
                                                    {"above all", {"40.1"}, kDay, "out-of-range"},
                                                });
  expect_answers(table(R"(, "match": "linear")"),
                 {
                     {"there: taken alone", {"20"}, kDay, "3"},
                     {"a quarter of the way", {"25"}, kDay, "3:0.75 4:0.25"},
                     {"a third", {"13.333"}, kDay, "2:0.6667 3:0.3333"},
                     {"below all", {"9"}, kDay, "out-of-range"},
                     {"above all", {"41"}, kDay, "out-of-range"},
                 });
}

// By hand: at (1.25, 130) of the grid below, the first key stands a quarter of the way, and the
// second 3/10 between 100 and 200 on the lower line (which has 100 and 200), but between 120 and
// 220 one tenth on the upper: 0.75·0.7, 0.75·0.3, 0.25·0.9, 0.25·0.1.
TEST(Lookup, BilinearOnAnUnevenGrid) {
  const Read read = read_text(
      package(R"(["p", "t"])", R"({"name": "p", "type": "number", "unit": "MPa", "match": "linear"},
        {"name": "t", "type": "number", "unit": "C", "match": "linear"},
        {"name": "h", "type": "number", "unit": "GJ/t"})"),
      "p,t,h,source,status\n"
      "2,120,30,s,verified\n"
      "1,100,10,s,verified\n"
      "1,200,20,s,verified\n"
      "2,220,40,s,verified\n");
  ASSERT_TRUE(read.table) << read.problems.front();
  EXPECT_EQ(answer(*read.table, {"1.25", "130"}), "3:0.525 4:0.225 2:0.225 5:0.025");
  EXPECT_EQ(answer(*read.table, {"1", "130"}), "3:0.7 4:0.3");
  EXPECT_EQ(answer(*read.table, {"2", "120"}), "2");
  // The point lies on the lower line but below the upper one: never a guess.
  EXPECT_EQ(answer(*read.table, {"1.25", "110"}), "out-of-range");
  EXPECT_EQ(answer(*read.table, {"2.01", "130"}), "out-of-range");
}

TEST(Lookup, TextsAndTheDayComeBeforeNumbers) {
  const Read read =
      read_text(package(R"(["n", "a", "valid_from"])",
                        R"({"name": "n", "type": "number", "unit": "t", "match": "from"},
        {"name": "a", "type": "string"}, {"name": "valid_from", "type": "date"},
        {"name": "v", "type": "number", "unit": "1"})"),
                "n,a,valid_from,v,source,status\n"
                "0,x,,1,s,verified\n"
                "5,*,,2,s,verified\n"
                "8,x,2023-01-01,3,s,verified\n");
  expect_answers(read,
                 {
                     {"the star's row is not looked at", {"6", "x"}, kDay, "2"},
                     {"not yet valid", {"9", "x"}, kDay, "2"},
                     {"valid", {"9", "x"}, "2023-01-01", "4"},
                     {"only the star fits, and starts higher", {"4", "y"}, kDay, "out-of-range"},
                 });
}

TEST(Lookup, PeriodDateAndBoolKeys) {
  const Read read =
      read_text(package(R"(["year", "since", "dry"])", R"({"name": "year", "type": "integer"},
        {"name": "since", "type": "date"}, {"name": "dry", "type": "boolean"},
        {"name": "v", "type": "number", "unit": "1"})"),
                "year,since,dry,v,source,status\n"
                "2021,2020-01-01,true,1,s,verified\n"
                "2021,2020-01-01,false,2,s,verified\n"
                "2022,2020-01-01,true,,s,verified\n");
  expect_answers(read, {
                           {"true", {"2021", "2020-01-01", "true"}, kDay, "2"},
                           {"false", {"2021", "2020-01-01", "false"}, kDay, "3"},
                           {"year", {"2022", "2020-01-01", "true"}, kDay, "4"},
                           {"no such", {"2022", "2020-01-02", "true"}, kDay, "missing-factor"},
                       });
  EXPECT_EQ(read.table->state(2, *read.table->field("v")), table::State::kNull);
}

TEST(Lookup, WithoutKeyThereIsOneRow) {
  const Read read = read_text(package("[]", R"({"name": "v", "type": "number", "unit": "1"})"),
                              "v,source,status\n1,s,verified\n");
  expect_answers(read, {{"the row", {}, kDay, "2"}});
}

// A scan of all rows for each question would need 10^10 steps here.
TEST(Lookup, LargeTablesAreIndexed) {
  std::string csv = "a,n,v,source,status\n";
  for (int i = 0; i < 100000; ++i) {
    const std::string n = std::to_string(i);
    csv += (i % 2 == 0 ? "key" + n + ",0," : "big," + n + ",") + n + ",s,verified\n";
  }
  const Read read = read_text(package(R"(["a", "n"])", R"({"name": "a", "type": "string"},
        {"name": "n", "type": "number", "unit": "1", "match": "linear"},
        {"name": "v", "type": "number", "unit": "1"})"),
                              csv);
  ASSERT_TRUE(read.table) << read.problems.front();
  for (int i = 0; i < 100000; i += 2) {
    const std::string key = "key" + std::to_string(i);
    const Found found = read.table->find({std::string_view(key), exact::Number(0)}, day(kDay));
    ASSERT_EQ(found.rows.at(0).row, static_cast<std::uint32_t>(i));
    const Found middle =
        read.table->find({std::string_view("big"), exact::Number(i > 0 ? i : 2)}, day(kDay));
    ASSERT_EQ(middle.rows.size(), 2u);
  }
}

}  // namespace
}  // namespace qz::factor
