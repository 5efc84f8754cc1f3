// Result sections: what measures and uncertainty came to, in the words and digits that are shown.

#ifndef QZ_WHATIF_RESULT_SECTIONS_H_
#define QZ_WHATIF_RESULT_SECTIONS_H_

#include "whatif/measures.h"
#include "whatif/section.h"
#include "whatif/uncertain_targets.h"

namespace qz::whatif {

// Costs, levels and effects are exact; a cost for each unit has six significant digits.
Section measures_section(const MeasuresResult& result);

// Values of samples are exact. What is not (means, deviations, half-widths) has as many decimals as
// show four significant digits of the deviation or half-width, and no fewer than the base value;
// percentages have three.
Section uncertainty_section(const UncertaintyResult& result);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_RESULT_SECTIONS_H_
