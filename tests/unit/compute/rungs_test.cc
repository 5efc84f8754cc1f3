// Formulas on every rung: the same cells one unit either side of 2^53, 2^63 and 2^127, on ties, on
// zero and negatives, with missing cells and with errors. The exact rung, which makes a Number of
// every cell, is the truth.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "compute/evaluate.h"
#include "support/small_job.h"

namespace qz::compute {
namespace {

using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

// Products of a and b that stand at the edges; the last rows are ties, zero, missing.
const char* const kRows =
    "entity,a,b\n"
    "A,9007199254740991,1\nB,9007199254740992,1\nC,9007199254740993,1\nD,-9007199254740993,1\n"
    "E,4503599627370496,2\nF,94906267,94906267\nG,94906265,94906265\n"
    "H,9223372036854775807,1\nI,-9223372036854775807,1\nJ,4611686018427387904,2\n"
    "K,3037000500,3037000500\nL,-3037000500,3037000499\n"
    "M,9223372036854775807,9223372036854775807\nN,-9223372036854775807,9223372036854775806\n"
    "O,4611686018427387904,9223372036854775807\nP,5,1\nQ,15,1\nR,25,1\nS,-5,1\nT,-25,1\n"
    "U,0,1\nV,0,-7\nW,,1\nX,1,\nY,2.5,0.5\nZ,-0.125,100\n";

// One cell for each row on the rung, rows alone or all together.
std::vector<std::string> cells(const std::string& formula, const std::string& members, Rung rung,
                               bool together) {
  const std::string tables = R"J("t": {"key": ["entity"], "columns": {
    "a": {"input": "number", "unit": "1", "optional": true}, "b": {"input": "number", "unit": "1", "optional": true},
    "x": {"unit": "1", )J" + members +
                             R"J("formula": ")J" + formula + R"J("}}})J";
  SmallJob job = run_job({pack(tables)}, {{"t", kRows}});
  if (!job.results.packs) return {};
  job.results.rung = rung;
  const auto table = *job.results.packs->table("t");
  const rules::CheckedTable& shape = job.results.packs->tables[static_cast<std::size_t>(table)];
  const auto column = static_cast<std::size_t>(*shape.column("x"));
  const rules::Typed& typed = shape.columns[column].rule(0)->cases[0].formula;
  Evaluation evaluation(job.results);
  std::vector<std::string> out;
  const auto rows =
      static_cast<std::uint32_t>(job.results.tables[static_cast<std::size_t>(table)].rows);
  std::vector<std::vector<std::uint32_t>> asked;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (together && row > 0) {
      asked[0].push_back(row);
    } else {
      asked.push_back({row});
    }
  }
  for (const std::vector<std::uint32_t>& some : asked) {
    const table::Column found = evaluation.cells(typed, table, some);
    for (std::size_t i = 0; i < some.size(); ++i)
      out.push_back(
          job.text(found, table, static_cast<std::int32_t>(column), static_cast<std::uint32_t>(i)));
  }
  return out;
}

TEST(Rungs, GiveTheSameCells) {
  for (const char* formula :
       {"round(a * b / 10, 0)", "round(a * b * 44 / 12, 2)", "a * b - a",
        "round(a * b * b / 1000, 1)", "round(a / b, 3)", "round(a / (b - 1), 2)",
        "abs(a * b) + 0.001", "-(a - b) * 3", "floor(a * b / 7)", "ceiling(a * b / 7)",
        "(a + b) * (a - b)", "round(a ** 2 / 10, 0) * 10", "round((a + 0.5) / (b * 3), 1) / 8",
        "a * 0 + b", "round(round(a / 8, 2) * 2.5, 0)",
        "if a > b then round(a / 10, 0) * 1 else a * b + 1", "coalesce(a * b + 1, b * 2 - 1)"}) {
    const std::vector<std::string> truth = cells(formula, "", Rung::kExact, false);
    ASSERT_EQ(truth.size(), 26u) << formula;
    for (const Rung rung : {Rung::kAuto, Rung::kDouble, Rung::kInt64, Rung::kInt128}) {
      for (const bool together : {false, true}) {
        EXPECT_EQ(cells(formula, "", rung, together), truth)
            << formula << " on rung " << static_cast<int>(rung);
      }
    }
  }
}

TEST(Rungs, HalfEvenIsNotHalfUp) {
  for (const Rung rung : {Rung::kDouble, Rung::kInt64, Rung::kInt128, Rung::kExact}) {
    const std::vector<std::string> found = cells("round(a * b / 10, 0)", "", rung, false);
    ASSERT_EQ(found.size(), 26u);
    EXPECT_EQ((std::vector<std::string>{found.begin() + 15, found.begin() + 20}),
              (std::vector<std::string>{"0", "2", "2", "0", "-2"}));
  }
}

}  // namespace
}  // namespace qz::compute
