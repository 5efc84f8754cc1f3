// Depth first over all allowed choices. A branch ends where something excludes or lacks something,
// or a budget is used up.

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "whatif/best_choice.h"

namespace qz::whatif {
namespace {

using exact::Number;

constexpr std::size_t kBatch = 1'024;

class Walk {
 public:
  explicit Walk(const Question& question) : q_(question), used_(q_.candidates.budgets) {
    const auto& order = q_.candidates.order;
    QZ_ASSERT(order.size() <= kEnumeratedMax);
    for (Number& used : used_) used = Number(0);
    spared_.assign(order.size() + 1, std::vector<Number>(used_.size()));
    effect_left_.assign(order.size() + 1, Number(0));
    for (std::size_t i = order.size(); i-- > 0;) {
      spared_[i] = spared_[i + 1];
      for (std::size_t k = 0; k < used_.size(); ++k) {
        const Number& takes = q_.candidates.list[order[i]].takes[k];
        if (takes.sign() < 0) spared_[i][k] += takes;
      }
      effect_left_[i] = effect_left_[i + 1] + std::max(q_.alone.level[order[i]], Number(0));
    }
  }

  Best run() {
    best_.proven = visit(0, Number(0)) && ask_batch();
    return std::move(best_);
  }

 private:
  // False where no more may be asked. `effect`: the sum of what is taken does alone.
  bool visit(std::size_t place, const Number& effect) {
    if (q_.at_most_additive && best_.choice &&
        q_.base.level - effect - effect_left_[place] > best_.truth.level) {
      return true;
    }
    if (place == q_.candidates.order.size()) {
      batch_.push_back(taken_);
      std::sort(batch_.back().begin(), batch_.back().end());
      return batch_.size() < kBatch || ask_batch();
    }
    const std::uint32_t next = q_.candidates.order[place];
    if (may_take(place, next)) {
      take(next, 1);
      const bool more = visit(place + 1, effect + q_.alone.level[next]);
      take(next, -1);
      if (!more) return false;
    }
    return within(place + 1) ? visit(place + 1, effect) : true;
  }

  bool within(std::size_t place) const {
    for (std::size_t k = 0; k < used_.size(); ++k) {
      if (used_[k] + spared_[place][k] > q_.candidates.budgets[k]) return false;
    }
    return true;
  }

  bool may_take(std::size_t place, std::uint32_t next) const {
    const Candidate& candidate = q_.candidates.list[next];
    const auto taken = [&](std::uint32_t other) {
      return std::find(taken_.begin(), taken_.end(), other) != taken_.end();
    };
    for (std::size_t k = 0; k < used_.size(); ++k) {
      if (used_[k] + candidate.takes[k] + spared_[place + 1][k] > q_.candidates.budgets[k]) {
        return false;
      }
    }
    return std::none_of(candidate.excludes.begin(), candidate.excludes.end(), taken) &&
           std::all_of(candidate.needs.begin(), candidate.needs.end(), taken);
  }

  void take(std::uint32_t next, int sign) {
    if (sign > 0) {
      taken_.push_back(next);
    } else {
      taken_.pop_back();
    }
    for (std::size_t k = 0; k < used_.size(); ++k) {
      used_[k] += q_.candidates.list[next].takes[k] * Number(sign);
    }
  }

  bool ask_batch() {
    const std::uint64_t left = q_.asked_max - best_.asked;
    const bool all = batch_.size() <= left;
    if (!all) batch_.resize(left);
    const std::vector<Truth> answers = q_.ask(batch_);
    for (std::size_t i = 0; i < batch_.size(); ++i) take_answer(batch_[i], answers[i]);
    best_.asked += batch_.size();
    batch_.clear();
    return all;
  }

  void take_answer(const Choice& choice, const Truth& truth) {
    if (!truth.known) return;
    Number cost = cost_of(q_.candidates, choice);
    if (best_.choice) {
      if (truth.level > best_.truth.level) return;
      if (truth.level == best_.truth.level &&
          (cost > best_.cost ||
           (cost == best_.cost && !simpler(q_.candidates, choice, *best_.choice)))) {
        return;
      }
    }
    best_.choice = choice;
    best_.truth = truth;
    best_.cost = std::move(cost);
  }

  const Question& q_;
  std::vector<Number> used_;                 // of each budget
  std::vector<std::vector<Number>> spared_;  // [place][budget]: takes below zero from there on
  std::vector<Number> effect_left_;          // [place]: effects above zero from there on
  Choice taken_;                             // in order
  std::vector<Choice> batch_;
  Best best_;
};

}  // namespace

Best strongest_choice(const Question& question) { return Walk(question).run(); }

}  // namespace qz::whatif
