// Stretches: what many places in a row of a column come to, without looking at each.
//
// Blocks of 64 places each keep their sum, extremes and states; a stretch is the blocks that lie
// within it and the single places at its ends.

#ifndef QZ_COMPUTE_STRETCHES_H_
#define QZ_COMPUTE_STRETCHES_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "compute/list_folds.h"
#include "rules/typed.h"
#include "table/column.h"

namespace qz::compute {

class Stretches {
 public:
  // These places of `cells`, which rise, were filled.
  void fill(const table::Column& cells, std::span<const std::uint32_t> places);

  // Folds `list` of `cells` into cell `lane` of `out` as list_folds.h does. False where it does
  // not: the list is short, has an error, or the column or the operation has no blocks.
  bool fold(rules::Op op, const table::Column& cells, const Listed& list, std::size_t lane,
            table::Column& out) const;

 private:
  static constexpr std::size_t kBlock = 64;
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Block {
    std::int64_t sum = 0;
    std::uint32_t values = 0;
    std::uint32_t lowest = kNone;  // its place; the first of several
    std::uint32_t highest = kNone;
    bool overflows = false;
    bool has_null = false;
    bool has_error = false;
    bool has_true = false;
    bool has_false = false;
  };
  class Adding;
  static Block block_of(const table::Column& cells, std::size_t b);

  std::vector<Block> blocks_;
  std::int64_t denominator_ = 0;  // of the sums
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STRETCHES_H_
