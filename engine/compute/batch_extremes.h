// GroupExtremes: the smallest or the largest of batch outputs by group, exact.

#ifndef QZ_COMPUTE_BATCH_EXTREMES_H_
#define QZ_COMPUTE_BATCH_EXTREMES_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compute/batch_program.h"
#include "exact/number.h"

namespace qz::compute {

// One thread.
class GroupExtremes {
 public:
  explicit GroupExtremes(bool largest) : largest_(largest) {}

  // Groups 0 to n - 1 exist from now on.
  void grow(std::size_t n);
  std::size_t groups() const { return groups_; }
  // Row i of `values` stands for group groups[i], if `counted` (null: every row counts) is not 0
  // there. Preconditions: groups.size() rows in each, every group exists.
  void add(std::span<const std::int32_t> groups, const BatchOutput& values,
           const BatchOutput* counted);
  void add(std::span<const std::uint16_t> groups, const BatchOutput& values,
           const BatchOutput* counted);
  // Adds another of the same kind, whose groups have the same numbers.
  void add(const GroupExtremes& other);
  // Empty where no row of the group counted.
  std::optional<exact::Number> best(std::size_t group) const;

 private:
  // Over one denominator; most jobs have one.
  struct Part {
    std::int64_t denominator = 1;
    std::vector<std::int64_t> best;
    std::vector<std::uint8_t> has;
  };
  Part& part(std::int64_t denominator);
  template <class Group>
  void add_rows(std::span<const Group> groups, const BatchOutput& values,
                const BatchOutput* counted);
  void offer(Part& to, std::size_t group, std::int64_t value) const;

  bool largest_;
  std::size_t groups_ = 0;
  std::vector<Part> parts_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_BATCH_EXTREMES_H_
