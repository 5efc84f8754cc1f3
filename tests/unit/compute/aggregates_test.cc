// Lists: what each aggregate makes of values, gaps, cells that do not apply, and errors.

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "support/small_job.h"

namespace qz::compute {
namespace {

using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

// m.x is 60 / v where `use` says so: a value, missing without v, not applicable, or an error for v
// = 0.
SmallJob listed(const std::string& formula, const std::string& rows,
                const std::string& type = R"J("unit": "1", )J") {
  const std::string tables = R"J(
    "m": {"key": ["entity", "month"], "optional": true, "columns": {
      "use": {"input": "bool"}, "v": {"input": "number", "unit": "1", "optional": true},
      "w": {"input": "number", "unit": "1", "optional": true}, "name": {"input": "text", "optional": true},
      "x": {"unit": "1", "when": "use", "formula": "60 / v"}, "big": {"when": "use", "formula": "60 / v > 10"}}},
    "y": {"key": ["entity", "year"], "columns": {"s": {)J" +
                             type + R"J("formula": ")J" + formula + R"J("}}})J";
  return run_job({pack(tables)}, {{"m", "entity,month,use,v,w,name\n" + rows}});
}

struct Case {
  const char* formula;
  const char* rows;  // of A in 2022: month,use,v,w,name
  const char* expected;
};

constexpr const char* kTwo = "A,2022-01,true,2,1,b\nA,2022-02,true,3,3,a\n";
constexpr const char* kGap = "A,2022-01,true,2,1,b\nA,2022-02,true,,3,a\n";
constexpr const char* kIdle = "A,2022-01,true,2,1,b\nA,2022-02,false,0,,a\n";
constexpr const char* kWrong = "A,2022-01,true,,1,b\nA,2022-02,true,0,3,a\n";

TEST(Aggregates, NumbersOfAList) {
  const std::vector<Case> cases = {
      {"sum(m.x)", kTwo, "50"},
      {"mean(m.x)", kTwo, "25"},
      {"mean(m.x, m.w)", kTwo, "22.5"},
      {"min(m.x)", kTwo, "20"},
      {"max(m.x)", kTwo, "30"},
      {"count(m)", kTwo, "2"},
      {"sum(m.x * m.w)", kTwo, "90"},
      {"sum(m[v > 2].x)", kTwo, "20"},
      {"count(m[v > 5])", kTwo, "0"},
      {"sum(m[v > 5].x)", kTwo, "0"},
      {"min(m[v > 5].x)", kTwo, "-"},
      {"mean(m[v > 5].x)", kTwo, "-"},
      {"only(m.x)", kTwo, "not-unique"},
      {"only(m[v = 2].x)", kTwo, "30"},
      {"mean(m.x, m.w - m.w)", kTwo, "-"},
      {"sum(m.x)", kGap, "-"},
      {"count(m)", kGap, "2"},
      {"sum(m[v != null].x)", kGap, "30"},
      {"sum(m[v > 1].x)", kGap, "-"},
      {"max(m.x)", kGap, "-"},
      {"mean(m.w, m.v)", kGap, "-"},
      {"sum(m.x)", kIdle, "30"},
      {"mean(m.x)", kIdle, "30"},
      {"mean(m.x, m.w)", kIdle, "30"},
      {"count(m)", kIdle, "2"},
      {"sum(m.x * m.v)", kIdle, "-"},
      {"mean(m.v, m.x)", kIdle, "-"},
      {"sum(m.x)", kWrong, "division-by-zero"},
      {"min(m.x)", kWrong, "division-by-zero"},
      {"mean(m.w, m.x)", kWrong, "division-by-zero"},
      {"count(m[x > 1])", kWrong, "division-by-zero"},
      {"sum(m[month < \\\"2022-02\\\"].x)", kWrong, "-"},
      {"count(m)", kWrong, "2"},
  };
  for (const Case& one : cases) {
    const SmallJob job = listed(one.formula, one.rows);
    ASSERT_TRUE(job.problems.empty()) << testing_support::lines(job.problems);
    EXPECT_EQ(job.column("y", "s"), one.expected) << one.formula << "\n" << one.rows;
  }
}

// Twelve months of v = 1, 2, … but for what stands in `changed`.
std::string months(const std::map<int, std::string>& changed = {}) {
  std::string out;
  for (int m = 1; m <= 12; ++m) {
    const auto other = changed.find(m);
    out += "A,2022-" + std::string(m < 10 ? "0" : "") + std::to_string(m) + "," +
           (other == changed.end() ? "true," + std::to_string(m) + ",1," : other->second) + "n" +
           std::to_string(m % 3) + "\n";
  }
  return out;
}

TEST(Aggregates, OrderOfAList) {
  const std::string whole = months(), gap = months({{6, "true,,1,"}}),
                    idle = months({{12, "false,,1,"}}), wrong = months({{6, "true,0,1,"}});
  struct OrderCase {
    const char* formula;
    const std::string* rows;
    const char* expected;
  };
  const std::vector<OrderCase> cases = {
      {"percentile(m.v, 0.5)", &whole, "6.5"},
      {"percentile(m.v, 0)", &whole, "1"},
      {"percentile(m.v, 1)", &whole, "12"},
      {"percentile(m.v, 1 / 11)", &whole, "2"},
      {"percentile(m.v, 0.95)", &whole, "11.45"},
      {"percentile(m.x, 0.5)", &whole, "65/7"},
      {"percentile(m.v, 1.001)", &whole, "out-of-range"},
      {"percentile(m.v, -0.001)", &whole, "out-of-range"},
      {"percentile(m[v > 12].v, 0.5)", &whole, "-"},
      {"percentile(m[v > 12].v, 2)", &whole, "out-of-range"},
      {"percentile(m.v, 0.5)", &gap, "-"},
      {"percentile(m.v, 2)", &gap, "-"},
      {"percentile(m.x, 0)", &idle, "60/11"},
      {"percentile(m.x, 0.5)", &wrong, "division-by-zero"},
      {"rank(3, m.v)", &whole, "10"},
      {"rank(3.5, m.v)", &whole, "10"},
      {"rank(100, m.v)", &whole, "1"},
      {"rank(1, m[v > 12].v)", &whole, "1"},
      {"rank(1, m.v)", &gap, "-"},
      {"rank(6, m.x)", &idle, "10"},
      {"rank(1, m.x)", &wrong, "division-by-zero"},
      {"latest(m.v, m.month)", &whole, "12"},
      {"latest(m.v, -m.v)", &whole, "1"},
      {"latest(m.v, m.w)", &whole, "not-unique"},
      {"latest(m[v = 4].v, m.w)", &whole, "4"},
      {"latest(m[v > 12].v, m.w)", &whole, "-"},
      {"latest(m.v, m.month)", &gap, "-"},
      {"latest(m.w, m.v)", &gap, "-"},
      {"latest(m.x, m.month)", &idle, "60/11"},
      {"latest(m.x, m.month)", &wrong, "division-by-zero"},
      {"max(last(3, m.v))", &whole, "12"},
      {"sum(last(3, m.v))", &whole, "33"},
      {"sum(last(12, m.v))", &whole, "78"},
      {"sum(last(13, m.v))", &whole, "-"},
      {"sum(last(3, m.x))", &wrong, "181/11"},
      {"sum(last(3, m.v))", &gap, "33"},
      {"sum(last(7, m.v))", &gap, "-"},
      {"sum(last(2, m.x))", &idle, "60/11"},
      {"sum(last(2, m[v > 3].v))", &gap, "-"},
      {"sum(last(2, m[v != null and v < 8].v))", &gap, "12"},
      {"sum(last(2, m[v < 8].v * m.w))", &whole, "13"},
      {"mean(last(2, m.v), m.v)", &whole, "265/23"},
      {"percentile(last(3, m.v), 0.25)", &whole, "10.5"},
      {"rank(11, last(3, m.v))", &whole, "2"},
      {"latest(last(3, m.v), -m.v)", &whole, "10"},
  };
  for (const OrderCase& one : cases) {
    const SmallJob job = listed(one.formula, *one.rows);
    ASSERT_TRUE(job.problems.empty()) << testing_support::lines(job.problems);
    EXPECT_EQ(job.column("y", "s"), one.expected) << one.formula << "\n" << *one.rows;
  }
  EXPECT_EQ(listed("join(last(4, m.name))", whole, "").column("y", "s"), "n0, n1, n2");
  EXPECT_EQ(listed("latest(m.name, m.v)", whole, "").column("y", "s"), "n0");
}

TEST(Aggregates, TruthOfAList) {
  const std::vector<Case> cases = {
      {"any(m.big)", kTwo, "true"},
      {"all(m.big)", kTwo, "true"},
      {"any(m.big)", kGap, "true"},
      {"all(m.big)", kGap, "-"},
      {"all(m.big)", kIdle, "true"},
      {"any(m[v > 100].big)", kTwo, "false"},
      {"all(m[v > 100].big)", kTwo, "true"},
      {"any(m.big)", kWrong, "division-by-zero"},
      {"all(m.big)", kWrong, "division-by-zero"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(listed(one.formula, one.rows, "").column("y", "s"), one.expected)
        << one.formula << "\n"
        << one.rows;
  }
}

TEST(Aggregates, TextsOfAList) {
  EXPECT_EQ(listed("join(m.name)", kTwo, "").column("y", "s"), "b, a");
  EXPECT_EQ(listed("join(m[v > 5].name)", kTwo, "").column("y", "s"), "");
  EXPECT_EQ(listed("only(m[v = 3].name)", kTwo, "").column("y", "s"), "a");
}

TEST(Aggregates, AnErrorIsToldOnceWhereItArises) {
  const SmallJob job = listed("sum(m.x) + sum(m.x)", kWrong);
  ASSERT_EQ(job.results.errors.size(), 2u);  // of m.x and m.big
  EXPECT_EQ(job.results.errors[0].state, table::State::kDivisionByZero);
}

TEST(Aggregates, MissingLinksMakeEveryPossibleListUnknown) {
  const std::string tables = R"J(
    "site": {"key": ["entity"], "columns": {"district": {"input": "text", "link": true, "optional": true},
                                            "v": {"input": "number", "unit": "1"}}},
    "district": {"key": ["district"], "columns": {"s": {"unit": "1", "formula": "sum(site.v)"}}})J";
  EXPECT_EQ(run_job({pack(tables)}, {{"site", "entity,district,v\nA,N,1\nB,S,2\nC,N,3\n"}})
                .column("district", "s"),
            "4 2");
  EXPECT_EQ(run_job({pack(tables)}, {{"site", "entity,district,v\nA,N,1\nB,S,2\nC,,3\n"}})
                .column("district", "s"),
            "- -");
}

TEST(Aggregates, WhatIsOneRowIsNoList) {
  base::Findings problems;
  std::vector<rules::PackFile> files = {{"p.json", pack(R"J(
    "y": {"key": ["entity", "year"], "columns": {"v": {"input": "number", "unit": "1"}}},
    "m": {"key": ["entity", "month"], "columns": {"s": {"unit": "1", "formula": "sum(y.v)"}}})J"),
                                         "digest"}};
  std::vector<std::shared_ptr<const rules::Pack>> installed;
  for (rules::Pack& one : rules::read_packs(files, problems))
    installed.push_back(std::make_shared<const rules::Pack>(std::move(one)));
  const factor::Library factors;
  const exact::UnitCatalogue units = *factor::read_units({{"units.json", testing_support::kUnits}});
  rules::PackRequest request;
  request.packs = {"x.rules"};
  request.cycle = {"c", 2022, 2022};
  EXPECT_FALSE(rules::check_packs(installed, request, factors, units, problems));
  ASSERT_EQ(problems.size(), 1u);
  EXPECT_EQ(problems[0].code, "no-list");
}

}  // namespace
}  // namespace qz::compute
