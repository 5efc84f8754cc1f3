// Known cells: parts of a cone's formulas that no edit reaches, computed once. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_KNOWN_CELLS_H_
#define QZ_COMPUTE_DETAIL_KNOWN_CELLS_H_

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "compute/detail/cone.h"

namespace qz::compute::detail {

// What every cone of a recalculation stands on.
struct Basis {
  const plan::Program& program;
  const Data& data;  // of the base
  const std::vector<Target>& targets;
  const std::vector<Wanted>& wanted;
};

// Cells of parts of formulas that no edit reaches, by slot of their table.
struct KnownCells {
  struct Cells {
    std::int32_t table = -1;
    table::Column by_slot;
  };
  struct Constant {  // that varies
    std::uint32_t target = 0;
    std::int32_t table = -1;
  };
  std::unordered_map<const rules::Node*, Cells> cells;
  std::unordered_map<const rules::Node*, Constant> constants;
};
KnownCells known_cells(const Basis& basis, const Cone& cone);

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_KNOWN_CELLS_H_
