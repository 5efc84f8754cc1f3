// Pack checks: the packs' own checks over the results, each failure a finding.

#ifndef QZ_CHECK_PACK_CHECKS_H_
#define QZ_CHECK_PACK_CHECKS_H_

#include <set>

#include "base/finding.h"
#include "compute/results.h"

namespace qz::check {

// False gives the finding with the check's severity; null gives it as a warning at most, with
// "cannot be checked"; an error adds nothing to its own finding. Gives the factor rows that the
// checks used.
std::set<compute::UsedFactor> run_pack_checks(const compute::Results& results,
                                              base::Findings& findings);

// What follows from parameters and draft or recalled factors: once each.
void run_header_checks(const compute::Results& results, base::Findings& findings);

// The order that the ledger demands: table, key (in key order), column, code, file, line.
void sort_findings(const compute::Results& results, base::Findings& findings);

}  // namespace qz::check

#endif  // QZ_CHECK_PACK_CHECKS_H_
