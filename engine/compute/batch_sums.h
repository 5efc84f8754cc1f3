// GroupSums: totals of batch outputs by group, exact: int64 while a proof covers it, then wider.

#ifndef QZ_COMPUTE_BATCH_SUMS_H_
#define QZ_COMPUTE_BATCH_SUMS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "compute/batch_program.h"
#include "exact/lanes.h"
#include "exact/number.h"
#include "table/column.h"

namespace qz::compute {

// The totals of `columns` outputs, side by side for each group. One thread.
class GroupSums {
 public:
  explicit GroupSums(std::size_t columns) : columns_(columns) {}

  // Groups 0 to n - 1 exist from now on.
  void grow(std::size_t n);
  std::size_t groups() const { return groups_; }
  // Adds row i's mantissas to group groups[i]. Preconditions: groups.size() rows in each output,
  // every group exists, `columns` outputs.
  void add(std::span<const std::int32_t> groups, std::span<const BatchOutput* const> outputs);
  void add(std::span<const std::uint16_t> groups, std::span<const BatchOutput* const> outputs);
  // Adds the totals of another with as many columns, whose groups have the same numbers.
  void add(const GroupSums& other);
  exact::Number total(std::size_t column, std::size_t group) const;
  // Those of groups 0 to n - 1 as cells.
  table::Column totals(std::size_t column, std::size_t n) const;

 private:
  // Sums over one tuple of denominators; most jobs have one.
  struct Part {
    std::vector<std::int64_t> denominators;
    std::vector<std::int64_t> sums;    // [group * columns + column]
    std::vector<exact::Wide> carried;  // what `sums` held when the next batch might not have fitted
    std::int64_t bound = 0;            // no |sums| is above it
  };
  template <class Group>
  void add_rows_of(std::span<const Group> groups, std::span<const BatchOutput* const> outputs);
  Part& part(const std::vector<std::int64_t>& denominators);
  void carry(Part& part);

  std::size_t columns_;
  std::size_t groups_ = 0;
  std::vector<Part> parts_;
  std::vector<std::int64_t> wanted_;  // denominators of the batch at hand
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_BATCH_SUMS_H_
