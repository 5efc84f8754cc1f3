// Run job: a job file to figures, and figures to a sealed ledger. The stages in their order; each
// sees only what stands in its parentheses.

#ifndef QZ_JOB_RUN_JOB_H_
#define QZ_JOB_RUN_JOB_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/result.h"
#include "compute/results.h"
#include "job/installation.h"
#include "job/job.h"
#include "seal/leaf.h"

namespace qz::job {

// What stops a job, with the exit code of the command line. Where several apply, the job file's
// fault goes before an input's, and that before a seal's.
enum class Fault : std::uint8_t { kNone = 0, kJob = 2, kInput = 3, kMismatch = 4 };

struct RunOptions {
  std::string job_file;
  std::vector<std::string> factors;  // folders beside the product's own
  int threads = 1;
  // Rows that are only summed are kept all the same: for explanations, which go down to them.
  bool keep_rows = false;
  compute::Progress progress;
  compute::Rung rung = compute::Rung::kAuto;
};

struct Refusal {
  Fault fault = Fault::kNone;
  base::Findings problems;
  ShownPaths shown;
};

struct ComputedJob {
  Job job;
  std::shared_ptr<const LoadedRules> rules;  // results point into it
  seal::Header header;
  compute::Results results;
  base::Findings findings;  // in the ledger's order
  ShownPaths shown;
};

// Reads, computes and checks. Empty where the job is refused; nothing is written in any case.
std::optional<ComputedJob> compute_job(const RunOptions& options, Refusal& refusal);

// Every leaf of the job's ledger through a seal::Sealer to `sinks`, by that many threads.
seal::Seal seal_job(const ComputedJob& computed, const std::vector<seal::LeafSink*>& sinks,
                    int threads);

struct WrittenLedger {
  seal::Seal seal;
  std::uint64_t entities = 0;
  std::uint64_t entries = 0;  // totals included
  std::vector<std::string> files;
};

struct WriteOptions {
  int threads = 1;
  bool json = true;  // ledger.json
  bool xml = true;   // ledger.xml
};

// The ledger in the forms that are asked for, and findings.json, into `folder`: all or none.
base::Result<WrittenLedger> write_ledger(const ComputedJob& computed, const std::string& folder,
                                         const WriteOptions& options);

}  // namespace qz::job

#endif  // QZ_JOB_RUN_JOB_H_
