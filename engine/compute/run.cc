// Run: rows are made, then every step of the program fills its columns.

#include <algorithm>
#include <atomic>
#include <exception>
#include <map>
#include <set>
#include <span>
#include <thread>

#include "base/result.h"
#include "compute/column_cells.h"
#include "compute/evaluate.h"
#include "compute/input_cells.h"
#include "compute/results.h"
#include "compute/rows.h"
#include "compute/run_before.h"
#include "compute/stream.h"

namespace qz::compute {
namespace {

using plan::ColumnRef;
using table::Column;
using table::State;

constexpr std::size_t kBatch = 4096;
constexpr int kLinkRoundsMax = 16;

using FactorTexts = std::vector<std::vector<std::vector<std::int32_t>>>;

class Run {
 public:
  Run(Results& results, const FactorTexts& texts, int threads)
      : results_(results),
        relations_(*results.packs, results.tables),
        windows_(*results.packs, results.tables, relations_),
        data_{*results.packs, *results.pool,        results.tables, relations_,
              texts,          results.totals.get(), results.rung,   &windows_},
        threads_(std::max(1, threads)) {}

  void columns(const std::vector<plan::Step>& steps, const Progress& progress) {
    for (std::size_t s = 0; s < steps.size(); ++s) {
      if (steps[s].loops) {
        windows_.enter_loop(&steps[s]);
        loop(steps[s]);
        windows_.enter_loop(nullptr);
      } else {
        column(steps[s].columns.front(), nullptr);
      }
      if (progress.report) progress.report(static_cast<int>((s + 1) * 1000 / steps.size()));
    }
    std::sort(results_.errors.begin(), results_.errors.end(),
              [](const ErrorOrigin& a, const ErrorOrigin& b) {
                return std::tie(a.table, a.column, a.row) < std::tie(b.table, b.column, b.row);
              });
  }

 private:
  const rules::CheckedColumn& shape(ColumnRef ref) const {
    return results_.packs->tables[static_cast<std::size_t>(ref.table)]
        .columns[static_cast<std::size_t>(ref.column)];
  }
  TableRows& rows_of(ColumnRef ref) { return results_.tables[static_cast<std::size_t>(ref.table)]; }

  // Period by period, earliest first; within a period in the order that the plan gives.
  void loop(const plan::Step& step) {
    std::map<std::int32_t, std::map<std::int32_t, std::vector<std::uint32_t>>> by_period;
    std::set<std::int32_t> taken;  // several columns of the step may be of one table
    for (const ColumnRef& ref : step.columns) {
      if (!taken.insert(ref.table).second) continue;
      const rules::CheckedTable& of = results_.packs->tables[static_cast<std::size_t>(ref.table)];
      const Column& periods = rows_of(ref).columns[static_cast<std::size_t>(*of.period_column)];
      for (std::uint32_t row = 0; row < rows_of(ref).rows; ++row) {
        by_period[periods.id(row)][ref.table].push_back(row);
      }
    }
    for (const auto& [period, tables] : by_period) {
      (void)period;
      for (const ColumnRef& ref : step.columns) {
        const auto rows = tables.find(ref.table);
        if (rows != tables.end()) column(ref, &rows->second);
      }
    }
  }

  // Fills `ref` for `only` (all rows if nullptr): rows of each edition by that edition's rule.
  void column(ColumnRef ref, const std::vector<std::uint32_t>* only) {
    TableRows& table = rows_of(ref);
    std::vector<std::uint8_t>& cases = table.cases[static_cast<std::size_t>(ref.column)];
    if (cases.size() != table.rows) cases.assign(table.rows, kCaseInput);
    const std::vector<std::int32_t>& editions =
        table.edition[static_cast<std::size_t>(shape(ref).pack_index)];
    std::map<std::int32_t, std::vector<std::uint32_t>> by_edition;
    std::vector<std::uint32_t>* rows_of_edition = nullptr;  // of the edition before
    std::int32_t edition_before = -1;
    const std::size_t n = only == nullptr ? table.rows : only->size();
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t row = only == nullptr ? static_cast<std::uint32_t>(i) : (*only)[i];
      const std::int32_t edition = editions[row];
      if (table.is_context[row] != 0 || edition < 0) continue;
      if (edition != edition_before) {
        rows_of_edition = &by_edition[edition];
        edition_before = edition;
        if (rows_of_edition->empty()) rows_of_edition->reserve(n - i);
      }
      rows_of_edition->push_back(row);
    }
    for (const auto& [edition, rows] : by_edition) {
      const rules::ColumnRule* rule = shape(ref).rule(edition);
      if (rule != nullptr && !rule->cases.empty()) fill(ref, *rule, rows);
    }
  }

  void fill(ColumnRef ref, const rules::ColumnRule& rule, const std::vector<std::uint32_t>& rows) {
    const std::size_t batches = (rows.size() + kBatch - 1) / kBatch;
    std::vector<ColumnCells> done(batches);
    const auto work = [&](FormulaRunner& runner, std::size_t b) {
      const std::size_t begin = b * kBatch, end = std::min(rows.size(), begin + kBatch);
      done[b] = column_cells(data_, runner, ref, rule, std::span(rows).subspan(begin, end - begin));
    };
    each_batch(batches, makes_texts(rule) ? 1 : threads_, work);
    TableRows& table = rows_of(ref);
    Column& cells = table.columns[static_cast<std::size_t>(ref.column)];
    std::vector<std::uint8_t>& cases = table.cases[static_cast<std::size_t>(ref.column)];
    for (std::size_t b = 0; b < batches; ++b) {
      const auto at = std::span(rows).subspan(b * kBatch, done[b].cells.size());
      cells.put(at, done[b].cells);
      for (std::size_t i = 0; i < at.size(); ++i) cases[at[i]] = done[b].cases[i];
      keep_errors(ref, done[b].errors, cells);
      done[b] = {};
    }
  }

  // join makes new texts in the pool, which only one thread may do.
  static bool makes_texts(const rules::ColumnRule& rule) {
    const auto joins = [](const rules::Typed& formula) {
      return std::any_of(formula.nodes.begin(), formula.nodes.end(),
                         [](const rules::Node& node) { return node.op == rules::Op::kJoin; });
    };
    return (rule.when && joins(*rule.when)) ||
           std::any_of(rule.cases.begin(), rule.cases.end(), [&](const rules::CheckedCase& one) {
             return joins(one.formula) || (one.when && joins(*one.when));
           });
  }

  template <class Work>
  void each_batch(std::size_t batches, int threads, const Work& work) {
    const auto workers = std::min<std::size_t>(static_cast<std::size_t>(threads), batches);
    std::vector<FormulaRunner> runners(std::max<std::size_t>(1, workers), FormulaRunner(data_));
    if (workers <= 1) {
      for (std::size_t b = 0; b < batches; ++b) work(runners[0], b);
    } else {
      std::atomic<std::size_t> next{0};
      std::vector<std::exception_ptr> failures(workers);
      std::vector<std::thread> pool;
      for (std::size_t w = 0; w < workers; ++w) {
        pool.emplace_back([&, w] {
          try {
            for (std::size_t b = next++; b < batches; b = next++) work(runners[w], b);
          } catch (...) {
            failures[w] = std::current_exception();
          }
        });
      }
      for (std::thread& one : pool) one.join();
      for (const std::exception_ptr& failure : failures) {
        if (failure) std::rethrow_exception(failure);
      }
    }
    for (FormulaRunner& runner : runners) {
      results_.used_factors.insert(runner.used_factors.begin(), runner.used_factors.end());
    }
  }

  // One finding for each cell whose own error it is.
  void keep_errors(ColumnRef ref, std::vector<FreshError>& errors, const Column& cells) {
    std::stable_sort(errors.begin(), errors.end(),
                     [](const FreshError& a, const FreshError& b) { return a.row < b.row; });
    std::uint32_t last = kNoRow;
    for (FreshError& one : errors) {
      if (one.row == last || cells.state(one.row) != one.state) continue;
      last = one.row;
      results_.errors.push_back({ref.table, ref.column, one.row, one.state,
                                 std::move(one.detail_en), std::move(one.detail_zh)});
    }
  }

  Results& results_;
  Relations relations_;
  Windows windows_;
  Data data_;
  int threads_;
};

// Link columns that are computed, and the steps they need.
std::vector<ColumnRef> formula_links(const rules::CheckedPacks& packs) {
  std::vector<ColumnRef> out;
  for (std::size_t t = 0; t < packs.tables.size(); ++t) {
    for (std::size_t c = 0; c < packs.tables[t].columns.size(); ++c) {
      const rules::CheckedColumn& column = packs.tables[t].columns[c];
      if (column.is_link && column.has_formula)
        out.push_back({static_cast<std::int32_t>(t), static_cast<std::int32_t>(c)});
    }
  }
  return out;
}

bool take_links(const std::vector<ColumnRef>& links, const Results& results, ComputedLinks& known) {
  ComputedLinks found;
  for (const ColumnRef& ref : links) {
    const TableRows& table = results.tables[static_cast<std::size_t>(ref.table)];
    const Column& cells = table.columns[static_cast<std::size_t>(ref.column)];
    const std::size_t width = results.packs->tables[static_cast<std::size_t>(ref.table)].key_size;
    for (std::size_t row = 0; row < table.rows; ++row) {
      if (!cells.has_value(row)) continue;
      std::vector<std::int32_t> key;
      for (std::size_t i = 0; i < width; ++i) key.push_back(table.columns[i].id(row));
      found[ref][key] = cells.id(row);
    }
  }
  const bool changed = found != known;
  known = std::move(found);
  return changed;
}

base::Finding too_many_rows(const std::string& table) {
  const std::string most = std::to_string(kAddedRowsMax);
  base::Finding out =
      base::failure("too-many-rows", {},
                    "the rules call for more than " + most +
                        " rows that no file has, the last of them in table " + table +
                        " (look at its \"every\" and \"cross\", and at the years of the cycle)",
                    "规则要求补充的行超过 " + most + " 行，最后一行在表 " + table +
                        "（请检查其 every、cross 和周期年份）");
  out.table = table;
  return out;
}

}  // namespace

std::vector<TableRows> run_before(const plan::Program& program, read::InputTables inputs,
                                  const std::shared_ptr<table::TextPool>& pool,
                                  const std::vector<plan::Step>& steps, int threads, Rung rung) {
  Results results;
  results.rung = rung;
  results.packs = program.packs;
  results.pool = pool;
  results.inputs = std::move(inputs);
  const FactorTexts texts = intern_texts(*program.packs, *results.pool);
  base::Findings findings;
  std::string crowded;
  results.tables = make_rows(program, results.inputs, *results.pool, {}, false, nullptr, crowded);
  if (!crowded.empty()) return {};
  check_input_cells(results, findings);
  Run(results, texts, threads).columns(steps, {});
  return std::move(results.tables);
}

Results run(const plan::Program& program, read::InputTables inputs,
            std::shared_ptr<table::TextPool> pool, int threads, base::Findings& findings,
            const Progress& progress, const Streamed* streamed, Rung rung,
            const AdjustRows& adjust) {
  Results results;
  results.rung = rung;
  results.packs = program.packs;
  results.pool = std::move(pool);
  results.inputs = std::move(inputs);
  const FactorTexts texts = intern_texts(*program.packs, *results.pool);
  const std::vector<ColumnRef> links = formula_links(*program.packs);
  ComputedLinks computed;
  for (int round = 0;; ++round) {
    base::Findings of_inputs;
    results.errors.clear();
    results.used_factors.clear();
    if (streamed != nullptr) {
      results.totals = streamed->totals;
      results.subjects = streamed->subjects;
      results.used_factors = streamed->used_factors;
    }
    std::string crowded;
    results.tables = make_rows(program, results.inputs, *results.pool, computed, links.empty(),
                               streamed == nullptr ? nullptr : &streamed->callers, crowded);
    if (!crowded.empty()) {
      results.refusal = too_many_rows(crowded);
      return results;
    }
    if (adjust) adjust(results.tables);
    check_input_cells(results, of_inputs);
    Run(results, texts, threads).columns(program.steps, progress);
    // Rows depend on computed links: again until the links stand still.
    if (links.empty() || round == kLinkRoundsMax || !take_links(links, results, computed)) {
      findings.insert(findings.end(), of_inputs.begin(), of_inputs.end());
      return results;
    }
  }
}

}  // namespace qz::compute
