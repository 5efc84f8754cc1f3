// Best choice: which candidates to take, by asking the engine itself.
//
// Every figure that decides is the engine's answer for the whole choice, so interaction is in it.
// Least cost is looked for in the order of cost: the first choice that reaches the target is the
// optimum, because all that are cheaper were asked. Best effect within a budget asks every allowed
// choice. Neither supposes anything about how effects combine. Where the user supposes that
// measures together never do more than the sum of what each does alone, choices that cannot matter
// are not asked, and the result says that its proof rests on it.

#ifndef QZ_WHATIF_BEST_CHOICE_H_
#define QZ_WHATIF_BEST_CHOICE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "exact/number.h"
#include "whatif/candidates.h"

namespace qz::whatif {

// How many candidates are enumerated; beyond, a solver proposes and the engine answers.
inline constexpr std::size_t kEnumeratedMax = 25;

// What each candidate does alone, beside what it needs: for bounds, proposals and the cost curve.
struct AloneEffects {
  std::vector<std::vector<exact::Number>> shortfalls;  // [candidate][condition]: what it takes off
  std::vector<exact::Number> level;                    // [candidate]: how far it lowers the level
  std::vector<bool> known;
};

struct Question {
  const Candidates& candidates;
  const Truth& base;
  const AloneEffects& alone;
  const Ask& ask;
  std::uint64_t asked_max = 20'000;
  bool at_most_additive = false;  // suppose that effects together are at most their sum
};

struct Best {
  std::optional<Choice> choice;  // empty: none was found
  Truth truth;
  exact::Number cost;
  // The choice is the best, or that there is none is certain; given what is supposed.
  bool proven = false;
  bool by_solver = false;
  std::uint64_t asked = 0;
  // Nothing that costs less reaches the target: of least cost when not proven, or the solver's.
  std::optional<exact::Number> cost_at_least;
  bool bound_by_solver = false;
  // Where no choice reaches the target: the one that comes nearest of all that were asked.
  std::optional<Choice> nearest;
  Truth nearest_truth;
};

// The cheapest allowed choice that reaches all conditions. Ties: `simpler`.
// Precondition: at most kEnumeratedMax candidates.
Best cheapest_choice(const Question& question);
// The allowed choice of the lowest level. Ties: the cheaper, then `simpler`.
// Precondition: at most kEnumeratedMax candidates.
Best strongest_choice(const Question& question);

// The same two for any number of candidates: a solver takes each candidate's effect alone and adds
// them up, the engine answers for what it proposes, and exchanges of one or two candidates improve
// it. `cost_at_least` holds if effects together are at most their sum.
Best proposed_cheapest(const Question& question);
Best proposed_strongest(const Question& question);

// Lower shortfalls above zero come first, in the order of the conditions.
bool nearer(const Truth& a, const Truth& b);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_BEST_CHOICE_H_
