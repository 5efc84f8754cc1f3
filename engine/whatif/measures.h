// Measures: the cost curve of a file's measures, the truth beside it, and the best choice.

#ifndef QZ_WHATIF_MEASURES_H_
#define QZ_WHATIF_MEASURES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/result.h"
#include "exact/number.h"
#include "exact/unit.h"
#include "whatif/base_job.h"
#include "whatif/best_choice.h"
#include "whatif/candidates.h"
#include "whatif/cost_curve.h"
#include "whatif/evaluator.h"
#include "whatif/measures_file.h"
#include "whatif/resolver.h"
#include "whatif/target_pack.h"

namespace qz::whatif {

// What the base job must be loaded with: for each condition itself and its two sides, then the
// effect where it is an expression of its own.
std::vector<Target> measure_targets(const WrittenMeasures& written);

struct MeasuresResult {
  Candidates candidates;
  std::vector<base::Bilingual> titles;    // of each candidate
  std::vector<std::uint64_t> touched;     // cells, rows and constants that its changes touch
  exact::Unit money;                      // of costs and budgets; "1" where none is written
  std::vector<std::string> budget_names;  // of each of Candidates::budgets: a year, or "cycle"

  std::string level_name;    // what is made small, or (level_grows) large
  bool level_grows = false;  // Truth::level and effects are of the opposite sign
  exact::Unit level_unit;
  std::vector<std::string> conditions;  // as written
  std::vector<exact::Unit> condition_units;

  Truth base;
  AloneEffects alone;
  std::vector<CurveStep> curve;
  // The cheapest choice that reaches the target, where there is a target.
  std::optional<Best> cheapest;
  // The strongest within the budget: where there is no target, or none within the budget is found.
  std::optional<Best> strongest;
  bool at_most_additive = false;  // was supposed
  std::uint64_t asked_max = 0;
};

// Measures whose names are resolved against a base job.
struct ResolvedMeasures {
  MeasuresResult result;  // all that is known before anything is asked
  std::vector<Changes> changes;
  std::size_t first_target = 0;
};

// `first_target`: where measure_targets() stand among the base's targets. Every problem in one
// pass: changes that touch nothing, money of another kind, a year that is not of the cycle, a base
// without the value that is to be changed.
ResolvedMeasures resolve_measures(const BaseJob& base, Resolver& resolver,
                                  const WrittenMeasures& written, std::size_t first_target,
                                  base::Findings& problems);

// The failure is the engine's: a pinned edition that refuses the job.
base::Result<MeasuresResult> run_measures(const BaseJob& base, const WrittenMeasures& written,
                                          ResolvedMeasures resolved,
                                          const EvaluatorOptions& options);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_MEASURES_H_
