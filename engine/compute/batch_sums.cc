// Batch sums: one pass over the rows of a batch, the bound kept beside the sums.

#include "compute/batch_sums.h"

#include <algorithm>

namespace qz::compute {
namespace {

// The columns of a group lie together, so that a row touches one line of the cache. kColumns of
// `columns` at a time.
template <std::size_t kColumns, class Group>
void add_rows(std::span<const Group> groups, const BatchOutput* const* outputs, std::size_t columns,
              std::int64_t* sums) {
  const std::int64_t* mantissas[kColumns];
  for (std::size_t c = 0; c < kColumns; ++c) mantissas[c] = outputs[c]->mantissas.data();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::int64_t* const sum = sums + static_cast<std::size_t>(groups[i]) * columns;
    for (std::size_t c = 0; c < kColumns; ++c) sum[c] += mantissas[c][i];
  }
}

exact::Number number_of(exact::Wide value) {
  constexpr std::int64_t kLow = std::int64_t{1} << 62;
  const auto high = static_cast<std::int64_t>(value / kLow);  // |value| < 2^63 × rows
  const auto low = static_cast<std::int64_t>(value % kLow);
  return exact::Number(high) * exact::Number(kLow) + exact::Number(low);
}

}  // namespace

void GroupSums::grow(std::size_t n) {
  if (n <= groups_) return;
  groups_ = n;
  for (Part& one : parts_) {
    one.sums.resize(n * columns_);
    if (!one.carried.empty()) one.carried.resize(n * columns_);
  }
}

GroupSums::Part& GroupSums::part(const std::vector<std::int64_t>& denominators) {
  for (Part& one : parts_) {
    if (one.denominators == denominators) return one;
  }
  Part& made = parts_.emplace_back();
  made.denominators = denominators;
  made.sums.resize(groups_ * columns_);
  return made;
}

void GroupSums::carry(Part& part) {
  part.carried.resize(part.sums.size());
  for (std::size_t i = 0; i < part.sums.size(); ++i) {
    part.carried[i] += part.sums[i];
    part.sums[i] = 0;
  }
  part.bound = 0;
}

void GroupSums::add(std::span<const std::int32_t> groups,
                    std::span<const BatchOutput* const> outputs) {
  add_rows_of(groups, outputs);
}

void GroupSums::add(std::span<const std::uint16_t> groups,
                    std::span<const BatchOutput* const> outputs) {
  add_rows_of(groups, outputs);
}

template <class Group>
void GroupSums::add_rows_of(std::span<const Group> groups,
                            std::span<const BatchOutput* const> outputs) {
  QZ_ASSERT(outputs.size() == columns_);
  if (groups.empty() || columns_ == 0) return;
  wanted_.clear();
  for (const BatchOutput* one : outputs) wanted_.push_back(one->denominator);
  Part& to = part(wanted_);
  std::int64_t largest = 0;
  for (const BatchOutput* one : outputs) {
    QZ_ASSERT(one->mantissas.size() == groups.size());
    largest = std::max(largest, one->largest);
  }
  std::int64_t added = 0;
  const bool fits =
      !__builtin_mul_overflow(largest, static_cast<std::int64_t>(groups.size()), &added);
  if (!fits) {  // row by row, wide: no batch of real quantities comes here
    to.carried.resize(to.sums.size());
    for (std::size_t c = 0; c < columns_; ++c) {
      for (std::size_t i = 0; i < groups.size(); ++i)
        to.carried[static_cast<std::size_t>(groups[i]) * columns_ + c] += outputs[c]->mantissas[i];
    }
    return;
  }
  if (__builtin_add_overflow(to.bound, added, &to.bound)) {
    carry(to);
    to.bound = added;
  }
  for (std::size_t c = 0; c < columns_; c += 4) {
    std::int64_t* const sums = to.sums.data() + c;
    switch (columns_ - c) {
      case 1:
        add_rows<1>(groups, &outputs[c], columns_, sums);
        break;
      case 2:
        add_rows<2>(groups, &outputs[c], columns_, sums);
        break;
      case 3:
        add_rows<3>(groups, &outputs[c], columns_, sums);
        break;
      default:
        add_rows<4>(groups, &outputs[c], columns_, sums);
    }
  }
}

void GroupSums::add(const GroupSums& other) {
  QZ_ASSERT(other.columns_ == columns_);
  grow(other.groups_);
  for (const Part& from : other.parts_) {
    Part& to = part(from.denominators);
    if (__builtin_add_overflow(to.bound, from.bound, &to.bound)) {
      carry(to);
      to.bound = from.bound;
    }
    for (std::size_t i = 0; i < from.sums.size(); ++i) to.sums[i] += from.sums[i];
    if (from.carried.empty()) continue;
    to.carried.resize(to.sums.size());
    for (std::size_t i = 0; i < from.carried.size(); ++i) to.carried[i] += from.carried[i];
  }
}

table::Column GroupSums::totals(std::size_t column, std::size_t n) const {
  const std::vector<table::State> states(n, table::State::kValue);
  if (parts_.size() == 1 && parts_[0].carried.empty()) {
    std::vector<std::int64_t> sums(n);
    for (std::size_t g = 0; g < std::min(n, groups_); ++g)
      sums[g] = parts_[0].sums[g * columns_ + column];
    return table::Column::from_scaled(std::move(sums), parts_[0].denominators[column], states);
  }
  std::vector<exact::Number> sums(n);
  for (std::size_t g = 0; g < std::min(n, groups_); ++g) sums[g] = total(column, g);
  return table::Column::from_numbers(std::move(sums), states);
}

exact::Number GroupSums::total(std::size_t column, std::size_t group) const {
  const std::size_t at = group * columns_ + column;
  exact::Number out;
  for (const Part& one : parts_) {
    exact::Number sum(one.sums[at]);
    if (!one.carried.empty()) sum += number_of(one.carried[at]);
    out += sum * exact::Number::ratio(1, one.denominators[column]);
  }
  return out;
}

}  // namespace qz::compute
