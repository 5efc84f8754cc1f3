// Batch extremes: integers over one denominator are compared as they stand.

#include "compute/batch_extremes.h"

#include "base/assert.h"

namespace qz::compute {

void GroupExtremes::grow(std::size_t n) {
  if (n <= groups_) return;
  groups_ = n;
  for (Part& one : parts_) {
    one.best.resize(n);
    one.has.resize(n);
  }
}

GroupExtremes::Part& GroupExtremes::part(std::int64_t denominator) {
  for (Part& one : parts_) {
    if (one.denominator == denominator) return one;
  }
  Part& made = parts_.emplace_back();
  made.denominator = denominator;
  made.best.resize(groups_);
  made.has.resize(groups_);
  return made;
}

void GroupExtremes::offer(Part& to, std::size_t group, std::int64_t value) const {
  std::int64_t& best = to.best[group];
  const bool better = largest_ ? value > best : value < best;
  if (to.has[group] != 0 && !better) return;
  best = value;
  to.has[group] = 1;
}

template <class Group>
void GroupExtremes::add_rows(std::span<const Group> groups, const BatchOutput& values,
                             const BatchOutput* counted) {
  QZ_ASSERT(values.mantissas.size() == groups.size());
  Part& to = part(values.denominator);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (counted == nullptr || counted->mantissas[i] != 0)
      offer(to, static_cast<std::size_t>(groups[i]), values.mantissas[i]);
  }
}

void GroupExtremes::add(std::span<const std::int32_t> groups, const BatchOutput& values,
                        const BatchOutput* counted) {
  add_rows(groups, values, counted);
}

void GroupExtremes::add(std::span<const std::uint16_t> groups, const BatchOutput& values,
                        const BatchOutput* counted) {
  add_rows(groups, values, counted);
}

void GroupExtremes::add(const GroupExtremes& other) {
  QZ_ASSERT(other.largest_ == largest_);
  grow(other.groups_);
  for (const Part& from : other.parts_) {
    Part& to = part(from.denominator);
    for (std::size_t g = 0; g < from.best.size(); ++g) {
      if (from.has[g] != 0) offer(to, g, from.best[g]);
    }
  }
}

std::optional<exact::Number> GroupExtremes::best(std::size_t group) const {
  std::optional<exact::Number> out;
  for (const Part& one : parts_) {
    if (one.has[group] == 0) continue;
    exact::Number value = exact::Number::ratio(one.best[group], one.denominator);
    if (!out || (largest_ ? *out < value : value < *out)) out = std::move(value);
  }
  return out;
}

}  // namespace qz::compute
