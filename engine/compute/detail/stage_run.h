// Stage run: the program of a stage over the lanes of a block, by proof of its representation.
// Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_STAGE_RUN_H_
#define QZ_COMPUTE_DETAIL_STAGE_RUN_H_

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "compute/detail/batch_plan.h"
#include "compute/detail/lane_space.h"
#include "compute/detail/stage.h"
#include "compute/detail/stage_states.h"

namespace qz::compute::detail {

// The cells of an input for a block. Lanes: variation after variation, each with the segment's rows
// in their order.
struct StageSource {
  enum class Form : std::uint8_t {
    kLanes,   // by lane
    kStill,   // by row of the segment, for all variations and blocks the same
    kScalar,  // by variation
  } form = Form::kLanes;
  const std::int64_t* mantissas = nullptr;
  const std::int32_t* ids = nullptr;  // of truths
  States states = nullptr;
  std::int64_t denominator = 1;
  std::int64_t largest = 0;
};

// What a stage gives of one column, by lane.
struct StageCells {
  std::vector<std::int64_t> mantissas;
  std::int64_t denominator = 1;
  // Where a cell is a fraction: it is mantissa / denominator over divisor / divisors_denominator.
  std::vector<std::int64_t> divisors;
  std::int64_t divisors_denominator = 1;
  std::vector<std::int32_t> ids;     // of truths
  std::vector<table::State> states;  // empty: every lane has a value
};

// One thread's.
class StageRun {
 public:
  // For `rows` rows of a segment and at most `variations`. Still sources must not change.
  StageRun(const StageProgram& program, std::size_t rows, std::size_t variations);

  // By output. False: no representation is proven to hold the numbers; nothing is given.
  bool run(std::size_t variations, std::span<const StageSource> sources, Rung rung,
           std::vector<StageCells>& out);

 private:
  // Some lanes: of one variation, or of all where they are short.
  struct Piece {
    std::size_t lane;   // the first
    std::size_t still;  // where still arrays stand for it
    std::size_t n;
    std::size_t variation;
  };
  const BatchPlan* plan_for(std::span<const StageSource> sources);
  void load_still(std::size_t input, const StageSource& source);
  void set_scalars(std::size_t variation);
  bool piece(const Piece& at, std::vector<StageCells>& out);
  void step(const Piece& at, std::size_t id);
  void truth(const Piece& at, std::size_t id);
  void input(const Piece& at, std::size_t id);
  void product(const Piece& at, std::size_t id);
  void rounding(const Piece& at, std::size_t id);
  void state(const Piece& at, std::size_t id);
  States input_states(const Piece& at, std::size_t input, table::State* space);
  void prepare(std::size_t lanes, std::vector<StageCells>& out);
  bool store(const Piece& at, std::vector<StageCells>& out);
  bool store_numbers(const Piece& at, std::int32_t id, std::size_t number, States states,
                     std::int64_t* to);

  exact::Lane* slot(std::size_t id) {
    return lanes_at(space_, static_cast<std::size_t>(program_.steps.steps[id].slot) * slot_bytes_);
  }
  exact::Lane* lanes(std::int32_t id) const { return where_[static_cast<std::size_t>(id)]; }
  const std::uint8_t* truths(std::int32_t id) const {
    return truth_of_[static_cast<std::size_t>(id)];
  }
  States states(std::int32_t id) const {
    return id < 0 ? nullptr : states_[static_cast<std::size_t>(id)];
  }
  // The value of a scalar input where it is one, by step.
  std::int32_t scalar_of(std::int32_t id) const;

  const StageProgram& program_;
  std::size_t rows_, variations_;
  std::size_t slot_bytes_;
  LaneSpace space_, one_, spare_;
  std::vector<exact::Lane*> where_;  // of each step's array, for the piece at hand
  std::vector<std::uint8_t> truth_space_;
  std::vector<const std::uint8_t*> truth_of_;  // by step
  std::vector<table::State> state_space_;
  std::vector<States> states_;  // by state step
  std::vector<Bytes> open_;     // by state step: kOpen
  std::vector<std::uint8_t> still_truths_, scalar_is_array_;
  struct Still {
    std::map<const exact::LaneKernels*, LaneSpace> lanes;
    std::vector<std::uint8_t> truths;
    std::vector<table::State> states;
  };
  std::vector<Still> still_;             // by input
  std::vector<LaneSpace> scalar_lanes_;  // by input
  std::vector<std::int64_t> wide_;
  std::vector<exact::Wide> scalars_;  // by input, of the variation at hand
  std::vector<BatchPlan> plans_;
  std::size_t next_plan_ = 0;
  std::vector<exact::UnsignedWide> bounds_;
  // Of the block at hand:
  std::span<const StageSource> sources_;
  const exact::LaneKernels* kernels_ = nullptr;
  const BatchPlan* plan_ = nullptr;
  std::vector<std::int64_t> largest_;  // by output of the steps; -1: to be looked at
};

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_STAGE_RUN_H_
