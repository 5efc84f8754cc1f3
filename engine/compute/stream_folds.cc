// Stream folds: the states of rule-language §7 as flags of a group, because order decides nothing
// but which error comes first, and that is asked of the rows that were kept.

#include "compute/stream_folds.h"

#include "compute/kernels.h"

namespace qz::compute {

using rules::Op;
using table::Column;
using table::State;

void ExactSums::add(std::size_t group, const Column& values, std::size_t i) {
  if (!values.is_scaled()) {
    add(group, values.number(i));
    return;
  }
  Part* part = nullptr;
  for (Part& one : parts_) {
    if (one.denominator == values.denominator()) part = &one;
  }
  if (part == nullptr) {
    part = &parts_.emplace_back();
    part->denominator = values.denominator();
  }
  if (part->sums.size() <= group) part->sums.resize(std::max(groups_, group + 1));
  std::int64_t& sum = part->sums[group];
  const std::int64_t one = values.mantissas()[i];
  if (!__builtin_add_overflow(sum, one, &sum)) return;
  sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) -
                                  static_cast<std::uint64_t>(one));  // as it was
  add(group, exact::Number::ratio(sum, part->denominator) + values.number(i));
  sum = 0;
}

void ExactSums::add(std::size_t group, const exact::Number& value) {
  if (wide_.size() <= group) wide_.resize(std::max(groups_, group + 1));
  wide_[group] += value;
  too_long_ = too_long_ || wide_[group].too_long();
}

exact::Number ExactSums::total(std::size_t group) const {
  exact::Number out = group < wide_.size() ? wide_[group] : exact::Number();
  for (const Part& one : parts_) {
    if (group < one.sums.size() && one.sums[group] != 0)
      out += exact::Number::ratio(one.sums[group], one.denominator);
  }
  return out;
}

void StreamFold::grow(std::size_t groups) {
  if (groups <= flags_.size()) return;
  flags_.resize(groups);
  total_.grow(groups);
  weight_.grow(groups);
  if (op_ == Op::kCount || op_ == Op::kMean) counts_.resize(groups);
  if (op_ != Op::kMin && op_ != Op::kMax) return;
  while (best_.size() < groups) best_.append_state(State::kNull);
}

void StreamFold::add_unknown(std::size_t group, State state) {
  flags_[group] |= table::is_error(state) ? kFailed : kUnknown;
}

void StreamFold::add(std::size_t group, const Column* values, const Column* weights,
                     std::size_t i) {
  if (op_ == Op::kCount) {
    ++counts_[group];
    return;
  }
  const State state = values->state(i);
  if (table::is_error(state) || (weights != nullptr && state != State::kNotApplicable &&
                                 table::is_error(weights->state(i)))) {
    flags_[group] |= kFailed;
    return;
  }
  if (state == State::kNull) flags_[group] |= kNull;
  if (state != State::kValue) return;
  switch (op_) {
    case Op::kSum:
      total_.add(group, *values, i);
      break;
    case Op::kMean:
      if (weights == nullptr) {
        total_.add(group, *values, i);
        ++counts_[group];
      } else if (weights->has_value(i)) {
        total_.add(group, values->number(i) * weights->number(i));
        weight_.add(group, *weights, i);
      } else {
        flags_[group] |= kNull;
      }
      break;
    case Op::kMin:
    case Op::kMax:
      offer(group, *values, i);
      break;
    default:
      if ((values->id(i) != 0) == (op_ == Op::kAny)) flags_[group] |= kDecided;
  }
}

void StreamFold::add_sum(std::size_t group, const exact::Number& sum) {
  if (!sum.is_zero()) total_.add(group, sum);
}

void StreamFold::add_count(std::size_t group, std::int64_t rows) { counts_[group] += rows; }

void StreamFold::add_weight(std::size_t group, const exact::Number& weight) {
  if (!weight.is_zero()) weight_.add(group, weight);
}

void StreamFold::offer(std::size_t group, const Column& values, std::size_t i) {
  const int order = best_.has_value(group) ? compare_cells(values, i, best_, group) : 0;
  if (!best_.has_value(group) || (op_ == Op::kMin ? order < 0 : order > 0))
    best_.set_cell(group, values, i);
}

void StreamFold::merge(const StreamFold& other, std::span<const std::uint32_t> to) {
  for (std::size_t g = 0; g < other.flags_.size(); ++g) {
    const std::size_t at = to[g];
    flags_[at] |= other.flags_[g];
    if (!counts_.empty()) counts_[at] += other.counts_[g];
    add_sum(at, other.total_.total(g));
    add_weight(at, other.weight_.total(g));
    if (g < other.best_.size() && other.best_.has_value(g)) offer(at, other.best_, g);
  }
}

void StreamFold::finish(std::size_t group, Column& out, std::size_t at) const {
  const std::uint8_t flags = flags_[group];
  if (op_ == Op::kAny || op_ == Op::kAll) {
    const bool decided = (flags & kDecided) != 0 && (flags & kUnknown) == 0;
    if (decided || (flags & (kNull | kUnknown)) == 0) {
      out.set_id(at, decided == (op_ == Op::kAny) ? 1 : 0);
    } else {
      out.set_state(at, State::kNull);
    }
    return;
  }
  if ((flags & (kNull | kUnknown)) != 0) {
    out.set_state(at, State::kNull);
    return;
  }
  switch (op_) {
    case Op::kCount:
      out.set_scaled(at, counts_[group], 1);
      break;
    case Op::kSum:
      out.set_number(at, total_.total(group));
      break;
    case Op::kMean: {
      const exact::Number weight = weight_.total(group) + exact::Number(counts_[group]);
      if (weight.is_zero()) {
        out.set_state(at, State::kNull);
      } else {
        out.set_number(at, total_.total(group) / weight);
      }
      break;
    }
    default:
      if (best_.has_value(group)) {
        out.set_cell(at, best_, group);
      } else {
        out.set_state(at, State::kNull);
      }
  }
}

void StreamFold::empty(Op op, Column& out, std::size_t at) {
  switch (op) {
    case Op::kSum:
    case Op::kCount:
      out.set_scaled(at, 0, 1);
      break;
    case Op::kAny:
    case Op::kAll:
      out.set_id(at, op == Op::kAll ? 1 : 0);
      break;
    default:
      out.set_state(at, State::kNull);
  }
}

}  // namespace qz::compute
