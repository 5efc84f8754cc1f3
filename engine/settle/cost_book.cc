#include "settle/cost_book.h"

#include <algorithm>
#include <utility>

namespace qz::settle {

void CostBook::add(const Layer& layer) {
  if (first_ == layers_.size()) {
    layers_.clear();
    first_ = 0;
  }
  if (layers_.empty() || layers_.back().age < layer.age) {
    layers_.push_back(layer);
    return;
  }
  const std::size_t at = find(layer.age);
  if (at < layers_.size() && layers_[at].age == layer.age) {
    layers_[at].quantity += layer.quantity;
    return;
  }
  layers_.insert(layers_.begin() + static_cast<std::ptrdiff_t>(at), layer);
}

// The first layer, of those in use, that is not older than `age`.
std::size_t CostBook::find(std::uint32_t age) const {
  const auto begin = layers_.begin() + static_cast<std::ptrdiff_t>(first_);
  const auto found = std::lower_bound(
      begin, layers_.end(), age, [](const Layer& one, std::uint32_t a) { return one.age < a; });
  return static_cast<std::size_t>(found - layers_.begin());
}

Amount CostBook::layer_of(std::uint32_t age) const {
  const std::size_t at = find(age);
  return at < layers_.size() && layers_[at].age == age ? layers_[at].quantity : 0;
}

void CostBook::take_at(std::size_t index, Amount quantity, Taken& out) {
  Layer& layer = layers_[index];
  layer.quantity -= quantity;
  if (!layer.unit_cost.is_zero()) out.cost.amount += layer.unit_cost * number_of(quantity);
  out.layers.push_back({layer.age, quantity, layer.unit_cost});
}

void CostBook::take_oldest(Amount quantity, Taken& out) {
  while (quantity > 0) {
    while (layers_[first_].quantity == 0) ++first_;
    const Amount part = std::min(quantity, layers_[first_].quantity);
    take_at(first_, part, out);
    quantity -= part;
  }
  while (first_ < layers_.size() && layers_[first_].quantity == 0) ++first_;
  // Used layers go once they are most of the list: each is moved over a constant number of times.
  constexpr std::size_t kUsedMin = 32;
  if (first_ < kUsedMin || first_ * 2 < layers_.size()) return;
  layers_.erase(layers_.begin(), layers_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

void CostBook::take_layer(std::uint32_t age, Amount quantity, Taken& out) {
  take_at(find(age), quantity, out);
}

void CostBook::take_like(const std::vector<Layer>& wanted, Amount quantity, Taken& out) {
  for (const Layer& one : wanted) {
    const std::size_t at = find(one.age);
    if (at == layers_.size() || layers_[at].age != one.age) continue;
    const Amount part = std::min({one.quantity, layers_[at].quantity, quantity});
    if (part == 0) continue;
    take_at(at, part, out);
    quantity -= part;
  }
  take_oldest(quantity, out);
}

void CostBook::add_pool(const Cost& cost) {
  too_long_ = too_long_ || cost.too_long;
  if (!too_long_) pool_ += cost.amount;
}

void CostBook::take_average(Amount quantity, Amount balance, const CostRound* round, Taken& out) {
  if (quantity == balance) return take_pool(pool_, true, out);
  if (!pool_.is_zero() && !too_long_) {
    const exact::Number part = pool_ * number_of(quantity) / number_of(balance);
    take_pool(round == nullptr ? part : round->of(part), false, out);
  }
  out.cost.too_long = too_long_;
}

void CostBook::take_pool(const exact::Number& cost, bool last, Taken& out) {
  out.cost.too_long = too_long_;
  if (!too_long_) {
    out.cost.amount = last || pool_ < cost ? pool_ : cost;
    pool_ = pool_ - out.cost.amount;
    too_long_ = pool_.too_long() || out.cost.amount.too_long();
    out.cost.too_long = too_long_;
  }
  if (last) {  // an empty pool costs nothing
    pool_ = exact::Number();
    too_long_ = false;
  }
}

exact::Number CostBook::cost(rules::Booking booking) const {
  if (booking == rules::Booking::kAverage) return pool_;
  exact::Number out;
  for (std::size_t i = first_; i < layers_.size(); ++i) {
    if (!layers_[i].unit_cost.is_zero())
      out += layers_[i].unit_cost * number_of(layers_[i].quantity);
  }
  return out;
}

}  // namespace qz::settle
