// The parts of the one pass: groups of rows, sums and extremes by group, aggregates row after row;
// each case with what comes of it by hand.

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "compute/batch_extremes.h"
#include "compute/batch_sums.h"
#include "compute/stream_folds.h"
#include "compute/stream_groups.h"
#include "support/small_job.h"

namespace qz::compute {
namespace {

using exact::Number;
using rules::Op;
using table::Column;
using table::State;
using table::Type;

BatchOutput output(std::vector<std::int64_t> mantissas, std::int64_t denominator) {
  BatchOutput out;
  for (const std::int64_t one : mantissas) out.largest = std::max(out.largest, std::abs(one));
  out.mantissas = std::move(mantissas);
  out.denominator = denominator;
  return out;
}

// Adds a batch under both widths of group numbers by turns.
template <class Sums, class... More>
void add_in_turn(Sums& to, std::size_t turn, const std::vector<std::int32_t>& groups,
                 const More&... more) {
  if (turn % 2 == 0) return to.add(std::span<const std::int32_t>(groups), more...);
  const std::vector<std::uint16_t> small(groups.begin(), groups.end());
  to.add(std::span<const std::uint16_t>(small), more...);
}

TEST(GroupSums, TotalsByGroup) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  struct Batch {
    std::vector<std::int32_t> groups;
    std::vector<std::int64_t> mantissas;
    std::int64_t denominator;
  };
  struct Case {
    const char* what;
    std::vector<Batch> batches;
    std::vector<std::string> totals;  // of groups 0, 1, 2
  };
  const std::vector<Case> cases = {
      {"nothing", {}, {"0", "0", "0"}},
      {"one batch", {{{0, 2, 0}, {1, 20, 300}, 100}}, {"3.01", "0", "0.2"}},
      {"two denominators", {{{0, 1}, {5, 7}, 10}, {{1, 0}, {25, 25}, 100}}, {"0.75", "0.95", "0"}},
      {"signs", {{{1, 1}, {-9, 4}, 1}, {{1, 2}, {5, -1}, 1}}, {"0", "0", "-1"}},
      {"beyond int64 in one batch",
       {{{0, 0}, {kMost, kMost}, 1}},
       {"18446744073709551614", "0", "0"}},
      {"beyond int64 by and by",
       {{{0}, {kMost}, 1}, {{0}, {kMost}, 1}, {{1}, {1}, 1}, {{0}, {-kMost}, 1}},
       {"9223372036854775807", "1", "0"}},
  };
  for (const Case& one : cases) {
    for (std::size_t columns = 1; columns <= 6; ++columns) {
      GroupSums whole(columns), parts[2] = {GroupSums(columns), GroupSums(columns)};
      for (std::size_t b = 0; b < one.batches.size(); ++b) {
        const Batch& batch = one.batches[b];
        const BatchOutput values = output(batch.mantissas, batch.denominator);
        const std::vector<const BatchOutput*> outputs(columns, &values);
        for (GroupSums* to : {&whole, &parts[b % 2]}) {
          to->grow(3);
          add_in_turn(*to, b, batch.groups, std::span<const BatchOutput* const>(outputs));
        }
      }
      whole.grow(3);
      parts[0].grow(3);
      parts[0].add(parts[1]);
      for (std::size_t g = 0; g < 3; ++g) {
        for (std::size_t c = 0; c < columns; ++c) {
          EXPECT_EQ(whole.total(c, g).to_string(), one.totals[g]) << one.what << ' ' << columns;
          EXPECT_EQ(whole.totals(c, 4).number(g).to_string(), one.totals[g]) << one.what;
          EXPECT_EQ(parts[0].total(c, g).to_string(), one.totals[g]) << one.what << ", merged";
        }
      }
    }
  }
}

TEST(GroupExtremes, BestByGroup) {
  struct Batch {
    std::vector<std::int32_t> groups;
    std::vector<std::int64_t> mantissas;
    std::int64_t denominator;
    std::vector<std::int64_t> counted;  // empty: every row
  };
  struct Case {
    const char* what;
    std::vector<Batch> batches;
    std::vector<std::string> least, most;  // of groups 0, 1; "" where there is none
  };
  const std::vector<Case> cases = {
      {"nothing", {}, {"", ""}, {"", ""}},
      {"zero is a value", {{{0, 0}, {0, -5}, 1, {}}}, {"-5", ""}, {"0", ""}},
      {"two denominators",
       {{{0, 1}, {3, -1}, 10, {}}, {{0, 1}, {29, -11}, 100, {}}},
       {"0.29", "-0.11"},
       {"0.3", "-0.1"}},
      {"rows that do not count", {{{0, 0, 1}, {9, 4, 7}, 1, {0, 1, 0}}}, {"4", ""}, {"4", ""}},
  };
  for (const Case& one : cases) {
    for (const bool largest : {false, true}) {
      GroupExtremes whole(largest), parts[2] = {GroupExtremes(largest), GroupExtremes(largest)};
      for (std::size_t b = 0; b < one.batches.size(); ++b) {
        const Batch& batch = one.batches[b];
        const BatchOutput values = output(batch.mantissas, batch.denominator);
        const BatchOutput counted = output(batch.counted, 1);
        for (GroupExtremes* to : {&whole, &parts[b % 2]}) {
          to->grow(2);
          add_in_turn(*to, b, batch.groups, values, batch.counted.empty() ? nullptr : &counted);
        }
      }
      whole.grow(2);
      parts[0].grow(2);
      parts[0].add(parts[1]);
      for (std::size_t g = 0; g < 2; ++g) {
        const std::string expected = (largest ? one.most : one.least)[g];
        for (const GroupExtremes* of : {&whole, &parts[0]}) {
          const auto best = of->best(g);
          EXPECT_EQ(best ? best->to_string() : "", expected) << one.what << ' ' << largest;
        }
      }
    }
  }
}

// A cell in words: a number, "-" missing, "n/a", "!" an error.
void append(Column& to, const std::string& word) {
  if (word == "-") return to.append_state(State::kNull);
  if (word == "n/a") return to.append_state(State::kNotApplicable);
  if (word == "!") return to.append_state(State::kDivisionByZero);
  if (to.type() != Type::kNumber) return to.append_id(std::stoi(word));
  to.append_number(Number::ratio(static_cast<std::int64_t>(std::stod(word) * 1000), 1000));
}

struct FoldCase {
  Op op;
  std::vector<std::string> values, weights;  // of one group
  std::string cell;
};

// In the words of append(); "failed" where some row has an error.
std::string folded(const FoldCase& one, std::vector<std::size_t> order, std::size_t split) {
  const bool truth = one.op == Op::kAny || one.op == Op::kAll;
  Column values(truth ? Type::kBool : Type::kNumber), weights(Type::kNumber);
  for (const std::string& word : one.values) append(values, word);
  for (const std::string& word : one.weights) append(weights, word);
  const Type type = truth ? Type::kBool : Type::kNumber;
  StreamFold parts[2] = {{one.op, type}, {one.op, type}};
  for (StreamFold& part : parts) part.grow(1);
  for (std::size_t i = 0; i < order.size(); ++i) {
    parts[i < split ? 0 : 1].add(0, &values, one.weights.empty() ? nullptr : &weights, order[i]);
  }
  StreamFold whole(one.op, type);
  whole.grow(2);
  for (const StreamFold& part : parts) whole.merge(part, std::vector<std::uint32_t>{1});
  if (whole.has_failed(1)) return "failed";
  Column out(type, 1, State::kNull);
  whole.finish(1, out, 0);
  if (!out.has_value(0)) return "-";
  return truth ? std::to_string(out.id(0)) : out.number(0).to_string();
}

TEST(StreamFold, CellsOfAGroupInAnyOrder) {
  const std::vector<FoldCase> cases = {
      {Op::kSum, {"1", "2.5", "n/a"}, {}, "3.5"},
      {Op::kSum, {"1", "-"}, {}, "-"},
      {Op::kSum, {"1", "-", "!"}, {}, "failed"},
      {Op::kCount, {"1", "-", "n/a"}, {}, "3"},
      {Op::kMean, {"1", "2", "n/a"}, {}, "1.5"},
      {Op::kMean, {"n/a", "n/a"}, {}, "-"},
      {Op::kMean, {"1", "4"}, {"2", "1"}, "2"},
      {Op::kMean, {"1", "4"}, {"2", "-"}, "-"},
      {Op::kMean, {"1", "4"}, {"0", "0"}, "-"},
      {Op::kMean, {"1", "n/a"}, {"2", "!"}, "1"},
      {Op::kMean, {"1", "4"}, {"2", "!"}, "failed"},
      {Op::kMin, {"3", "-2", "n/a", "0"}, {}, "-2"},
      {Op::kMax, {"3", "-2", "5.25"}, {}, "5.25"},
      {Op::kMax, {"3", "-"}, {}, "-"},
      {Op::kAny, {"0", "1", "-"}, {}, "1"},
      {Op::kAny, {"0", "0", "-"}, {}, "-"},
      {Op::kAny, {"0", "0", "n/a"}, {}, "0"},
      {Op::kAll, {"1", "0", "-"}, {}, "0"},
      {Op::kAll, {"1", "1"}, {}, "1"},
      {Op::kAll, {"1", "!"}, {}, "failed"},
  };
  for (std::size_t c = 0; c < cases.size(); ++c) {
    std::vector<std::size_t> order(cases[c].values.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    do {
      for (std::size_t split = 0; split <= order.size(); ++split)
        EXPECT_EQ(folded(cases[c], order, split), cases[c].cell) << "case " << c;
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

// What was summed, counted and compared elsewhere counts like rows.
TEST(StreamFold, TakesWhatWasFoundElsewhere) {
  const auto cell = [](Op op, const auto& fill) {
    StreamFold fold(op, Type::kNumber);
    fold.grow(1);
    fill(fold);
    Column out(Type::kNumber, 1, State::kNull);
    fold.finish(0, out, 0);
    return out.has_value(0) ? out.number(0).to_string() : "-";
  };
  Column three(Type::kNumber);
  three.append_scaled(3, 1);
  EXPECT_EQ(cell(Op::kSum,
                 [&](StreamFold& to) {
                   to.add(0, &three, nullptr, 0);
                   to.add_sum(0, Number(4));
                 }),
            "7");
  EXPECT_EQ(cell(Op::kMean,
                 [&](StreamFold& to) {
                   to.add(0, &three, nullptr, 0);
                   to.add_sum(0, Number(6));
                   to.add_count(0, 5);
                 }),
            "1.5");
  EXPECT_EQ(cell(Op::kMean,
                 [](StreamFold& to) {
                   to.add_sum(0, Number(6));
                   to.add_weight(0, Number(4));
                 }),
            "1.5");
  EXPECT_EQ(cell(Op::kSum, [](StreamFold& to) { to.add_null(0); }), "-");
}

// Rows of one table grouped in a way: the group's key as it is read, and where a row has none.
TEST(StreamGroups, RowsThatAgreeAreOneGroup) {
  const char* const tables = R"J("a": {"key": ["entity", "quarter"], "columns": {
      "n": {"unit": "t", "formula": "sum(t.x)"}}},
    "t": {"key": ["entity", "unit", "month", "row"], "columns": {
      "x": {"input": "number", "unit": "t"}}})J";
  const auto job =
      testing_support::run_job({testing_support::pack(tables)},
                               {{"t", "entity,unit,month,x\nA,1,2022-01,1\n"}}, 1, 2022, 2022);
  ASSERT_NE(job.results.packs, nullptr);
  const rules::CheckedPacks& packs = *job.results.packs;
  plan::Stream stream;
  stream.table = *packs.table("t");
  const std::int32_t january = 2022 * 12;
  struct Case {
    const char* what;
    plan::Grouping grouping;
    std::vector<std::int32_t> groups;  // of the rows below, numbered as they come
  };
  const std::vector<std::int32_t> entities = {7, 7, 9, 7, 9, 7}, units = {1, 1, 1, 2, 1, 1},
                                  months = {january,     january + 1, january,
                                            january + 3, january + 2, january - 12};
  const std::vector<Case> cases = {
      {"all rows", {{}, std::nullopt}, {0, 0, 0, 0, 0, 0}},
      {"a text", {{0}, std::nullopt}, {0, 0, 1, 0, 1, 0}},
      {"two texts", {{0, 1}, std::nullopt}, {0, 0, 1, 2, 1, 0}},
      {"a text and the row's own period", {{0}, base::PeriodKind::kMonth}, {0, 1, 2, 3, 4, 5}},
      {"a text and a longer period", {{0}, base::PeriodKind::kQuarter}, {0, 0, 1, 2, 1, 3}},
      {"a period alone", {{}, base::PeriodKind::kYear}, {0, 0, 0, 0, 0, 1}},
      {"years that the cycle has not", {{0}, base::PeriodKind::kCycle}, {0, 0, 1, 0, 1, -1}},
  };
  const auto ids = [](Type type, const std::vector<std::int32_t>& from) {
    return Column::from_ids(type, from, std::vector<State>(from.size(), State::kValue));
  };
  for (const Case& one : cases) {
    StreamGroups groups(packs, stream, one.grouping);
    const std::vector<Column> columns = {ids(Type::kText, entities), ids(Type::kText, units),
                                         ids(Type::kPeriod, months), Column(Type::kRow),
                                         Column(Type::kNumber)};
    EXPECT_EQ(groups.assign(columns, entities.size()), one.groups) << one.what;
    EXPECT_EQ(groups.assign(columns, entities.size()), one.groups) << one.what << ", again";
    EXPECT_EQ(groups.has_outsiders(),
              std::find(one.groups.begin(), one.groups.end(), -1) != one.groups.end())
        << one.what;
    for (std::size_t row = 0; row < one.groups.size(); ++row) {
      if (one.groups[row] < 0) continue;
      const auto of = groups.row_of(static_cast<std::size_t>(one.groups[row]));
      for (const std::int32_t column : one.grouping.columns) {
        const auto at = static_cast<std::size_t>(column);
        EXPECT_EQ(of[at], columns[at].id(row)) << one.what;
      }
    }
  }
}

}  // namespace
}  // namespace qz::compute
