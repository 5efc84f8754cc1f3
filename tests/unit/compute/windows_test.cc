// Windows: every list over a stretch of time, found by its ends, has the cell that it has when it
// is read row by row.

#include <gtest/gtest.h>

#include <random>
#include <set>

#include "compute/evaluate.h"
#include "support/small_job.h"

namespace qz::compute {
namespace {

using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

constexpr int kHours = 280;  // several blocks of 64

std::string hour(int n) {
  const int day = 1 + n / 24, of_day = n % 24;
  return "2022-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T" +
         (of_day < 10 ? "0" : "") + std::to_string(of_day);
}

// Three outlets: one clean, one with gaps, idle hours and zeros, one where hours are absent.
std::string hours_file(unsigned seed) {
  std::mt19937 draw(seed);
  std::string out = "entity,k,hour,v,w,ok,d,use\n";
  for (int entity = 0; entity < 3; ++entity) {
    for (int n = 0; n < kHours; ++n) {
      const auto chance = draw() % 100, v = draw() % 97;
      if (entity == 2 && chance < 30) continue;
      const bool gap = entity == 1 && chance < 2, unknown = entity == 1 && chance == 50;
      const bool zero = entity == 1 && n == 250;
      out += std::string("E") + std::to_string(entity) + "," + std::to_string(n % 2) + "," +
             hour(n) + "," +
             (gap    ? ""
              : zero ? "0"
                     : std::to_string(v + 1) + ".5") +
             "," + std::to_string(1 + draw() % 50) + "," +
             (unknown           ? ""
              : chance % 3 != 0 ? "true"
                                : "false") +
             ",2022-02-" + std::to_string(10 + v % 18) + "," +
             (chance % 7 != 0 ? "true" : "false") + "\n";
    }
  }
  return out;
}

// Columns x0, x1, … of h, one for each formula. The key of h is entity and hour; k is beside it.
std::string table_of(const std::vector<std::string>& formulas, const std::string& key) {
  std::string out = R"J("h": {"key": )J" + key + R"J(, "columns": {
    "v": {"input": "number", "unit": "1", "optional": true}, "w": {"input": "number", "unit": "1"},
    "ok": {"input": "bool", "optional": true}, "d": {"input": "date"}, "use": {"input": "bool"},
    "third": {"unit": "1", "formula": "v / 3"}, "seventh": {"unit": "1", "formula": "v / (w + 7)"},
    "idle": {"unit": "1", "when": "use", "formula": "v"}, "bad": {"unit": "1", "formula": "6 / v"},
    "fine": {"formula": "6 / v > 1"}, "big": {"formula": "v > 50"},
    "seen": {"formula": "max(h[ok and hour < this.hour].hour)"})J";
  if (key.find("\"k\"") == std::string::npos) out += R"J(, "k": {"input": "text"})J";
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    const bool truth = formulas[i].starts_with("any") || formulas[i].starts_with("all");
    const bool other = formulas[i].find(").hour") != std::string::npos ||
                       formulas[i].find(".d") != std::string::npos ||
                       formulas[i].find("].hour") != std::string::npos ||
                       formulas[i].starts_with("join");
    out += ", \"x" + std::to_string(i) + "\": {" + (truth || other ? "" : "\"unit\": \"1\", ") +
           "\"formula\": \"" + formulas[i] + "\"}";
  }
  return out + "}}";
}

// The formula of each x read row by row, over the finished tables.
void expect_same_row_by_row(const SmallJob& job, const std::vector<std::string>& formulas) {
  ASSERT_TRUE(job.results.packs != nullptr) << testing_support::lines(job.problems);
  const Results& results = job.results;
  const std::int32_t table = *results.packs->table("h");
  const auto at = static_cast<std::size_t>(table);
  const auto texts = intern_texts(*results.packs, *results.pool);
  Relations relations(*results.packs, results.tables);
  const Data data{*results.packs, *results.pool, results.tables, relations, texts};
  Lanes lanes;
  lanes.frames.resize(1);
  for (std::uint32_t row = 0; row < results.tables[at].rows; ++row) {
    if (results.tables[at].is_context[row] == 0) lanes.frames[0].push_back(row);
  }
  lanes.size = lanes.frames[0].size();
  for (std::size_t i = 0; i < formulas.size(); ++i) {
    const std::int32_t column = *results.packs->tables[at].column("x" + std::to_string(i));
    const rules::ColumnRule& rule =
        results.packs->tables[at].columns[static_cast<std::size_t>(column)].rules.front();
    FormulaRunner runner(data);
    const table::Column slow = runner.run(rule.cases.front().formula, table, lanes);
    const table::Column& quick = results.tables[at].columns[static_cast<std::size_t>(column)];
    std::size_t differ = 0;
    for (std::size_t lane = 0; lane < lanes.size; ++lane) {
      const std::uint32_t row = lanes.frames[0][lane];
      const bool same = quick.state(row) == slow.state(lane) &&
                        (!quick.has_value(row) || compare_cells(quick, row, slow, lane) == 0);
      differ += same ? 0 : 1;
    }
    EXPECT_EQ(differ, 0u) << formulas[i];
    std::set<std::uint32_t> rows_slow, rows_quick;
    for (const FreshError& one : runner.errors) rows_slow.insert(one.row);
    for (const ErrorOrigin& one : results.errors) {
      if (one.table == table && one.column == column) rows_quick.insert(one.row);
    }
    EXPECT_EQ(rows_quick, rows_slow) << formulas[i];
  }
}

const std::vector<std::string> kFormulas = {
    "sum(h[hour < this.hour].w)",
    "sum(h[hour <= this.hour].v)",
    "sum(h[hour between this.hour - 200 and this.hour].w)",
    "sum(h[hour between this.hour - 5 and this.hour + 5].v)",
    "sum(h[this.hour > hour].third)",
    "sum(h[hour between this.hour - 150 and this.hour - 3].seventh)",
    "sum(h[ok and hour < this.hour].w)",
    "sum(h[hour < this.hour and ok and use].w)",
    "sum(h[hour < this.hour and hour >= this.hour - 190].idle)",
    "mean(h[hour > this.hour].w)",
    "mean(h[hour > this.hour].idle)",
    "mean(h[hour >= this.hour].w, h.v)",
    "count(h[ok and hour < this.hour])",
    "count(h[hour > this.seen and hour <= this.hour])",
    "count(h[hour > coalesce(this.seen, this.hour - 3) and hour <= this.hour])",
    "min(h[hour > this.hour].w)",
    "max(h[use and hour < this.hour].w)",
    "max(h[hour < this.hour].seventh)",
    "max(h[hour < this.hour].bad)",
    "max(last(20, h[use and hour < this.hour].v))",
    "sum(last(150, h[hour < this.hour].w))",
    "percentile(last(150, h[hour <= this.hour].w), 0.95)",
    "percentile(h[hour between this.hour - 30 and this.hour].v, 1 / 3)",
    "rank(w, h[hour < this.hour].w)",
    "latest(h[hour < this.hour].v, h.hour)",
    "latest(h[hour between this.hour - 5 and this.hour].w, h.v)",
    "sum(h[hour < this.hour].v * h.w)",
    "sum(h[hour < this.hour].w / h.v)",
    "sum(h[hour < this.hour and 6 / v > 1].w)",
    "sum(h[fine and hour < this.hour].w)",
    "sum(h[hour < this.hour and v > this.v].w)",
    "sum(h[hour < this.hour and use and v > this.v].w * h.w)",
    "sum(h[hour < this.hour].w * w)",
    "only(h[hour between this.hour - 1 and this.hour].w)",
    "count(h[hour < this.hour and hour != this.hour - 4])",
    "count(h[hour = this.hour - 4])",
    "any(h[hour < this.hour].big)",
    "all(h[use and hour between this.hour - 170 and this.hour].big)",
    "any(h[hour < this.hour].ok)",
    "all(h[hour > this.hour].fine)",
    "max(h[hour < this.hour].d)",
    "min(h[hour > this.hour and ok].hour)",
    "join(h[hour between this.hour - 3 and this.hour].k)",
};

TEST(Windows, AreTheListsReadRowByRow) {
  for (const unsigned seed : {1u}) {
    const SmallJob job = run_job({pack(table_of(kFormulas, R"J(["entity", "hour"])J"))},
                                 {{"h", hours_file(seed)}}, 2);
    expect_same_row_by_row(job, kFormulas);
  }
}

// entity agrees, k does not: the rows of an entity do not stand in time order.
TEST(Windows, RowsOutOfTimeOrderAreReadOneByOne) {
  std::vector<std::string> formulas = {
      "sum(h[hour < this.hour and k != this.k].w)",
      "max(last(20, h[use and hour < this.hour and k in (this.k, \\\"0\\\")].v))"};
  const SmallJob job =
      run_job({pack(table_of(formulas, R"J(["entity", "k", "hour"])J"))}, {{"h", hours_file(3)}});
  expect_same_row_by_row(job, formulas);
}

TEST(Windows, ReachIntoContext) {
  const std::vector<std::string> formulas = {"sum(h[hour < this.hour].w)",
                                             "max(last(20, h[use and hour < this.hour].w))"};
  const std::string before =
      "entity,k,hour,v,w,ok,d,use\nE0,0,2021-12-31T22,1,1000,true,2022-02-10,true\n"
      "E0,0,2021-12-31T23,1,,true,2022-02-10,true\n";
  const SmallJob job = run_job({pack(table_of(formulas, R"J(["entity", "hour"])J"))},
                               {{"h", hours_file(4)}, {"before:h", before}});
  expect_same_row_by_row(job, formulas);
  const std::string sums = job.column("h", "x0");
  EXPECT_TRUE(sums.starts_with("- - -")) << sums.substr(0, 40);  // w of the last hour is missing
}

// Columns that read their own earlier values: kept rows grow period by period.
TEST(Windows, GrowInALoop) {
  const std::vector<std::string> formulas = {
      "if coalesce(ok, false) then v else max(last(20, h[ok and hour < this.hour].x0))",
      "w + sum(h[hour between this.hour - 3 and this.hour - 1].x1) / 4",
      "coalesce(max(h[hour < this.hour].x3), 0) + 1", "if x2 > 300 then 0 else x2",
      "if use then w else coalesce(min(h[hour < this.hour and x4 > 3].x4), 2)"};
  for (const int threads : {1, 2}) {
    const SmallJob job = run_job({pack(table_of(formulas, R"J(["entity", "hour"])J"))},
                                 {{"h", hours_file(5)}}, threads);
    expect_same_row_by_row(job, formulas);
  }
}

// An outer list over a column that reads windows.
TEST(Windows, AreReadByOtherTables) {
  const std::string tables = table_of({"count(h[hour < this.hour])"}, R"J(["entity", "hour"])J") +
                             R"J(, "y": {"key": ["entity", "year"], "columns": {
      "top": {"unit": "1", "formula": "max(h.x0)"},
      "nested": {"unit": "1", "formula": "count(h[count(h[hour <= this.first]) = 1])"},
      "first": {"formula": "min(h.hour)"}}})J";
  const SmallJob job = run_job({pack(tables)}, {{"h", hours_file(6)}});
  EXPECT_TRUE(job.column("y", "top").starts_with("279 279 ")) << job.column("y", "top");
  EXPECT_TRUE(job.column("y", "nested").starts_with("280 280 ")) << job.column("y", "nested");
}

}  // namespace
}  // namespace qz::compute
