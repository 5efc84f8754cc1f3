#include "job/run_job.h"

#include <utility>

#include "check/pack_checks.h"
#include "job/loaded_job.h"
#include "seal/from_results.h"
#include "seal/sealer.h"

namespace qz::job {

void check_results(compute::Results& results, base::Findings& findings) {
  results.used_factors.merge(check::run_pack_checks(results, findings));
  check::run_header_checks(results, findings);
  check::sort_findings(results, findings);
}

std::optional<ComputedJob> compute_job(const RunOptions& options, Refusal& refusal) {
  auto loaded = load_job(options, {}, refusal);
  if (!loaded) return std::nullopt;
  compute::Results results = compute::run(
      *loaded->program, std::move(loaded->inputs), loaded->pool, options.threads, loaded->findings,
      options.progress, loaded->streamed ? &*loaded->streamed : nullptr, options.rung);
  if (results.refusal) {
    refusal.problems.push_back(*results.refusal);
    refusal.fault = Fault::kInput;
    return std::nullopt;
  }
  check_results(results, loaded->findings);
  return ComputedJob{std::move(loaded->job),      loaded->rules,
                     std::move(loaded->header),   std::move(results),
                     std::move(loaded->findings), std::move(loaded->shown)};
}

seal::Seal seal_job(const ComputedJob& computed, const std::vector<seal::LeafSink*>& sinks,
                    int threads) {
  seal::Sealer sealer(sinks);
  seal::give_leaves(computed.header, computed.results, computed.findings, sealer, threads);
  return sealer.finish();
}

}  // namespace qz::job
