// A job that a benchmark is to work on, computed by the threads that it is measured with.

#ifndef QZ_TESTS_BENCH_COMPUTED_JOB_H_
#define QZ_TESTS_BENCH_COMPUTED_JOB_H_

#include <optional>

#include "job/run_job.h"

namespace qz {

// Empty where the job is refused or has no table of that name: then it is another benchmark's.
// `factors` may be null.
inline std::optional<job::ComputedJob> computed_job(const char* job_file, const char* factors,
                                                    const char* table, int threads) {
  job::RunOptions options;
  options.job_file = job_file;
  if (factors != nullptr) options.factors.push_back(factors);
  options.threads = threads;
  job::Refusal refusal;
  auto computed = job::compute_job(options, refusal);
  if (!computed || !computed->results.packs->table(table)) return std::nullopt;
  return computed;
}

}  // namespace qz

#endif  // QZ_TESTS_BENCH_COMPUTED_JOB_H_
