// Cost curve: what each candidate does alone and costs for each unit of it, in that order; and
// beside it what the engine says when they are taken one after another, with interaction.

#ifndef QZ_WHATIF_COST_CURVE_H_
#define QZ_WHATIF_COST_CURVE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "exact/number.h"
#include "whatif/best_choice.h"
#include "whatif/candidates.h"

namespace qz::whatif {

// What each candidate does when added to what it needs, and to nothing else.
AloneEffects effects_alone(const Candidates& candidates, const Truth& base, const Ask& ask);

enum class NotTaken : std::uint8_t {
  kNo,        // it is taken
  kNoEffect,  // alone it does not lower the level, or the answer is missing
  kExcluded,  // by what stands before it in the curve
  kWith,      // taken before, as what another one needs
};

struct CurveStep {
  std::uint32_t candidate = 0;
  exact::Number alone;  // by how much it lowers the level alone
  bool alone_known = false;
  std::optional<exact::Number> cost_per_unit;  // of `alone`, where that is above zero
  NotTaken not_taken = NotTaken::kNo;
  // After this step, where it is taken; `choice` holds what it needs too.
  Choice choice;
  Truth truth;
  exact::Number cost;       // of all that are taken
  exact::Number alone_sum;  // what the curve claims: the sum of their effects alone
};

// In the order of cost for each unit, ties by id; those without an effect last. Budgets do not end
// the curve.
std::vector<CurveStep> cost_curve(const Candidates& candidates, const AloneEffects& alone,
                                  const Ask& ask);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_COST_CURVE_H_
