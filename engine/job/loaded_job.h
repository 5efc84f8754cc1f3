// Loaded job: a job read, checked and posted, up to the point where its figures are computed. It
// may be computed again and again under other cells and rules.

#ifndef QZ_JOB_LOADED_JOB_H_
#define QZ_JOB_LOADED_JOB_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "compute/stream.h"
#include "job/installation.h"
#include "job/job.h"
#include "job/run_job.h"
#include "plan/program.h"
#include "read/input_tables.h"
#include "rules/checked_packs.h"
#include "seal/leaf.h"
#include "table/text_pool.h"

namespace qz::job {

struct LoadedJob {
  Job job;
  std::shared_ptr<const LoadedRules> rules;
  std::shared_ptr<const rules::Pack> more;  // LoadOptions::more gave it; null: none
  std::optional<plan::Program> program;
  read::InputTables inputs;  // with the tables of the registry
  std::optional<compute::Streamed> streamed;
  std::shared_ptr<table::TextPool> pool;
  seal::Header header;
  base::Findings findings;  // of reading and posting
  ShownPaths shown;

  const std::shared_ptr<const rules::CheckedPacks>& packs() const { return program->packs; }
};

// A pack of no file, made for what stands in `rules`: it reports nothing and leaves no trace in a
// ledger. Null, with the reason in `problems`, where it cannot be made.
using MorePack = std::function<std::shared_ptr<const rules::Pack>(
    const LoadedRules& rules, const rules::PackRequest& request, base::Findings& problems)>;

struct LoadOptions {
  std::vector<Placed> pins;               // "id@version" in place of what the job says of `id`
  MorePack more;                          // may be empty
  std::shared_ptr<table::TextPool> pool;  // to share ids of texts with another job; may be null
};

// The stages before computing. Empty where the job is refused.
std::optional<LoadedJob> load_job(const RunOptions& run, const LoadOptions& load, Refusal& refusal);

// What `job` asks of the packs; `more` (may be null) with them.
rules::PackRequest request_of(const Job& job, const rules::Pack* more);

// The checks of the packs over finished results, and all findings in the ledger's order.
void check_results(compute::Results& results, base::Findings& findings);

}  // namespace qz::job

#endif  // QZ_JOB_LOADED_JOB_H_
