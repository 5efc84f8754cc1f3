// Amounts of a scenarios file, and limits that a small file cannot show.

#include "whatif/scenarios_file.h"

#include <gtest/gtest.h>

#include <string>

namespace qz::whatif {
namespace {

struct AmountCase {
  const char* name;
  const char* json;
  const char* number;  // "" where it is refused
  const char* unit;
};

constexpr AmountCase kAmountCases[] = {
    {"Text", "\"0.97\"", "0.97", ""},
    {"Number", "1.10", "1.1", ""},
    {"Unit", "\"-500[t]\"", "-500", "t"},
    {"SpaceBeforeUnit", "\"5 [10^4 Nm3]\"", "5", "10^4 Nm3"},
    {"Fraction", "\"44/12\"", "44/12", ""},
    {"Exponent", "\"1e3[t]\"", "1000", "t"},
    {"NoDigits", "\"[t]\"", "", ""},
    {"EmptyUnit", "\"5[]\"", "", ""},
    {"OpenBracket", "\"5[t\"", "", ""},
    {"Comma", "\"0,97\"", "", ""},
    {"Bool", "true", "", ""},
    {"DividedByZero", "\"1/0\"", "", ""},
};

class AmountTest : public testing::TestWithParam<AmountCase> {};

TEST_P(AmountTest, IsExactOrRefused) {
  const AmountCase& row = GetParam();
  const auto value = text::parse_json(row.json, "s.json");
  ASSERT_TRUE(value);
  base::Findings problems;
  const auto amount = read_amount(reading_of("s.json", problems), *value, "times");
  EXPECT_EQ(amount.has_value(), *row.number != '\0');
  EXPECT_EQ(problems.empty(), amount.has_value());
  if (!amount) return;
  const std::string wanted = row.number;
  EXPECT_EQ(amount->number, wanted == "44/12" ? exact::Number::ratio(44, 12)
                                              : read_amount(reading_of("s.json", problems),
                                                            *text::parse_json(wanted, "n"), "n")
                                                    ->number);
  EXPECT_EQ(amount->unit, row.unit);
}

INSTANTIATE_TEST_SUITE_P(Table, AmountTest, testing::ValuesIn(kAmountCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ScenariosFile, LimitsAreSaid) {
  std::string changes;
  for (std::size_t i = 0; i <= kChangesMax; ++i)
    changes += std::string(i == 0 ? "" : ",") + R"({"set":"t.c","times":"2"})";
  const std::string bytes =
      R"({"base":"job.json","scenarios":[{"name":"a","changes":[)" + changes + "]}]}";
  base::Findings problems;
  EXPECT_FALSE(read_scenarios(bytes, "s.json", problems));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].message.en, "changes: at most 1000 are allowed");
}

}  // namespace
}  // namespace qz::whatif
