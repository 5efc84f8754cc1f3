// Candidates: measures as a search sees them: what they cost, which go together, and what the
// engine says of a choice of them. What a measure does to the job stays with whoever answers.

#ifndef QZ_WHATIF_CANDIDATES_H_
#define QZ_WHATIF_CANDIDATES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "exact/number.h"

namespace qz::whatif {

struct Candidate {
  std::string id;
  exact::Number cost;                   // over the whole cycle; may be negative
  std::vector<exact::Number> takes;     // of each budget
  std::vector<std::uint32_t> excludes;  // ascending; mutual
  std::vector<std::uint32_t> needs;     // ascending; with what those need in turn
};

struct Candidates {
  std::vector<Candidate> list;
  std::vector<exact::Number> budgets;
  // Every candidate after all that it needs.
  std::vector<std::uint32_t> order;
};

// Candidates that are taken, ascending.
using Choice = std::vector<std::uint32_t>;

// What the engine says of a choice: each condition as "at most zero".
struct Truth {
  bool known = true;     // false: a value is missing or failed; then nothing below holds
  bool reached = false;  // every condition holds
  std::vector<exact::Number> shortfalls;  // of each condition: what is above its limit, or below 0
  exact::Number level;  // what should be small: the first condition's left side, or as asked
};

// Answers in the order of the choices.
using Ask = std::function<std::vector<Truth>(std::span<const Choice>)>;

exact::Number cost_of(const Candidates& candidates, const Choice& choice);
// Nothing excluded, nothing needed is lacking, within every budget.
bool allowed(const Candidates& candidates, const Choice& choice);
// `choice` and what its members need.
Choice with_needs(const Candidates& candidates, const Choice& choice);

// The rule for ties: fewer candidates, then the ids in alphabetical order.
bool simpler(const Candidates& candidates, const Choice& a, const Choice& b);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_CANDIDATES_H_
