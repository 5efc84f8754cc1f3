// Kernels: the same exact values on the int64 road and beside it, and the states of every operand.

#include "compute/kernels.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace qz::compute {
namespace {

using exact::Number;
using table::Column;
using table::State;
using table::Type;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

std::string shown(const Column& column, std::size_t i) {
  const State state = column.state(i);
  if (table::is_error(state)) return std::string(table::error_code(state));
  if (state == State::kNull) return "-";
  if (state == State::kNotApplicable) return "n/a";
  return column.number(i).to_string();
}

Column one(std::int64_t numerator, std::int64_t denominator = 1) {
  return Column::from_scaled({numerator}, denominator, {State::kValue});
}

Column exactly(const Column& scaled) {
  return Column::from_numbers({scaled.number(0)}, {State::kValue});
}

Column of_state(State state) { return Column(Type::kNumber, 1, state); }

struct TwoCase {
  const char* name;
  std::function<Cells(const Column&, const Column&)> operation;
  Column a, b;
  const char* expected;
};

Cells whole_power(const Column& a, const Column& b) { return power(a, b); }

TEST(Kernels, TwoOperandsOnBothRoads) {
  const std::vector<TwoCase> cases = {
      {"add", add, one(1, 4), one(1, 10), "0.35"},
      {"add beyond int64", add, one(kMax), one(1), "9223372036854775808"},
      {"add thirds", add, one(1, 3), one(1, 6), "0.5"},
      {"subtract", subtract, one(1, 10), one(1, 4), "-0.15"},
      {"subtract beyond int64", subtract, one(-kMax), one(2), "-9223372036854775809"},
      {"multiply", multiply, one(3, 2), one(-2, 3), "-1"},
      {"multiply beyond int64", multiply, one(kMax), one(4), "36893488147419103228"},
      {"divide", divide, one(1), one(3), "1/3"},
      {"divide by zero", divide, one(1), one(0), "division-by-zero"},
      {"nothing by nothing", divide, one(0), one(0), "division-by-zero"},
      {"power", whole_power, one(-2), one(3), "-8"},
      {"a negative power", whole_power, one(2), one(-2), "0.25"},
      {"zero to the zeroth", whole_power, one(0), one(0), "1"},
      {"zero to a negative", whole_power, one(0), one(-1), "division-by-zero"},
      {"a root of what is negative", whole_power, one(-1), one(1, 2), "no-real-value"},
      {"a power too long", whole_power, one(2), one(65537), "number-too-long"},
      {"one to a huge power", whole_power, one(1), one(kMax), "1"},
      {"minus one to a huge power", whole_power, one(-1), one(kMax), "-1"},
  };
  for (const TwoCase& row : cases) {
    EXPECT_EQ(shown(row.operation(row.a, row.b).column, 0), row.expected) << row.name;
    EXPECT_EQ(shown(row.operation(exactly(row.a), exactly(row.b)).column, 0), row.expected)
        << row.name << ", exact";
  }
}

struct StateCase {
  State a, b, expected;
};

TEST(Kernels, ErrorsWinOverMissingAndTheLeftOneFirst) {
  const State value = State::kValue, null = State::kNull, na = State::kNotApplicable,
              zero = State::kDivisionByZero, range = State::kOutOfRange;
  const std::vector<StateCase> cases = {
      {value, null, null},  {null, value, null}, {na, value, null},   {value, na, null},
      {na, na, null},       {null, zero, zero},  {zero, null, zero},  {zero, range, zero},
      {range, zero, range}, {na, zero, zero},    {value, zero, zero},
  };
  for (const StateCase& row : cases) {
    const Column a = row.a == value ? one(1) : of_state(row.a);
    const Column b = row.b == value ? one(1) : of_state(row.b);
    for (const auto& operation : {add, subtract, multiply, divide}) {
      const Cells result = operation(a, b);
      EXPECT_EQ(result.column.state(0), row.expected);
      EXPECT_FALSE(result.fresh);  // an operand's error is none of the operation's
    }
  }
  EXPECT_TRUE(divide(one(1), one(0)).fresh);
}

TEST(Kernels, AChangeOfUnitIsNoArithmetic) {
  EXPECT_EQ(shown(scale(one(1, 3), Number(6)).column, 0), "2");
  EXPECT_EQ(shown(scale(one(kMax), Number(1000)).column, 0), "9223372036854775807000");
  EXPECT_EQ(scale(of_state(State::kNotApplicable), Number(2)).column.state(0),
            State::kNotApplicable);
  EXPECT_EQ(negate(of_state(State::kNotApplicable)).column.state(0), State::kNull);
  EXPECT_EQ(shown(negate(one(std::numeric_limits<std::int64_t>::min())).column, 0),
            "9223372036854775808");
}

struct RoundCase {
  std::int64_t numerator, denominator;
  exact::RoundingRule rule;
  const char* expected;
};

TEST(Kernels, RoundingIsOfTheMagnitude) {
  using exact::Rounding;
  const std::vector<RoundCase> cases = {
      {-5, 2, {0, Rounding::kHalfEven, false}, "-2"},
      {-5, 2, {0, Rounding::kHalfUp, false}, "-3"},
      {-5, 2, {0, Rounding::kDown, false}, "-2"},
      {-5, 2, {0, Rounding::kUp, false}, "-3"},
      {1, 8, {2, Rounding::kHalfEven, false}, "0.12"},
      {1, 8, {2, Rounding::kHalfUp, false}, "0.13"},
      {1, 3, {4, Rounding::kUp, false}, "0.3334"},
      {1250, 1, {-2, Rounding::kHalfEven, false}, "1200"},
      {1, 3, {18, Rounding::kDown, false}, "0.333333333333333333"},
      {kMax, 3, {2, Rounding::kHalfUp, false}, "3074457345618258602.33"},
      {1996, 200, {3, Rounding::kHalfUp, true}, "9.98"},
      {9996, 1000, {3, Rounding::kHalfUp, true}, "10"},
      {7, 1, {2, Rounding::kHalfUp, false}, "7"},
  };
  for (const RoundCase& row : cases) {
    const Column column = one(row.numerator, row.denominator);
    EXPECT_EQ(shown(round(column, row.rule).column, 0), row.expected) << row.rule.to_string();
    EXPECT_EQ(shown(round(exactly(column), row.rule).column, 0), row.expected)
        << row.rule.to_string();
  }
  EXPECT_EQ(shown(floor(one(-5, 2)).column, 0), "-3");
  EXPECT_EQ(shown(ceiling(one(-5, 2)).column, 0), "-2");
  EXPECT_EQ(shown(absolute(one(-5, 2)).column, 0), "2.5");
}

TEST(Kernels, ComparesAcrossFormsAndDenominators) {
  EXPECT_EQ(compare_cells(one(1, 3), 0, one(2, 6), 0), 0);
  EXPECT_EQ(compare_cells(one(kMax), 0, one(kMax, 2), 0), 1);
  EXPECT_EQ(compare_cells(one(-1, 3), 0, exactly(one(1, 3)), 0), -1);
}

}  // namespace
}  // namespace qz::compute
