// Stage: columns of one table that rows compute from themselves, for rows of the same editions, as
// steps over arrays of many variations. Private to compute/.
//
// Values are steps of a batch program; states are steps beside them that follow the formulas as
// they are written, so that a cell that is missing or failed is so for the same reason as
// everywhere. A number where there is no value has no meaning.

#ifndef QZ_COMPUTE_DETAIL_STAGE_H_
#define QZ_COMPUTE_DETAIL_STAGE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "compute/detail/batch_steps.h"
#include "compute/detail/cone.h"
#include "compute/detail/known_cells.h"

namespace qz::compute::detail {

// Where the lanes of an input come from.
struct StageInput {
  enum class Kind : std::uint8_t {
    kKnown,     // cells that no edit reaches
    kOwn,       // a column of the table
    kUp,        // a column of the one row above
    kConstant,  // a constant that varies
    kNode,      // part of a formula, by the general evaluator
  } kind = Kind::kOwn;
  bool is_truth = false;
  const KnownCells::Cells* known = nullptr;
  plan::ColumnRef column;    // kOwn, kUp
  std::uint32_t target = 0;  // kConstant
  FormulaAt formula;         // kNode
  rules::NodeId node = -1;
  // kUp: the slot above of each slot of the segment, kNoRow where there is none, and then why.
  std::vector<std::uint32_t> above;
  std::vector<table::State> why;
  // One number for all lanes of a variation.
  bool is_scalar = false;
};

enum class StateOp : std::uint8_t {
  kInput,          // of input `value`
  kMissing,        // null everywhere
  kNotApplicable,  // everywhere
  kBoth,           // of an operation that needs a and b
  kOne,            // of an operation that needs a
  kZero,           // a, and an error where the numbers of step `value` are 0
  kChoose,         // a where the truth of step `value` with state c holds, b where it does not
  kCoalesce,       // a, else b
  kGiven,          // a where it has a value or an error, else b as it stands
  kOpen,           // not a state: 1 where a has neither a value nor an error
  kLogic,          // of `and`, `or` of steps `value` (state a) and `other` (state b)
  kTested,         // of `a = null`
};

// a, b, c: states; -1: every lane has a value.
struct StateStep {
  StateOp op = StateOp::kInput;
  std::int32_t a = -1, b = -1, c = -1;
  std::int32_t value = -1, other = -1;
  bool is_or = false;
  std::size_t after = 0;  // steps of values that must have run
  bool needed = false;
};

struct StageOutput {
  std::int32_t column = -1;
  std::int32_t value = -1;    // step
  std::int32_t divisor = -1;  // a step, where a cell is value / divisor that nothing rounds
  std::int32_t state = -1;
  bool is_truth = false;
};

// Steps of values use `index` so: kInput: the input; kCoalesce: the state step kOpen; kAnd, kOr,
// kIsNull, kIsNotNull: `states`; kRound: the scalar input that c is multiplied by before, or -1.
struct StageProgram {
  BatchSteps steps;  // outputs: values and divisors of numbers among `outputs`, in their order
  std::vector<StageInput> inputs;
  std::vector<StateStep> states;
  std::vector<std::pair<std::int32_t, std::int32_t>> state_pairs;
  std::vector<StageOutput> outputs;
  std::vector<std::uint8_t> is_fused;  // by step: a product that the rounding after it makes
  bool one_by_one = false;             // variation by variation: then scalars are no arrays
};

// The columns of a table that run one after another for each segment of its stack; `programs`: by
// segment, those that are computed. Empty programs: one column, by the general evaluator; a loop
// has several.
struct Stage {
  plan::Step columns;
  std::int32_t table = -1;
  std::vector<std::optional<StageProgram>> programs;
};

// The stages of a cone, in their order.
std::vector<Stage> make_stages(const Basis& basis, const Cone& cone, const KnownCells& known);

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_STAGE_H_
