// Base job: the job that every variant stands beside, read and computed once, with the expressions
// over the whole job ("sum(entity_year.E)") that results ask for.

#ifndef QZ_WHATIF_BASE_JOB_H_
#define QZ_WHATIF_BASE_JOB_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/finding.h"
#include "compute/results.h"
#include "exact/unit.h"
#include "job/loaded_job.h"
#include "job/run_job.h"
#include "whatif/target_pack.h"

namespace qz::whatif {

class BaseJob {
 public:
  // Reads and computes the job of `run` with every target, rows kept. Null where the job or a
  // target is refused; problems of targets have their places in the scenarios file.
  static std::unique_ptr<const BaseJob> load(const job::RunOptions& run,
                                             std::vector<Target> targets, job::Refusal& refusal);

  const job::LoadedJob& loaded() const { return loaded_; }
  const compute::Results& results() const { return results_; }
  const base::Findings& findings() const { return findings_; }  // of the computed base
  const rules::CheckedPacks& packs() const { return *loaded_.packs(); }
  const exact::UnitCatalogue& units() const { return loaded_.rules->units; }
  const job::RunOptions& run() const { return run_; }
  // What the base was loaded with, for variants that are loaded anew.
  job::MorePack more() const;

  // Target i is a column of the one row of a table without a key.
  const std::vector<Target>& targets() const { return targets_; }
  std::int32_t target_table() const { return target_table_; }
  std::int32_t target_column(std::size_t target) const { return target_columns_[target]; }
  bool is_condition(std::size_t target) const;
  const exact::Unit& target_unit(std::size_t target) const;  // of a number

  // The edition whose formulas see every table of the job: what `where` is typed in.
  std::int32_t viewing_edition() const { return viewing_edition_; }

 private:
  BaseJob() = default;

  job::RunOptions run_;
  std::vector<Target> targets_;
  job::LoadedJob loaded_;
  compute::Results results_;
  base::Findings findings_;
  std::int32_t target_table_ = -1;
  std::vector<std::int32_t> target_columns_;
  std::int32_t viewing_edition_ = -1;
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_BASE_JOB_H_
