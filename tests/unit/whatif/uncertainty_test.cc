// Uncertainty: error propagation against the guidelines' own figures, and Monte Carlo against what
// is known of sums and products.

#include "whatif/uncertainty.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "exact/decimal.h"
#include "exact/functions.h"
#include "exact/rounding.h"

namespace qz::whatif {
namespace {

using exact::Number;

Number number(const char* text) { return exact::parse_ratio(text).value(); }

using Model = std::function<std::vector<std::optional<Number>>(const std::vector<Number>&)>;

// Answers with `model`; what is not changed is 1. `block` variants are asked before any is
// answered.
Respond responding(Model model, std::size_t block) {
  return
      [=](const AmountsSource& source, const ResponseSink& sink) -> std::optional<base::Finding> {
        bool more = true;
        while (more) {
          std::vector<Amounts> asked;
          Amounts amounts;
          while (asked.size() < block && (more = source(amounts))) asked.push_back(amounts);
          for (const Amounts& a : asked) {
            std::vector<Number> values;
            for (const auto& v : a) values.push_back(v.value_or(Number(1)));
            if (!sink(model(values))) return {};
          }
        }
        return {};
      };
}

UncertainSource normal(std::string name, const char* half_width,
                       std::vector<std::string> groups = {""}) {
  std::string draw = name;
  return {
      std::move(name), std::move(draw),
      Distribution::normal(Number(1), number(half_width), {.at_least = Number(0), .at_most = {}})
          .value(),
      std::move(groups)};
}

std::string percent(const Propagated& p) {
  return exact::decimal_text(exact::round(p.half_width / p.base.abs() * Number(100),
                                          {3, exact::Rounding::kHalfEven, false}),
                             3);
}

std::vector<Propagated> propagated(const std::vector<UncertainSource>& sources,
                                   const Model& model) {
  std::size_t groups = 0;
  for (const UncertainSource& s : sources) groups += s.groups.size();
  const auto base = model(std::vector<Number>(groups, Number(1)));
  return propagate(sources, base, responding(model, 7)).value();
}

std::vector<Simulated> simulated(const std::vector<UncertainSource>& sources, const Model& model,
                                 const SimulationOptions& options, std::size_t block = 64) {
  return simulate(sources, propagated(sources, model), options, responding(model, block)).value();
}

// The derived figures of the project's reference sheet for the guidelines' formulas.
TEST(Propagate, AProductOfActivityAndFactor) {
  const auto out = propagated({normal("activity", "0.05"), normal("factor", "0.07")},
                              [](const std::vector<Number>& v) {
                                return std::vector<std::optional<Number>>{v[0] * v[1] * Number(80)};
                              });
  EXPECT_EQ(percent(out[0]), "8.602");
  // 25 and 49 parts of 74.
  EXPECT_EQ(out[0].source_squares[0] * Number(49), out[0].source_squares[1] * Number(25));
}

TEST(Propagate, ASumOfIndependentSources) {
  const auto out =
      propagated({normal("a", "0.08602"), normal("b", "0.20")}, [](const std::vector<Number>& v) {
        return std::vector<std::optional<Number>>{v[0] * Number(100) + v[1] * Number(50)};
      });
  EXPECT_EQ(percent(out[0]), "8.794");
}

// Four equal parts: independent errors partly cancel (a half), shared ones do not.
TEST(Propagate, SharedAndIndependentGroups) {
  const Model sum = [](const std::vector<Number>& v) {
    Number out;
    for (const Number& part : v) out += part;
    return std::vector<std::optional<Number>>{out};
  };
  EXPECT_EQ(percent(propagated({normal("x", "0.10", {"a", "b", "c", "d"})}, sum)[0]), "5.000");
  auto first = normal("x", "0.10", {"a", "b"});
  auto second = normal("y", "0.10", {"a", "b"});
  second.draw = "x";  // a with a, b with b: sqrt(2 × 0.2²) of 4
  EXPECT_EQ(percent(propagated({first, second}, sum)[0]), "7.071");
}

TEST(Propagate, AMissingTargetIsSaid) {
  const auto out =
      propagated({normal("a", "0.1"), normal("b", "0.1")}, [](const std::vector<Number>& v) {
        using Values = std::vector<std::optional<Number>>;
        return v[1] > Number(1) ? Values{v[0], {}} : Values{v[0], v[1]};
      });
  EXPECT_TRUE(out[0].known);
  EXPECT_FALSE(out[1].known);
}

// Half a negative factor is no factor: the interval ends at zero, the slope stays.
TEST(Propagate, WideFactorsEndAtZero) {
  const auto out = propagated({normal("a", "1.5")}, [](const std::vector<Number>& v) {
    return std::vector<std::optional<Number>>{v[0] * Number(10)};
  });
  EXPECT_EQ(percent(out[0]), "150.000");
}

const Model kProduct = [](const std::vector<Number>& v) {
  return std::vector<std::optional<Number>>{v[0] * v[1] * Number(1000)};
};

SimulationOptions options(std::uint32_t samples, std::uint64_t seed = 1) {
  return {seed, samples, {number("2.5"), Number(50), number("97.5")}};
}

// Mean 1000; variance 1000² ((1 + a²)(1 + b²) - 1) with a = 0.05/1.96, b = 0.07/1.96: 1928.6. The
// bounds are five standard errors.
TEST(Simulate, AProduct) {
  const auto out =
      simulated({normal("activity", "0.05"), normal("factor", "0.07")}, kProduct, options(20'000));
  EXPECT_LT((out[0].mean - Number(1000)).abs(), number("1.56"));
  EXPECT_LT((out[0].variance - number("1928.6")).abs(), number("97"));
  EXPECT_LT((out[0].percentiles[0] - number("914.6")).abs(), number("5"));
  EXPECT_LT((out[0].percentiles[2] - number("1086.6")).abs(), number("5"));
  // 25/74 and 49/74, within five standard errors of a correlation.
  EXPECT_LT((out[0].shares[0] - number("0.3378")).abs(), number("0.03"));
  EXPECT_EQ(out[0].shares[0] + out[0].shares[1], Number(1));
  EXPECT_LT((out[0].explained - Number(1)).abs(), number("0.02"));
  EXPECT_LT(*out[0].moved, number("0.01"));
}

// Ten independent parts of 10 ± 20 %: the sum is 100 ± 6.3246 %.
TEST(Simulate, ASumOfIndependentParts) {
  std::vector<std::string> groups;
  for (char c = 'a'; c < 'k'; ++c) groups.emplace_back(1, c);
  const Model sum = [](const std::vector<Number>& v) {
    Number out;
    for (const Number& part : v) out += part * Number(10);
    return std::vector<std::optional<Number>>{out, v[0]};
  };
  const auto out = simulated({normal("part", "0.2", groups)}, sum, options(20'000));
  EXPECT_LT((out[0].deviation - number("3.2268")).abs(), number("0.081"));
  EXPECT_LT((out[1].deviation - number("0.10204")).abs(), number("0.0026"));
  EXPECT_EQ(out[0].shares[0], Number(1));
  EXPECT_GT(out[0].explained, number("0.999"));
  EXPECT_GT(out[1].explained, number("0.999"));
}

TEST(Simulate, BlocksChangeNothingAndSeedsDo) {
  const std::vector<UncertainSource> sources = {normal("a", "0.05"), normal("b", "0.3")};
  const auto one = simulated(sources, kProduct, options(500), 1);
  const auto many = simulated(sources, kProduct, options(500), 333);
  EXPECT_EQ(one[0].mean, many[0].mean);
  EXPECT_EQ(one[0].variance, many[0].variance);
  EXPECT_EQ(one[0].percentiles, many[0].percentiles);
  EXPECT_EQ(one[0].shares, many[0].shares);
  EXPECT_NE(one[0].mean, simulated(sources, kProduct, options(500, 2))[0].mean);
  // The order of the sources changes no draw.
  const auto turned = simulated({sources[1], sources[0]}, kProduct, options(500));
  EXPECT_EQ(turned[0].mean, one[0].mean);
}

// A percentile is the least value that so many samples do not exceed; of 10 uniform ones by hand.
TEST(Simulate, PercentilesAreValuesOfSamples) {
  std::vector<Number> seen;
  const Model model = [&](const std::vector<Number>& v) {
    seen.push_back(v[0]);
    return std::vector<std::optional<Number>>{v[0]};
  };
  const std::vector<UncertainSource> sources = {
      {"u", "u", Distribution::uniform(Number(0), Number(1)), {""}}};
  SimulationOptions ten{5, 10, {Number(10), number("10.1"), Number(50), number("99.9")}};
  const auto known = propagated(sources, model);
  seen.clear();
  const auto out = simulate(sources, known, ten, responding(model, 3)).value();
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(out[0].percentiles, (std::vector<Number>{seen[0], seen[1], seen[4], seen[9]}));
}

TEST(Simulate, AMissingTargetGivesNoFigure) {
  const Model model = [](const std::vector<Number>& v) {
    using Values = std::vector<std::optional<Number>>;
    return v[0] > number("1.08") ? Values{std::nullopt} : Values{v[0]};
  };
  const auto out = simulated({normal("a", "0.05")}, model, options(2'000));
  EXPECT_GT(out[0].failed, 0U);
  EXPECT_LT(out[0].failed, 10U);
  EXPECT_TRUE(out[0].percentiles.empty());
}

}  // namespace
}  // namespace qz::whatif
