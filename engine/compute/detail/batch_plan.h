// Batch plan: the integers of a batch program for given denominators, and what a batch's largest
// values prove. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_BATCH_PLAN_H_
#define QZ_COMPUTE_DETAIL_BATCH_PLAN_H_

#include <optional>
#include <span>
#include <vector>

#include "compute/detail/batch_steps.h"

namespace qz::compute::detail {

// The integers of one step: a·ka and b·kb are over one denominator, or the dividend and divisor.
struct PlannedStep {
  exact::Number scale = exact::Number(1);  // what a mantissa of 1 is worth
  exact::Wide ka = 1, kb = 1;
  exact::LaneDivisor divisor;  // kRound: where divides
  bool divides = false;
};

struct BatchPlan {
  std::vector<std::int64_t> denominators;  // of the inputs
  bool possible = true;                    // else some integer here is beyond 127 bits
  std::vector<PlannedStep> steps;
  struct Output {
    exact::Wide times = 1;
    std::int64_t denominator = 1;
  };
  std::vector<Output> outputs;
  struct Limit {
    std::int64_t low, high;  // of mantissas
  };
  std::vector<Limit> limits;  // by input
};

BatchPlan plan_batch(const BatchSteps& program, std::vector<std::int64_t> denominators);

// Whether the rows of a batch are as the program asks: what must be there is, within its limits.
bool demands_hold(const BatchSteps& program, const BatchPlan& plan, std::size_t rows,
                  std::span<const BatchInput> inputs);

// The largest magnitude that any integer of the program can reach, with inputs within `largest`;
// gives also that of each step's array. All bits set: beyond 127 bits.
exact::UnsignedWide reach(const BatchSteps& program, const BatchPlan& plan,
                          std::span<const BatchInput> inputs,
                          std::vector<exact::UnsignedWide>& bounds);

// The first representation from `rung` on whose limit `most` does not reach; null if there is none.
const exact::LaneKernels* kernels_for(exact::UnsignedWide most, Rung rung);

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_BATCH_PLAN_H_
