// Recalculation: the rows of a bench.w1 job, loaded once and computed again and again by two
// threads. The totals must be those of the job's own ledger. The job is that
// of QZ_BENCH_JOB, with the factors of QZ_BENCH_FACTORS.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compute/evaluate.h"
#include "compute/loaded_rows.h"
#include "computed_job.h"
#include "job/files.h"
#include "job/run_job.h"
#include "job/stream_tables.h"
#include "plan/program.h"

namespace qz {
namespace {

constexpr int kThreads = 2;

class LoadedJob {
 public:
  // Empty where the job is refused, is another than bench.w1, or has formulas beyond batches.
  static std::unique_ptr<LoadedJob> load(const char* job_file, const char* factors) {
    auto computed = computed_job(job_file, factors, "activity", kThreads);
    if (!computed) return nullptr;
    auto out = std::unique_ptr<LoadedJob>(new LoadedJob(std::move(*computed)));
    return out->read_rows() ? std::move(out) : nullptr;
  }

  // The sums of every facility, by fold; empty where the rows are not for it.
  std::vector<table::Column> recalculate() const {
    auto out = loaded_->recalculate(data_, plan_, kThreads);
    return out ? std::move(out->cells) : std::vector<table::Column>();
  }

  // Whether `totals` are the reported figures of the job.
  bool agrees(const std::vector<table::Column>& totals) const {
    const rules::CheckedPacks& packs = *computed_.results.packs;
    const std::int32_t year = *packs.table("facility_year");
    const rules::CheckedTable& shape = packs.tables[index(year)];
    const compute::TableRows& reported = computed_.results.tables[index(year)];
    if (totals.size() != plan_.folds.size() || totals.empty()) return false;
    for (std::size_t f = 0; f < totals.size(); ++f) {
      const plan::StreamedFold& fold = plan_.folds[f];
      const std::int32_t read = fold.formula->node(fold.what().args[0]).column;
      const auto at =
          index(*shape.column(packs.tables[index(plan_.table)].columns[index(read)].name));
      const table::KeyIndex* groups = loaded_->groups(packs, fold.list());
      if (groups == nullptr || groups->rows() != reported.rows) return false;
      for (std::size_t row = 0; row < reported.rows; ++row) {
        std::vector<std::int32_t> key(groups->width());
        for (std::size_t i = 0; i < key.size(); ++i) key[i] = reported.columns[i].id(row);
        const std::uint32_t group = groups->find(key);
        if (group == table::kNoRow) return false;
        if (totals[f].number(group) != reported.columns[at].number(row)) return false;
      }
    }
    return true;
  }

  std::size_t rows() const { return loaded_->rows(); }
  std::size_t bytes() const { return loaded_->bytes(); }

 private:
  static std::size_t index(std::int32_t i) { return static_cast<std::size_t>(i); }

  explicit LoadedJob(job::ComputedJob&& computed)
      : computed_(std::move(computed)),
        texts_(compute::intern_texts(*computed_.results.packs, *computed_.results.pool)),
        relations_(*computed_.results.packs, computed_.results.tables),
        data_{*computed_.results.packs, *computed_.results.pool, computed_.results.tables,
              relations_, texts_} {}

  bool read_rows() {
    base::Findings problems;
    const auto program = plan::from_packs(computed_.results.packs, problems);
    if (!program) return false;
    std::vector<read::TableFile> files;
    for (const job::JobFile& file : computed_.job.files) {
      files.push_back(file.table);
      const std::string path = job::joined(computed_.job.folder, file.table.name);
      const auto bytes = job::read_file(path, file.table.name, job::kTableBytesMax);
      if (!bytes) return false;
      files.back().bytes = *bytes;
    }
    const auto streams =
        job::open_streams(*program, files, computed_.rules->units, *computed_.results.pool);
    if (streams.size() != 1) return false;
    plan_ = streams[0].plan;
    loaded_ = compute::LoadedRows::load(*computed_.results.packs, streams[0], kThreads);
    return loaded_.has_value();
  }

  job::ComputedJob computed_;
  std::vector<std::vector<std::vector<std::int32_t>>> texts_;
  compute::Relations relations_;
  compute::Data data_;
  plan::Stream plan_;
  std::optional<compute::LoadedRows> loaded_;
};

void recalculate_loaded_rows(benchmark::State& state) {
  static const std::unique_ptr<LoadedJob> job =
      LoadedJob::load(std::getenv("QZ_BENCH_JOB"), std::getenv("QZ_BENCH_FACTORS"));
  if (job == nullptr || !job->agrees(job->recalculate())) {
    state.SkipWithError("QZ_BENCH_JOB is no job of bench.w1, or its totals differ");
    return;
  }
  for (auto unused : state) {
    (void)unused;
    benchmark::DoNotOptimize(job->recalculate());
  }
  state.counters["bytes_per_row"] =
      static_cast<double>(job->bytes()) / static_cast<double>(job->rows());
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * job->rows()));
}

const bool kRegistered = [] {
  if (std::getenv("QZ_BENCH_JOB") == nullptr) return false;
  benchmark::RegisterBenchmark("recalculate_loaded_rows", recalculate_loaded_rows)
      ->Unit(benchmark::kMillisecond)
      ->MeasureProcessCPUTime()
      ->UseRealTime();
  return true;
}();

}  // namespace
}  // namespace qz
