// The cost curve: its order, and what the engine says beside what the curve claims.

#include "whatif/cost_curve.h"

#include <gtest/gtest.h>

#include "exact/decimal.h"

namespace qz::whatif {
namespace {

using exact::Number;

Candidate candidate(const char* id, std::int64_t cost, std::vector<std::uint32_t> excludes = {},
                    std::vector<std::uint32_t> needs = {}) {
  return {id, Number(cost), {}, std::move(excludes), std::move(needs)};
}

// The level is 100 × 0.9 for each of a, b, c that is taken; d adds 1; e takes off 5 if f is taken.
Truth truth(const Choice& choice) {
  Truth out;
  out.level = Number(100);
  bool f = false;
  bool e = false;
  for (const std::uint32_t c : choice) {
    if (c < 3) out.level = out.level * Number::ratio(9, 10);
    if (c == 3) out.level += Number(1);
    e |= c == 4;
    f |= c == 5;
  }
  if (e && f) out.level = out.level - Number(5);
  out.shortfalls = {out.level - Number(80)};
  out.reached = out.level <= Number(80);
  return out;
}

const Ask kAsk = [](std::span<const Choice> choices) {
  std::vector<Truth> out;
  for (const Choice& c : choices) out.push_back(truth(c));
  return out;
};

TEST(CostCurve, OrderAndTruth) {
  Candidates candidates;
  candidates.list = {candidate("a", 30, {2}), candidate("b", 20),          candidate("c", 50, {0}),
                     candidate("d", 1),       candidate("e", 20, {}, {5}), candidate("f", 7)};
  candidates.order = {0, 1, 2, 3, 5, 4};
  const AloneEffects alone = effects_alone(candidates, truth({}), kAsk);
  EXPECT_EQ(alone.level[0], Number(10));
  EXPECT_EQ(alone.level[3], Number(-1));
  EXPECT_EQ(alone.level[4], Number(5));  // beside f, which it needs
  EXPECT_EQ(alone.level[5], Number(0));

  const auto curve = cost_curve(candidates, alone, kAsk);
  std::vector<std::string> ids;
  for (const CurveStep& step : curve) ids.push_back(candidates.list[step.candidate].id);
  EXPECT_EQ(ids, (std::vector<std::string>{"b", "a", "e", "c", "d", "f"}));
  EXPECT_EQ(*curve[0].cost_per_unit, Number(2));
  EXPECT_EQ(curve[0].truth.level, Number(90));
  EXPECT_EQ(curve[1].truth.level, Number(81));  // the curve claims 80
  EXPECT_EQ(curve[1].alone_sum, Number(20));
  EXPECT_EQ(curve[2].truth.level, Number(76));
  EXPECT_EQ(curve[2].choice, (Choice{0, 1, 4, 5}));
  EXPECT_EQ(curve[2].cost, Number(77));  // with f
  EXPECT_EQ(curve[3].not_taken, NotTaken::kExcluded);
  EXPECT_EQ(curve[4].not_taken, NotTaken::kNoEffect);
  EXPECT_EQ(curve[5].not_taken, NotTaken::kWith);
}

}  // namespace
}  // namespace qz::whatif
