// Study: a scenarios file on its base job, from names to results.

#ifndef QZ_WHATIF_STUDY_H_
#define QZ_WHATIF_STUDY_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/finding.h"
#include "job/edits.h"
#include "job/run_job.h"
#include "whatif/base_job.h"
#include "whatif/change.h"
#include "whatif/evaluator.h"
#include "whatif/measures.h"
#include "whatif/measures_file.h"
#include "whatif/resolver.h"
#include "whatif/result.h"
#include "whatif/scenarios_file.h"
#include "whatif/uncertain_targets.h"
#include "whatif/uncertainty_file.h"

namespace qz::whatif {

struct StudyOptions {
  job::RunOptions run;      // `job_file` is filled in from the scenarios file
  std::string only;         // a scenario's name, or a part's ("sweep", "seek", …); empty: all
  std::string ledgers;      // folder for the scenarios' ledgers; empty: none
  bool one_by_one = false;  // every variant as a whole job, for tests
};

// A scenario whose changes are resolved.
struct Scenario {
  const WrittenScenario* written = nullptr;
  Changes changes;
};

// Where in BaseJob::targets() the expressions of a file stand.
struct TargetPlaces {
  std::vector<std::size_t> report;
  std::optional<std::size_t> seek;
  std::optional<std::size_t> sensitivity;
  std::optional<std::size_t> target;
  std::size_t uncertainty = 0;  // the first of those that the part has
  std::size_t measures = 0;
};

class Study {
 public:
  // Reads the file and its base job, computes the base and resolves every name: every problem of
  // the file in one pass. Null where something is refused.
  static std::unique_ptr<Study> load(const std::string& file, const StudyOptions& options,
                                     job::Refusal& refusal);

  const ScenariosFile& file() const { return file_; }
  const BaseJob& base() const { return *base_; }
  Resolver& resolver() { return *resolver_; }
  const TargetPlaces& targets() const { return targets_; }
  const std::vector<Scenario>& scenarios() const { return scenarios_; }

  // All parts that are asked for, in the file's order of kinds: scenarios, sensitivity, sweep,
  // seek, uncertainty, measures. Empty, or why one of them cannot be had.
  std::optional<base::Finding> run(ResultSink& sink);
  // After run(): the worst of the findings that appeared in a scenario; a goal out of reach is an
  // error. Empty where there is none.
  std::optional<base::Severity> worst() const { return worst_; }

 private:
  // A dimension of the sweep, or the one of a goal or of a sensitivity, resolved.
  struct Dimension {
    SelectionPtr selection;
    Action action = Action::kTimes;
    std::vector<exact::Number> listed;  // where values are listed
    exact::Number from, step;
    std::uint64_t count = 0;
    exact::Number value(std::uint64_t i) const;
  };
  struct Ends {  // of a sensitivity
    SelectionPtr selection;
    Action action = Action::kTimes;
    exact::Number low, high;
  };

  Study() = default;
  bool chosen(const std::string& part) const;
  bool read_parts(base::Findings& problems);
  std::vector<Target> collect_targets();
  bool resolve(base::Findings& problems);
  void resolve_parts(base::Findings& problems);
  void resolve_sweep(base::Findings& problems);
  void resolve_sensitivity(base::Findings& problems);
  void resolve_seek(base::Findings& problems);
  std::optional<Dimension> dimension(const WrittenVary& vary, base::Findings& problems);
  void try_pins(const Scenario& scenario, base::Findings& problems) const;
  bool set_steps(const Amount& from, const Amount& to, const Amount& step, const base::Place& place,
                 Dimension& out, base::Findings& problems);
  const Scenario* scenario_named(const std::string& name) const;
  Changes scenario_changes(const std::string& name) const;
  std::vector<SelectionPtr> selections(const Changes& changes) const;
  // The expressions of "report", then the target.
  std::vector<std::size_t> reported() const;
  std::vector<Figure> report(const std::vector<Value>& before, std::span<const Value> after) const;
  const std::string& base_root();

  std::optional<base::Finding> run_scenarios(ResultSink& sink);
  std::optional<base::Finding> run_sensitivity(ResultSink& sink);
  std::optional<base::Finding> run_sweep(ResultSink& sink);
  std::optional<base::Finding> run_seek(ResultSink& sink);
  std::optional<base::Finding> run_uncertainty_part(ResultSink& sink);
  std::optional<base::Finding> run_measures_part(ResultSink& sink);
  bool compares_findings() const;
  std::optional<base::Finding> complete(const Scenario& scenario, ScenarioResult& result);
  std::optional<base::Finding> write_ledger(const Scenario& scenario, job::Recomputed recomputed);
  // Sets what was found, by looking at one multiple after another, or by halving.
  std::optional<base::Finding> scan(const Changes& first, SeekResult& result,
                                    std::optional<std::uint64_t>& found);
  std::optional<base::Finding> halve(const Changes& first, SeekResult& result,
                                     std::optional<std::uint64_t>& found);
  std::optional<base::Finding> show_found(const Changes& first, std::uint64_t found,
                                          SeekResult& result);

  StudyOptions options_;
  ScenariosFile file_;
  std::optional<WrittenUncertainty> uncertainty_;
  std::optional<WrittenMeasures> measures_;
  std::unique_ptr<const BaseJob> base_;
  std::unique_ptr<Resolver> resolver_;
  TargetPlaces targets_;
  std::vector<Scenario> scenarios_;
  std::vector<Dimension> sweep_;
  std::uint64_t points_ = 0;
  std::vector<Ends> ends_;
  std::optional<Dimension> seek_;
  std::optional<ResolvedUncertainty> uncertain_;
  std::optional<ResolvedMeasures> candidates_;
  std::string base_root_;
  std::optional<base::Severity> worst_;
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_STUDY_H_
