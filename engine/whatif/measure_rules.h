// Measure rules: which measures exclude or need which, and whether that can be.

#ifndef QZ_WHATIF_MEASURE_RULES_H_
#define QZ_WHATIF_MEASURE_RULES_H_

#include "base/finding.h"
#include "whatif/measures_file.h"

namespace qz::whatif {

// Fills `excludes` (mutual), `needs` (with what those need in turn) and `order` from the ids of the
// list. Problems: "unknown-measure", "measure-cycle", "measure-contradiction".
void check_rules(WrittenMeasures& measures, base::Findings& problems);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_MEASURE_RULES_H_
