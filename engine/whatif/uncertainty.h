// Uncertainty: what uncertain inputs make of targets, by error propagation (approach 1 of the
// inventory guidelines) and by Monte Carlo (approach 2). Both ask the engine for every value.

#ifndef QZ_WHATIF_UNCERTAINTY_H_
#define QZ_WHATIF_UNCERTAINTY_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/result.h"
#include "exact/number.h"
#include "whatif/distribution.h"

namespace qz::whatif {

// One uncertain quantity, or many that share a distribution: all members of a group share a draw.
struct UncertainSource {
  std::string name;
  std::string draw;  // sources that name the same draw share it, group by group
  Distribution distribution;
  std::vector<std::string> groups;  // texts that tell groups apart, whatever their order
};

// What every group is changed to in one variant, source by source; empty: as in the base.
using Amounts = std::vector<std::optional<exact::Number>>;
using AmountsSource = std::function<bool(Amounts& amounts)>;
// The targets of each variant in order; empty: missing or failed.
using ResponseSink = std::function<bool(std::span<const std::optional<exact::Number>> targets)>;
// Computes variants until the source ends. A failure stops everything.
using Respond = std::function<std::optional<base::Finding>(const AmountsSource& source,
                                                           const ResponseSink& sink)>;

// Of one target: the half-width of the 95 % interval, and where its square comes from.
struct Propagated {
  exact::Number base;
  std::vector<exact::Number> group_effects;   // of each group: half of what its interval moves
  std::vector<exact::Number> source_squares;  // of each source: its part of the half-width's square
  exact::Number half_width;                   // the root of their sum, to 34 digits
  bool known = true;  // false: a target is missing in the base or in a variant
};

// One-at-a-time differences between both ends of each group's interval, combined in quadrature.
// Twice as many variants as there are groups. Failures are the engine's.
base::Result<std::vector<Propagated>> propagate(
    const std::vector<UncertainSource>& sources,
    std::span<const std::optional<exact::Number>> base_targets, const Respond& respond);

struct SimulationOptions {
  std::uint64_t seed = 1;
  std::uint32_t samples = 10'000;
  std::vector<exact::Number> percentiles;  // 0 < p < 100
};

struct Simulated {
  std::uint32_t samples = 0;
  std::uint32_t failed = 0;  // samples in which the target was missing: then nothing below holds
  exact::Number mean;
  exact::Number variance;   // with samples - 1
  exact::Number deviation;  // its root, to 34 digits
  std::vector<exact::Number>
      percentiles;  // values of samples: the least that so many do not exceed
  // By how much, for each unit of the mean, the mean or an end of the 95 % interval of the first
  // half of the samples differs from that of all. Empty where the mean is zero.
  std::optional<exact::Number> moved;
  // Of each source the squared product-moment correlation of the target with the source's own
  // linear effect (its draws × their effects of the propagation), divided by the sum of them all.
  // Means nothing where the propagation of the target is not known.
  std::vector<exact::Number> shares;
  exact::Number explained;  // that sum: near 1 where effects add up
};

// Samples × targets kept at once, 16 bytes each: the limit of memory.
inline constexpr std::uint64_t kKeptValuesMax = 4'000'000;

// Precondition: samples >= 2; samples × targets within kKeptValuesMax; one Propagated per target.
base::Result<std::vector<Simulated>> simulate(const std::vector<UncertainSource>& sources,
                                              const std::vector<Propagated>& propagated,
                                              const SimulationOptions& options,
                                              const Respond& respond);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_UNCERTAINTY_H_
