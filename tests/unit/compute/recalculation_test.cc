// Recalculation: each way in which an edit reaches a cell, by figures worked out by hand; what is
// beyond it; the order of outcomes.

#include "compute/recalculation.h"

#include <gtest/gtest.h>

#include "rules/typed.h"
#include "unit/compute/varied_job.h"

namespace qz::compute {
namespace {

using testing_support::all_cells;
using testing_support::pack;
using testing_support::Recalculated;
using testing_support::VariedJob;

// Two plants with their months, a table of factors and one of a single row.
VariedJob small(const std::string& column, const std::string& above = "",
                const std::string& members = "") {
  VariedJob out;
  out.packs = {pack(
      R"J("set": {"key": [], "columns": {"q": {"input": "number", "unit": "1"}}},
      "plant": {"key": ["plant"], "columns": {"p": {"input": "number", "unit": "kg"}}},
      "m": {"key": ["plant", "month"], "columns": {"a": {"input": "number", "unit": "t", "min": "0", "max": "100"},
        "kind": {"input": "text"}, "c": {"input": "number", "unit": "1", "optional": true}, "x": {)J" +
          column + R"J(}}},
      "y": {"key": ["plant", "year"], "columns": {"t": {)J" +
          (above.empty() ? R"J("unit": "t", "formula": "sum(m.a)")J" : above) + R"J(}}})J",
      members + R"J("factors": {"f": "x.f@1"}, )J")};
  out.files = {
      {"set", "q\n3\n"},
      {"plant", "plant,p\nA,500\nB,2000\n"},
      {"m", "plant,month,a,kind,c\nA,2022-01,2,hard,1\nA,2022-02,4,soft,\nB,2022-01,8,hard,0\n"}};
  out.factors = {{
      R"J({"name": "x.f", "version": "1", "title": "x",
      "resources": [{"name": "x.f", "path": "factors.csv", "schema": {"primaryKey": ["kind"], "fields": [
      {"name": "kind", "type": "string"}, {"name": "v", "type": "number", "unit": "1"},
      {"name": "source", "type": "string"}, {"name": "status", "type": "string"}]}}]})J",
      "kind,v,source,status\nhard,0.5,x,verified\nsoft,,x,verified\n"}};
  return out;
}

// The line of one column among those of a variation.
std::string line(const std::vector<std::string>& lines, const std::string& column) {
  for (const std::string& one : lines) {
    if (one.starts_with(column + ": ")) return one.substr(column.size() + 2);
  }
  return "no column " + column;
}

constexpr const char* kConstant = R"J("constants": {"k": {"value": "2", "unit": "kg"}}, )J";

struct Case {
  const char* column;  // members of m.x
  const char* above;   // of y.t
  const char* edit;    // "m.a A/2022-01", "plant.p B", "set.q ", "constant k", "factor 0"
  const char* value;
  const char* expected;        // of m.x
  const char* expected_above;  // of y.t
};

Target target_of(const Recalculated& job, const std::string& edit) {
  const std::size_t space = edit.find(' ');
  const std::string what = edit.substr(0, space), rest = edit.substr(space + 1);
  if (what == "constant") return Target::constant(0, rest);
  if (what == "factor")
    return Target::factor_cell(0, 1, static_cast<std::uint32_t>(std::stoul(rest)));
  return job.cell(what, rest);
}

TEST(Recalculation, EachKindOfReach) {
  const std::vector<Case> cases = {
      // Its own row, and the year's sum.
      {R"J("unit": "t", "formula": "a * 2")J", "", "m.a A/2022-02", "5", "4 10 16", "7 8"},
      // The row above: kilograms are converted.
      {R"J("unit": "t", "formula": "a + plant.p")J", "", "plant.p A", "1500", "3.5 5.5 10", "6 8"},
      // The one row of a table without a key.
      {R"J("unit": "t", "formula": "a * set.q")J", "", "set.q ", "0.5", "1 2 4", "6 8"},
      // A constant, in its own unit.
      {R"J("unit": "t", "formula": "a + k")J", "", "constant k", "4000", "6 8 12", "6 8"},
      // A factor: of one kind, and one that had none.
      {R"J("unit": "t", "formula": "a * f(kind).v")J", "", "factor 0", "3", "6 - 24", "6 8"},
      {R"J("unit": "t", "formula": "a * f(kind).v")J", "", "factor 1", "3", "1 12 4", "6 8"},
      {R"J("unit": "t", "formula": "a * f(kind).v")J", "", "factor 0", "", "- - -", "6 8"},
      // An earlier period, and all of them.
      {R"J("unit": "t", "formula": "coalesce(m(plant, month - 1).x, 1[t]) * 2 + a")J", "",
       "m.a A/2022-01", "3", "5 14 10", "7 8"},
      {R"J("unit": "t", "formula": "sum(m[month < this.month].a)")J", "", "m.a A/2022-01", "3",
       "0 3 0", "7 8"},
      // Lists: a filter that an edit moves, a mean, a count.
      {R"J("unit": "1", "formula": "1")J", R"J("unit": "t", "formula": "sum(m[a > 3[t]].a)")J",
       "m.a A/2022-01", "3.5", "1 1 1", "7.5 8"},
      {R"J("unit": "1", "formula": "1")J", R"J("unit": "t", "formula": "mean(m.a, m.c)")J",
       "m.c A/2022-02", "3", "1 1 1", "3.5 -"},
      {R"J("unit": "1", "formula": "1")J", R"J("unit": "1", "formula": "count(m[c = 1])")J",
       "m.c A/2022-02", "1", "1 1 1", "2 0"},
      // An input over a formula, and the formula again.
      {R"J("unit": "t", "input": "number", "formula": "a * 2")J", "", "m.x B/2022-01", "7", "4 8 7",
       "6 8"},
      {R"J("unit": "t", "input": "number", "formula": "a * 2")J", "", "m.x B/2022-01", "", "4 8 16",
       "6 8"},
      // Out of range is an error, and the sum has it too.
      {R"J("unit": "t", "formula": "a * 2")J", "", "m.a A/2022-02", "100.5", "4 out-of-range 16",
       "out-of-range 8"},
      // Division by zero comes and goes.
      {R"J("unit": "t", "formula": "a / c")J", "", "m.c B/2022-01", "4", "2 - 2", "6 8"},
      {R"J("unit": "t", "formula": "a / c")J", "", "m.c A/2022-01", "0",
       "division-by-zero - division-by-zero", "6 8"},
      // A cell that becomes missing; one that stops to apply.
      {R"J("unit": "t", "formula": "a * 2")J", "", "m.a A/2022-01", "", "- 8 16", "- 8"},
      {R"J("unit": "t", "when": "a > 3[t]", "formula": "a * 2")J",
       R"J("unit": "t", "formula": "sum(m.x)")J", "m.a A/2022-02", "1", "n/a n/a 16", "0 16"},
  };
  for (const Case& one : cases) {
    Recalculated job(small(one.column, one.above, kConstant));
    ASSERT_TRUE(job.base().problems.empty()) << testing_support::lines(job.base().problems);
    for (const bool one_by_one : {false, true}) {
      RecalculationOptions options;
      options.one_by_one = one_by_one;
      const auto found = job.run({target_of(job, one.edit)}, {{{0, one.value}}, {}}, 1, options);
      ASSERT_EQ(job.refusal, "") << one.column;
      EXPECT_EQ(line(found[0], "m.x"), one.expected) << one.column << " " << one.edit;
      EXPECT_EQ(line(found[0], "y.t"), one.expected_above) << one.column << " " << one.edit;
      EXPECT_EQ(found[1], all_cells(job.base())) << "no edit, no difference";
    }
  }
}

TEST(Recalculation, SaysWhatIsBeyondIt) {
  const std::string rows = R"J("unit": "t", "formula": "a * 2")J";
  Recalculated job(small(rows, "", kConstant));
  const auto refusal = [&](const Target& target) {
    job.run({target}, {{}});
    return job.refusal;
  };
  EXPECT_EQ(refusal(Target::constant(0, "none")), "none is no number of x.rules");
  EXPECT_EQ(refusal(Target::constant(7, "k")), "no such edition");
  EXPECT_EQ(refusal(job.cell("m.x", "A/2022-01")), "x takes no numbers as inputs");
  EXPECT_EQ(refusal(job.cell("m.kind", "A/2022-01")), "kind takes no numbers as inputs");
  EXPECT_EQ(refusal(Target::factor_cell(0, 0, 0)), "x.f@1 has no such number");
  Recalculated joined(small(R"J("formula": "if a > 3[t] then \"many\" else \"few\"")J",
                            R"J("formula": "join(m.x)")J"));
  joined.run({joined.cell("m.a", "A/2022-01")}, {{}});
  EXPECT_EQ(joined.refusal, "edits reach join(m.x)");
}

TEST(Recalculation, AnEditionThatHasNoSuchInputLeavesTheEditAlone) {
  VariedJob varied;
  const auto edition = [](const std::string& version, const std::string& applies,
                          const std::string& of_b) {
    return pack(
        R"J("m": {"key": ["plant", "month"], "columns": {"a": {"input": "number", "unit": "1"},
      "b": {"unit": "1", )J" +
            of_b + R"J(}}})J",
        "", version, applies);
  };
  varied.packs = {
      edition("1", R"({"from": "2000-01-01", "to": "2022-06-30"})", R"J("formula": "a * 2")J"),
      edition("2", R"({"from": "2022-07-01"})", R"J("input": "number", "formula": "a * 3")J")};
  varied.files = {{"m", "plant,month,a\nA,2022-06,1\nA,2022-07,1\n"}};
  Recalculated job(varied);
  const auto found =
      job.run({job.cell("m.b", "A/2022-06"), job.cell("m.b", "A/2022-07")}, {{{0, "9"}, {1, "9"}}});
  EXPECT_EQ(line(found[0], "m.b"), "2 9");
}

// Rows of two editions stand apart where variations lie side by side: a list takes them in turns.
TEST(Recalculation, ListsOverSeveralEditions) {
  VariedJob varied;
  const auto edition = [](const std::string& version, const std::string& applies,
                          const std::string& factor) {
    return pack(
        R"J("m": {"key": ["plant", "month"], "columns": {"a": {"input": "number", "unit": "1"},
      "b": {"unit": "1", "formula": "a * )J" +
            factor + R"J("}}}, "total": {"key": [], "columns": {
      "b": {"unit": "1", "formula": "sum(m.b)"}, "most": {"unit": "1", "formula": "max(m.b)"}}})J",
        "", version, applies);
  };
  varied.packs = {edition("1", R"({"from": "2000-01-01", "to": "2022-06-30"})", "2"),
                  edition("2", R"({"from": "2022-07-01"})", "3")};
  varied.files = {
      {"m", "plant,month,a\nA,2022-06,1\nA,2022-07,10\nB,2022-06,100\nB,2022-07,1000\n"}};
  Recalculated job(varied);
  const std::vector<Target> targets = {job.cell("m.a", "A/2022-06"), job.cell("m.a", "A/2022-07"),
                                       job.cell("m.a", "B/2022-06"), job.cell("m.a", "B/2022-07")};
  for (const std::size_t block : {1, 2, 5}) {
    RecalculationOptions options;
    options.block = block;
    const auto found =
        job.run(targets, {{{0, "2"}, {1, "20"}, {2, "200"}, {3, "2000"}}, {{0, "5"}}, {{3, "1"}}},
                1, options);
    EXPECT_EQ(line(found[0], "total.b"), "6464") << block;
    EXPECT_EQ(line(found[0], "total.most"), "6000") << block;
    EXPECT_EQ(line(found[1], "total.b"), "3240") << block;
    EXPECT_EQ(line(found[2], "total.most"), "200") << block;
  }
}

TEST(Recalculation, OutcomesComeInOrderForAnyThreadsAndBlocks) {
  Recalculated job(small(R"J("unit": "t", "formula": "a * set.q + k")J", "", kConstant));
  const std::vector<Target> targets = {job.cell("set.q", ""), Target::constant(0, "k"),
                                       job.cell("m.a", "B/2022-01")};
  std::vector<std::map<std::uint32_t, std::string>> values;
  for (int i = 0; i < 3000; ++i)
    values.push_back({{static_cast<std::uint32_t>(i % 3), std::to_string(i % 97)}});
  const auto expected = job.run(targets, values, 1);
  ASSERT_EQ(expected.size(), values.size());
  EXPECT_EQ(line(expected[3], "m.x"), "6.002 12.002 24.002");
  EXPECT_EQ(line(expected[4], "m.x"), "6.004 12.004 24.004");
  EXPECT_EQ(line(expected[5], "m.x"), "6.002 12.002 15.002");
  for (const std::size_t block : {1, 7, 64}) {
    RecalculationOptions options;
    options.block = block;
    EXPECT_EQ(job.run(targets, values, 3, options), expected) << block;
  }
}

TEST(Recalculation, AFormulaThatNobodyReportsMayBeWanted) {
  const VariedJob varied = small(R"J("unit": "t", "formula": "a * 2")J", "", kConstant);
  testing_support::SmallJob base = varied.run();
  const rules::CheckedPacks& packs = *base.results.packs;
  const auto year = *packs.table("y");
  const auto& shape = packs.tables[static_cast<std::size_t>(year)];
  Wanted wanted;
  wanted.column = {year, -1};
  wanted.rows = {1, 0};
  wanted.formula =
      &shape.columns[static_cast<std::size_t>(*shape.column("t"))].rule(0)->cases[0].formula;
  wanted.edition = 0;
  base::Findings problems;
  const auto program = plan::from_packs(base.results.packs, problems);
  const auto months = *packs.table("m");
  const auto a = *packs.tables[static_cast<std::size_t>(months)].column("a");
  auto made = Recalculation::make(*program, base.results, {Target::cell({months, a}, 0)}, {wanted});
  ASSERT_TRUE(made);
  bool given = false;
  std::vector<std::string> found;
  made->run(
      [&](Variation& out) {
        if (given) return false;
        given = true;
        out.edits.push_back({0, exact::Number(10), {}});
        return true;
      },
      [&](std::uint64_t, const Outcome& outcome) {
        for (std::size_t i = 0; i < 2; ++i) found.push_back(outcome.number(0, i).to_string());
      },
      1);
  EXPECT_EQ(found, (std::vector<std::string>{"8", "14"}));
}

}  // namespace
}  // namespace qz::compute
