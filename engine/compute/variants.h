// Variants: what a formula reads otherwise where variations of a job lie side by side.

#ifndef QZ_COMPUTE_VARIANTS_H_
#define QZ_COMPUTE_VARIANTS_H_

#include <cstdint>
#include <optional>
#include <span>

#include "rules/typed.h"
#include "table/column.h"

namespace qz::compute {

class Variants {
 public:
  virtual ~Variants() = default;

  // Whether the node's cells are given by cells(): a constant that varies, or what no edit reaches.
  virtual bool knows(const rules::Node& node) const = 0;
  // Those cells for lanes whose own rows (frame 0) are `rows`. Precondition: knows(node).
  virtual table::Column cells(const rules::Node& node,
                              std::span<const std::uint32_t> rows) const = 0;

  // The variation that a row of `table` belongs to.
  virtual std::uint32_t variation(std::int32_t table, std::uint32_t row) const = 0;
  // A factor cell by variation; null where it is as the table has it.
  virtual const table::Column* factor_cells(std::int32_t factor, std::int32_t field,
                                            std::uint32_t row) const = 0;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_VARIANTS_H_
