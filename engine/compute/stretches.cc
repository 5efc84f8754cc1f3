// Stretches: blocks of 64 places, and what a stretch of them comes to.

#include "compute/stretches.h"

#include <algorithm>

namespace qz::compute {

using rules::Op;
using table::Column;
using table::State;
using table::Type;

// A block that takes places and other blocks, in their order.
class Stretches::Adding {
 public:
  explicit Adding(const Column& cells)
      : is_scaled_(cells.is_scaled()),
        states_(cells.states().data()),
        mantissas_(is_scaled_ ? cells.mantissas().data() : nullptr),
        ids_(is_scaled_ ? nullptr : cells.ids().data()) {}

  void place(std::size_t i) {
    if (states_[i] == State::kValue) {
      ++block.values;
      if (is_scaled_) {
        block.overflows |= __builtin_add_overflow(block.sum, mantissas_[i], &block.sum);
      } else {
        (ids_[i] != 0 ? block.has_true : block.has_false) = true;
      }
      extremes(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i));
    } else {
      block.has_null |= states_[i] == State::kNull;
      block.has_error |= table::is_error(states_[i]);
    }
  }

  void whole(const Block& other) {
    block.overflows |= other.overflows || __builtin_add_overflow(block.sum, other.sum, &block.sum);
    block.values += other.values;
    block.has_null |= other.has_null;
    block.has_error |= other.has_error;
    block.has_true |= other.has_true;
    block.has_false |= other.has_false;
    if (other.values > 0) extremes(other.lowest, other.highest);
  }

  Block block;

 private:
  std::int64_t at(std::uint32_t i) const { return is_scaled_ ? mantissas_[i] : ids_[i]; }

  void extremes(std::uint32_t low, std::uint32_t high) {
    if (block.lowest == kNone || at(low) < at(block.lowest)) block.lowest = low;
    if (block.highest == kNone || at(high) > at(block.highest)) block.highest = high;
  }

  bool is_scaled_;
  const State* states_;
  const std::int64_t* mantissas_;
  const std::int32_t* ids_;
};

Stretches::Block Stretches::block_of(const Column& cells, std::size_t b) {
  Adding adding(cells);
  const std::size_t past = std::min(cells.size(), (b + 1) * kBlock);
  for (std::size_t i = b * kBlock; i < past; ++i) adding.place(i);
  return adding.block;
}

void Stretches::fill(const Column& cells, std::span<const std::uint32_t> places) {
  if (cells.type() == Type::kNumber && !cells.is_scaled()) {
    blocks_.clear();
    return;
  }
  const std::size_t blocks = (cells.size() + kBlock - 1) / kBlock;
  if (blocks_.size() != blocks || (cells.is_scaled() && denominator_ != cells.denominator())) {
    blocks_.resize(blocks);
    denominator_ = cells.is_scaled() ? cells.denominator() : 0;
    for (std::size_t b = 0; b < blocks; ++b) blocks_[b] = block_of(cells, b);
    return;
  }
  std::size_t done = blocks;
  for (const std::uint32_t place : places) {
    if (place / kBlock == done) continue;
    done = place / kBlock;
    blocks_[done] = block_of(cells, done);
  }
}

bool Stretches::fold(Op op, const Column& cells, const Listed& list, std::size_t lane,
                     Column& out) const {
  const bool numeric = op == Op::kSum || op == Op::kMean;
  const bool ordered = op == Op::kMin || op == Op::kMax;
  const bool logical = op == Op::kAny || op == Op::kAll;
  if (!numeric && !ordered && !logical) return false;
  if (list.end - list.begin < 2 * kBlock || list.state != State::kValue || blocks_.empty())
    return false;
  Adding adding(cells);
  for (std::size_t i = list.begin; i < list.end;) {
    if (i % kBlock == 0 && i + kBlock <= list.end) {
      adding.whole(blocks_[i / kBlock]);
      i += kBlock;
    } else {
      adding.place(i++);
    }
  }
  const Block& all = adding.block;
  if (all.has_error || (numeric && (all.overflows || !cells.is_scaled()))) return false;
  if (logical) {
    const bool decides = op == Op::kAny;
    if (decides ? all.has_true : all.has_false) {
      out.set_id(lane, decides ? 1 : 0);
    } else if (all.has_null) {
      out.set_state(lane, State::kNull);
    } else {
      out.set_id(lane, decides ? 0 : 1);
    }
  } else if (all.has_null || (op != Op::kSum && all.values == 0)) {
    out.set_state(lane, State::kNull);
  } else if (ordered) {
    out.set_cell(lane, cells, op == Op::kMin ? all.lowest : all.highest);
  } else if (op == Op::kSum) {
    out.set_scaled(lane, all.sum, all.sum == 0 ? 1 : cells.denominator());
  } else {
    const exact::Number mean = exact::Number::ratio(all.sum, cells.denominator()) /
                               exact::Number(static_cast<std::int64_t>(all.values));
    out.set_number(lane, mean);
    if (mean.too_long()) out.set_state(lane, State::kNumberTooLong);
  }
  return true;
}

}  // namespace qz::compute
