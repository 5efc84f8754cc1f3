// Input cells: what the rows' own editions ask of them, before anything is computed.

#ifndef QZ_COMPUTE_INPUT_CELLS_H_
#define QZ_COMPUTE_INPUT_CELLS_H_

#include "base/finding.h"
#include "compute/results.h"

namespace qz::compute {

// Cells that the row's edition lacks become not applicable; of no edition, an error. A value
// outside min–max becomes the error out-of-range. Findings: missing-row, missing-value,
// out-of-range, no-edition (one for each pack and period).
void check_input_cells(Results& results, base::Findings& findings);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_INPUT_CELLS_H_
