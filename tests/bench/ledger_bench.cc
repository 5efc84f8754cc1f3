// Writing and sealing alone: a job is read and computed once, then its ledger is written again and
// again, as JSON or as XML, into a file that is thrown away. The job is that of QZ_BENCH_JOB, with
// the factors of QZ_BENCH_FACTORS; without them there is nothing to measure.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "job/run_job.h"
#include "publish/ledger_json.h"
#include "publish/ledger_xml.h"

namespace qz {
namespace {

const job::ComputedJob* computed_job() {
  static const std::optional<job::ComputedJob> computed = [] {
    job::RunOptions options;
    options.job_file = std::getenv("QZ_BENCH_JOB");
    if (const char* factors = std::getenv("QZ_BENCH_FACTORS")) options.factors.push_back(factors);
    options.threads = 2;
    job::Refusal refusal;
    return job::compute_job(options, refusal);
  }();
  return computed ? &*computed : nullptr;
}

template <typename Writer>
void write_ledger(benchmark::State& state) {
  const job::ComputedJob* computed = computed_job();
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), &std::fclose);
  if (computed == nullptr || file == nullptr) {
    state.SkipWithError("the job of QZ_BENCH_JOB is refused, or there is no room for a file");
    return;
  }
  std::uint64_t leaves = 0;
  std::int64_t bytes = 0;
  for (auto unused : state) {
    (void)unused;
    std::rewind(file.get());
    Writer writer([&](std::string_view piece) {
      bytes += static_cast<std::int64_t>(std::fwrite(piece.data(), 1, piece.size(), file.get()));
    });
    leaves += job::seal_job(*computed, {&writer}).leaves;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(leaves));
  state.SetBytesProcessed(bytes);
}

const bool kRegistered = [] {
  if (std::getenv("QZ_BENCH_JOB") == nullptr) return false;
  benchmark::RegisterBenchmark("write_ledger_json", write_ledger<publish::JsonLedgerWriter>)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  benchmark::RegisterBenchmark("write_ledger_xml", write_ledger<publish::XmlLedgerWriter>)
      ->Unit(benchmark::kMillisecond)
      ->UseRealTime();
  return true;
}();

}  // namespace
}  // namespace qz
