// Uncertain targets: a file's uncertain inputs against a base job, by error propagation and by
// Monte Carlo.

#ifndef QZ_WHATIF_UNCERTAIN_TARGETS_H_
#define QZ_WHATIF_UNCERTAIN_TARGETS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/result.h"
#include "exact/number.h"
#include "exact/unit.h"
#include "whatif/base_job.h"
#include "whatif/evaluator.h"
#include "whatif/resolver.h"
#include "whatif/uncertainty.h"
#include "whatif/uncertainty_file.h"

namespace qz::whatif {

// Independent draws of one sample: more are refused.
inline constexpr std::size_t kDrawsMax = 65'536;

struct UncertainTarget {
  std::string name;
  exact::Unit unit;
  Propagated propagated;
  std::optional<Simulated> simulated;  // empty: no samples were asked for
};

struct UncertainSourceSummary {
  std::string name;
  base::Bilingual title;
  Shape shape = Shape::kNormal;
  exact::Number half_width;
  bool relative = true;  // of the value; otherwise in `unit`
  std::string unit;
  exact::Number cut_off;      // the probability that limits cut off
  std::uint64_t draws = 0;    // independent ones in a sample
  std::uint64_t touched = 0;  // cells, rows and constants
  bool wide = false;          // a factor of ± 30 % or more: error propagation is not meant for it
};

struct UncertaintyResult {
  std::vector<UncertainTarget> targets;
  std::vector<UncertainSourceSummary> sources;
  std::uint64_t seed = 1;
  std::uint32_t samples = 0;
  std::vector<WrittenPercentile> percentiles;
};

// What a draw does to a part of a source's rows.
struct DrawnPart {
  SelectionPtr selection;
  Action action = Action::kTimes;
};

// Uncertain inputs whose names are resolved against a base job.
struct ResolvedUncertainty {
  UncertaintyResult result;  // all that is known before anything is drawn
  std::vector<UncertainSource> sources;
  std::vector<DrawnPart> parts;  // one for each group of each source
  std::size_t first_target = 0;
};

// `first_target`: where the file's expressions stand among the base's targets. Every problem in one
// pass: a source that touches nothing, a distribution that cannot be, limits that leave nothing,
// key columns that are none, too many draws.
ResolvedUncertainty resolve_uncertainty(const BaseJob& base, Resolver& resolver,
                                        const WrittenUncertainty& written, std::size_t first_target,
                                        base::Findings& problems);

// The failure is the engine's.
base::Result<UncertaintyResult> run_uncertainty(const BaseJob& base,
                                                const WrittenUncertainty& written,
                                                ResolvedUncertainty resolved,
                                                const EvaluatorOptions& options);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_UNCERTAIN_TARGETS_H_
