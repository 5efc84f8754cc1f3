// Monte Carlo. A draw depends on the seed, the name of what is drawn and the number of the sample,
// so blocks and threads change nothing; sums are exact, so their order changes nothing either.

#include <algorithm>
#include <map>
#include <utility>

#include "base/assert.h"
#include "exact/functions.h"
#include "whatif/detail/wide.h"
#include "whatif/philox.h"
#include "whatif/uncertainty.h"

namespace qz::whatif {
namespace {

using detail::Int128;
using exact::Number;

// Weights of a linear effect: its largest group has this one.
constexpr std::int64_t kWeight = std::int64_t{1} << 20;

Number number_of(Int128 v) {
  const Number magnitude = detail::number_of(static_cast<detail::UInt128>(v < 0 ? -v : v));
  return v < 0 ? -magnitude : magnitude;
}

// Sums from which a squared correlation with one source's effect comes.
struct Correlation {
  std::vector<std::int64_t> weights;  // of the source's groups
  Number effects, squares, products;  // Σ L, Σ L², Σ L T
};

struct Running {
  Number sum, squares;
  std::vector<Number> values;
  std::vector<Correlation> sources;
  std::uint32_t failed = 0;
};

std::vector<std::int64_t> weights_of(std::span<const Number> effects) {
  Number largest;
  for (const Number& e : effects) largest = std::max(largest, e.abs());
  std::vector<std::int64_t> out(effects.size(), 0);
  if (largest.is_zero()) return out;
  for (std::size_t g = 0; g < out.size(); ++g) {
    out[g] = (effects[g] / largest * Number(kWeight)).floor().to_int64().value();
  }
  return out;
}

// n Σxy - Σx Σy: what variances and covariances are proportional to.
Number spread(const Number& count, const Number& products, const Number& x, const Number& y) {
  return count * products - x * y;
}

Number percentile(const std::vector<Number>& sorted, const Number& p) {
  const Number rank =
      (p * Number(static_cast<std::int64_t>(sorted.size())) / Number(100)).ceiling();
  const std::int64_t place = std::max<std::int64_t>(rank.to_int64().value(), 1);
  return sorted[static_cast<std::size_t>(place - 1)];
}

// The mean and both ends of the 95 % interval.
std::vector<Number> landmarks(std::vector<Number>& values) {
  Number sum;
  for (const Number& v : values) sum += v;
  std::sort(values.begin(), values.end());
  return {sum / Number(static_cast<std::int64_t>(values.size())),
          percentile(values, Number::ratio(5, 2)), percentile(values, Number::ratio(195, 2))};
}

void finish_moved(Running& running, Simulated& out) {
  const auto half = static_cast<std::ptrdiff_t>(running.values.size() / 2);
  std::vector<Number> first(running.values.begin(), running.values.begin() + half);
  const std::vector<Number> before = landmarks(first);
  const std::vector<Number> after = landmarks(running.values);
  if (after[0].is_zero()) return;
  Number moved;
  for (std::size_t i = 0; i < after.size(); ++i) {
    moved = std::max(moved, ((after[i] - before[i]) / after[0]).abs());
  }
  out.moved = moved;
}

void finish_shares(const Running& running, Simulated& out) {
  const Number count(out.samples);
  const Number own = spread(count, running.squares, running.sum, running.sum);
  out.shares.assign(running.sources.size(), Number(0));
  if (own.is_zero()) return;
  for (std::size_t s = 0; s < out.shares.size(); ++s) {
    const Correlation& c = running.sources[s];
    const Number effect = spread(count, c.squares, c.effects, c.effects);
    if (effect.is_zero()) continue;
    const Number both = spread(count, c.products, c.effects, running.sum);
    out.shares[s] = both * both / (effect * own);
    out.explained += out.shares[s];
  }
  if (out.explained.is_zero()) return;
  for (Number& share : out.shares) share = share / out.explained;
}

Simulated finished(Running& running, const SimulationOptions& options) {
  Simulated out;
  out.samples = options.samples;
  out.failed = running.failed;
  if (out.failed != 0) return out;
  const Number count(out.samples);
  out.mean = running.sum / count;
  out.variance =
      spread(count, running.squares, running.sum, running.sum) / (count * (count - Number(1)));
  out.deviation = exact::square_root(out.variance).value;
  finish_shares(running, out);
  finish_moved(running, out);  // sorts the values
  for (const Number& p : options.percentiles) {
    out.percentiles.push_back(percentile(running.values, p));
  }
  return out;
}

class Simulation {
 public:
  Simulation(const std::vector<UncertainSource>& sources, const std::vector<Propagated>& propagated,
             const SimulationOptions& options)
      : sources_(sources), options_(options), running_(propagated.size()) {
    for (const UncertainSource& source : sources) {
      for (const std::string& group : source.groups) {
        streams_.emplace_back(options.seed, source.draw, group);
      }
    }
    for (std::size_t t = 0; t < running_.size(); ++t) {
      QZ_ASSERT(propagated[t].group_effects.size() == streams_.size());
      std::size_t first = 0;
      for (const UncertainSource& source : sources) {
        running_[t].sources.push_back(
            {weights_of(
                 std::span(propagated[t].group_effects).subspan(first, source.groups.size())),
             {},
             {},
             {}});
        first += source.groups.size();
      }
      running_[t].values.reserve(options.samples);
    }
  }

  bool next(Amounts& amounts) {
    if (drawn_ == options_.samples) return false;
    amounts.resize(streams_.size());
    std::vector<std::int64_t>& steps = steps_[drawn_];
    steps.resize(streams_.size());
    std::size_t group = 0;
    for (const UncertainSource& source : sources_) {
      for (std::size_t g = 0; g < source.groups.size(); ++g, ++group) {
        steps[group] = source.distribution.draw(streams_[group].bits(drawn_));
        amounts[group] = source.distribution.value(steps[group]);
      }
    }
    ++drawn_;
    return true;
  }

  void take(std::span<const std::optional<Number>> targets) {
    const auto drawn = steps_.extract(answered_++);
    for (std::size_t t = 0; t < running_.size(); ++t) {
      Running& running = running_[t];
      if (!targets[t]) {
        ++running.failed;
        continue;
      }
      add(running, *targets[t], drawn.mapped());
    }
  }

  std::vector<Simulated> finish() {
    std::vector<Simulated> out;
    for (Running& running : running_) out.push_back(finished(running, options_));
    return out;
  }

 private:
  static void add(Running& running, const Number& value, const std::vector<std::int64_t>& steps) {
    running.values.push_back(value);
    running.sum += value;
    running.squares += value * value;
    std::size_t group = 0;
    for (Correlation& source : running.sources) {
      Int128 effect = 0;
      for (const std::int64_t weight : source.weights) {
        effect += static_cast<Int128>(weight) * steps[group++];
      }
      const Number linear = number_of(effect);
      source.effects += linear;
      source.squares += linear * linear;
      source.products += linear * value;
    }
  }

  const std::vector<UncertainSource>& sources_;
  const SimulationOptions& options_;
  std::vector<DrawStream> streams_;
  std::vector<Running> running_;
  // Of samples that are drawn and not yet answered: as many as the engine takes at once.
  std::map<std::uint32_t, std::vector<std::int64_t>> steps_;
  std::uint32_t drawn_ = 0;
  std::uint32_t answered_ = 0;
};

}  // namespace

base::Result<std::vector<Simulated>> simulate(const std::vector<UncertainSource>& sources,
                                              const std::vector<Propagated>& propagated,
                                              const SimulationOptions& options,
                                              const Respond& respond) {
  QZ_ASSERT(options.samples >= 2);
  Simulation simulation(sources, propagated, options);
  auto failure = respond([&](Amounts& amounts) { return simulation.next(amounts); },
                         [&](std::span<const std::optional<Number>> targets) {
                           simulation.take(targets);
                           return true;
                         });
  if (failure) return *std::move(failure);
  return simulation.finish();
}

}  // namespace qz::whatif
