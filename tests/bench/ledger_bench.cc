// Writing and sealing alone: a job is read and computed once, then its ledger is written again and
// again, as JSON or as XML, into a folder beside it. The job is that of QZ_BENCH_JOB, with
// the factors of QZ_BENCH_FACTORS; without them there is nothing to measure.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>

#include "job/run_job.h"

namespace qz {
namespace {

constexpr int kThreads = 2;

const job::ComputedJob* computed_job() {
  static const std::optional<job::ComputedJob> computed = [] {
    job::RunOptions options;
    options.job_file = std::getenv("QZ_BENCH_JOB");
    if (const char* factors = std::getenv("QZ_BENCH_FACTORS")) options.factors.push_back(factors);
    options.threads = kThreads;
    job::Refusal refusal;
    return job::compute_job(options, refusal);
  }();
  return computed ? &*computed : nullptr;
}

void write_ledger(benchmark::State& state, bool json) {
  const job::ComputedJob* computed = computed_job();
  if (computed == nullptr) {
    state.SkipWithError("the job of QZ_BENCH_JOB is refused");
    return;
  }
  const std::string folder = computed->job.folder + "/written";
  const job::WriteOptions options{kThreads, json, !json};
  std::uint64_t leaves = 0;
  for (auto unused : state) {
    (void)unused;
    const auto written = job::write_ledger(*computed, folder, options);
    if (!written) {
      state.SkipWithError("the ledger cannot be written beside its job");
      return;
    }
    leaves += written->seal.leaves;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(leaves));
}

const bool kRegistered = [] {
  if (std::getenv("QZ_BENCH_JOB") == nullptr) return false;
  benchmark::RegisterBenchmark("write_ledger_json", write_ledger, true)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  benchmark::RegisterBenchmark("write_ledger_xml", write_ledger, false)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  return true;
}();

}  // namespace
}  // namespace qz
