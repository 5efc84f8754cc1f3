// Loaded rows, computed again: the same sums as rows that are kept, under the same and under
// changed factors.

#include "compute/loaded_rows.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "compute/evaluate.h"
#include "support/small_job.h"

namespace qz::compute {
namespace {

using testing_support::FactorText;
using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

FactorText fuels(const std::string& hard) {
  return {R"({"name": "x.fuels", "version": "1", "title": "x",
    "resources": [{"name": "x.fuels", "path": "factors.csv", "schema": {"primaryKey": ["kind"], "fields": [
    {"name": "kind", "type": "string"}, {"name": "carbon", "type": "number", "unit": "t/t"},
    {"name": "source", "type": "string"}, {"name": "status", "type": "string"}]}}]})",
          "kind,carbon,source,status\nhard," + hard + ",x,verified\nsoft,0.3340,x,verified\n"};
}

const char* const kTables = R"J("a": {"key": ["entity", "year"], "columns": {
      "made": {"unit": "t", "formula": "sum(t.made)"},
      "amount": {"unit": "t", "formula": "sum(t.amount)"},
      "n": {"unit": "1", "formula": "count(t)"},
      "hard": {"unit": "t", "formula": "sum(t[kind = \"hard\"].made)"},
      "most": {"unit": "t", "formula": "max(t[month > \"2022-07\"].amount)"},
      "least": {"unit": "t", "formula": "min(t.rest)"},
      "mean": {"unit": "t", "formula": "mean(t.rest)"},
      "shares": {"unit": "t/t", "formula": "sum(t.share)"},
      "some": {"unit": "1", "formula": "count(t[amount > 50[t]])"}}},
    "t": {"key": ["entity", "month", "row"], "columns": {
      "kind": {"input": "text"}, "amount": {"input": "number", "unit": "t"},
      "share": {"input": "number", "unit": "t/t", "optional": true},
      "made": {"unit": "t", "round": {"decimals": 2, "mode": "half-even"},
               "formula": "amount * coalesce(share, fuels(kind).carbon)"},
      "rest": {"unit": "t", "when": "amount > 0[t]", "formula": "amount - 1[t]"}}})J";
const char* const kMore = R"("factors": ["x.fuels@1"], )";

// Rows with amounts up to `most` hundredths.
std::string rows(std::uint32_t seed, std::size_t n, std::int64_t most) {
  std::mt19937 random(seed);
  std::string out = "entity,month,kind,amount,share\n";
  for (std::size_t i = 0; i < n; ++i) {
    const std::string cents = std::to_string(random() % 90 + 10);
    const std::int64_t whole = std::uniform_int_distribution<std::int64_t>(-most, most)(random);
    out += "A" + std::to_string(random() % 300) + ",2022-0" + std::to_string(random() % 9 + 1) +
           (random() % 2 == 0 ? ",hard," : ",soft,") + std::to_string(whole) + "." + cents +
           (random() % 3 == 0 ? "," : ",0." + std::to_string(random() % 9 + 1)) + "\n";
  }
  return out;
}

struct Loaded {
  SmallJob job;
  plan::Program program;
  plan::Stream stream;
  std::optional<LoadedRows> rows;
};

Loaded load(const std::string& csv, const std::string& hard, int threads) {
  Loaded out;
  out.job = run_job({pack(kTables, kMore)}, {{"t", csv}}, 1, 2022, 2022, {fuels(hard)});
  EXPECT_TRUE(out.job.problems.empty() && out.job.results.packs != nullptr);
  if (out.job.results.packs == nullptr) return out;
  base::Findings problems;
  out.program = *plan::from_packs(out.job.results.packs, problems);
  std::vector<bool> given(out.program.packs->tables.size(), false);
  given[static_cast<std::size_t>(*out.program.packs->table("t"))] = true;
  for (plan::Stream& one : plan::streams(out.program, given)) out.stream = std::move(one);
  StreamedTable table;
  table.plan = out.stream;
  read::TableFile file;
  file.table = "t";
  file.name = "t.csv";
  file.bytes = std::make_shared<const std::string>(csv);
  table.files = {file};
  read::BatchOptions options;
  options.piece_bytes = 20'000;
  table.reader =
      read::open_batches(table.files, table.plan.table, table.plan.wanted, *out.program.packs,
                         out.job.world->units, *out.job.pool, options);
  if (table.reader) out.rows = LoadedRows::load(*out.program.packs, table, threads);
  return out;
}

// Fold and group to its cell, or the reason why there is none.
std::map<std::string, std::string> recalculated(const LoadedRows& rows, Loaded& under, int threads,
                                                Rung rung = Rung::kAuto) {
  const rules::CheckedPacks& packs = *under.program.packs;
  const auto texts = intern_texts(packs, *under.job.pool);
  Relations relations(packs, under.job.results.tables);
  const Data data{packs, *under.job.pool, under.job.results.tables, relations, texts, nullptr,
                  rung};
  const auto again = rows.recalculate(data, under.stream, threads);
  if (!again) return {{"declined", ""}};
  std::map<std::string, std::string> out;
  for (std::size_t f = 0; f < under.stream.folds.size(); ++f) {
    const table::KeyIndex* groups = rows.groups(packs, under.stream.folds[f].list());
    for (std::uint32_t g = 0; g < groups->rows(); ++g) {
      const std::string id(under.job.pool->text(groups->key(g)[0]));
      const std::string& what = under.stream.folds[f].formula->text;
      const table::Column& cells = again->cells[f];
      out[what + " " + id] = cells.has_value(g) ? cells.number(g).to_string() : "-";
    }
  }
  return out;
}

// The same of the rows that were kept.
std::map<std::string, std::string> kept(const Loaded& of) {
  const rules::CheckedPacks& packs = *of.program.packs;
  const auto table = static_cast<std::size_t>(*packs.table("a"));
  const TableRows& rows = of.job.results.tables[table];
  std::map<std::string, std::string> out;
  for (std::size_t c = packs.tables[table].key_size; c < rows.columns.size(); ++c) {
    const std::string& what = packs.tables[table].columns[c].rules[0].cases[0].formula.text;
    const table::Column& cells = rows.columns[c];
    for (std::size_t row = 0; row < rows.rows; ++row) {
      const std::string id(of.job.pool->text(rows.columns[0].id(row)));
      out[what + " " + id] = cells.has_value(row) ? cells.number(row).to_string() : "-";
    }
  }
  return out;
}

TEST(LoadedRows, ComputedAgainIsAsKept) {
  for (const std::int64_t most : {100LL, 100'000LL, 30'000'000LL, 40'000'000'000'000LL}) {
    const std::string csv = rows(7, 5000, most);
    Loaded one = load(csv, "0.5830", 1);
    ASSERT_TRUE(one.rows) << most;
    EXPECT_EQ(one.rows->rows(), 5000u);
    const auto expected = kept(one);
    EXPECT_EQ(recalculated(*one.rows, one, 1), expected) << most;
    EXPECT_EQ(recalculated(*one.rows, one, 3), expected) << most;
    EXPECT_EQ(recalculated(*one.rows, one, 2, Rung::kInt128), expected) << most;
    Loaded many = load(csv, "0.5830", 3);
    ASSERT_TRUE(many.rows);
    EXPECT_EQ(recalculated(*many.rows, many, 2), expected) << most;
  }
}

TEST(LoadedRows, ChangedFactorsNeedNoReading) {
  const std::string csv = rows(8, 3000, 9000);
  Loaded before = load(csv, "0.5830", 2);
  Loaded after = load(csv, "0.61", 2);
  ASSERT_TRUE(before.rows && after.rows);
  const auto changed = recalculated(*before.rows, after, 2);
  EXPECT_EQ(changed, kept(after));
  EXPECT_NE(changed, kept(before));
}

TEST(LoadedRows, WhatIsOutOfTheOrdinaryIsDeclined) {
  const std::string csv = rows(9, 3000, 9000) + "A1,2022-01,peat,1,\n";  // no factor row
  Loaded one = load(csv, "0.5830", 2);
  ASSERT_TRUE(one.rows);
  EXPECT_EQ(recalculated(*one.rows, one, 2).count("declined"), 1u);
  EXPECT_EQ(recalculated(*one.rows, one, 2, Rung::kExact).count("declined"), 1u);
}

}  // namespace
}  // namespace qz::compute
