#include "whatif/decompose.h"

#include <bit>

namespace qz::whatif {
namespace {

// s! (k − s − 1)! / k!: how often, of all orders of k changes, just those s stand before a given
// other one.
exact::Number share(std::size_t s, std::size_t k) {
  exact::Number out(1);
  for (std::size_t i = 1; i <= s; ++i) out *= exact::Number(static_cast<std::int64_t>(i));
  for (std::size_t i = 1; i + s < k; ++i) out *= exact::Number(static_cast<std::int64_t>(i));
  for (std::size_t i = 1; i <= k; ++i) out = out / exact::Number(static_cast<std::int64_t>(i));
  return out;
}

}  // namespace

Decomposition::Decomposition(std::size_t changes) : changes_(changes) {
  if (changes < 2) return;
  division_ = changes <= kShapleyMax ? Division::kShapley : Division::kInTurn;
  if (division_ == Division::kInTurn) {
    subsets_ = changes;
    return;
  }
  subsets_ = (std::size_t{1} << changes) - 1;
  weight_in_.resize(changes + 1);
  weight_out_.resize(changes + 1);
  for (std::size_t size = 1; size <= changes; ++size) {
    weight_in_[size] = share(size - 1, changes);
    if (size < changes) weight_out_[size] = -share(size, changes);
  }
}

bool Decomposition::contains(std::size_t s, std::size_t i) const {
  if (division_ == Division::kShapley) return ((s + 1) >> i & 1) != 0;
  return division_ == Division::kNone || i <= s;
}

exact::Number Decomposition::weight(std::size_t s, std::size_t i) const {
  if (division_ == Division::kShapley) {
    const auto size = static_cast<std::size_t>(std::popcount(s + 1));
    return contains(s, i) ? weight_in_[size] : weight_out_[size];
  }
  if (i == s) return exact::Number(1);  // prefix s ends with change s
  return i == s + 1 ? exact::Number(-1) : exact::Number(0);
}

void Decomposition::add(std::size_t s, const CellRef& cell, const Value& base, const Value& value) {
  if (changes_ == 0) return;
  Parts& parts = cells_[cell];
  if (parts.numbers.empty()) parts.numbers.resize(changes_);
  if (!base.has_value() || !value.has_value()) parts.broken = true;
  if (parts.broken) return;
  const exact::Number difference = value.number - base.number;
  for (std::size_t i = 0; i < changes_; ++i) {
    const exact::Number by = weight(s, i);
    if (!by.is_zero()) parts.numbers[i] += by * difference;
  }
}

std::vector<exact::Number> Decomposition::parts(const CellRef& cell) const {
  const auto found = cells_.find(cell);
  if (found == cells_.end()) return std::vector<exact::Number>(changes_);
  if (found->second.broken) return {};
  return found->second.numbers;
}

}  // namespace qz::whatif
