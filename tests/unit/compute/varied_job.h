// A job as texts with places for numbers: run once as it stands, and once for each choice of
// numbers, anew and by recalculation.

#ifndef QZ_TESTS_UNIT_COMPUTE_VARIED_JOB_H_
#define QZ_TESTS_UNIT_COMPUTE_VARIED_JOB_H_

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "compute/recalculation.h"
#include "exact/decimal.h"
#include "support/small_job.h"

namespace qz::testing_support {

using Files = std::vector<std::pair<std::string, std::string>>;

// Texts in which {name} stands for a number; "" for a cell without one.
struct VariedJob {
  std::vector<std::string> packs;
  Files files;
  std::vector<FactorText> factors;
  std::map<std::string, std::string> numbers;  // of the base, by name

  using Numbers = std::map<std::string, std::string>;

  static std::string filled(std::string text, const Numbers& numbers) {
    for (const auto& [name, value] : numbers) {
      const std::string place = "{" + name + "}";
      for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at))
        text.replace(at, place.size(), value);
    }
    return text;
  }

  SmallJob run(const Numbers& changed = {}) const {
    Numbers all = changed;
    all.insert(numbers.begin(), numbers.end());
    std::vector<std::string> of_packs;
    for (const std::string& one : packs) of_packs.push_back(filled(one, all));
    Files of_files;
    for (const auto& [table, text] : files) of_files.emplace_back(table, filled(text, all));
    std::vector<FactorText> of_factors;
    for (const auto& [package, csv] : factors) of_factors.emplace_back(package, filled(csv, all));
    return run_job(of_packs, of_files, 1, 2022, 2022, of_factors);
  }
};

// All cells that are no keys, as texts: "m.x: 1 - 2".
inline std::vector<std::string> all_cells(const SmallJob& job) {
  std::vector<std::string> out;
  for (const rules::CheckedTable& table : job.results.packs->tables) {
    for (std::size_t c = table.key_size; c < table.columns.size(); ++c) {
      const std::string& name = table.columns[c].name;
      out.push_back(table.name + "." + name + ": " + job.column(table.name, name));
    }
  }
  return out;
}

// The same of every variation, by recalculation.
class Recalculated {
 public:
  explicit Recalculated(const VariedJob& job, compute::Rung rung = compute::Rung::kAuto)
      : base_(job.run()) {
    if (!base_.results.packs) return;
    base_.results.rung = rung;
    program_ = plan::from_packs(base_.results.packs, base_.problems);
    const auto& tables = base_.results.packs->tables;
    for (std::size_t t = 0; t < tables.size(); ++t) {
      for (std::size_t c = tables[t].key_size; c < tables[t].columns.size(); ++c) {
        compute::Wanted& one = wanted_.emplace_back();
        one.column = {static_cast<std::int32_t>(t), static_cast<std::int32_t>(c)};
        for (std::uint32_t row = 0; row < base_.results.tables[t].rows; ++row) {
          if (base_.results.tables[t].is_context[row] == 0) one.rows.push_back(row);
        }
      }
    }
  }
  const SmallJob& base() const { return base_; }

  // "table.column" of the row with that key ("A/2022-01").
  compute::Target cell(const std::string& column, const std::string& key) const {
    const std::size_t dot = column.find('.');
    const std::string table = column.substr(0, dot);
    const auto& packs = *base_.results.packs;
    const std::int32_t t = *packs.table(table);
    const auto c = *packs.tables[static_cast<std::size_t>(t)].column(column.substr(dot + 1));
    const std::string keys = " " + base_.keys(table) + " ";
    const std::size_t at = keys.find(" " + key + " ");
    EXPECT_NE(at, std::string::npos) << key;
    const auto row = std::count(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(at), ' ');
    return compute::Target::cell({t, c}, static_cast<std::uint32_t>(row));
  }

  // What every variation gives; `values`: by variation the texts of targets that it changes.
  std::vector<std::vector<std::string>> run(
      const std::vector<compute::Target>& targets,
      const std::vector<std::map<std::uint32_t, std::string>>& values, int threads = 1,
      const compute::RecalculationOptions& options = {}) {
    refusal = "";
    auto made = compute::Recalculation::make(*program_, base_.results, targets, wanted_, options);
    if (!made) {
      refusal = made.failure().message.en;
      return {};
    }
    std::size_t next = 0;
    const auto source = [&](compute::Variation& out) {
      if (next == values.size()) return false;
      for (const auto& [target, text] : values[next]) {
        compute::Edit edit;
        edit.target = target;
        if (text.empty()) {
          edit.state = table::State::kNull;
        } else {
          edit.value = *exact::parse_ratio(text);
        }
        out.edits.push_back(edit);
      }
      ++next;
      return true;
    };
    std::vector<std::vector<std::string>> out;
    made->run(
        source,
        [&](std::uint64_t at, const compute::Outcome& outcome) {
          EXPECT_EQ(at, out.size());
          out.push_back(texts(outcome));
        },
        threads);
    return out;
  }

  std::string refusal;

 private:
  std::vector<std::string> texts(const compute::Outcome& outcome) const {
    std::vector<std::string> out;
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
      const plan::ColumnRef& ref = wanted_[w].column;
      const rules::CheckedTable& table =
          base_.results.packs->tables[static_cast<std::size_t>(ref.table)];
      std::string& line = out.emplace_back(
          table.name + "." + table.columns[static_cast<std::size_t>(ref.column)].name + ": ");
      for (std::size_t i = 0; i < wanted_[w].rows.size(); ++i) {
        const table::Column cell = outcome.cells(w).picked(
            std::vector<std::uint32_t>{static_cast<std::uint32_t>(outcome.first(w) + i)});
        line += (i == 0 ? "" : " ") + text(cell, ref, wanted_[w].rows[i]);
      }
    }
    return out;
  }

  std::string text(const table::Column& cell, plan::ColumnRef ref, std::uint32_t row) const {
    if (!cell.has_value(0) || cell.type() == table::Type::kNumber)
      return base_.text(cell, ref.table, ref.column, 0);
    if (cell.type() == table::Type::kBool) return cell.id(0) != 0 ? "true" : "false";
    if (cell.type() == table::Type::kText) return base_.pool->text(cell.id(0));
    return base_.results.id_text(ref.table, ref.column, row);
  }

  SmallJob base_;
  std::optional<plan::Program> program_;
  std::vector<compute::Wanted> wanted_;
};

}  // namespace qz::testing_support

#endif  // QZ_TESTS_UNIT_COMPUTE_VARIED_JOB_H_
