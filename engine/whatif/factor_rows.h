// Factor rows: which rows of a factor table a condition over its fields selects.

#ifndef QZ_WHATIF_FACTOR_ROWS_H_
#define QZ_WHATIF_FACTOR_ROWS_H_

#include <cstdint>
#include <vector>

#include "base/finding.h"
#include "exact/unit.h"
#include "factor/factor_table.h"
#include "whatif/scenarios_file.h"

namespace qz::whatif {

// `where` names fields as columns: keys, values, valid_from, valid_to; period keys are texts as
// written. With dates: rows whose validity lies within them. A row that is valid on both sides of a
// date is a problem, since a factor has one value for all its days.
std::vector<std::uint32_t> factor_rows(const factor::FactorTable& table, const Written& target,
                                       const exact::UnitCatalogue& units, base::Findings& problems);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_FACTOR_ROWS_H_
