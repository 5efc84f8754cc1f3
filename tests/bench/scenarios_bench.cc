// Scenarios: a job of bench.w3 under other numbers, twelve or one of them in each scenario, by two
// threads. What four scenarios add up to is told beside the speed. Of any other job: a column
// (QZ_BENCH_COLUMN, "table.column") multiplied by another number in each scenario, of all subjects
// or of the first one, and every reported cell. The job is that of QZ_BENCH_JOB, with the factors
// of QZ_BENCH_FACTORS.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compute/recalculation.h"
#include "computed_job.h"
#include "job/run_job.h"
#include "plan/program.h"

namespace qz {
namespace {

constexpr int kThreads = 2;
constexpr std::uint64_t kScenarios = 8000;
constexpr int kNumbers = 12;
// What the two sums of scenarios 0 to 3 are, in ten-thousandths, by an independent program.
constexpr std::int64_t kCheckA = 1917963117600, kCheckB = 105408282707100;

std::uint64_t mixed(std::uint64_t z) {
  z += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

class VariedJob {
 public:
  // Empty where the job is refused or is another than bench.w3.
  static std::unique_ptr<VariedJob> load(const char* job_file, const char* factors) {
    auto computed = computed_job(job_file, factors, "cell", kThreads);
    if (!computed) return nullptr;
    auto out = std::unique_ptr<VariedJob>(new VariedJob(std::move(*computed)));
    return out->find_targets() ? std::move(out) : nullptr;
  }

  // The two sums over `count` scenarios, in ten-thousandths. Each changes all numbers, or one after
  // another one.
  std::pair<std::int64_t, std::int64_t> run(std::uint64_t count, bool all) const {
    std::uint64_t next = 0;
    const auto source = [&](compute::Variation& out) {
      if (next == count) return false;
      for (std::uint32_t k = 0; k < kNumbers; ++k) {
        if (all || next % kNumbers == k) out.edits.push_back({k, number(next, k), {}});
      }
      ++next;
      return true;
    };
    std::pair<std::int64_t, std::int64_t> out;
    recalculation_->run(
        source,
        [&](std::uint64_t, const compute::Outcome& outcome) {
          out.first += *outcome.number(0, 0).scaled_by(10000);
          out.second += *outcome.number(1, 0).scaled_by(10000);
        },
        kThreads);
    return out;
  }

 private:
  explicit VariedJob(job::ComputedJob&& computed) : computed_(std::move(computed)) {}

  exact::Number number(std::uint64_t scenario, std::uint32_t k) const {
    const auto share = static_cast<std::int64_t>(900 + mixed(scenario * 64 + k) % 201);
    return exact::Number::ratio(base_[k] * share / 1000, 10000);
  }

  bool find_targets() {
    const rules::CheckedPacks& packs = *computed_.results.packs;
    std::vector<compute::Target> targets;
    const auto setting = packs.table("setting");
    for (int k = 0; k < kNumbers; ++k) {
      const std::string name = "k" + std::to_string(k);
      if (setting) {
        const auto column = *packs.tables[static_cast<std::size_t>(*setting)].column(name);
        targets.push_back(compute::Target::cell({*setting, column}, 0));
        base_.push_back(*computed_.results.tables[static_cast<std::size_t>(*setting)]
                             .columns[static_cast<std::size_t>(column)]
                             .number(0)
                             .scaled_by(10000));
        continue;
      }
      for (std::size_t e = 0; e < packs.editions.size(); ++e) {
        for (const rules::Constant& one : packs.editions[e].pack->constants) {
          if (one.name != name) continue;
          targets.push_back(compute::Target::constant(static_cast<std::int32_t>(e), name));
          base_.push_back(*one.value.scaled_by(10000));
        }
      }
    }
    const std::int32_t total = *packs.table("total");
    std::vector<compute::Wanted> wanted;
    for (const char* name : {"a", "b"}) {
      const auto column = *packs.tables[static_cast<std::size_t>(total)].column(name);
      wanted.push_back({{total, column}, {0}, nullptr, -1});
    }
    base::Findings problems;
    program_ = plan::from_packs(computed_.results.packs, problems);
    if (!program_ || targets.size() != kNumbers) return false;
    auto made = compute::Recalculation::make(*program_, computed_.results, targets, wanted);
    if (made) recalculation_.emplace(std::move(*made));
    return recalculation_.has_value();
  }

  job::ComputedJob computed_;
  std::optional<plan::Program> program_;
  std::vector<std::int64_t> base_;  // the twelve numbers, in ten-thousandths
  std::optional<compute::Recalculation> recalculation_;
};

// Any job: an input column times 0.9001, 0.9002 …
class ScaledColumn {
 public:
  static std::unique_ptr<ScaledColumn> load(const char* job_file, const char* factors,
                                            const std::string& column, bool all) {
    job::RunOptions options;
    options.job_file = job_file;
    if (factors != nullptr) options.factors.push_back(factors);
    options.threads = kThreads;
    options.keep_rows = true;
    job::Refusal refusal;
    auto computed = job::compute_job(options, refusal);
    if (!computed) return nullptr;
    auto out = std::unique_ptr<ScaledColumn>(new ScaledColumn(std::move(*computed)));
    return out->prepare(column, all) ? std::move(out) : nullptr;
  }

  // How many of the wanted cells have a value, over all scenarios.
  std::size_t run(std::uint64_t count) const {
    std::uint64_t next = 0;
    const auto source = [&](compute::Variation& out) {
      if (next == count) return false;
      const auto by = exact::Number::ratio(static_cast<std::int64_t>(9001 + next % 2000), 10000);
      for (std::uint32_t k = 0; k < base_.size(); ++k) out.edits.push_back({k, base_[k] * by, {}});
      ++next;
      return true;
    };
    std::size_t out = 0;
    recalculation_->run(
        source,
        [&](std::uint64_t, const compute::Outcome& outcome) {
          for (std::size_t w = 0; w < wanted_.size(); ++w) {
            for (std::size_t i = 0; i < wanted_[w].rows.size(); ++i)
              out += outcome.state(w, i) == table::State::kValue ? 1 : 0;
          }
        },
        kThreads);
    return out;
  }

  std::size_t edits() const { return base_.size(); }
  std::size_t reached() const {
    std::size_t out = 0;
    for (std::size_t w = 0; w < wanted_.size(); ++w) {
      for (const std::uint8_t one : recalculation_->reached(w)) out += one;
    }
    return out;
  }

 private:
  explicit ScaledColumn(job::ComputedJob&& computed) : computed_(std::move(computed)) {}

  bool prepare(const std::string& name, bool all) {
    const rules::CheckedPacks& packs = *computed_.results.packs;
    const std::size_t dot = name.find('.');
    const auto table = packs.table(name.substr(0, dot));
    if (!table || dot == std::string::npos) return false;
    const auto& shape = packs.tables[static_cast<std::size_t>(*table)];
    const auto column = shape.column(name.substr(dot + 1));
    if (!column) return false;
    const compute::TableRows& rows = computed_.results.tables[static_cast<std::size_t>(*table)];
    const table::Column& cells = rows.columns[static_cast<std::size_t>(*column)];
    const auto& cases = rows.cases[static_cast<std::size_t>(*column)];
    std::vector<compute::Target> targets;
    for (std::uint32_t row = 0; row < rows.rows; ++row) {
      const bool given = cases.empty() || cases[row] == compute::kCaseInput;
      if (!given || !cells.has_value(row) || rows.is_context[row] != 0) continue;
      if (!all && rows.columns[0].id(row) != rows.columns[0].id(0)) continue;
      targets.push_back(compute::Target::cell({*table, *column}, row));
      base_.push_back(cells.number(row));
    }
    for (std::size_t t = 0; t < packs.tables.size(); ++t) {
      for (std::size_t c = 0; c < packs.tables[t].columns.size(); ++c) {
        if (!packs.tables[t].columns[c].report) continue;
        compute::Wanted& one = wanted_.emplace_back();
        one.column = {static_cast<std::int32_t>(t), static_cast<std::int32_t>(c)};
        for (std::uint32_t row = 0; row < computed_.results.tables[t].rows; ++row)
          one.rows.push_back(row);
      }
    }
    base::Findings problems;
    program_ = plan::from_packs(computed_.results.packs, problems);
    if (!program_) return false;
    auto made = compute::Recalculation::make(*program_, computed_.results, targets, wanted_);
    if (!made) return false;
    recalculation_.emplace(std::move(*made));
    return true;
  }

  job::ComputedJob computed_;
  std::optional<plan::Program> program_;
  std::vector<exact::Number> base_;
  std::vector<compute::Wanted> wanted_;
  std::optional<compute::Recalculation> recalculation_;
};

void scaled_column(benchmark::State& state, bool all) {
  const auto job = ScaledColumn::load(std::getenv("QZ_BENCH_JOB"), std::getenv("QZ_BENCH_FACTORS"),
                                      std::getenv("QZ_BENCH_COLUMN"), all);
  if (job == nullptr) {
    state.SkipWithError("QZ_BENCH_COLUMN is no column of QZ_BENCH_JOB, or beyond recalculation");
    return;
  }
  constexpr std::uint64_t kCount = 1000;
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(job->run(kCount));
  }
  state.SetLabel(std::to_string(job->edits()) + " edits reach " + std::to_string(job->reached()) +
                 " reported cells");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kCount));
}

void scenarios(benchmark::State& state, bool all) {
  static const std::unique_ptr<VariedJob> job =
      VariedJob::load(std::getenv("QZ_BENCH_JOB"), std::getenv("QZ_BENCH_FACTORS"));
  if (job == nullptr) {
    state.SkipWithError("QZ_BENCH_JOB is no job of bench.w3");
    return;
  }
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(job->run(kScenarios, all));
  }
  const auto [a, b] = job->run(4, all);
  if (all && (a != kCheckA || b != kCheckB)) {
    state.SkipWithError("four scenarios add up to other figures");
    return;
  }
  state.SetLabel("check(4) " + std::to_string(a) + " " + std::to_string(b));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kScenarios));
}

const bool kRegistered = [] {
  if (std::getenv("QZ_BENCH_JOB") == nullptr) return false;
  for (const bool all : {true, false}) {
    if (std::getenv("QZ_BENCH_COLUMN") != nullptr) {
      benchmark::RegisterBenchmark(all ? "scenarios_of_all" : "scenarios_of_one", scaled_column,
                                   all)
          ->Unit(benchmark::kMillisecond)
          ->UseRealTime()
          ->MeasureProcessCPUTime();
      continue;
    }
    benchmark::RegisterBenchmark(all ? "scenarios_all_numbers" : "scenarios_one_number", scenarios,
                                 all)
        ->Unit(benchmark::kMillisecond)
        ->UseRealTime()
        ->MeasureProcessCPUTime();
  }
  return true;
}();

}  // namespace
}  // namespace qz
