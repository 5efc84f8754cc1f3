// Reads: which columns a typed formula reads, and how far back in time each read leads.

#ifndef QZ_PLAN_READS_H_
#define QZ_PLAN_READS_H_

#include <vector>

#include "plan/program.h"

namespace qz::plan {

struct Read {
  ColumnRef column;
  rules::Reach reach = rules::Reach::kSame;
  base::Place place;
};

// Every column that `formula`, of a column of `table`, reads: named columns, and the link columns
// that say which rows belong together. Keys are left out.
std::vector<Read> reads_of(const rules::CheckedPacks& packs, std::int32_t table,
                           const rules::Typed& formula);

// Reads of all rules (conditions and cases) of one column.
std::vector<Read> reads_of(const rules::CheckedPacks& packs, ColumnRef column);

// The table of each frame of a formula.
std::vector<std::int32_t> frame_tables(std::int32_t table, const rules::Typed& formula);

}  // namespace qz::plan

#endif  // QZ_PLAN_READS_H_
