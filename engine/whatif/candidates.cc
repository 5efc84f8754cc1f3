#include "whatif/candidates.h"

#include <algorithm>

namespace qz::whatif {
namespace {

bool holds(const Choice& choice, std::uint32_t member) {
  return std::binary_search(choice.begin(), choice.end(), member);
}

bool within_budgets(const Candidates& candidates, const Choice& choice) {
  for (std::size_t k = 0; k < candidates.budgets.size(); ++k) {
    exact::Number used;
    for (const std::uint32_t c : choice) used += candidates.list[c].takes[k];
    if (used > candidates.budgets[k]) return false;
  }
  return true;
}

std::vector<std::string> sorted_ids(const Candidates& candidates, const Choice& choice) {
  std::vector<std::string> out;
  out.reserve(choice.size());
  for (const std::uint32_t c : choice) out.push_back(candidates.list[c].id);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

exact::Number cost_of(const Candidates& candidates, const Choice& choice) {
  exact::Number out;
  for (const std::uint32_t c : choice) out += candidates.list[c].cost;
  return out;
}

bool allowed(const Candidates& candidates, const Choice& choice) {
  const auto in_choice = [&](std::uint32_t other) { return holds(choice, other); };
  for (const std::uint32_t c : choice) {
    const Candidate& candidate = candidates.list[c];
    if (std::any_of(candidate.excludes.begin(), candidate.excludes.end(), in_choice)) return false;
    if (!std::all_of(candidate.needs.begin(), candidate.needs.end(), in_choice)) return false;
  }
  return within_budgets(candidates, choice);
}

Choice with_needs(const Candidates& candidates, const Choice& choice) {
  Choice out = choice;
  for (const std::uint32_t c : choice) {
    const auto& needs = candidates.list[c].needs;
    out.insert(out.end(), needs.begin(), needs.end());
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool simpler(const Candidates& candidates, const Choice& a, const Choice& b) {
  if (a.size() != b.size()) return a.size() < b.size();
  return sorted_ids(candidates, a) < sorted_ids(candidates, b);
}

}  // namespace qz::whatif
