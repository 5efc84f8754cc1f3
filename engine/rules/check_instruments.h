// Check instruments: what the editions in use declare becomes one set of instruments, and the
// tables flow, holding and lot that formulas read.

#ifndef QZ_RULES_CHECK_INSTRUMENTS_H_
#define QZ_RULES_CHECK_INSTRUMENTS_H_

#include "base/finding.h"
#include "exact/unit.h"
#include "rules/checked_packs.h"

namespace qz::rules {

// Fills `instruments` of `checked`, whose editions are selected, and puts an edition before them
// that defines the three tables; does nothing where no pack declares an instrument. Refused: an
// instrument of two packs, editions that disagree on what is held, a column of a lot or a kind that
// has two types, an unknown unit.
bool check_instruments(const exact::UnitCatalogue& units, CheckedPacks& checked,
                       base::Findings& problems);

// After the tables are merged: quantities and money of flow and holding get the units that the
// instruments share. Their numbers are held in bases (ratio 1), because rows differ in their unit.
void set_measures(CheckedPacks& checked);

// The unit of a measure for the instruments `names` (all where empty): the dimension that they
// share, in bases. Fails where they share none, or none has such a measure; `why` says it.
std::optional<exact::Unit> measured_unit(const CheckedPacks& packs, Measure measure,
                                         const std::vector<std::string>& names,
                                         base::Bilingual& why);

}  // namespace qz::rules

#endif  // QZ_RULES_CHECK_INSTRUMENTS_H_
