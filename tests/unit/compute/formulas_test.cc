// Cells of formulas: states, cases, loops through earlier periods, and any number of threads.

#include <gtest/gtest.h>

#include "support/small_job.h"

namespace qz::compute {
namespace {

using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

struct Case {
  const char* formula;
  const char* expected;
};

// One row with n = 6, none missing, na not applicable, bad a division by zero; yes and no.
std::string cell(const std::string& formula, const std::string& type) {
  const std::string tables = R"J("t": {"key": ["entity"], "columns": {
    "n": {"input": "number", "unit": "1"}, "none": {"input": "number", "unit": "1", "optional": true},
    "yes": {"input": "bool"}, "unknown": {"input": "bool", "optional": true},
    "na": {"unit": "1", "when": "not(yes)", "formula": "1"}, "bad": {"unit": "1", "formula": "n / 0"},
    "wrong": {"formula": "n / 0 > 1"},
    "x": {)J" + type + R"J("formula": ")J" +
                             formula + R"J("}}})J";
  const SmallJob job = run_job({pack(tables)}, {{"t", "entity,n,none,yes,unknown\nA,6,,true,\n"}});
  return job.results.packs ? job.column("t", "x") : testing_support::lines(job.problems);
}

TEST(Formulas, NumbersAndStates) {
  const std::vector<Case> cases = {
      {"n + none", "-"},
      {"n + na", "-"},
      {"none + bad", "division-by-zero"},
      {"na", "n/a"},
      {"bad", "division-by-zero"},
      {"none", "-"},
      {"if yes then na else n", "n/a"},
      {"if unknown then n else bad", "-"},
      {"if yes then n else bad", "6"},
      {"if n > 5 then 1 else n / 0", "1"},
      {"coalesce(none, na, n, bad)", "6"},
      {"coalesce(bad, n)", "division-by-zero"},
      {"coalesce(none, na)", "-"},
      {"min(n, none)", "-"},
      {"max(n, 7, 2)", "7"},
      {"n ** 70000", "number-too-long"},
      {"n ** -70000", "number-too-long"},
      {"(n - 5) ** 99999999999999999999", "1"},
      {"(n - 6) ** 99999999999999999999", "0"},
      {"(5 - n) ** 99999999999999999999", "-1"},
      {"(n - 6) ** -70000", "division-by-zero"},
      {"sqrt(-n)", "no-real-value"},
      {"ln(n - 6)", "no-real-value"},
      {"n / 4", "1.5"},
      {"months(date(\\\"2022-01-31\\\"), date(\\\"2022-02-28\\\"))", "1"},
      {"months(date(\\\"2022-01-31\\\"), date(\\\"2022-03-01\\\"))", "2"},
      {"months(date(\\\"2022-03-15\\\"), date(\\\"2022-03-15\\\"))", "0"},
      {"months(date(\\\"2022-03-15\\\"), date(\\\"2022-01-15\\\"))", "-2"},
      {"months(date(\\\"2022-03-15\\\"), date(\\\"2022-01-16\\\"))", "-1"},
      {"months(date(\\\"2024-02-29\\\"), date(\\\"2025-02-28\\\"))", "12"},
      {"months(date(\\\"0001-01-01\\\"), date(\\\"9999-12-31\\\"))", "119988"},
      {"months(date(\\\"2022-03-15\\\"), null)", "-"},
      {"overlap(date(\\\"2022-01-01\\\"), date(\\\"2022-01-31\\\"), date(\\\"2022-01-31\\\"), "
       "as_of) / 1[d]",
       "1"},
      {"overlap(date(\\\"2022-01-01\\\"), date(\\\"2022-01-31\\\"), date(\\\"2022-02-01\\\"), "
       "as_of) / 1[d]",
       "0"},
      {"overlap(as_of, date(\\\"2022-01-31\\\"), date(\\\"2022-01-01\\\"), as_of) / 1[d]", "0"},
      {"overlap(date(\\\"2022-01-31\\\"), as_of, null, as_of) / 1[d]", "-"},
      {"1e90 ** 300", "number-too-long"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(cell(one.formula, R"J("unit": "1", )J"), one.expected) << one.formula;
  }
}

TEST(Formulas, TruthAndStates) {
  const std::vector<Case> cases = {
      {"none = null", "true"},
      {"na = null", "true"},
      {"bad = null", "division-by-zero"},
      {"none = 1", "-"},
      {"na != null", "false"},
      {"not(unknown)", "-"},
      {"unknown and false", "false"},
      {"false and wrong", "false"},
      {"unknown and wrong", "division-by-zero"},
      {"true or wrong", "true"},
      {"unknown or true", "true"},
      {"unknown or false", "-"},
      {"n in (1, none)", "-"},
      {"n in (6, 7)", "true"},
      {"n between 6 and 7", "true"},
      {"n between none and 7", "-"},
  };
  for (const Case& one : cases) EXPECT_EQ(cell(one.formula, ""), one.expected) << one.formula;
}

TEST(Formulas, DatesAndPeriodsStayWithinTheYearsThatCanBeWritten) {
  const std::vector<Case> cases = {
      {"as_of + 1[d]", "2023-01-01"},
      {"as_of - 738519[d]", "0001-01-01"},
      {"as_of - 738520[d]", "out-of-range"},
      {"as_of + 2913540[d]", "out-of-range"},
      {"as_of + 0.5[d]", "out-of-range"},
      {"as_of + n * 1e30[d]", "out-of-range"},
      {"date(\\\"9999-12-30\\\") + 1[d]", "9999-12-31"},
  };
  for (const Case& one : cases) EXPECT_EQ(cell(one.formula, ""), one.expected) << one.formula;
}

TEST(Formulas, CasesAreTriedInOrder) {
  const std::string tables = R"J("t": {"key": ["entity"], "columns": {
    "a": {"input": "number", "unit": "1", "optional": true},
    "x": {"input": "number", "unit": "1", "round": 1, "cases": [
      {"when": "a > 10", "formula": "a / 4", "how": "measured"}, {"when": "a > 5", "formula": "0.25", "how": "default"}]}}})J";
  const SmallJob job =
      run_job({pack(tables)}, {{"t", "entity,a,x\nA,11,\nB,6,\nC,1,\nD,,\nE,,0.123\n"}});
  EXPECT_EQ(job.column("t", "x"), "2.8 0.2 n/a - 0.123");
  const auto table = static_cast<std::size_t>(*job.results.packs->table("t"));
  const auto column = static_cast<std::size_t>(*job.results.packs->tables[table].column("x"));
  EXPECT_EQ(job.results.tables[table].cases[column],
            (std::vector<std::uint8_t>{0, 1, kCaseNone, kCaseNone, kCaseInput}));
}

constexpr const char* kStock = R"J(
  "m": {"key": ["entity", "month"], "columns": {"v": {"input": "number", "unit": "t"},
    "stock": {"unit": "t", "round": 1, "formula": "coalesce(m(entity, month - 1).half, 50[t]) * 2 - v"},
    "half": {"unit": "t", "formula": "stock / 2"},
    "before": {"unit": "t", "formula": "sum(m[month < this.month].stock)"}}})J";

TEST(Formulas, ALoopRunsPeriodByPeriod) {
  const SmallJob job =
      run_job({pack(kStock)},
              {{"m", "entity,month,v\nA,2022-03,3\nA,2022-01,1\nA,2022-02,2.05\nB,2022-02,4\n"}});
  EXPECT_EQ(job.column("m", "stock"), "99 97 94 96");  // 96.95 becomes 97.0: half to even
  EXPECT_EQ(job.column("m", "before"), "0 99 196 0");
}

TEST(Formulas, NoNumberOfThreadsChangesAnything) {
  std::string rows = "entity,month,v\n";
  for (int entity = 0; entity < 900; ++entity) {
    for (int month = 1; month <= 12; ++month) {
      rows += "E" + std::to_string(entity) + ",2022-" + (month < 10 ? "0" : "") +
              std::to_string(month) + "," + std::to_string((entity * 7 + month) % 13) + "\n";
    }
  }
  const std::string one = run_job({pack(kStock)}, {{"m", rows}}, 1).column("m", "before");
  for (const int threads : {2, 3, 8}) {
    EXPECT_EQ(run_job({pack(kStock)}, {{"m", rows}}, threads).column("m", "before"), one)
        << threads;
  }
}

TEST(Formulas, ARowThatNoEditionCoversIsAnError) {
  const SmallJob job = run_job({pack(kStock, "", "1", R"J({"from": "2022-02-01"})J")},
                               {{"m", "entity,month,v\nA,2022-01,1\nA,2022-02,2\n"}});
  EXPECT_EQ(job.column("m", "v"), "no-edition 2");
  EXPECT_EQ(job.column("m", "stock"), "no-edition no-edition");
  EXPECT_EQ(job.codes(), "no-edition");
}

}  // namespace
}  // namespace qz::compute
