// Linear choice: which of many to take when effects simply add up. A packaged solver answers, in
// binary floating point: what it says is a proposal and a bound for guidance, never a result.

#ifndef QZ_WHATIF_LINEAR_CHOICE_H_
#define QZ_WHATIF_LINEAR_CHOICE_H_

#include <cstdint>
#include <optional>
#include <vector>

namespace qz::whatif {

// Every figure is a whole number of magnitude below 2^53, so that the solver holds it exactly.
struct LinearChoice {
  struct Row {
    std::vector<std::pair<std::uint32_t, std::int64_t>> terms;  // candidate, factor
    std::optional<std::int64_t> at_least;
    std::optional<std::int64_t> at_most;
  };
  std::vector<std::int64_t> weights;  // of each candidate: the sum of what is taken is made least
  std::vector<Row> rows;
};

struct Proposed {
  std::optional<std::vector<std::uint32_t>> choice;  // ascending; empty: none fits, or none found
  bool none_fits = false;
  std::optional<std::int64_t> at_least;  // no choice that fits has a smaller sum, says the solver
};

// Looks at no more than `nodes` nodes; one thread, so that the same build repeats itself.
Proposed solve(const LinearChoice& problem, int nodes);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_LINEAR_CHOICE_H_
