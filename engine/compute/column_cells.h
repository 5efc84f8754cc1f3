// Column cells: one computed column for some rows of its table: input, condition, cases, rounding.

#ifndef QZ_COMPUTE_COLUMN_CELLS_H_
#define QZ_COMPUTE_COLUMN_CELLS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "compute/formula.h"

namespace qz::compute {

struct ColumnCells {
  table::Column cells;              // one for each of `rows`
  std::vector<std::uint8_t> cases;  // as TableRows::cases
  std::vector<FreshError> errors;   // by row of the table
};

// The cells that `rule`, which has a formula, gives column `ref` in `rows` of its table. What the
// formulas read must stand in data.tables already.
ColumnCells column_cells(const Data& data, FormulaRunner& runner, plan::ColumnRef ref,
                         const rules::ColumnRule& rule, std::span<const std::uint32_t> rows);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_COLUMN_CELLS_H_
