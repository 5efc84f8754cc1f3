// Which rows a table has: of its files, of `every` and `cross`, and those that are called for.

#include <gtest/gtest.h>

#include "support/small_job.h"

namespace qz::compute {
namespace {

using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

constexpr const char* kMonths = R"J(
  "m": {"key": ["entity", "month"], "columns": {"v": {"input": "number", "unit": "1"}}},
  "y": {"key": ["entity", "year"], "columns": {"s": {"unit": "1", "formula": "sum(m.v)"}}},
  "city": {"key": ["year"], "columns": {"s": {"unit": "1", "formula": "sum(y.s)"}}},
  "total": {"key": [], "columns": {"s": {"unit": "1", "formula": "sum(city.s)"}}},
  "other": {"key": ["thing"], "columns": {"s": {"unit": "1", "formula": "1"}}})J";

TEST(Rows, AreCalledForUpToTheTop) {
  const SmallJob job =
      run_job({pack(kMonths)}, {{"m", "entity,month,v\nB,2022-02,1\nA,2022-11,2\nA,2022-02,4\n"}});
  EXPECT_EQ(job.keys("m"), "A/2022-02 A/2022-11 B/2022-02");
  EXPECT_EQ(job.keys("y"), "A/2022 B/2022");
  EXPECT_EQ(job.column("y", "s"), "6 1");
  EXPECT_EQ(job.column("city", "s"), "7");
  EXPECT_EQ(job.column("total", "s"), "7");
  EXPECT_EQ(job.keys("other"), "");
}

TEST(Rows, AHeadingOnlyGivesNoRowsAndNoFinding) {
  const SmallJob job = run_job({pack(kMonths)}, {{"m", "entity,month,v\n"}});
  EXPECT_EQ(job.keys("y"), "");
  EXPECT_EQ(job.column("total", "s"), "0");
  EXPECT_EQ(job.codes(), "");
}

TEST(Rows, EveryMonthOfTheCycleIsAskedFor) {
  const std::string tables = R"J(
    "unit": {"key": ["entity"], "columns": {"from": {"input": "date", "optional": true}, "to": {"input": "date", "optional": true}}},
    "m": {"key": ["entity", "month"], "every": {"period": "month", "from": "unit.from", "to": "unit.to"},
          "columns": {"v": {"input": "number", "unit": "1"}}})J";
  const SmallJob job =
      run_job({pack(tables)}, {{"unit", "entity,from,to\nA,2022-10-31,2022-12-01\nB,,2022-02-01\n"},
                               {"m", "entity,month,v\nA,2022-11,1\nB,2022-01,2\n"}});
  EXPECT_EQ(job.keys("m"), "A/2022-10 A/2022-11 A/2022-12 B/2022-01 B/2022-02");
  EXPECT_EQ(job.column("m", "v"), "- 1 - 2 -");
  EXPECT_EQ(job.codes(), "missing-row*3");
}

TEST(Rows, CrossJoinsWhatTheSourcesShare) {
  const std::string tables = R"J(
    "fleet": {"key": ["entity", "fleet"], "columns": {"n": {"input": "number", "unit": "1"}}},
    "gas": {"key": ["gas"], "columns": {"f": {"input": "number", "unit": "1"}}},
    "e": {"key": ["entity", "fleet", "gas"], "cross": ["fleet", "gas"],
          "columns": {"v": {"unit": "1", "formula": "fleet.n * gas.f"}}})J";
  const SmallJob job = run_job({pack(tables)}, {{"fleet", "entity,fleet,n\nA,x,2\nB,y,3\n"},
                                                {"gas", "gas,f\nNO,5\nSO,7\n"}});
  EXPECT_EQ(job.keys("e"), "A/x/NO A/x/SO B/y/NO B/y/SO");
  EXPECT_EQ(job.column("e", "v"), "10 14 15 21");
}

TEST(Rows, OnlyAnEditionThatReadsCallsForThem) {
  const std::string extra =
      R"J("extra": {"key": ["entity", "month"], "columns": {"w": {"input": "number", "unit": "1"}}})J";
  const auto edition = [&](const std::string& formula) {
    return R"J("m": {"key": ["entity", "month"], "columns": {"v": {"input": "number", "unit": "1"},
                    "e": {"unit": "1", "formula": ")J" +
           formula + R"J("}}}, )J" + extra;
  };
  const SmallJob job =
      run_job({pack(edition("v"), "", "1", R"J({"from": "2000-01-01", "to": "2022-03-31"})J"),
               pack(edition("v + extra.w"), "", "2", R"J({"from": "2022-04-01"})J")},
              {{"m", "entity,month,v\nA,2022-03,1\nA,2022-04,1\n"}});
  EXPECT_EQ(job.keys("extra"), "A/2022-04");
  EXPECT_EQ(job.column("m", "e"), "1 -");
  EXPECT_EQ(job.codes(), "missing-row");
}

TEST(Rows, ALinkCountsForTheTablesBelow) {
  const std::string tables = R"J(
    "site": {"key": ["entity"], "columns": {"district": {"input": "text", "link": true}}},
    "unit_month": {"key": ["entity", "unit", "month"], "columns": {"v": {"input": "number", "unit": "1"},
                   "share": {"unit": "1", "formula": "v / district_month.v"}}},
    "district_month": {"key": ["district", "month"], "columns": {"v": {"unit": "1", "formula": "sum(unit_month.v)"}}})J";
  const SmallJob job = run_job(
      {pack(tables)},
      {{"site", "entity,district\nA,N\nB,S\nC,N\n"},
       {"unit_month", "entity,unit,month,v\nA,1,2022-01,1\nB,1,2022-01,2\nC,7,2022-01,3\n"}});
  EXPECT_EQ(job.keys("district_month"), "N/2022-01 S/2022-01");
  EXPECT_EQ(job.column("unit_month", "share"), "0.25 1 0.75");
}

TEST(Rows, TheNearestTableAboveGivesTheLink) {
  const std::string tables = R"J(
    "site": {"key": ["entity"], "columns": {"district": {"input": "text", "link": true}}},
    "site_year": {"key": ["entity", "year"], "columns": {
      "district": {"input": "text", "formula": "site.district", "link": true}}},
    "site_month": {"key": ["entity", "month"], "columns": {"v": {"input": "number", "unit": "1"}}},
    "district_year": {"key": ["district", "year"], "columns": {"v": {"unit": "1", "formula": "sum(site_month.v)"}}})J";
  const SmallJob job =
      run_job({pack(tables)}, {{"site", "entity,district\nA,N\nB,N\n"},
                               {"site_year", "entity,year,district\nA,2022,S\n"},
                               {"site_month", "entity,month,v\nA,2022-01,1\nB,2022-01,2\n"}});
  EXPECT_EQ(job.keys("district_year"), "N/2022 S/2022");
  EXPECT_EQ(job.column("district_year", "v"), "2 1");
}

TEST(Rows, ContextIsFoundByTimeOnly) {
  const std::string tables = R"J(
    "m": {"key": ["entity", "month"], "columns": {"v": {"input": "number", "unit": "1"},
      "before": {"unit": "1", "formula": "m(entity, month - 1).v"},
      "rolling": {"unit": "1", "formula": "sum(m[month between this.month - 2 and this.month].v)"}}},
    "y": {"key": ["entity", "year"], "columns": {"n": {"unit": "1", "formula": "count(m)"}}})J";
  const SmallJob job =
      run_job({pack(tables)}, {{"m", "entity,month,v\nA,2022-01,1\nA,2022-02,2\n"},
                               {"before:m", "entity,month,v\nA,2021-11,10\nA,2021-12,20\n"}});
  EXPECT_EQ(job.column("m", "before"), "20 1");
  EXPECT_EQ(job.column("m", "rolling"), "31 23");
  EXPECT_EQ(job.keys("y"), "A/2022");
  EXPECT_EQ(job.column("y", "n"), "2");
}

TEST(Rows, WrongCellsAreFindingsAndTheRunGoesOn) {
  const std::string tables = R"J("m": {"key": ["entity", "month"], "columns": {
    "v": {"input": "number", "unit": "1", "min": "0", "max": "10"}, "e": {"unit": "1", "formula": "v * 2"}}})J";
  const SmallJob job =
      run_job({pack(tables)},
              {{"m", "entity,month,v\nA,2022-01,\nA,2022-02,11\nA,2022-03,-0.1\nA,2022-04,10\n"}});
  EXPECT_EQ(job.column("m", "e"), "- out-of-range out-of-range 20");
  EXPECT_EQ(job.codes(), "missing-value out-of-range*2");
  EXPECT_TRUE(job.results.errors.empty());  // told with the input, not a second time
}

// A plant's district: written, missing, or failed. What might belong to a district leaves its list
// missing; what fails leaves it failed.
TEST(Rows, AMissingOrFailedLinkReachesEveryListItMightBelongTo) {
  const std::string tables = R"J(
    "plant": {"key": ["entity"], "columns": {
      "size": {"input": "number", "unit": "1"},
      "district": {"link": true, "formula": "if size = 0 then null else if 1 / (size - 9) > 0 then \"north\" else \"south\""}}},
    "m": {"key": ["entity", "month"], "columns": {"v": {"input": "number", "unit": "1"},
      "up": {"unit": "1", "formula": "district_year.n"}}},
    "district_year": {"key": ["district", "year"], "columns": {
      "n": {"unit": "1", "formula": "1"},
      "s": {"unit": "1", "formula": "sum(m.v)"}}})J";
  const std::string months = "entity,month,v\nA,2022-01,1\nB,2022-01,2\nC,2022-01,4\n";
  const SmallJob good =
      run_job({pack(tables)}, {{"plant", "entity,size\nA,10\nB,1\nC,1\n"}, {"m", months}});
  EXPECT_EQ(good.keys("district_year"), "north/2022 south/2022");
  EXPECT_EQ(good.column("district_year", "s"), "1 6");
  const SmallJob missing =
      run_job({pack(tables)}, {{"plant", "entity,size\nA,10\nB,1\nC,0\n"}, {"m", months}});
  EXPECT_EQ(missing.column("district_year", "s"), "- -");
  EXPECT_EQ(missing.column("m", "up"), "1 1 -");
  const SmallJob failed =
      run_job({pack(tables)}, {{"plant", "entity,size\nA,10\nB,1\nC,9\n"}, {"m", months}});
  EXPECT_EQ(failed.column("district_year", "s"), "division-by-zero division-by-zero");
  EXPECT_EQ(failed.column("m", "up"), "1 1 division-by-zero");
}

}  // namespace
}  // namespace qz::compute
