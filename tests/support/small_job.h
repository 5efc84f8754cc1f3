// A job of a few rows from pack and file texts, computed: for tests of plan, compute and check.

#ifndef QZ_TESTS_SUPPORT_SMALL_JOB_H_
#define QZ_TESTS_SUPPORT_SMALL_JOB_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compute/results.h"
#include "plan/program.h"
#include "read/input_tables.h"
#include "support/packs_for_tests.h"

namespace qz::testing_support {

inline constexpr const char* kUnits = R"({"units": {
  "t": {"kind": "mass"}, "kg": {"kind": "mass", "ratio": "1/1000", "of": "t"},
  "GJ": {"kind": "energy"}, "d": {"kind": "time"}}})";

// The members around a pack's tables; `more` stands before them.
inline std::string pack(const std::string& tables, const std::string& more = "",
                        const std::string& version = "1",
                        const std::string& applies = R"({"from": "2000-01-01"})") {
  return R"({"pack": "x.rules", "version": ")" + version +
         R"(", "title": {"en": "x", "zh": "x"}, "authority": "x", "document": "x", "applies": )" +
         applies + R"(, "rounding": "half-even", )" + more + R"("tables": {)" + tables + "}}";
}

struct SmallJob {
  std::unique_ptr<TestPacks> world;
  std::shared_ptr<table::TextPool> pool = std::make_shared<table::TextPool>();
  base::Findings problems;  // of the plan or the files: nothing was computed
  base::Findings findings;
  compute::Results results;

  // The cells of a column in key order: exact values, "-" missing, "n/a", or the error's code.
  std::string column(const std::string& table_name, const std::string& column_name) const {
    const std::int32_t table = *results.packs->table(table_name);
    const rules::CheckedTable& of = results.packs->tables[static_cast<std::size_t>(table)];
    const std::int32_t index = *of.column(column_name);
    const compute::TableRows& rows = results.tables[static_cast<std::size_t>(table)];
    const table::Column& cells = rows.columns[static_cast<std::size_t>(index)];
    std::string out;
    for (std::size_t row = 0; row < rows.rows; ++row) {
      if (rows.is_context[row] != 0) continue;
      out += (out.empty() ? "" : " ") + text(cells, table, index, static_cast<std::uint32_t>(row));
    }
    return out;
  }

  std::string text(const table::Column& cells, std::int32_t table, std::int32_t column,
                   std::uint32_t row) const {
    const table::State state = cells.state(row);
    if (table::is_error(state)) return std::string(table::error_code(state));
    if (state == table::State::kNull) return "-";
    if (state == table::State::kNotApplicable) return "n/a";
    if (cells.type() == table::Type::kNumber) return cells.number(row).to_string();
    return results.id_text(table, column, row);
  }

  // The keys of a table's rows: "A/1/2022-01".
  std::string keys(const std::string& table_name) const {
    const std::int32_t table = *results.packs->table(table_name);
    std::string out;
    for (std::size_t row = 0; row < results.tables[static_cast<std::size_t>(table)].rows; ++row) {
      std::string key;
      for (const auto& part : results.key(table, static_cast<std::uint32_t>(row))) {
        key += (key.empty() ? "" : "/") + part.second;
      }
      out += (out.empty() ? "" : " ") + key;
    }
    return out;
  }

  // Codes of findings, sorted, each with its count where there are several: "missing-row*2".
  std::string codes() const {
    std::map<std::string, int> found;
    for (const base::Finding& one : findings) ++found[one.code];
    std::string out;
    for (const auto& [code, count] : found) {
      out += (out.empty() ? "" : " ") + code + (count > 1 ? "*" + std::to_string(count) : "");
    }
    return out;
  }
};

// `files`: table and CSV text; a table "before:x" is a context file of x.
inline SmallJob run_job(const std::vector<std::string>& packs,
                        const std::vector<std::pair<std::string, std::string>>& files,
                        int threads = 1, int year_first = 2022, int year_last = 2022,
                        const std::vector<FactorText>& factors = {}) {
  SmallJob out;
  out.world = check_packs(packs, kUnits, year_first, year_last, factors);
  if (!out.world->packs) return out;
  const auto checked = std::make_shared<const rules::CheckedPacks>(*out.world->packs);
  const std::optional<plan::Program> program = plan::from_packs(checked, out.problems);
  std::vector<read::TableFile> tables;
  for (const auto& [name, text] : files) {
    read::TableFile one;
    one.context = name.starts_with("before:");
    one.table = one.context ? name.substr(7) : name;
    one.name = one.table + (one.context ? "_before.csv" : ".csv");
    one.bytes = std::make_shared<const std::string>(text);
    tables.push_back(std::move(one));
  }
  if (!program) return out;
  read::InputTables inputs =
      read::read_tables(tables, *checked, out.world->units, *out.pool, out.problems, out.findings);
  if (!out.problems.empty()) return out;
  out.results = compute::run(*program, std::move(inputs), out.pool, threads, out.findings);
  return out;
}

}  // namespace qz::testing_support

#endif  // QZ_TESTS_SUPPORT_SMALL_JOB_H_
