// Periods: written forms, containment, steps and the cycle.

#include "base/period.h"

#include <gtest/gtest.h>

namespace qz::base {
namespace {

const Cycle kCycle{"c-2021-2022", 2021, 2022};

struct FormCase {
  const char* name;
  PeriodKind kind;
  const char* text;
  bool valid;
  const char* first;
  const char* last;
};

const FormCase kForms[] = {
    {"Hour", PeriodKind::kHour, "2022-03-31T05", true, "2022-03-31", "2022-03-31"},
    {"HourBeforeEpoch", PeriodKind::kHour, "1969-12-31T23", true, "1969-12-31", "1969-12-31"},
    {"HourTooLate", PeriodKind::kHour, "2022-03-31T24", false, "", ""},
    {"Day", PeriodKind::kDay, "2020-02-29", true, "2020-02-29", "2020-02-29"},
    {"NoSuchDay", PeriodKind::kDay, "2022-02-29", false, "", ""},
    {"Month", PeriodKind::kMonth, "2022-02", true, "2022-02-01", "2022-02-28"},
    {"MonthWithoutZero", PeriodKind::kMonth, "2022-2", false, "", ""},
    {"MonthThirteen", PeriodKind::kMonth, "2022-13", false, "", ""},
    {"Quarter", PeriodKind::kQuarter, "2022-Q4", true, "2022-10-01", "2022-12-31"},
    {"QuarterFive", PeriodKind::kQuarter, "2022-Q5", false, "", ""},
    {"Year", PeriodKind::kYear, "2022", true, "2022-01-01", "2022-12-31"},
    {"YearZero", PeriodKind::kYear, "0000", false, "", ""},
    {"Cycle", PeriodKind::kCycle, "c-2021-2022", true, "2021-01-01", "2022-12-31"},
    {"OtherCycle", PeriodKind::kCycle, "c-2023", false, "", ""},
};

class PeriodForm : public testing::TestWithParam<FormCase> {};

TEST_P(PeriodForm, ReadsPrintsAndSpans) {
  const FormCase& row = GetParam();
  const auto period = parse_period(row.kind, row.text, kCycle);
  ASSERT_EQ(period.has_value(), row.valid);
  if (!row.valid) return;
  EXPECT_EQ(period_text(*period, kCycle), row.text);
  EXPECT_EQ(first_day(*period, kCycle).to_string(), row.first);
  EXPECT_EQ(last_day(*period, kCycle).to_string(), row.last);
}

INSTANTIATE_TEST_SUITE_P(Table, PeriodForm, testing::ValuesIn(kForms),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Period, LiesInEveryLongerKind) {
  const Period hour = *parse_period(PeriodKind::kHour, "2022-03-31T23", kCycle);
  EXPECT_EQ(period_text(*containing(hour, PeriodKind::kDay, kCycle), kCycle), "2022-03-31");
  EXPECT_EQ(period_text(*containing(hour, PeriodKind::kQuarter, kCycle), kCycle), "2022-Q1");
  EXPECT_EQ(period_text(*containing(hour, PeriodKind::kCycle, kCycle), kCycle), "c-2021-2022");
  const Period outside = *parse_period(PeriodKind::kYear, "2023", kCycle);
  EXPECT_FALSE(containing(outside, PeriodKind::kCycle, kCycle));
}

TEST(Period, StepsAcrossYears) {
  Period month = *parse_period(PeriodKind::kMonth, "2022-01", kCycle);
  month.index -= 1;
  EXPECT_EQ(period_text(month, kCycle), "2021-12");
}

}  // namespace
}  // namespace qz::base
