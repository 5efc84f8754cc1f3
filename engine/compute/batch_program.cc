// Batch program: the proof for a batch, then its steps over some hundred rows at a time.

#include "compute/batch_program.h"

#include <algorithm>
#include <limits>

#include "compute/detail/batch_masks.h"
#include "compute/detail/batch_plan.h"
#include "compute/detail/lane_space.h"

namespace qz::compute {

using detail::BatchGuard;
using detail::BatchOp;
using detail::BatchPlan;
using detail::BatchStep;
using detail::FactorKey;
using detail::FactorRead;
using detail::kMaskError;
using detail::kMaskNull;
using detail::lane_space;
using detail::lanes_at;
using detail::LaneSpace;
using detail::Mask;
using exact::Lane;
using exact::LaneKernels;
using exact::UnsignedWide;

namespace {

// As many rows as let all arrays of a program stay in the nearest cache.
constexpr std::size_t kLanes = 512;
constexpr std::size_t kPlansMax = 16;

}  // namespace

struct BatchProgram::State {
  detail::BatchSteps program;
};

class BatchProgram::Scratch::Work {
 public:
  explicit Work(const detail::BatchSteps& program);

  bool run(std::size_t rows, std::span<const BatchInput> inputs, Rung rung,
           std::vector<BatchOutput>& out);
  std::vector<UsedFactor> used_factors() const;
  const std::vector<std::uint8_t>& told() const { return told_; }

 private:
  const BatchPlan& plan_for(std::span<const BatchInput> inputs);
  void find_indices(std::size_t rows, std::span<const BatchInput> inputs);
  void tables_for(const LaneKernels& kernels);

  // One block of rows.
  struct Block {
    const LaneKernels& kernels;
    const BatchPlan& plan;
    std::span<const BatchInput> inputs;
    std::size_t all;  // rows of the batch
    std::size_t first;
    std::size_t n;
  };
  void step(const Block& block, std::size_t id);
  void truth(const Block& block, std::size_t id);
  void input(const Block& block, const BatchStep& one, std::size_t id);
  void factor(const Block& block, const BatchStep& one, std::size_t id);
  void coalesce(const Block& block, const BatchStep& one, std::size_t id);
  void choose(const Block& block, const BatchStep& one, std::size_t id);
  bool is_sound(const Block& block) const;
  void tell(const Block& block);
  bool store(const Block& block, std::size_t output, BatchOutput& out);
  void note_used(const Block& block);
  bool looked_at(std::int32_t guard, std::size_t lane) const;
  static std::size_t id_at(const BatchInput& ids, std::size_t row);
  std::int32_t index_at(std::size_t key, std::size_t row) const;

  Lane* slot(std::int32_t step_id) {
    const auto at =
        static_cast<std::size_t>(program_.steps[static_cast<std::size_t>(step_id)].slot);
    return lanes_at(space_, at * kLanes * sizeof(exact::Wide));
  }
  std::uint8_t* truths(std::int32_t id) { return &truths_[static_cast<std::size_t>(id) * kLanes]; }
  const std::uint8_t* truths(std::int32_t id) const {
    return &truths_[static_cast<std::size_t>(id) * kLanes];
  }
  std::uint8_t* mask_space(std::size_t id) { return &mask_space_[id * kLanes]; }
  Mask mask(std::int32_t id) const { return masks_[static_cast<std::size_t>(id)]; }

  const detail::BatchSteps& program_;
  std::vector<BatchPlan> plans_;
  std::size_t next_plan_ = 0;
  std::vector<UnsignedWide> bounds_;
  std::vector<std::uint8_t> told_;
  LaneSpace space_;
  std::vector<std::uint8_t> truths_, mask_space_, ones_;
  std::vector<Mask> masks_;

  // Of each key of a factor table, for the batch: the index of each row where it is not the text's
  // id itself, and which indices occur.
  struct KeyRows {
    std::span<const std::uint8_t> tiny;
    std::span<const std::int32_t> narrow;
    std::vector<std::int32_t> made;
    std::vector<std::uint8_t> seen;  // by index; the last stands for all beyond
  };
  std::vector<KeyRows> keys_;
  struct ReadTables {
    LaneSpace lanes;
    const LaneKernels* of = nullptr;  // the representation of `lanes`
    bool complete = true;             // every key of the batch has a value
    bool note = false;                // a row of the batch may be the first to use a factor row
  };
  std::vector<ReadTables> reads_;
  std::vector<std::vector<std::uint8_t>> used_;   // by read and index
  std::vector<std::vector<std::uint8_t>> fresh_;  // the same of the batch at hand
};

BatchProgram::Scratch::Work::Work(const detail::BatchSteps& program)
    : program_(program),
      space_(lane_space(std::max<std::size_t>(1, program.slots) * kLanes * sizeof(exact::Wide))),
      truths_(program.steps.size() * kLanes),
      mask_space_(program.steps.size() * kLanes),
      ones_(kLanes, kMaskNull),
      masks_(program.steps.size()),
      keys_(program.keys.size()),
      reads_(program.reads.size()) {
  for (std::size_t k = 0; k < keys_.size(); ++k)
    keys_[k].seen.resize(std::max<std::size_t>(program.keys[k].size + 1, 256));
  for (const FactorRead& read : program.reads) {
    const std::size_t size = read.cells.masks.size();
    used_.emplace_back(size);
    fresh_.emplace_back(size);
  }
}

const BatchPlan& BatchProgram::Scratch::Work::plan_for(std::span<const BatchInput> inputs) {
  for (const BatchPlan& one : plans_) {
    bool same = true;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      same = same && one.denominators[i] == inputs[i].denominator;
    if (same) return one;
  }
  std::vector<std::int64_t> denominators;
  for (const BatchInput& one : inputs) denominators.push_back(one.denominator);
  BatchPlan made = detail::plan_batch(program_, std::move(denominators));
  if (plans_.size() < kPlansMax) return plans_.emplace_back(std::move(made));
  next_plan_ = (next_plan_ + 1) % kPlansMax;
  return plans_[next_plan_] = std::move(made);
}

std::size_t BatchProgram::Scratch::Work::id_at(const BatchInput& ids, std::size_t row) {
  if (!ids.tiny.empty()) return ids.tiny[row];
  return ids.small.empty() ? static_cast<std::uint32_t>(ids.narrow[row]) : ids.small[row];
}

// Which index each row has in each factor table, and which of them occur at all.
void BatchProgram::Scratch::Work::find_indices(std::size_t rows,
                                               std::span<const BatchInput> inputs) {
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    const FactorKey& key = program_.keys[k];
    KeyRows& out = keys_[k];
    if (key.direct()) {
      const BatchInput& ids = inputs[static_cast<std::size_t>(key.parts[0].input)];
      out.tiny = ids.tiny;
      out.narrow = ids.narrow;
      if (!ids.small.empty()) {
        out.made.assign(ids.small.begin(), ids.small.end());
        out.narrow = out.made;
      }
    } else {
      out.made.assign(rows, 0);
      for (const FactorKey::Part& part : key.parts) {
        const BatchInput& ids = inputs[static_cast<std::size_t>(part.input)];
        for (std::size_t row = 0; row < rows; ++row) {
          const std::size_t id = id_at(ids, row);
          const std::int32_t place = id < part.places.size() ? part.places[id] : -1;
          std::int32_t& index = out.made[row];
          index = index < 0 || place < 0 ? -1 : index * part.count + place;
        }
      }
      out.tiny = {};
      out.narrow = out.made;
    }
    std::fill(out.seen.begin(), out.seen.end(), 0);
    const std::span<const std::int32_t> known =
        key.direct() ? inputs[static_cast<std::size_t>(key.parts[0].input)].distinct
                     : std::span<const std::int32_t>();
    if (!known.empty()) {
      for (const std::int32_t id : known)
        out.seen[std::min<std::size_t>(static_cast<std::uint32_t>(id), key.size)] = 1;
    } else if (!out.tiny.empty()) {
      for (std::size_t row = 0; row < rows; ++row) out.seen[out.tiny[row]] = 1;
    } else {
      for (std::size_t row = 0; row < rows; ++row)
        out.seen[std::min<std::size_t>(static_cast<std::uint32_t>(out.narrow[row]), key.size)] = 1;
    }
  }
  for (std::size_t r = 0; r < reads_.size(); ++r) {
    const std::vector<std::uint8_t>& seen =
        keys_[static_cast<std::size_t>(program_.reads[r].key)].seen;
    const std::vector<std::uint8_t>& masks = program_.reads[r].cells.masks;
    reads_[r].complete = true;
    reads_[r].note = false;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (seen[i] == 0) continue;
      reads_[r].complete = reads_[r].complete && masks[i] == 0;
      reads_[r].note = reads_[r].note || ((masks[i] & kMaskError) == 0 && used_[r][i] == 0);
    }
  }
}

void BatchProgram::Scratch::Work::tables_for(const LaneKernels& kernels) {
  for (std::size_t r = 0; r < reads_.size(); ++r) {
    ReadTables& table = reads_[r];
    if (table.of == &kernels) continue;
    const std::vector<std::int64_t>& mantissas = program_.reads[r].cells.mantissas;
    if (!table.lanes) table.lanes = lane_space(mantissas.size() * sizeof(exact::Wide));
    kernels.load64(lanes_at(table.lanes, 0), mantissas.data(),
                   std::numeric_limits<std::int64_t>::max(), mantissas.size());
    table.of = &kernels;
  }
}

bool BatchProgram::Scratch::Work::run(std::size_t rows, std::span<const BatchInput> inputs,
                                      Rung rung, std::vector<BatchOutput>& out) {
  if (rung == Rung::kExact) return false;
  const BatchPlan& plan = plan_for(inputs);
  if (!plan.possible || !detail::demands_hold(program_, plan, rows, inputs)) return false;
  const UnsignedWide most = detail::reach(program_, plan, inputs, bounds_);
  const LaneKernels* kernels = detail::kernels_for(most, rung);
  if (kernels == nullptr) return false;
  find_indices(rows, inputs);
  tables_for(*kernels);
  out.resize(program_.outputs.size());
  for (std::size_t k = 0; k < out.size(); ++k) {
    const exact::Wide times = plan.outputs[k].times;
    const UnsignedWide largest = bounds_[static_cast<std::size_t>(program_.outputs[k])] *
                                 static_cast<UnsignedWide>(times < 0 ? -times : times);
    if (largest > static_cast<UnsignedWide>(std::numeric_limits<std::int64_t>::max())) return false;
    out[k].denominator = plan.outputs[k].denominator;
    out[k].largest = static_cast<std::int64_t>(largest);
    out[k].mantissas.resize(rows);
    out[k].missing.clear();
  }
  for (std::vector<std::uint8_t>& one : fresh_) std::fill(one.begin(), one.end(), 0);
  told_.clear();
  for (std::size_t first = 0; first < rows; first += kLanes) {
    const Block block{*kernels, plan, inputs, rows, first, std::min(kLanes, rows - first)};
    for (std::size_t id = 0; id < program_.steps.size(); ++id) step(block, id);
    if (!is_sound(block)) return false;
    tell(block);
    for (std::size_t k = 0; k < out.size(); ++k) {
      if (!store(block, k, out[k])) return false;
    }
    note_used(block);
  }
  for (std::size_t r = 0; r < used_.size(); ++r) {
    if (!reads_[r].note) continue;
    for (std::size_t i = 0; i < used_[r].size(); ++i) used_[r][i] |= fresh_[r][i];
  }
  return true;
}

void BatchProgram::Scratch::Work::step(const Block& block, std::size_t id) {
  const BatchStep& one = program_.steps[id];
  const detail::PlannedStep& of = block.plan.steps[id];
  const LaneKernels& k = block.kernels;
  const std::size_t n = block.n;
  if (one.is_truth) return truth(block, id);
  Lane* const out = slot(static_cast<std::int32_t>(id));
  masks_[id] = nullptr;
  switch (one.op) {
    case BatchOp::kInput:
      return input(block, one, id);
    case BatchOp::kMissing:
      masks_[id] = ones_.data();
      return k.fill(out, 0, n);
    case BatchOp::kOne:
      return k.fill(out, 1, n);
    case BatchOp::kFactor:
      return factor(block, one, id);
    case BatchOp::kCoalesce:
      return coalesce(block, one, id);
    case BatchOp::kChoose:
      return choose(block, one, id);
    default:
      break;
  }
  masks_[id] =
      one.b < 0 ? mask(one.a) : detail::both_masks(mask(one.a), mask(one.b), mask_space(id), n);
  switch (one.op) {
    case BatchOp::kMultiply:
      return k.multiply(out, slot(one.a), slot(one.b), n);
    case BatchOp::kAdd:
      return k.linear(out, slot(one.a), of.ka, slot(one.b), of.kb, n);
    case BatchOp::kRound:
      return of.divides ? k.divide(out, slot(one.a), of.ka, of.divisor, one.mode, n)
                        : k.times(out, slot(one.a), of.ka, n);
    case BatchOp::kQuotient: {
      std::uint8_t zero[kLanes];
      k.compare(zero, slot(one.b), 1, slot(one.b), 0, exact::LaneOrder::kEqual, n);
      masks_[id] = detail::with_errors(masks_[id], zero, mask_space(id), n);
      return k.quotient(out, slot(one.a), of.ka, slot(one.b), of.kb, one.mode, n);
    }
    case BatchOp::kAbsolute:
      return k.absolute(out, slot(one.a), n);
    case BatchOp::kSmaller:
    case BatchOp::kLarger:
      return k.extreme(out, slot(one.a), of.ka, slot(one.b), of.kb, one.op == BatchOp::kLarger, n);
    default:
      return;  // kScale: the same array
  }
}

void BatchProgram::Scratch::Work::input(const Block& block, const BatchStep& one, std::size_t id) {
  const BatchInput& from = block.inputs[static_cast<std::size_t>(one.index)];
  Lane* const out = slot(static_cast<std::int32_t>(id));
  if (!from.missing.empty() && detail::any(&from.missing[block.first], block.n))
    masks_[id] = &from.missing[block.first];
  if (!from.narrow.empty()) return block.kernels.load32(out, &from.narrow[block.first], block.n);
  if (!from.small.empty()) return block.kernels.load16(out, &from.small[block.first], block.n);
  if (!from.tiny.empty()) return block.kernels.load8(out, &from.tiny[block.first], block.n);
  block.kernels.load64(out, &from.wide[block.first], from.largest, block.n);
}

void BatchProgram::Scratch::Work::factor(const Block& block, const BatchStep& one, std::size_t id) {
  const auto read = static_cast<std::size_t>(one.index);
  const auto at = static_cast<std::size_t>(program_.reads[read].key);
  const FactorKey& key = program_.keys[at];
  const KeyRows& rows = keys_[at];
  Lane* const out = slot(static_cast<std::int32_t>(id));
  const Lane* const table = lanes_at(reads_[read].lanes, 0);
  if (!rows.tiny.empty()) {
    block.kernels.gather8(out, table, &rows.tiny[block.first], block.n);
  } else {
    block.kernels.gather32(out, table, key.size, &rows.narrow[block.first], block.n);
  }
  for (const FactorKey::Part& part : key.parts) {
    const BatchInput& text = block.inputs[static_cast<std::size_t>(part.input)];
    const Mask missing = text.missing.empty() ? nullptr : &text.missing[block.first];
    masks_[id] = detail::both_masks(masks_[id], missing, mask_space(id), block.n);
  }
  if (reads_[read].complete) return;
  const std::vector<std::uint8_t>& masks = program_.reads[read].cells.masks;
  std::uint8_t* const space = mask_space(id);
  for (std::size_t i = 0; i < block.n; ++i) {
    const std::uint8_t text = masks_[id] == nullptr ? 0 : masks_[id][i];
    space[i] = text != 0 ? text : masks[static_cast<std::size_t>(index_at(at, block.first + i))];
  }
  masks_[id] = space;
}

std::int32_t BatchProgram::Scratch::Work::index_at(std::size_t key, std::size_t row) const {
  const KeyRows& rows = keys_[key];
  if (!rows.tiny.empty()) return rows.tiny[row];
  return static_cast<std::int32_t>(
      std::min<std::size_t>(static_cast<std::uint32_t>(rows.narrow[row]), program_.keys[key].size));
}

void BatchProgram::Scratch::Work::coalesce(const Block& block, const BatchStep& one,
                                           std::size_t id) {
  const detail::PlannedStep& of = block.plan.steps[id];
  const Mask a = mask(one.a), b = mask(one.b);
  const bool a_may_fail = program_.steps[static_cast<std::size_t>(one.a)].may_fail;
  const auto own = static_cast<std::int32_t>(id);
  masks_[id] = detail::coalesced_mask(a, b, a_may_fail, mask_space(id), block.n);
  if (one.is_truth) {
    if (a == nullptr) {
      std::copy_n(truths(one.a), block.n, truths(own));
    } else {
      detail::choose_bytes(truths(own), a, truths(one.a), truths(one.b), block.n);
    }
    return;
  }
  if (a == nullptr) return block.kernels.times(slot(own), slot(one.a), of.ka, block.n);
  block.kernels.blend(slot(own), slot(one.a), of.ka, slot(one.b), of.kb, a, block.n);
}

void BatchProgram::Scratch::Work::choose(const Block& block, const BatchStep& one, std::size_t id) {
  const detail::PlannedStep& of = block.plan.steps[id];
  const auto own = static_cast<std::int32_t>(id);
  // `b` is the branch of a test that is false, so the test takes `a`.
  masks_[id] = detail::chosen_mask(mask(one.c), truths(one.c), mask(one.a), mask(one.b),
                                   mask_space(id), block.n);
  if (one.is_truth) {
    return detail::choose_bytes(truths(own), truths(one.c), truths(one.b), truths(one.a), block.n);
  }
  block.kernels.blend(slot(own), slot(one.b), of.kb, slot(one.a), of.ka, truths(one.c), block.n);
}

void BatchProgram::Scratch::Work::truth(const Block& block, std::size_t id) {
  const BatchStep& one = program_.steps[id];
  const detail::PlannedStep& of = block.plan.steps[id];
  const LaneKernels& k = block.kernels;
  const std::size_t n = block.n;
  std::uint8_t* const out = truths(static_cast<std::int32_t>(id));
  std::uint8_t* const space = mask_space(id);
  masks_[id] = one.a < 0 ? nullptr : mask(one.a);
  if (one.b >= 0) masks_[id] = detail::both_masks(mask(one.a), mask(one.b), space, n);
  switch (one.op) {
    case BatchOp::kMissing:
      masks_[id] = ones_.data();
      std::fill_n(out, n, 0);
      break;
    case BatchOp::kCoalesce:
      return coalesce(block, one, id);
    case BatchOp::kChoose:
      return choose(block, one, id);
    case BatchOp::kTruth:
      return k.compare(out, slot(one.a), 1, slot(one.a), 0, exact::LaneOrder::kNotEqual, n);
    case BatchOp::kCompare:
      return k.compare(out, slot(one.a), of.ka, slot(one.b), of.kb, one.order, n);
    case BatchOp::kAnd:
    case BatchOp::kOr:
      masks_[id] = detail::logic(out, truths(one.a), mask(one.a), truths(one.b), mask(one.b),
                                 one.op == BatchOp::kOr ? 1 : 0, space, n);
      break;
    case BatchOp::kEach:
      return detail::each_of_two(out, truths(one.a), truths(one.b), n);
    case BatchOp::kEither:
      return detail::either(out, truths(one.a), truths(one.b), n);
    case BatchOp::kNot:
      return detail::opposite(out, truths(one.a), n);
    default:
      masks_[id] = detail::null_test(out, mask(one.a), one.op == BatchOp::kIsNull, space, n);
  }
}

bool BatchProgram::Scratch::Work::is_sound(const Block& block) const {
  const auto fails = [&](std::int32_t id) { return detail::any_error(mask(id), block.n); };
  return std::none_of(program_.sound.begin(), program_.sound.end(), fails);
}

// Rows for which some check does not hold, or cannot be told.
void BatchProgram::Scratch::Work::tell(const Block& block) {
  for (const std::int32_t id : program_.holds) {
    if (detail::all_true(truths(id), mask(id), block.n)) continue;
    told_.resize(block.all);
    detail::note_untrue(&told_[block.first], truths(id), mask(id), block.n);
  }
}

// False where a row that has to have a value has none: then it needs a state, and perhaps a
// finding.
bool BatchProgram::Scratch::Work::store(const Block& block, std::size_t output, BatchOutput& out) {
  const std::int32_t id = program_.outputs[output];
  const Mask missing = mask(id);
  const bool gaps = detail::any(missing, block.n);
  const bool may_miss = output < program_.may_miss.size() && program_.may_miss[output] != 0;
  if (gaps && (!may_miss || detail::any_error(missing, block.n))) return false;
  const Lane* from = slot(id);
  const exact::Wide times = block.plan.outputs[output].times;
  alignas(64) std::byte space[kLanes * sizeof(exact::Wide)];
  if (times != 1) {
    block.kernels.times(reinterpret_cast<Lane*>(space), from, times, block.n);
    from = reinterpret_cast<Lane*>(space);
  }
  block.kernels.store64(&out.mantissas[block.first], from, out.largest, block.n);
  if (!gaps) return true;
  out.missing.resize(out.mantissas.size());
  for (std::size_t i = 0; i < block.n; ++i) {
    if (missing[i] == 0) continue;
    out.missing[block.first + i] = 1;
    out.mantissas[block.first + i] = 0;
  }
  return true;
}

bool BatchProgram::Scratch::Work::looked_at(std::int32_t guard, std::size_t lane) const {
  for (; guard >= 0; guard = program_.guards[static_cast<std::size_t>(guard)].parent) {
    const BatchGuard& one = program_.guards[static_cast<std::size_t>(guard)];
    const Mask of = mask(one.step);
    const std::uint8_t state = of == nullptr ? 0 : of[lane];
    if (one.kind == BatchGuard::Kind::kNull) {
      if (state != kMaskNull) return false;
      continue;
    }
    const bool holds = truths(one.step)[lane] != 0;
    switch (one.kind) {
      case BatchGuard::Kind::kTrue:
        if (state != 0 || !holds) return false;
        break;
      case BatchGuard::Kind::kFalse:
        if (state != 0 || holds) return false;
        break;
      case BatchGuard::Kind::kNotFalse:
        if ((state & kMaskError) != 0 || (state == 0 && !holds)) return false;
        break;
      default:
        if ((state & kMaskError) != 0 || (state == 0 && holds)) return false;
    }
  }
  return true;
}

// Which factor rows the formulas looked at, where one may be new: the ledger names them.
void BatchProgram::Scratch::Work::note_used(const Block& block) {
  for (std::size_t r = 0; r < reads_.size(); ++r) {
    if (!reads_[r].note) continue;
    const FactorRead& read = program_.reads[r];
    const auto key = static_cast<std::size_t>(read.key);
    for (std::size_t i = 0; i < block.n; ++i) {
      const auto index = static_cast<std::size_t>(index_at(key, block.first + i));
      if (used_[r][index] != 0 || fresh_[r][index] != 0) continue;
      bool keyed = true;
      for (const FactorKey::Part& part : program_.keys[key].parts) {
        const BatchInput& text = block.inputs[static_cast<std::size_t>(part.input)];
        keyed = keyed && (text.missing.empty() || text.missing[block.first + i] == 0);
      }
      const bool looked = std::any_of(read.guards.begin(), read.guards.end(),
                                      [&](std::int32_t guard) { return looked_at(guard, i); });
      if (keyed && looked) fresh_[r][index] = 1;
    }
  }
}

std::vector<UsedFactor> BatchProgram::Scratch::Work::used_factors() const {
  std::vector<UsedFactor> out;
  for (std::size_t r = 0; r < used_.size(); ++r) {
    const FactorKey& key = program_.keys[static_cast<std::size_t>(program_.reads[r].key)];
    for (std::size_t i = 0; i < key.rows.size(); ++i) {
      if (used_[r][i] == 0) continue;
      for (const std::uint32_t row : key.rows[i]) out.emplace_back(key.factor, row);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

BatchProgram::BatchProgram(detail::BatchSteps steps)
    : state_(std::make_unique<State>(State{std::move(steps)})) {}
BatchProgram::~BatchProgram() = default;
BatchProgram::BatchProgram(BatchProgram&&) noexcept = default;
BatchProgram& BatchProgram::operator=(BatchProgram&&) noexcept = default;

std::optional<BatchProgram> BatchProgram::compile(const Data& data, std::int32_t table,
                                                  std::int32_t edition,
                                                  const std::vector<std::int32_t>& wanted) {
  return compile(data, table, edition, BatchWanted{wanted, {}, {}, {}});
}

std::optional<BatchProgram> BatchProgram::compile(const Data& data, std::int32_t table,
                                                  std::int32_t edition, const BatchWanted& wanted) {
  std::optional<detail::BatchSteps> program = detail::compile_batch(data, table, edition, wanted);
  if (!program) return std::nullopt;
  return BatchProgram(std::move(*program));
}

const std::vector<std::int32_t>& BatchProgram::inputs() const { return state_->program.inputs; }
const std::vector<UpRead>& BatchProgram::ups() const { return state_->program.ups; }

BatchProgram::Scratch::Scratch(std::unique_ptr<Work> work) : work_(std::move(work)) {}
BatchProgram::Scratch::~Scratch() = default;

std::unique_ptr<BatchProgram::Scratch> BatchProgram::scratch() const {
  return std::unique_ptr<Scratch>(new Scratch(std::make_unique<Scratch::Work>(state_->program)));
}

bool BatchProgram::run(std::size_t rows, std::span<const BatchInput> inputs, Rung rung,
                       Scratch& scratch, std::vector<BatchOutput>& out) const {
  QZ_ASSERT(inputs.size() == state_->program.inputs.size() + state_->program.ups.size());
  return scratch.work_->run(rows, inputs, rung, out);
}

const std::vector<std::uint8_t>& BatchProgram::told(const Scratch& scratch) const {
  return scratch.work_->told();
}

std::vector<UsedFactor> BatchProgram::used_factors(const Scratch& scratch) const {
  return scratch.work_->used_factors();
}

}  // namespace qz::compute
