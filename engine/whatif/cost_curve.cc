#include "whatif/cost_curve.h"

#include <algorithm>
#include <utility>

namespace qz::whatif {
namespace {

using exact::Number;

bool earlier(const Candidates& candidates, const CurveStep& a, const CurveStep& b) {
  if (a.cost_per_unit.has_value() != b.cost_per_unit.has_value()) {
    return a.cost_per_unit.has_value();
  }
  if (a.cost_per_unit && *a.cost_per_unit != *b.cost_per_unit) {
    return *a.cost_per_unit < *b.cost_per_unit;
  }
  return candidates.list[a.candidate].id < candidates.list[b.candidate].id;
}

bool excluded(const Candidates& candidates, const Choice& choice) {
  return std::any_of(choice.begin(), choice.end(), [&](std::uint32_t c) {
    const auto& excludes = candidates.list[c].excludes;
    return std::any_of(excludes.begin(), excludes.end(), [&](std::uint32_t other) {
      return std::binary_search(choice.begin(), choice.end(), other);
    });
  });
}

void take_in_turn(const Candidates& candidates, const AloneEffects& alone,
                  std::vector<CurveStep>& steps) {
  Choice taken;
  for (CurveStep& step : steps) {
    if (std::binary_search(taken.begin(), taken.end(), step.candidate)) {
      step.not_taken = NotTaken::kWith;
      continue;
    }
    if (!step.cost_per_unit) {
      step.not_taken = NotTaken::kNoEffect;
      continue;
    }
    Choice more = taken;
    more.push_back(step.candidate);
    more = with_needs(candidates, more);
    if (excluded(candidates, more)) {
      step.not_taken = NotTaken::kExcluded;
      continue;
    }
    taken = more;
    step.choice = std::move(more);
    step.cost = cost_of(candidates, taken);
    for (const std::uint32_t c : taken) step.alone_sum += alone.level[c];
  }
}

}  // namespace

AloneEffects effects_alone(const Candidates& candidates, const Truth& base, const Ask& ask) {
  const std::size_t n = candidates.list.size();
  // For each candidate what it needs, and that with it; no answer is asked for twice in a row.
  std::vector<Choice> choices;
  for (std::uint32_t i = 0; i < n; ++i) {
    choices.push_back(with_needs(candidates, {i}));
    if (!candidates.list[i].needs.empty()) choices.push_back(candidates.list[i].needs);
  }
  const std::vector<Truth> answers = ask(choices);
  AloneEffects out;
  std::size_t next = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    const Truth& with = answers[next++];
    const Truth& without = candidates.list[i].needs.empty() ? base : answers[next++];
    out.known.push_back(with.known && without.known);
    out.shortfalls.emplace_back(base.shortfalls.size());
    out.level.emplace_back();
    if (!out.known.back()) continue;
    out.level.back() = without.level - with.level;
    for (std::size_t g = 0; g < base.shortfalls.size(); ++g) {
      out.shortfalls.back()[g] = without.shortfalls[g] - with.shortfalls[g];
    }
  }
  return out;
}

std::vector<CurveStep> cost_curve(const Candidates& candidates, const AloneEffects& alone,
                                  const Ask& ask) {
  std::vector<CurveStep> steps(candidates.list.size());
  for (std::uint32_t i = 0; i < steps.size(); ++i) {
    steps[i].candidate = i;
    steps[i].alone = alone.level[i];
    steps[i].alone_known = alone.known[i];
    if (alone.known[i] && alone.level[i].sign() > 0) {
      steps[i].cost_per_unit = candidates.list[i].cost / alone.level[i];
    }
  }
  std::sort(steps.begin(), steps.end(),
            [&](const CurveStep& a, const CurveStep& b) { return earlier(candidates, a, b); });
  take_in_turn(candidates, alone, steps);
  std::vector<Choice> choices;
  for (const CurveStep& step : steps) {
    if (step.not_taken == NotTaken::kNo) choices.push_back(step.choice);
  }
  const std::vector<Truth> answers = ask(choices);
  std::size_t next = 0;
  for (CurveStep& step : steps) {
    if (step.not_taken == NotTaken::kNo) step.truth = answers[next++];
  }
  return steps;
}

}  // namespace qz::whatif
