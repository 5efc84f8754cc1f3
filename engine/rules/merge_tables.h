// Merge tables: the tables of all editions in use become one set, each column once.

#ifndef QZ_RULES_MERGE_TABLES_H_
#define QZ_RULES_MERGE_TABLES_H_

#include "base/finding.h"
#include "exact/unit.h"
#include "rules/checked_packs.h"

namespace qz::rules {

// Fills `tables` of `checked` (without typed formulas): keys, columns, types, units, links, what
// each key settles. Refused: keys, types or dimensions that editions disagree on, a column that two
// packs define, a table that has a function's or a factor table's name.
bool merge_tables(const exact::UnitCatalogue& units, CheckedPacks& checked,
                  base::Findings& problems);

}  // namespace qz::rules

#endif  // QZ_RULES_MERGE_TABLES_H_
