// Parts of a difference, against values worked out by hand.

#include "whatif/decompose.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace qz::whatif {
namespace {

const CellRef kCell{0, 0, 0};

Value number(std::int64_t n) { return {table::State::kValue, exact::Number(n), 0}; }

std::vector<std::string> texts(const std::vector<exact::Number>& parts) {
  std::vector<std::string> out;
  for (const exact::Number& one : parts) out.push_back(one.to_string());
  return out;
}

struct DivisionCase {
  const char* name;
  std::size_t changes;
  // The figure under each subset, in the order in which they are computed; the base is 0.
  std::vector<std::int64_t> values;
  Division division;
  std::vector<std::string> parts;
};

const DivisionCase kDivisionCases[] = {
    {"OneMadeAllOfIt", 1, {7}, Division::kNone, {"7"}},
    // {1}: 10, {2}: 20, {1, 2}: 40. What they make only together is shared evenly.
    {"TwoShareWhatTheyMakeTogether", 2, {10, 20, 40}, Division::kShapley, {"15", "25"}},
    // The glove game: change 3 counts only with 1 or with 2.
    // {1} {2} {12} {3} {13} {23} {123}
    {"ThreeByAllOrders", 3, {0, 0, 0, 0, 1, 1, 1}, Division::kShapley, {"1/6", "1/6", "2/3"}},
    {"WhatDoesNothingHasNoPart", 3, {0, 5, 5, 0, 0, 5, 5}, Division::kShapley, {"0", "5", "0"}},
    {"ManyInTurn",
     9,
     {1, 2, 4, 4, 5, 5, 5, 5, 11},
     Division::kInTurn,
     {"1", "1", "2", "0", "1", "0", "0", "0", "6"}},
};

class DivisionTest : public testing::TestWithParam<DivisionCase> {};

TEST_P(DivisionTest, SumsToTheWhole) {
  const DivisionCase& row = GetParam();
  Decomposition division(row.changes);
  EXPECT_EQ(division.division(), row.division);
  ASSERT_EQ(division.subsets(), row.values.size());
  for (std::size_t s = 0; s < row.values.size(); ++s) {
    if (row.values[s] != 0) division.add(s, kCell, number(0), number(row.values[s]));
  }
  const std::vector<exact::Number> parts = division.parts(kCell);
  std::vector<std::string> expected;
  for (const std::string& one : row.parts) {
    const std::size_t slash = one.find('/');
    expected.push_back(slash == std::string::npos
                           ? one
                           : exact::Number::ratio(std::stoll(one.substr(0, slash)),
                                                  std::stoll(one.substr(slash + 1)))
                                 .to_string());
  }
  EXPECT_EQ(texts(parts), expected);
  exact::Number sum;
  for (const exact::Number& one : parts) sum += one;
  EXPECT_EQ(sum, exact::Number(row.values.back()));
}

INSTANTIATE_TEST_SUITE_P(Table, DivisionTest, testing::ValuesIn(kDivisionCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Division, LastSubsetHasEveryChange) {
  for (std::size_t changes = 1; changes <= 12; ++changes) {
    const Decomposition division(changes);
    for (std::size_t i = 0; i < changes; ++i)
      EXPECT_TRUE(division.contains(division.subsets() - 1, i)) << changes;
  }
}

TEST(Division, AMissingFigureHasNoParts) {
  Decomposition division(2);
  division.add(0, kCell, number(0), number(3));
  division.add(1, kCell, number(0), {table::State::kNull, {}, 0});
  division.add(2, kCell, number(0), number(5));
  EXPECT_TRUE(division.parts(kCell).empty());
}

}  // namespace
}  // namespace qz::whatif
