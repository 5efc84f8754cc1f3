// A solver proposes, the engine answers. Where interaction makes a proposal miss the target, what
// is missing is asked for on top and the solver proposes again; then exchanges improve it.

#include <algorithm>
#include <set>
#include <utility>

#include "whatif/best_choice.h"
#include "whatif/linear_choice.h"

namespace qz::whatif {
namespace {

using exact::Number;

constexpr int kNodes = 20'000;
constexpr int kProposals = 20;
constexpr int kExchanges = 100;
constexpr std::size_t kPairsMax = 20'000;  // exchanges looked at in one round
constexpr std::int64_t kWeightScale = std::int64_t{1} << 30;
constexpr std::int64_t kRowScale = 1'000'000;  // a solver's tolerance is a millionth of a candidate

// Figures of one row in whole numbers: × scale / the largest of them.
class Scale {
 public:
  Scale(const std::vector<Number>& figures, std::int64_t to) {
    Number largest;
    for (const Number& f : figures) largest = std::max(largest, f.abs());
    factor_ = largest.is_zero() ? Number(1) : Number(to) / largest;
  }
  std::int64_t down(const Number& v) const { return whole((v * factor_).floor()); }
  std::int64_t up(const Number& v) const { return whole((v * factor_).ceiling()); }
  Number back(std::int64_t v) const { return Number(v) / factor_; }

 private:
  // A need far beyond what all effects can do is as good as any other that they cannot do.
  static std::int64_t whole(const Number& v) {
    const Number most(std::int64_t{1} << 52);
    return *std::clamp(v, -most, most).to_int64();
  }
  Number factor_;
};

std::vector<Number> column(const std::vector<std::vector<Number>>& rows, std::size_t k) {
  std::vector<Number> out;
  out.reserve(rows.size());
  for (const auto& row : rows) out.push_back(row[k]);
  return out;
}

// Exclusions, needs and budgets, rounded so that no allowed choice is lost.
void add_rules(const Candidates& candidates, LinearChoice& problem) {
  for (std::uint32_t i = 0; i < candidates.list.size(); ++i) {
    for (const std::uint32_t other : candidates.list[i].excludes) {
      if (other > i) problem.rows.push_back({{{i, 1}, {other, 1}}, {}, 1});
    }
    for (const std::uint32_t other : candidates.list[i].needs) {
      problem.rows.push_back({{{other, 1}, {i, -1}}, 0, {}});
    }
  }
  for (std::size_t k = 0; k < candidates.budgets.size(); ++k) {
    std::vector<Number> takes;
    for (const Candidate& c : candidates.list) takes.push_back(c.takes[k]);
    const Scale scale(takes, kRowScale);
    LinearChoice::Row row;
    for (std::uint32_t i = 0; i < takes.size(); ++i) {
      if (!takes[i].is_zero()) row.terms.emplace_back(i, scale.down(takes[i]));
    }
    row.at_most = scale.up(candidates.budgets[k]);
    problem.rows.push_back(std::move(row));
  }
}

void add_condition(const std::vector<Number>& effects, const Number& need, LinearChoice& problem) {
  const Scale scale(effects, kRowScale);
  LinearChoice::Row row;
  for (std::uint32_t i = 0; i < effects.size(); ++i) {
    if (!effects[i].is_zero()) row.terms.emplace_back(i, scale.up(effects[i]));
  }
  row.at_least = scale.down(need);
  problem.rows.push_back(std::move(row));
}

// A better answer and the choice that has it.
class Improver {
 public:
  Improver(const Question& question, bool by_level) : q_(question), by_level_(by_level) {}

  // Asks the choices that are allowed and were not asked before; true if one is better.
  bool offer(std::vector<Choice> choices) {
    std::erase_if(choices, [&](const Choice& c) {
      return !allowed(q_.candidates, c) || !seen_.insert(c).second;
    });
    choices.resize(std::min<std::uint64_t>(choices.size(), q_.asked_max - best_.asked));
    if (choices.empty()) return false;
    const std::vector<Truth> answers = q_.ask(choices);
    best_.asked += choices.size();
    bool better = false;
    for (std::size_t i = 0; i < choices.size(); ++i) better |= take(choices[i], answers[i]);
    return better;
  }

  // Leaves out, adds and exchanges one, until nothing becomes better.
  void exchange() {
    for (int round = 0; round < kExchanges && best_.choice; ++round) {
      if (!offer(neighbours(*best_.choice))) return;
    }
  }

  Best& best() { return best_; }
  const Question& question() const { return q_; }

 private:
  bool is_better(const Truth& truth, const Number& cost, const Choice& choice) const {
    if (!best_.choice) return true;
    if (by_level_ && truth.level != best_.truth.level) return truth.level < best_.truth.level;
    if (cost != best_.cost) return cost < best_.cost;
    return simpler(q_.candidates, choice, *best_.choice);
  }

  bool take(const Choice& choice, const Truth& truth) {
    if (!truth.known) return false;
    Number cost = cost_of(q_.candidates, choice);
    if (!by_level_ && !truth.reached) {
      if (!best_.nearest || nearer(truth, best_.nearest_truth)) {
        best_.nearest = choice;
        best_.nearest_truth = truth;
      }
      return false;
    }
    if (!is_better(truth, cost, choice)) return false;
    best_.choice = choice;
    best_.truth = truth;
    best_.cost = std::move(cost);
    return true;
  }

  std::vector<Choice> neighbours(const Choice& choice) const {
    std::vector<Choice> out;
    const auto changed = [&](std::optional<std::uint32_t> without,
                             std::optional<std::uint32_t> with) {
      Choice next;
      for (const std::uint32_t c : choice) {
        if (c != without) next.push_back(c);
      }
      if (with) next.push_back(*with);
      out.push_back(with_needs(q_.candidates, next));
    };
    std::vector<std::uint32_t> others;
    for (std::uint32_t i = 0; i < q_.candidates.list.size(); ++i) {
      if (!std::binary_search(choice.begin(), choice.end(), i)) others.push_back(i);
    }
    for (const std::uint32_t c : choice) changed(c, {});
    for (const std::uint32_t o : others) changed({}, o);
    for (const std::uint32_t c : choice) {
      for (const std::uint32_t o : others) {
        if (out.size() >= kPairsMax) return out;
        changed(c, o);
      }
    }
    return out;
  }

  const Question& q_;
  bool by_level_;
  Best best_;
  std::set<Choice> seen_;
};

// What all together do alone, least first: the choice that is taken one after another.
std::vector<Choice> greedy(const Question& q) {
  std::vector<std::uint32_t> order(q.candidates.list.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return q.alone.level[a] > q.alone.level[b];
  });
  Choice taken;
  for (const std::uint32_t next : order) {
    if (q.alone.level[next].sign() <= 0) break;
    Choice more = taken;
    more.push_back(next);
    more = with_needs(q.candidates, more);
    if (allowed(q.candidates, more)) taken = std::move(more);
  }
  return {taken};
}

}  // namespace

Best proposed_cheapest(const Question& q) {
  Improver improver(q, false);
  improver.best().by_solver = true;
  std::vector<Number> needs = q.base.shortfalls;
  std::vector<Number> costs;
  for (const Candidate& c : q.candidates.list) costs.push_back(c.cost);
  const Scale scale(costs, kWeightScale);
  std::optional<Number> at_least;
  for (int round = 0; round < kProposals; ++round) {
    LinearChoice problem;
    for (const Number& cost : costs) problem.weights.push_back(scale.down(cost));
    add_rules(q.candidates, problem);
    for (std::size_t g = 0; g < needs.size(); ++g) {
      add_condition(column(q.alone.shortfalls, g), needs[g], problem);
    }
    const Proposed proposed = solve(problem, kNodes);
    // Only the first problem is that of the sum of the effects; later ones ask for more.
    if (round == 0 && proposed.at_least) at_least = scale.back(*proposed.at_least);
    if (!proposed.choice) break;
    improver.offer({*proposed.choice});
    if (improver.best().choice || !improver.best().nearest) break;
    bool more = false;
    for (std::size_t g = 0; g < needs.size(); ++g) {
      const Number& missing = improver.best().nearest_truth.shortfalls[g];
      if (missing.sign() <= 0) continue;
      needs[g] += missing;
      more = true;
    }
    if (!more) break;
  }
  if (!improver.best().choice) improver.offer(greedy(q));
  improver.exchange();
  improver.best().cost_at_least = at_least;
  improver.best().bound_by_solver = true;
  return std::move(improver.best());
}

Best proposed_strongest(const Question& q) {
  Improver improver(q, true);
  improver.best().by_solver = true;
  LinearChoice problem;
  const Scale scale(q.alone.level, kWeightScale);
  for (const Number& effect : q.alone.level) problem.weights.push_back(-scale.up(effect));
  add_rules(q.candidates, problem);
  const Proposed proposed = solve(problem, kNodes);
  std::vector<Choice> first = greedy(q);
  first.emplace_back();
  if (proposed.choice) first.push_back(*proposed.choice);
  improver.offer(std::move(first));
  improver.exchange();
  return std::move(improver.best());
}

}  // namespace qz::whatif
