// CostBook: what the units in one account were bought for, and which of them leave first.
//
// Units that came together lie in one layer. `fifo` takes the oldest layers, `specific` the layer
// that is named, `average` knows one pool. A layer keeps its age when it moves between the states
// of one holder.

#ifndef QZ_SETTLE_COST_BOOK_H_
#define QZ_SETTLE_COST_BOOK_H_

#include <cstdint>
#include <vector>

#include "exact/number.h"
#include "exact/rounding.h"
#include "rules/instrument.h"
#include "settle/amount.h"

namespace qz::settle {

struct Layer {
  std::uint32_t age = 0;  // number of the posting that brought the units to the holder
  Amount quantity = 0;
  exact::Number unit_cost;  // in bases, for one unit of the Amount
};

// What units had cost, in bases.
struct Cost {
  exact::Number amount;
  bool too_long = false;  // the pool's cost has more digits than a Number may have
};

// What was taken: its layers (none under `average`), and its cost.
struct Taken {
  std::vector<Layer> layers;
  Cost cost;
};

// The rule by which what leaves a pool is rounded: what stays keeps the rest, so nothing is lost.
struct CostRound {
  exact::RoundingRule rule;
  exact::Number money;  // one unit of it in bases

  exact::Number of(const exact::Number& cost) const {
    return exact::round(cost / money, rule) * money;
  }
};

class CostBook {
 public:
  // Adds units at their place by age. Under `average` only the cost counts.
  void add(const Layer& layer);
  void add_pool(const Cost& cost);

  // Each takes `quantity`, which the account holds. Precondition of take_layer: layer_of(age) holds
  // it.
  void take_oldest(Amount quantity, Taken& out);
  void take_layer(std::uint32_t age, Amount quantity, Taken& out);
  // A share of the pool of `balance` units, cut by `round` where the instrument has one.
  void take_average(Amount quantity, Amount balance, const CostRound* round, Taken& out);
  // `cost` or what there is of it; all where the last units leave.
  void take_pool(const exact::Number& cost, bool last, Taken& out);
  // First as much of each of `wanted` as is still there, then the oldest.
  void take_like(const std::vector<Layer>& wanted, Amount quantity, Taken& out);

  Amount layer_of(std::uint32_t age) const;
  // What all units here were bought for, in bases.
  exact::Number cost(rules::Booking booking) const;
  bool too_long() const { return too_long_; }

 private:
  void take_at(std::size_t index, Amount quantity, Taken& out);
  std::size_t find(std::uint32_t age) const;

  std::vector<Layer> layers_;  // by age; those before first_ are used up
  std::size_t first_ = 0;
  exact::Number pool_;  // average
  bool too_long_ = false;
};

}  // namespace qz::settle

#endif  // QZ_SETTLE_COST_BOOK_H_
