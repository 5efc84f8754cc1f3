// Stage run: some hundred lanes at a time, so that all arrays stay in the nearest cache.

#include "compute/detail/stage_run.h"

#include <algorithm>
#include <limits>

#include "compute/detail/batch_masks.h"

namespace qz::compute::detail {

using exact::Lane;
using exact::UnsignedWide;
using exact::Wide;
using table::State;

namespace {

constexpr std::size_t kLanes = 512;
constexpr std::size_t kPlansMax = 16;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

}  // namespace

StageRun::StageRun(const StageProgram& program, std::size_t rows, std::size_t variations)
    : program_(program),
      rows_(rows),
      variations_(variations),
      slot_bytes_(kLanes * sizeof(Wide)),
      space_(lane_space(std::max<std::size_t>(1, program.steps.slots) * slot_bytes_)),
      one_(lane_space(slot_bytes_)),
      spare_(lane_space(slot_bytes_)),
      where_(program.steps.steps.size()),
      truth_space_(program.steps.steps.size() * kLanes),
      truth_of_(program.steps.steps.size()),
      state_space_(program.states.size() * kLanes),
      states_(program.states.size()),
      open_(program.states.size()),
      scalar_is_array_(program.inputs.size(), 0),
      still_(program.inputs.size()),
      scalar_lanes_(program.inputs.size()),
      wide_(kLanes),
      scalars_(program.inputs.size()) {
  if (!program.one_by_one) return;
  const auto used = [&](std::int32_t id) {
    if (id < 0) return;
    const BatchStep& from = program.steps.steps[static_cast<std::size_t>(id)];
    const std::int32_t scalar = scalar_of(from.root);
    if (scalar >= 0) scalar_is_array_[static_cast<std::size_t>(scalar)] = 1;
  };
  for (std::size_t i = 0; i < program.steps.steps.size(); ++i) {
    const BatchStep& one = program.steps.steps[i];
    if (one.op == BatchOp::kScale || program.is_fused[i] != 0) continue;
    const bool is_product =
        one.op == BatchOp::kMultiply && (scalar_of(one.a) < 0) != (scalar_of(one.b) < 0);
    if (is_product) continue;
    if (one.op == BatchOp::kRound && one.index >= 0) continue;
    used(one.a);
    used(one.b);
    used(one.c);
  }
  for (const StateStep& one : program.states) {
    if (one.op == StateOp::kZero && one.needed) used(one.value);
  }
  for (const std::int32_t output : program.steps.outputs) used(output);
  for (std::size_t i = 0; i < scalar_is_array_.size(); ++i)
    if (scalar_is_array_[i] != 0) scalar_lanes_[i] = lane_space(slot_bytes_);
}

std::int32_t StageRun::scalar_of(std::int32_t id) const {
  if (id < 0 || !program_.one_by_one) return -1;
  const BatchStep& one = program_.steps.steps[static_cast<std::size_t>(id)];
  return one.op == BatchOp::kInput && !one.is_truth &&
                 program_.inputs[static_cast<std::size_t>(one.index)].is_scalar
             ? one.index
             : -1;
}

const BatchPlan* StageRun::plan_for(std::span<const StageSource> sources) {
  for (const BatchPlan& one : plans_) {
    bool same = true;
    for (std::size_t i = 0; i < sources.size() && same; ++i)
      same = one.denominators[i] == sources[i].denominator;
    if (same) return &one;
  }
  std::vector<std::int64_t> denominators;
  for (const StageSource& one : sources) denominators.push_back(one.denominator);
  BatchPlan made = plan_batch(program_.steps, std::move(denominators));
  if (plans_.size() < kPlansMax) return &plans_.emplace_back(std::move(made));
  next_plan_ = (next_plan_ + 1) % kPlansMax;
  return &(plans_[next_plan_] = std::move(made));
}

// Where all variations are run at once, what is still is written once for each.
void StageRun::load_still(std::size_t input, const StageSource& source) {
  Still& to = still_[input];
  const std::size_t times = program_.one_by_one ? 1 : variations_;
  if (source.ids != nullptr && to.truths.empty()) {
    for (std::size_t v = 0; v < times; ++v) {
      for (std::size_t i = 0; i < rows_; ++i) to.truths.push_back(source.ids[i] != 0 ? 1 : 0);
    }
  }
  if (source.states != nullptr && to.states.empty()) {
    for (std::size_t v = 0; v < times; ++v)
      to.states.insert(to.states.end(), source.states, source.states + rows_);
  }
  if (source.ids != nullptr || to.lanes.contains(kernels_)) return;
  std::vector<std::int64_t> all;
  for (std::size_t v = 0; v < times; ++v)
    all.insert(all.end(), source.mantissas, source.mantissas + rows_);
  LaneSpace made = lane_space((all.size() + kLanes) * kernels_->size);
  kernels_->load64(lanes_at(made, 0), all.data(), source.largest, all.size());
  to.lanes.emplace(kernels_, std::move(made));
}

bool StageRun::run(std::size_t variations, std::span<const StageSource> sources, Rung rung,
                   std::vector<StageCells>& out) {
  plan_ = plan_for(sources);
  if (!plan_->possible) return false;
  std::vector<BatchInput> inputs(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) inputs[i].largest = sources[i].largest;
  kernels_ = kernels_for(reach(program_.steps, *plan_, inputs, bounds_), rung);
  if (kernels_ == nullptr) return false;
  sources_ = sources;
  const std::size_t lanes = variations * rows_;
  prepare(lanes, out);
  for (std::size_t i = 0; i < sources.size(); ++i)
    if (sources[i].form == StageSource::Form::kStill) load_still(i, sources[i]);
  kernels_->fill(lanes_at(one_, 0), 1, kLanes);
  if (!program_.one_by_one) {
    for (std::size_t first = 0; first < lanes; first += kLanes)
      if (!piece({first, first, std::min(kLanes, lanes - first), 0}, out)) return false;
    return true;
  }
  for (std::size_t v = 0; v < variations; ++v) {
    set_scalars(v);
    for (std::size_t first = 0; first < rows_; first += kLanes)
      if (!piece({v * rows_ + first, first, std::min(kLanes, rows_ - first), v}, out)) return false;
  }
  return true;
}

// Room for the outputs. What may be beyond int64 is looked at number by number.
void StageRun::prepare(std::size_t lanes, std::vector<StageCells>& out) {
  out.resize(program_.outputs.size());
  largest_.clear();
  const auto add = [&](std::int32_t id, std::vector<std::int64_t>& to, std::int64_t& denominator) {
    const BatchPlan::Output& as = plan_->outputs[largest_.size()];
    const UnsignedWide most = bounds_[static_cast<std::size_t>(id)] *
                              static_cast<UnsignedWide>(as.times < 0 ? -as.times : as.times);
    largest_.push_back(most > static_cast<UnsignedWide>(kMost) ? -1
                                                               : static_cast<std::int64_t>(most));
    denominator = as.denominator;
    to.resize(lanes);
  };
  for (std::size_t k = 0; k < out.size(); ++k) {
    const StageOutput& one = program_.outputs[k];
    out[k].states.clear();
    if (one.is_truth) {
      out[k].ids.resize(lanes);
      continue;
    }
    add(one.value, out[k].mantissas, out[k].denominator);
    if (one.divisor >= 0) add(one.divisor, out[k].divisors, out[k].divisors_denominator);
  }
}

void StageRun::set_scalars(std::size_t variation) {
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i].form != StageSource::Form::kScalar || sources_[i].mantissas == nullptr)
      continue;
    const std::int64_t value = sources_[i].mantissas[variation];
    scalars_[i] = value;
    if (scalar_is_array_[i] != 0) kernels_->fill(lanes_at(scalar_lanes_[i], 0), value, kLanes);
  }
}

// False: an output is beyond int64.
bool StageRun::piece(const Piece& at, std::vector<StageCells>& out) {
  std::size_t s = 0;
  const auto states_until = [&](std::size_t steps) {
    for (; s < program_.states.size() && program_.states[s].after <= steps; ++s)
      if (program_.states[s].needed) state(at, s);
  };
  for (std::size_t id = 0; id < program_.steps.steps.size(); ++id) {
    states_until(id);
    if (program_.steps.steps[id].is_truth) {
      truth(at, id);
    } else {
      step(at, id);
    }
  }
  states_until(program_.steps.steps.size());
  return store(at, out);
}

void StageRun::step(const Piece& at, std::size_t id) {
  const BatchStep& one = program_.steps.steps[id];
  const PlannedStep& of = plan_->steps[id];
  if (one.op == BatchOp::kScale) {
    where_[id] = lanes(one.root);
    return;
  }
  if (one.op == BatchOp::kInput) return input(at, id);
  if (one.op == BatchOp::kOne) {
    where_[id] = lanes_at(one_, 0);
    return;
  }
  Lane* const out = where_[id] = slot(id);
  switch (one.op) {
    case BatchOp::kMultiply:
      return product(at, id);
    case BatchOp::kAdd:
      return kernels_->linear(out, lanes(one.a), of.ka, lanes(one.b), of.kb, at.n);
    case BatchOp::kRound:
      return rounding(at, id);
    case BatchOp::kQuotient:
      return kernels_->quotient(out, lanes(one.a), of.ka, lanes(one.b), of.kb, one.mode, at.n);
    case BatchOp::kAbsolute:
      return kernels_->absolute(out, lanes(one.a), at.n);
    case BatchOp::kSmaller:
    case BatchOp::kLarger:
      return kernels_->extreme(out, lanes(one.a), of.ka, lanes(one.b), of.kb,
                               one.op == BatchOp::kLarger, at.n);
    case BatchOp::kCoalesce: {
      const Bytes open = open_[static_cast<std::size_t>(one.index)];
      if (open == nullptr) return kernels_->times(out, lanes(one.a), of.ka, at.n);
      return kernels_->blend(out, lanes(one.a), of.ka, lanes(one.b), of.kb, open, at.n);
    }
    case BatchOp::kChoose:
      return kernels_->blend(out, lanes(one.b), of.kb, lanes(one.a), of.ka, truths(one.c), at.n);
    default:
      QZ_ASSERT(false);
  }
}

void StageRun::input(const Piece& at, std::size_t id) {
  const BatchStep& one = program_.steps.steps[id];
  const auto index = static_cast<std::size_t>(one.index);
  const StageSource& from = sources_[index];
  switch (from.form) {
    case StageSource::Form::kStill:
      where_[id] = lanes_at(still_[index].lanes.at(kernels_), at.still * kernels_->size);
      return;
    case StageSource::Form::kLanes:
      where_[id] = slot(id);
      return kernels_->load64(where_[id], from.mantissas + at.lane, from.largest, at.n);
    case StageSource::Form::kScalar:
      break;
  }
  if (program_.one_by_one) {
    where_[id] = scalar_is_array_[index] != 0 ? lanes_at(scalar_lanes_[index], 0) : nullptr;
    return;
  }
  for (std::size_t i = 0; i < at.n; ++i) wide_[i] = from.mantissas[(at.lane + i) / rows_];
  where_[id] = slot(id);
  kernels_->load64(where_[id], wide_.data(), from.largest, at.n);
}

void StageRun::product(const Piece& at, std::size_t id) {
  if (program_.is_fused[id] != 0) return;
  const BatchStep& one = program_.steps.steps[id];
  const std::int32_t a = scalar_of(one.a), b = scalar_of(one.b);
  if ((a < 0) == (b < 0)) return kernels_->multiply(where_[id], lanes(one.a), lanes(one.b), at.n);
  kernels_->times(where_[id], lanes(a >= 0 ? one.b : one.a),
                  scalars_[static_cast<std::size_t>(a >= 0 ? a : b)], at.n);
}

void StageRun::rounding(const Piece& at, std::size_t id) {
  const BatchStep& one = program_.steps.steps[id];
  const PlannedStep& of = plan_->steps[id];
  const bool fused = one.index >= 0;
  const Lane* from = lanes(fused ? one.c : one.a);
  const Wide times = fused ? of.ka * scalars_[static_cast<std::size_t>(one.index)] : of.ka;
  if (of.divides) return kernels_->divide(where_[id], from, times, of.divisor, one.mode, at.n);
  kernels_->times(where_[id], from, times, at.n);
}

void StageRun::truth(const Piece& at, std::size_t id) {
  const BatchStep& one = program_.steps.steps[id];
  const PlannedStep& of = plan_->steps[id];
  std::uint8_t* const out = &truth_space_[id * kLanes];
  truth_of_[id] = out;
  switch (one.op) {
    case BatchOp::kInput: {
      const auto index = static_cast<std::size_t>(one.index);
      const StageSource& from = sources_[index];
      if (from.form == StageSource::Form::kStill) {
        truth_of_[id] = &still_[index].truths[at.still];
      } else {
        const bool scalar = from.form == StageSource::Form::kScalar;
        for (std::size_t i = 0; i < at.n; ++i)
          out[i] = from.ids[scalar ? (at.lane + i) / rows_ : at.lane + i] != 0 ? 1 : 0;
      }
      return;
    }
    case BatchOp::kCompare:
      return kernels_->compare(out, lanes(one.a), of.ka, lanes(one.b), of.kb, one.order, at.n);
    case BatchOp::kEach:
      return each_of_two(out, truths(one.a), truths(one.b), at.n);
    case BatchOp::kEither:
      return either(out, truths(one.a), truths(one.b), at.n);
    case BatchOp::kNot:
      return opposite(out, truths(one.a), at.n);
    case BatchOp::kCoalesce: {
      const Bytes open = open_[static_cast<std::size_t>(one.index)];
      if (open == nullptr) {
        std::copy_n(truths(one.a), at.n, out);
      } else {
        choose_bytes(out, open, truths(one.a), truths(one.b), at.n);
      }
      return;
    }
    case BatchOp::kChoose:
      return choose_bytes(out, truths(one.c), truths(one.b), truths(one.a), at.n);
    default:
      break;
  }
  const auto& pair = program_.state_pairs[static_cast<std::size_t>(one.index)];
  if (one.op == BatchOp::kIsNull || one.op == BatchOp::kIsNotNull)
    return null_values(out, states(pair.first), one.op == BatchOp::kIsNull, at.n);
  logic_values(out, truths(one.a), states(pair.first), truths(one.b), states(pair.second),
               one.op == BatchOp::kOr, at.n);
}

States StageRun::input_states(const Piece& at, std::size_t input, State* space) {
  const StageSource& from = sources_[input];
  if (from.states == nullptr) return nullptr;
  switch (from.form) {
    case StageSource::Form::kStill:
      return &still_[input].states[at.still];
    case StageSource::Form::kLanes:
      return from.states + at.lane;
    case StageSource::Form::kScalar:
      break;
  }
  for (std::size_t i = 0; i < at.n; ++i) space[i] = from.states[(at.lane + i) / rows_];
  return space;
}

void StageRun::state(const Piece& at, std::size_t id) {
  const StateStep& one = program_.states[id];
  State* const space = &state_space_[id * kLanes];
  States& out = states_[id];
  const States a = states(one.a), b = states(one.b);
  switch (one.op) {
    case StateOp::kInput:
      out = input_states(at, static_cast<std::size_t>(one.value), space);
      break;
    case StateOp::kMissing:
    case StateOp::kNotApplicable:
      std::fill_n(space, at.n, one.op == StateOp::kMissing ? State::kNull : State::kNotApplicable);
      out = space;
      break;
    case StateOp::kBoth:
      out = both_states(a, b, space, at.n);
      break;
    case StateOp::kOne:
      out = one_state(a, space, at.n);
      break;
    case StateOp::kZero: {
      std::uint8_t zero[kLanes];
      kernels_->compare(zero, lanes(one.value), 1, lanes(one.value), 0, exact::LaneOrder::kEqual,
                        at.n);
      out = divided_states(a, zero, space, at.n);
      break;
    }
    case StateOp::kChoose:
      out = chosen_states(truths(one.value), states(one.c), a, b, space, at.n);
      break;
    case StateOp::kCoalesce:
      out = coalesced_states(a, b, space, at.n);
      break;
    case StateOp::kGiven:
      out = given_states(a, b, space, at.n);
      break;
    case StateOp::kOpen:
      open_[id] = open_lanes(a, reinterpret_cast<std::uint8_t*>(space), at.n);
      break;
    case StateOp::kLogic:
      out = logic_states(truths(one.value), a, truths(one.other), b, one.is_or, space, at.n);
      break;
    case StateOp::kTested:
      out = tested_states(a, space, at.n);
      break;
  }
}

bool StageRun::store(const Piece& at, std::vector<StageCells>& out) {
  std::size_t number = 0;
  for (std::size_t k = 0; k < out.size(); ++k) {
    const StageOutput& one = program_.outputs[k];
    const States of = states(one.state);
    if (of != nullptr) {
      if (out[k].states.empty())
        out[k].states.assign(std::max(out[k].mantissas.size(), out[k].ids.size()), State::kValue);
      std::copy_n(of, at.n, &out[k].states[at.lane]);
    } else if (!out[k].states.empty()) {
      std::fill_n(&out[k].states[at.lane], at.n, State::kValue);
    }
    if (one.is_truth) {
      for (std::size_t i = 0; i < at.n; ++i) out[k].ids[at.lane + i] = truths(one.value)[i];
      continue;
    }
    if (!store_numbers(at, one.value, number++, of, out[k].mantissas.data())) return false;
    if (one.divisor >= 0 && !store_numbers(at, one.divisor, number++, of, out[k].divisors.data()))
      return false;
  }
  return true;
}

bool StageRun::store_numbers(const Piece& at, std::int32_t id, std::size_t number, States states,
                             std::int64_t* to) {
  const Lane* from = lanes(id);
  const Wide times = plan_->outputs[number].times;
  Lane* const spare = lanes_at(spare_, 0);
  if (times != 1) {
    kernels_->times(spare, from, times, at.n);
    from = spare;
  }
  if (largest_[number] >= 0) {
    kernels_->store64(to + at.lane, from, largest_[number], at.n);
    return true;
  }
  kernels_->store64(to + at.lane, from, kMost, at.n);
  std::uint8_t fits[kLanes];
  kernels_->absolute(spare, from, at.n);
  kernels_->compare(fits, spare, 1, lanes_at(one_, 0), kMost, exact::LaneOrder::kLessEqual, at.n);
  bool all = true;
  for (std::size_t i = 0; i < at.n; ++i)
    all = all && (fits[i] != 0 || (states != nullptr && states[i] != State::kValue));
  return all;
}

}  // namespace qz::compute::detail
