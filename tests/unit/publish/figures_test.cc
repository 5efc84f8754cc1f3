// Two roads to one ledger: entries one by one as entry_of() gives them, and figures in columns by
// several threads. Every byte and the root must be the same.

#include "seal/figures.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "compute/cell_text.h"
#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"
#include "publish/verify_ledger.h"
#include "seal/from_results.h"
#include "support/small_job.h"
#include "unit/publish/sample_ledger.h"

namespace qz::publish {
namespace {

using compute::Results;
using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

struct Written {
  std::string json;
  std::string xml;
  std::string root;
};

// Every cell of the table that its entity, or nobody, reports.
void give_rows(const Results& results, std::size_t table, const std::string* entity,
               seal::Sealer& sealer) {
  const auto t = static_cast<std::int32_t>(table);
  const rules::CheckedTable& of = results.packs->tables[table];
  for (std::uint32_t row = 0; row < results.tables[table].rows; ++row) {
    std::string owner;
    for (const auto& [name, value] : results.key(t, row)) {
      if (name == results.packs->subject) owner = value;
    }
    if (results.tables[table].is_context[row] != 0 || (entity != nullptr && owner != *entity))
      continue;
    for (std::size_t c = of.key_size; c < of.columns.size(); ++c) {
      const auto column = static_cast<std::int32_t>(c);
      const rules::ColumnRule* rule = compute::rule_of(results, t, column, row);
      if (!of.columns[c].report || (rule != nullptr && !rule->definition->report)) continue;
      if (results.tables[table].columns[c].state(row) == table::State::kNotApplicable) continue;
      const seal::Entry entry = seal::entry_of(results, t, column, row);
      if (entity != nullptr) sealer.entry(entry);
      if (entity == nullptr) sealer.total(entry);
    }
  }
}

bool has_subject(const Results& results, std::size_t table) {
  const rules::CheckedTable& of = results.packs->tables[table];
  return std::any_of(of.columns.begin(),
                     of.columns.begin() + static_cast<std::ptrdiff_t>(of.key_size),
                     [&](const auto& column) { return column.name == results.packs->subject; });
}

Written one_by_one(const SmallJob& job, const std::set<std::string>& entities) {
  Written out;
  JsonLedgerWriter json([&](std::string_view bytes) { out.json += bytes; });
  XmlLedgerWriter xml([&](std::string_view bytes) { out.xml += bytes; });
  seal::Sealer sealer({&json, &xml});
  sealer.header(sample_header());
  for (const std::string& entity : entities) {
    sealer.begin_entity(entity);
    for (std::size_t t = 0; t < job.results.tables.size(); ++t) {
      if (has_subject(job.results, t)) give_rows(job.results, t, &entity, sealer);
    }
    sealer.end_entity();
  }
  for (std::size_t t = 0; t < job.results.tables.size(); ++t) {
    if (!has_subject(job.results, t)) give_rows(job.results, t, nullptr, sealer);
  }
  out.root = sealer.finish().root;
  return out;
}

Written in_columns(const SmallJob& job, int threads) {
  Written out;
  JsonLedgerWriter json([&](std::string_view bytes) { out.json += bytes; });
  XmlLedgerWriter xml([&](std::string_view bytes) { out.xml += bytes; });
  seal::Sealer sealer({&json, &xml});
  seal::give_leaves(sample_header(), job.results, {}, sealer, threads);
  out.root = sealer.finish().root;
  return out;
}

void expect_one_ledger(const SmallJob& job, const std::set<std::string>& entities) {
  ASSERT_TRUE(job.problems.empty());
  const Written expected = one_by_one(job, entities);
  for (const int threads : {1, 2, 3}) {
    const Written found = in_columns(job, threads);
    EXPECT_EQ(found.json, expected.json) << threads;
    EXPECT_EQ(found.xml, expected.xml) << threads;
    EXPECT_EQ(found.root, expected.root) << threads;
  }
  EXPECT_TRUE(verify_ledger(expected.json, "l"));
  EXPECT_TRUE(verify_ledger(expected.xml, "l"));
}

// All kinds of cells: inputs in units of their own, defaults, rounded to decimals, to significant
// digits, shown rounded, not rounded at all, errors, gaps, texts, bools.
constexpr const char* kTables = R"J(
  "m": {"key": ["entity", "place", "month"], "columns": {
    "v": {"input": "number", "unit": "t", "optional": true, "report": true},
    "d": {"input": "number", "unit": "t", "optional": true, "formula": "v * 2 + 1[t]", "round": 3, "report": true},
    "text": {"input": "text", "optional": true, "report": true},
    "flag": {"input": "bool", "optional": true, "report": true},
    "third": {"unit": "t", "formula": "v / 3", "shown": 4, "report": true},
    "exact": {"unit": "t", "formula": "v / 8", "shown": 6, "report": true},
    "shown": {"unit": "kg", "formula": "v / 8", "shown": 1, "report": true},
    "kilo": {"unit": "kg", "formula": "v / 7", "round": 2, "report": true},
    "thousands": {"unit": "t", "formula": "v * 1001", "round": -3, "report": true},
    "digits": {"unit": "t", "formula": "v * 7", "round": {"significant": 2}, "report": true},
    "error": {"unit": "1", "formula": "v / (v - v)", "round": 2, "report": true},
    "some": {"unit": "t", "when": "v > 1[t]", "formula": "v", "round": 0, "report": true},
    "hidden": {"unit": "t", "formula": "v"}}},
  "sums": {"key": ["month"], "columns": {
    "all": {"unit": "t", "formula": "sum(m.v)", "round": 2, "report": true}}},
  "annual": {"key": ["entity", "year"], "columns": {
    "all": {"unit": "t", "formula": "sum(m.v)", "round": 2, "report": true}}})J";

TEST(Figures, AreTheEntriesInColumns) {
  const SmallJob job = run_job(
      {pack(kTables)}, {{"m",
                         "entity,place,month,v [kg],d,text,flag\n"
                         "A,\"a \"\"b\"\" \\ & <c>\",2022-01,-1500.50,,\"x > y & \"\"z\"\"\",true\n"
                         "A,p,2022-01,0,1.2300,,false\n"
                         "A,p,2022-02,,,\xE7\x83\x9F\xE7\x85\xA4,\n"
                         "A,\xEF\xBC\xA1\xF0\x9F\x98\x80,2022-03,9007199254740993000.125,,t,true\n"
                         "\"B & \"\"<C>\",p,2022-01,3000,7,t,true\n"}});
  ASSERT_TRUE(job.problems.empty()) << base::finding_line(job.problems[0], "en");
  expect_one_ledger(job, {"A", "B & \"<C>"});
}

// More rows than a chunk holds, in one entity and over many; values on both sides of 64 bits.
TEST(Figures, AreTheSameAcrossChunks) {
  std::string rows = "entity,place,month,v,d,text,flag\n";
  std::set<std::string> entities;
  for (int i = 0; i < 1500; ++i) {
    const std::string entity = i < 900 ? "A" : "E" + std::to_string(i / 7);
    entities.insert(entity);
    const std::string value = i % 50 == 0 ? "4611686018427387904.5" : std::to_string(i) + ".25";
    rows += entity + "," + std::to_string(i) + ",2022-0" + std::to_string(1 + i % 9) + "," + value +
            ",,t,true\n";
  }
  expect_one_ledger(run_job({pack(kTables)}, {{"m", rows}}), entities);
}

// Texts so long that a part of a chunk is handed over early.
TEST(Figures, AreTheSameWhereTextsAreLong) {
  std::string rows = "entity,place,month,v,d,text,flag\n";
  for (int i = 0; i < 60; ++i) {
    rows += std::string(i % 3 == 0 ? "A" : "B") + "," + std::to_string(i) + ",2022-01,1,,\"" +
            std::string(200'000, static_cast<char>('a' + i % 26)) + "\",true\n";
  }
  expect_one_ledger(run_job({pack(kTables)}, {{"m", rows}}), {"A", "B"});
}

}  // namespace
}  // namespace qz::publish
