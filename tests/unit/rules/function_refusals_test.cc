// Functions of lists and spans, refusals: what each wrong call is told when its pack is checked.

#include <gtest/gtest.h>

#include "support/packs_for_tests.h"
#include "support/small_job.h"

namespace qz::rules {
namespace {

std::string told(const std::string& formula) {
  const std::string tables = R"J(
    "m": {"key": ["entity", "month"], "columns": {"v": {"input": "number", "unit": "1"},
                                                  "name": {"input": "text"}}},
    "y": {"key": ["entity", "year"], "columns": {"two": {"unit": "1", "formula": "2"},
                                                 "s": {"unit": "1", "formula": ")J" +
                             formula + R"J("}}})J";
  base::Findings problems;
  const auto units = factor::read_units({{"units.json", testing_support::kUnits}});
  PackRequest request;
  request.cycle = {"c", 2022, 2022};
  request.as_of = base::Date::of(2022, 12, 31);
  std::vector<std::shared_ptr<const Pack>> installed;
  for (Pack& pack : read_packs({{"p.json", testing_support::pack(tables), "digest"}}, problems)) {
    request.packs.push_back(pack.id);
    installed.push_back(std::make_shared<const Pack>(std::move(pack)));
  }
  check_packs(installed, request, {}, *units, problems);
  return problems.empty() ? "" : problems.front().message.en;
}

TEST(FunctionRefusals, ListsInOrder) {
  struct Case {
    const char* formula;
    const char* message;
  };
  const std::vector<Case> cases = {
      {"last(2, m.v)",
       "last(n, …) is a list of rows: it stands in an aggregate, as in max(last(3, table.column))"},
      {"sum(last(0, m.v))", "last takes a whole number from 1 to 1000000 that is written out"},
      {"sum(last(1.5, m.v))", "last takes a whole number from 1 to 1000000 that is written out"},
      {"sum(last(two, m.v))", "last takes a whole number from 1 to 1000000 that is written out"},
      {"sum(last(1000001, m.v))",
       "last takes a whole number from 1 to 1000000 that is written out"},
      {"count(last(2, m))", "count takes a table: count(table) or count(table[condition])"},
      {"percentile(m.v)", "percentile takes 2 arguments, not 1"},
      {"percentile(m.v, 1[t])", "t is not 1 (t against 1)"},
      {"percentile(m.name, 0.5)", "percentile does not take a text"},
      {"percentile(0.5, m.v)",
       "percentile needs a list: a column of another table, as in percentile(table.column)"},
      {"rank(1[t], m.v)", "t is not 1 (t against 1)"},
      {"rank(1, m.name)", "rank does not take a text"},
      {"latest(m.v)", "latest takes 2 arguments, not 1"},
      {"latest(m.v, m.name)", "latest is told by a number, a date or a period, not a text"},
      {"months(two, as_of)", "months takes dates, not a number in 1"},
      {"months(as_of)", "months takes 2 arguments, not 1"},
      {"overlap(as_of, as_of, as_of)", "overlap takes 4 arguments, not 3"},
      {"overlap(as_of, as_of, as_of, year)", "overlap takes dates, not a year"},
      {"overlap(as_of, as_of, as_of, as_of)",
       "d is not 1 (d against 1)"},
  };
  for (const Case& one : cases) EXPECT_EQ(told(one.formula), one.message) << one.formula;
}

}  // namespace
}  // namespace qz::rules
