// Best first over the tree of decisions: a node has decided on the first candidates in order, and
// its place in the queue is the least that any choice below it can cost. Choices therefore leave
// the queue in the order of cost.

#include <algorithm>
#include <queue>
#include <tuple>
#include <utility>

#include "base/assert.h"
#include "whatif/best_choice.h"

namespace qz::whatif {
namespace {

using exact::Number;

// Nodes that wait at once: bounds memory at some 100 MB.
constexpr std::size_t kWaitingMax = 2'000'000;
constexpr std::size_t kBatchMin = 16;
constexpr std::size_t kBatchMax = 1'024;

struct Node {
  Number cost;              // of what is taken, and of all undecided that cost less than nothing
  std::uint32_t taken = 0;  // bits: places in Candidates::order
  std::uint8_t count = 0;   // as `cost`
  std::uint8_t depth = 0;   // decided
};

struct Later {
  bool operator()(const Node& a, const Node& b) const {
    if (a.cost != b.cost) return a.cost > b.cost;
    if (a.count != b.count) return a.count > b.count;
    if (a.depth != b.depth) return a.depth < b.depth;
    return a.taken > b.taken;
  }
};

class Search {
 public:
  explicit Search(const Question& question);
  Best run();

 private:
  void expand(const Node& node);
  bool may_take(const Node& node) const;
  bool may_reach(const Node& node) const;
  Choice choice_of(std::uint32_t taken) const;
  // False where no more may be asked.
  bool ask_batch();
  void take_answer(const Choice& choice, const Number& cost, const Truth& truth);

  const Question& q_;
  std::vector<std::uint32_t> excludes_, needs_;  // of each place, as bits of places
  // From each place on: the takes below zero of each budget, the effects above zero of each
  // condition.
  std::vector<std::vector<Number>> spared_, effects_left_;
  std::priority_queue<Node, std::vector<Node>, Later> waiting_;
  std::vector<Node> batch_;
  Best best_;
};

std::size_t places(const Question& q) { return q.candidates.order.size(); }

const Candidate& at(const Question& q, std::size_t place) {
  return q.candidates.list[q.candidates.order[place]];
}

Search::Search(const Question& question) : q_(question) {
  const std::size_t n = places(q_);
  QZ_ASSERT(n <= kEnumeratedMax);
  std::vector<std::uint32_t> bit_of(q_.candidates.list.size());
  for (std::size_t i = 0; i < n; ++i) bit_of[q_.candidates.order[i]] = std::uint32_t{1} << i;
  const auto bits = [&](const std::vector<std::uint32_t>& members) {
    std::uint32_t out = 0;
    for (const std::uint32_t m : members) out |= bit_of[m];
    return out;
  };
  spared_.assign(n + 1, std::vector<Number>(q_.candidates.budgets.size()));
  effects_left_.assign(n + 1, std::vector<Number>(q_.base.shortfalls.size()));
  for (std::size_t i = n; i-- > 0;) {
    const Candidate& candidate = at(q_, i);
    spared_[i] = spared_[i + 1];
    for (std::size_t k = 0; k < spared_[i].size(); ++k) {
      if (candidate.takes[k].sign() < 0) spared_[i][k] += candidate.takes[k];
    }
    effects_left_[i] = effects_left_[i + 1];
    for (std::size_t g = 0; g < effects_left_[i].size(); ++g) {
      const Number& effect = q_.alone.shortfalls[q_.candidates.order[i]][g];
      if (effect.sign() > 0) effects_left_[i][g] += effect;
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    excludes_.push_back(bits(at(q_, i).excludes));
    needs_.push_back(bits(at(q_, i).needs));
  }
}

Choice Search::choice_of(std::uint32_t taken) const {
  Choice out;
  for (std::size_t i = 0; i < places(q_); ++i) {
    if ((taken >> i & 1) != 0) out.push_back(q_.candidates.order[i]);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// The next candidate beside what is taken: what it needs was decided before it, and a budget that
// is exceeded even with all that gives something back stays exceeded.
bool Search::may_take(const Node& node) const {
  const std::size_t place = node.depth;
  if ((excludes_[place] & node.taken) != 0) return false;
  if ((needs_[place] & ~node.taken) != 0) return false;
  for (std::size_t k = 0; k < q_.candidates.budgets.size(); ++k) {
    Number used = spared_[place + 1][k] + at(q_, place).takes[k];
    for (std::size_t i = 0; i < place; ++i) {
      if ((node.taken >> i & 1) != 0) used += at(q_, i).takes[k];
    }
    if (used > q_.candidates.budgets[k]) return false;
  }
  return true;
}

// Supposing that effects together are at most their sum.
bool Search::may_reach(const Node& node) const {
  if (!q_.at_most_additive) return true;
  for (std::size_t g = 0; g < q_.base.shortfalls.size(); ++g) {
    Number left = q_.base.shortfalls[g] - effects_left_[node.depth][g];
    for (std::size_t i = 0; i < node.depth; ++i) {
      if ((node.taken >> i & 1) != 0) left = left - q_.alone.shortfalls[q_.candidates.order[i]][g];
    }
    if (left.sign() > 0) return false;
  }
  return true;
}

void Search::expand(const Node& node) {
  const Number& cost = at(q_, node.depth).cost;
  const bool gains = cost.sign() < 0;  // then the node's figures count it as taken
  Node without = node;
  without.depth = static_cast<std::uint8_t>(node.depth + 1);
  if (gains) {
    without.cost = node.cost - cost;
    --without.count;
  }
  if (may_take(node)) {
    Node with = node;
    with.depth = without.depth;
    with.taken |= std::uint32_t{1} << node.depth;
    if (!gains) {
      with.cost += cost;
      ++with.count;
    }
    if (may_reach(with)) waiting_.push(std::move(with));
  }
  if (may_reach(without)) waiting_.push(std::move(without));
}

void Search::take_answer(const Choice& choice, const Number& cost, const Truth& truth) {
  if (!truth.known) return;
  if (!truth.reached) {
    if (!best_.nearest || nearer(truth, best_.nearest_truth)) {
      best_.nearest = choice;
      best_.nearest_truth = truth;
    }
    return;
  }
  if (best_.choice && (cost > best_.cost ||
                       (cost == best_.cost && !simpler(q_.candidates, choice, *best_.choice)))) {
    return;
  }
  best_.choice = choice;
  best_.cost = cost;
  best_.truth = truth;
}

bool Search::ask_batch() {
  const std::uint64_t left = q_.asked_max - best_.asked;
  const std::size_t count = std::min<std::uint64_t>(batch_.size(), left);
  std::vector<Choice> choices;
  choices.reserve(count);
  for (std::size_t i = 0; i < count; ++i) choices.push_back(choice_of(batch_[i].taken));
  const std::vector<Truth> answers = q_.ask(choices);
  for (std::size_t i = 0; i < count; ++i) take_answer(choices[i], batch_[i].cost, answers[i]);
  best_.asked += count;
  const bool all = count == batch_.size();
  // All that is not asked any more costs at least this: it matters if it could be as cheap.
  if (!all) {
    best_.cost_at_least = batch_[count].cost;
    best_.proven = best_.choice && best_.cost < batch_[count].cost;
  }
  batch_.clear();
  return all;
}

Best Search::run() {
  Node root;
  for (std::size_t i = 0; i < places(q_); ++i) {
    if (at(q_, i).cost.sign() < 0) {
      root.cost += at(q_, i).cost;
      ++root.count;
    }
  }
  if (may_reach(root)) waiting_.push(root);
  while (!waiting_.empty()) {
    const Node node = waiting_.top();
    const auto decided = [&] {
      return best_.choice && std::tuple(node.cost, std::size_t{node.count}) >
                                 std::tuple(best_.cost, best_.choice->size());
    };
    if (decided()) break;
    if (waiting_.size() > kWaitingMax) {
      if (!batch_.empty() && !ask_batch()) return best_;
      best_.cost_at_least = node.cost;
      best_.proven = best_.choice && decided();
      return best_;
    }
    waiting_.pop();
    if (node.depth < places(q_)) {
      expand(node);
      continue;
    }
    batch_.push_back(node);
    if (batch_.size() < std::clamp<std::size_t>(best_.asked, kBatchMin, kBatchMax)) continue;
    if (!ask_batch()) return best_;
  }
  best_.proven = batch_.empty() || ask_batch();
  return best_;
}

}  // namespace

bool nearer(const Truth& a, const Truth& b) {
  for (std::size_t g = 0; g < a.shortfalls.size() && g < b.shortfalls.size(); ++g) {
    const Number left = std::max(a.shortfalls[g], Number(0));
    const Number right = std::max(b.shortfalls[g], Number(0));
    if (left != right) return left < right;
  }
  return false;
}

Best cheapest_choice(const Question& question) { return Search(question).run(); }

}  // namespace qz::whatif
