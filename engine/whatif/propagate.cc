// Error propagation: for what is nearly linear and not too wide. Sums and products as the
// guidelines have them come out of it by themselves.

#include <map>
#include <string_view>
#include <utility>

#include "exact/functions.h"
#include "whatif/uncertainty.h"

namespace qz::whatif {
namespace {

using exact::Number;

// The source of each group.
std::vector<std::size_t> sources_of_groups(const std::vector<UncertainSource>& sources) {
  std::vector<std::size_t> out;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    out.insert(out.end(), sources[s].groups.size(), s);
  }
  return out;
}

// Groups that share a draw move together: their effects add up before they are squared, and each
// has the part of that square which its own effect makes.
void combine(const std::vector<UncertainSource>& sources, Propagated& target) {
  if (!target.known) return;
  std::map<std::pair<std::string_view, std::string_view>, Number> together;
  const auto for_each_group = [&](const auto& action) {
    std::size_t g = 0;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      for (const std::string& group : sources[s].groups) {
        action(s, together[{sources[s].draw, group}], target.group_effects[g++]);
      }
    }
  };
  for_each_group([](std::size_t, Number& sum, const Number& effect) { sum += effect; });
  target.source_squares.assign(sources.size(), Number(0));
  for_each_group([&](std::size_t s, const Number& sum, const Number& effect) {
    target.source_squares[s] += sum * effect;
  });
  Number whole;
  for (const auto& [draw, sum] : together) whole += sum * sum;
  target.half_width = exact::square_root(whole).value;
}

}  // namespace

base::Result<std::vector<Propagated>> propagate(const std::vector<UncertainSource>& sources,
                                                std::span<const std::optional<Number>> base_targets,
                                                const Respond& respond) {
  const std::vector<std::size_t> places = sources_of_groups(sources);
  std::vector<Propagated> out(base_targets.size());
  for (std::size_t t = 0; t < out.size(); ++t) {
    out[t].known = base_targets[t].has_value();
    if (out[t].known) out[t].base = *base_targets[t];
    out[t].group_effects.resize(places.size());
  }
  // Variant 2g has group g at the upper end of its interval, variant 2g + 1 at the lower.
  std::size_t asked = 0;
  const AmountsSource source = [&](Amounts& amounts) {
    if (asked == 2 * places.size()) return false;
    amounts.assign(places.size(), std::nullopt);
    const std::size_t group = asked / 2;
    const Distribution& distribution = sources[places[group]].distribution;
    amounts[group] = asked % 2 == 0 ? distribution.high_end() : distribution.low_end();
    ++asked;
    return true;
  };
  std::size_t answered = 0;
  const ResponseSink sink = [&](std::span<const std::optional<Number>> targets) {
    const std::size_t group = answered / 2;
    const Distribution& distribution = sources[places[group]].distribution;
    const Number share =
        distribution.half_width() / (distribution.high_end() - distribution.low_end());
    for (std::size_t t = 0; t < out.size(); ++t) {
      out[t].known = out[t].known && targets[t].has_value();
      if (!out[t].known) continue;
      Number& effect = out[t].group_effects[group];
      effect = answered % 2 == 0 ? *targets[t] * share : effect - *targets[t] * share;
    }
    ++answered;
    return true;
  };
  if (auto failure = respond(source, sink)) return *std::move(failure);
  for (Propagated& target : out) combine(sources, target);
  return out;
}

}  // namespace qz::whatif
