// Columns of numbers keep every value through a change of form; keys are found by what they hold.

#include "table/column.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "table/key_index.h"
#include "table/row_index.h"
#include "table/text_pool.h"

namespace qz::table {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

std::string text(const Column& column) {
  std::string out;
  for (std::size_t i = 0; i < column.size(); ++i) {
    out += i == 0 ? "" : " ";
    out += column.has_value(i) ? column.number(i).to_string() : "-";
  }
  return out;
}

struct Cell {
  std::int64_t mantissa;
  std::int64_t denominator;
};

struct FormCase {
  const char* name;
  std::vector<Cell> cells;
  const char* expected;
  bool scaled;
};

TEST(Column, KeepsValuesThroughEveryForm) {
  const std::vector<FormCase> cases = {
      {"whole numbers", {{1, 1}, {-2, 1}}, "1 -2", true},
      {"one denominator for all", {{1, 2}, {1, 4}, {3, 1}}, "0.5 0.25 3", true},
      {"a denominator that is none of ten's", {{1, 3}, {1, 7}}, "1/3 1/7", true},
      {"the largest mantissa alone", {{kMax, 1}}, "9223372036854775807", true},
      {"no room for the common denominator", {{kMax, 1}, {1, 2}}, "9223372036854775807 0.5", false},
      {"two long denominators",
       {{1, 4294967291}, {1, 4294967279}},
       "1/4294967291 1/4294967279",
       false},
  };
  for (const FormCase& one : cases) {
    Column appended(Type::kNumber);
    Column set(Type::kNumber, one.cells.size(), State::kNull);
    for (std::size_t i = 0; i < one.cells.size(); ++i) {
      appended.append_scaled(one.cells[i].mantissa, one.cells[i].denominator);
      set.set_scaled(i, one.cells[i].mantissa, one.cells[i].denominator);
    }
    EXPECT_EQ(text(appended), one.expected) << one.name;
    EXPECT_EQ(text(set), one.expected) << one.name;
    EXPECT_EQ(appended.is_scaled(), one.scaled) << one.name;
  }
}

TEST(Column, StatesStandBesideValues) {
  Column column(Type::kNumber, 3, State::kNull);
  column.set_scaled(1, 5, 2);
  column.set_state(2, State::kDivisionByZero);
  EXPECT_EQ(text(column), "- 2.5 -");
  EXPECT_TRUE(is_error(column.state(2)));
  EXPECT_EQ(error_code(column.state(2)), "division-by-zero");
  const Column picked = column.picked(std::vector<std::uint32_t>{2, 1, 1});
  EXPECT_EQ(text(picked), "- 2.5 2.5");
  EXPECT_EQ(picked.state(0), State::kDivisionByZero);
}

TEST(Column, CellsMoveBetweenForms) {
  Column exact = Column::from_numbers({exact::Number::power_of_ten(40)}, {State::kValue});
  Column scaled(Type::kNumber, 2, State::kNull);
  scaled.set_scaled(0, 1, 8);
  scaled.set_cell(1, exact, 0);
  EXPECT_EQ(text(scaled), "0.125 1" + std::string(40, '0'));
}

Column numbers(const std::vector<Cell>& cells) {
  Column out(Type::kNumber);
  for (const Cell& one : cells) {
    if (one.denominator == 0) {
      out.append_state(State::kNull);
    } else {
      out.append_scaled(one.mantissa, one.denominator);
    }
  }
  return out;
}

struct PutCase {
  const char* name;
  std::vector<Cell> whole;  // denominator 0: null
  std::vector<std::uint32_t> at;
  std::vector<Cell> part;
  const char* expected;
  bool all_have_values;
};

TEST(Column, PutIsOneCellAfterAnother) {
  const std::vector<PutCase> cases = {
      {"one piece", {{1, 1}, {0, 0}, {0, 0}, {4, 1}}, {1, 2}, {{2, 1}, {3, 1}}, "1 2 3 4", true},
      {"apart", {{0, 0}, {2, 1}, {0, 0}}, {0, 2}, {{1, 10}, {3, 1}}, "0.1 2 3", true},
      {"a finer denominator", {{1, 2}, {1, 4}}, {0}, {{1, 8}}, "0.125 0.25", true},
      {"a coarser denominator", {{1, 8}, {1, 4}}, {1}, {{7, 1}}, "0.125 7", true},
      {"a value is taken away", {{1, 1}, {2, 1}}, {1}, {{0, 0}}, "1 -", false},
      {"a value is taken away, apart",
       {{1, 1}, {2, 1}, {3, 1}},
       {0, 2},
       {{0, 0}, {5, 1}},
       "- 2 5",
       false},
      {"no room for the common denominator",
       {{1, 2}, {0, 0}},
       {1},
       {{kMax, 1}},
       "0.5 9223372036854775807",
       true},
  };
  for (const PutCase& one : cases) {
    Column whole = numbers(one.whole);
    whole.put(one.at, numbers(one.part));
    EXPECT_EQ(text(whole), one.expected) << one.name;
    EXPECT_EQ(whole.all_have_values(), one.all_have_values) << one.name;
  }
}

TEST(Column, PicksInAnyOrder) {
  const Column from = numbers({{1, 10}, {0, 0}, {3, 10}, {4, 10}});
  EXPECT_EQ(text(from.picked(std::vector<std::uint32_t>{2, 3})), "0.3 0.4");
  EXPECT_EQ(text(from.picked(std::vector<std::uint32_t>{3, 0, 0, 1})), "0.4 0.1 0.1 -");
  const Column some = from.picked_or_null(std::vector<std::uint32_t>{kNoRow, 2}, kNoRow);
  EXPECT_EQ(text(some), "- 0.3");
  EXPECT_FALSE(some.all_have_values());
  EXPECT_TRUE(from.picked_or_null(std::vector<std::uint32_t>{2, 3}, kNoRow).all_have_values());
}

TEST(RowIndex, FindsTheRowsOfColumns) {
  const std::vector<std::int32_t> first = {7, 7, 8, -1}, second = {1, 2, 1, 0};
  const RowIndex index({first, second}, first.size());
  for (std::uint32_t row = 0; row < first.size(); ++row)
    EXPECT_EQ(index.find(std::vector<std::int32_t>{first[row], second[row]}), row);
  EXPECT_EQ(index.find(std::vector<std::int32_t>{8, 2}), kNoRow);
  EXPECT_EQ(RowIndex({first, second}, 0).find(std::vector<std::int32_t>{7, 1}), kNoRow);
  EXPECT_EQ(RowIndex({}, 1).find({}), 0u);
}

TEST(KeyIndex, FindsWhatWasInserted) {
  KeyIndex index(2);
  for (std::int32_t i = 0; i < 5000; ++i) {
    bool added = false;
    EXPECT_EQ(index.insert(std::vector<std::int32_t>{i % 50, i / 50}, &added), i);
    EXPECT_TRUE(added);
  }
  bool added = true;
  EXPECT_EQ(index.insert(std::vector<std::int32_t>{7, 3}, &added), 157u);
  EXPECT_FALSE(added);
  EXPECT_EQ(index.find(std::vector<std::int32_t>{49, 99}), 4999u);
  EXPECT_EQ(index.find(std::vector<std::int32_t>{50, 0}), kNoRow);
}

TEST(KeyIndex, AnEmptyKeyIsOneRow) {
  KeyIndex index(0);
  EXPECT_EQ(index.find({}), kNoRow);
  EXPECT_EQ(index.insert({}), 0u);
  EXPECT_EQ(index.insert({}), 0u);
  EXPECT_EQ(index.rows(), 1u);
}

TEST(TextPool, RanksByBytes) {
  TextPool pool;
  for (const char* one : {"b", "厂", "B", "a", "", "é"}) pool.intern(one);
  EXPECT_EQ(pool.intern("b"), 0);
  EXPECT_EQ(pool.find("no such text"), -1);
  EXPECT_EQ(pool.ranks(), (std::vector<std::int32_t>{3, 5, 1, 2, 0, 4}));
}

}  // namespace
}  // namespace qz::table
