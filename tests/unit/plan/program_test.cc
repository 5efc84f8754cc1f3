// Order of columns, loops that go back in time, circles that do not, and who calls for whose rows.

#include "plan/program.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/packs_for_tests.h"

namespace qz::plan {
namespace {

constexpr const char* kUnits = R"J({"units": {"t": {"kind": "mass"}}})J";

std::string pack(const std::string& tables) {
  return R"J({"pack": "x.rules", "version": "1", "title": {"en": "x", "zh": "x"}, "authority": "x",
    "document": "x", "applies": {"from": "2000-01-01"}, "rounding": "half-even", "tables": {)J" +
         tables + "}}";
}

struct Planned {
  std::unique_ptr<testing_support::TestPacks> world;
  std::optional<Program> program;
  base::Findings problems;

  std::string name(ColumnRef ref) const {
    const rules::CheckedTable& in = program->packs->tables[static_cast<std::size_t>(ref.table)];
    return in.name + "." + in.columns[static_cast<std::size_t>(ref.column)].name;
  }
  // "a.x; (b.y b.z)": loops in brackets.
  std::string steps() const {
    if (!program) return "refused";
    std::string out;
    for (const Step& step : program->steps) {
      std::string names;
      for (const ColumnRef ref : step.columns) names += (names.empty() ? "" : " ") + name(ref);
      out += (out.empty() ? "" : "; ") + (step.loops ? "(" + names + ")" : names);
    }
    return out;
  }
  std::string calls() const {
    std::string out;
    for (const Call& call : program->calls) {
      const auto& tables = program->packs->tables;
      out += (out.empty() ? "" : "; ") + tables[static_cast<std::size_t>(call.caller)].name +
             (call.lists ? " listed by " : " reads ") +
             tables[static_cast<std::size_t>(call.called)].name;
    }
    return out;
  }
};

Planned planned(const std::string& tables) {
  Planned out;
  out.world = testing_support::check_packs({pack(tables)}, kUnits, 2022, 2022);
  if (!out.world->packs) return out;
  out.program =
      from_packs(std::make_shared<const rules::CheckedPacks>(*out.world->packs), out.problems);
  return out;
}

// One monthly table with an input v and the columns given.
std::string months(const std::string& columns) {
  return R"J("m": {"key": ["entity", "month"], "columns": {"v": {"input": "number", "unit": "t"}, )J" +
         columns + "}}";
}

TEST(Program, ColumnsStandAfterWhatTheyRead) {
  EXPECT_EQ(
      planned(months(R"J("a": {"unit": "t", "formula": "b + v"}, "b": {"unit": "t", "formula": "c"},
                              "c": {"unit": "t", "formula": "v * 2"})J"))
          .steps(),
      "m.c; m.b; m.a");
}

struct LoopCase {
  const char* formula;   // of m.a; m.b is "a / 2"
  const char* expected;  // steps, or "refused"
};

TEST(Program, LoopsGoThroughAnEarlierPeriodOnly) {
  const std::vector<LoopCase> cases = {
      {"coalesce(m(entity, month - 1).b, v)", "(m.a m.b)"},
      {"sum(m[month < this.month].b)", "(m.a m.b)"},
      {"sum(m[this.month > month].b)", "(m.a m.b)"},
      {"sum(m[month <= this.month - 2].b)", "(m.a m.b)"},
      {"sum(m[month = this.month - 1].b)", "(m.a m.b)"},
      {"sum(m[month between this.month - 3 and this.month - 1].b)", "(m.a m.b)"},
      {"sum(m[month < this.month and v > 1[t]].b)", "(m.a m.b)"},
      {"sum(m[month <= this.month].b)", "refused"},
      {"sum(m[month > this.month].b)", "refused"},
      {"sum(m[month between this.month - 3 and this.month].b)", "refused"},
      {"coalesce(m(entity, month).b, v)", "refused"},
      {"coalesce(m(entity, month + 1).b, v)", "refused"},
      {"coalesce(m(entity, month - 0).b, v)", "refused"},
      {"b", "refused"},
      {"a", "refused"},
  };
  for (const LoopCase& one : cases) {
    const Planned result =
        planned(months(R"J("a": {"unit": "t", "formula": ")J" + std::string(one.formula) +
                       R"J("}, "b": {"unit": "t", "formula": "a / 2"})J"));
    EXPECT_EQ(result.steps(), one.expected) << one.formula;
    for (const base::Finding& problem : result.problems) EXPECT_EQ(problem.code, "cycle");
  }
}

TEST(Program, ACircleIsToldAsItsChain) {
  const Planned result =
      planned(months(R"J("a": {"unit": "t", "formula": "c"}, "b": {"unit": "t", "formula": "a"},
                                           "c": {"unit": "t", "formula": "b"})J"));
  ASSERT_EQ(result.problems.size(), 1u);
  EXPECT_NE(result.problems[0].message.en.find("m.a → m.c → m.b → m.a"), std::string::npos)
      << result.problems[0].message.en;
}

TEST(Program, ALoopOverTwoLengthsOfPeriodIsACircle) {
  EXPECT_EQ(
      planned(
          R"J("m": {"key": ["entity", "month"], "columns": {"a": {"unit": "t", "formula": "y.b"}}},
                       "y": {"key": ["entity", "year"], "columns": {"b": {"unit": "t", "formula": "sum(m.a)"}}})J")
          .steps(),
      "refused");
}

TEST(Program, RowsAreCalledForByListsAndFromBelow) {
  EXPECT_EQ(planned(R"J("m": {"key": ["entity", "month"], "columns": {
                          "a": {"unit": "t", "formula": "q.a"},
                          "last": {"unit": "t", "formula": "sum(m[month < this.month].a)"}}},
                       "q": {"key": ["entity", "quarter"], "columns": {"a": {"input": "number", "unit": "t"}}},
                       "y": {"key": ["entity", "year"], "columns": {"a": {"unit": "t", "formula": "sum(q.a)"}}},
                       "other": {"key": ["thing", "year"], "columns": {"a": {"unit": "t", "formula": "sum(y.a)"}}})J")
                .calls(),
            "m reads q; q listed by y");
}

TEST(Program, TheRowThatGivesALinkIsCalledForToo) {
  EXPECT_EQ(
      planned(
          R"J("unit_month": {"key": ["unit", "month"], "columns": {"set": {"formula": "unit", "link": true}}},
                       "fuel": {"key": ["unit", "fuel", "month"], "columns": {"a": {"input": "number", "unit": "t"}}},
                       "set_month": {"key": ["set", "month"], "columns": {"a": {"unit": "t", "formula": "sum(fuel.a)"}}})J")
          .calls(),
      "fuel listed by set_month; fuel reads unit_month");
}

}  // namespace
}  // namespace qz::plan
