// Draws against an independent calculation in binary floating point, moments and percentiles
// against what the distributions are known to have, and limits.

#include "whatif/distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "exact/decimal.h"
#include "exact/functions.h"
#include "exact/rounding.h"
#include "whatif/philox.h"
#include "whatif/standard_normal.h"

namespace qz::whatif {
namespace {

using exact::Number;

Number number(const char* text) { return exact::parse_ratio(text).value(); }

struct DrawCase {
  const char* name;
  std::uint64_t bits;
  std::int64_t normal;
  std::int64_t limited;      // 1 ± 200 %, not below zero
  std::int64_t lognormal;    // ± 150 %
  std::int64_t near_normal;  // lognormal, ± 5 %
  std::int64_t uniform;
  std::int64_t triangular;  // the mode at a quarter of the range
};

// From Python: statistics.NormalDist().inv_cdf, math.exp and math.sqrt, each rounded to the grid.
// Nearer to an end than 2^-50 the table of 64 bits may give a neighbour of the true draw.
const DrawCase kDraws[] = {
    {"TwoToTheForty", 0x0000010000000000, -27014, -5000, 155, 175153, 0, 2},
    {"TwoToTheSixty", 0x1000000000000000, -7827, -4013, 1914, 192416, 1250, 2500},
    {"LowerQuartile", 0x4000000000000000, -3441, -1658, 3399, 196595, 5000, 5000},
    {"BelowTheMiddle", 0x7fffffffffffffff, 0, 1053, 5333, 199938, 10000, 7753},
    {"Middle", 0x8000000000000000, 0, 1053, 5333, 199938, 10000, 7753},
    {"UpperQuartile", 0xc000000000000000, 3441, 4130, 8369, 203337, 15000, 11340},
    {"FarUp", 0xffffff0000000000, 27014, 27180, 183298, 228230, 20000, 19996},
    {"At2Point5Percent", 0x0666666666666666, -10000, -4585, 1440, 190378, 500, 1581},
    {"At97Point5Percent", 0xf999999999999999, 10000, 10384, 19754, 209977, 19500, 17261},
    {"Random0", 0xf2a74de452e6b438, 8288, 8726, 15787, 208223, 18957, 16045},
    {"Random1", 0x6513270e269e0d37, -1361, -80, 4463, 198609, 7896, 6526},
    {"Random2", 0x0c5c7fd0a6a3a450, -8478, -4223, 1757, 191803, 966, 2197},
    {"Random3", 0xd23f0824128b2f33, 4695, 5299, 9862, 204590, 16425, 12678},
    {"Random4", 0x1818e811892f902b, -6713, -3567, 2214, 193469, 1883, 3068},
    {"Random5", 0x9531985d5d9dc9f8, 1066, 1980, 6132, 200984, 11656, 8812},
    {"Random6", 0xe8e25d940ed90475, 6831, 7325, 13045, 206742, 18194, 14795},
    {"Random7", 0x36f675cc81e74ef5, -4032, -2061, 3146, 196027, 4294, 4634},
    {"Random8", 0x1600a35a099950d8, -6970, -3679, 2141, 193225, 1719, 2932},
    {"Random9", 0x6b0d549b6f03675a, -1054, 170, 4646, 198908, 8363, 6788},
    {"Random10", 0x3d9c172411e20b8f, -3593, -1763, 3332, 196449, 4813, 4906},
    {"Random11", 0x8d116ece1738f7d9, 655, 1618, 5811, 200580, 11021, 8395},
};

class Draws : public testing::TestWithParam<DrawCase> {
 protected:
  static std::optional<Distribution> limited() {
    return Distribution::normal(Number(1), Number(2), {.at_least = Number(0), .at_most = {}});
  }
};

TEST_P(Draws, AsCalculated) {
  const DrawCase& c = GetParam();
  EXPECT_EQ(Distribution::normal(Number(1), number("0.05"), {})->draw(c.bits), c.normal);
  EXPECT_EQ(limited()->draw(c.bits), c.limited);
  static const auto wide = Distribution::lognormal(number("1.5"), {});
  static const auto narrow = Distribution::lognormal(number("0.05"), {});
  EXPECT_EQ(wide->draw(c.bits), c.lognormal);
  EXPECT_EQ(narrow->draw(c.bits), c.near_normal);
  EXPECT_EQ(Distribution::uniform(number("0.9"), number("1.1")).draw(c.bits), c.uniform);
  EXPECT_EQ(Distribution::triangular(Number(0), Number(1), Number(4)).draw(c.bits), c.triangular);
}

INSTANTIATE_TEST_SUITE_P(Distribution, Draws, testing::ValuesIn(kDraws),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(StandardNormal, OppositeBitsGiveOppositeDraws) {
  const DrawStream stream(3, "symmetry", "");
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const std::uint64_t bits = stream.bits(i);
    EXPECT_EQ(StandardNormal::table().draw(bits), -StandardNormal::table().draw(~bits));
  }
}

// Against an independent calculation with 60 digits, and the ends.
TEST(StandardNormal, ProbabilitiesAreRight) {
  const StandardNormal& table = StandardNormal::table();
  EXPECT_EQ(table.below(-StandardNormal::kStepsMax), 0U);
  EXPECT_EQ(table.below(StandardNormal::kStepsMax + 1), 0U);
  // below(i + 1) × 2^-64 = Φ((i + 1/2) 1.96 / 10^4): exact digits, within 2^10 of 2^64.
  const auto near = [](std::uint64_t a, std::uint64_t b) { return a > b ? a - b : b - a; };
  EXPECT_LE(near(table.below(1), 0x80028fed8430b452), 1024U);
  EXPECT_LE(near(table.below(1000), 0x93e14cf311d9fddc), 1024U);
  EXPECT_LE(near(table.below(1001), 0x93e653d8f0ed788b), 1024U);
  EXPECT_LE(near(table.below(5001), 0xd623a08b80bf552e), 1024U);
  EXPECT_LE(near(table.below(10001), 0xf99a1cfdb2a54766), 1024U);
  EXPECT_LE(near(table.below(20001), 0xfffd197fd94c4728), 1024U);
  EXPECT_LE(near(table.below(30001), 0xfffffff731df0342), 1024U);
}

TEST(StandardNormal, ADrawRisesWithItsBitsAndBeginsWhereItSays) {
  const StandardNormal& table = StandardNormal::table();
  for (std::int32_t step = -40'000; step < 40'000; step += 37) {
    const std::uint64_t first = table.below(step);
    EXPECT_EQ(table.draw(first), step);
    EXPECT_EQ(table.draw(first - 1), step - 1);
  }
}

TEST(Distribution, ValuesAreShort) {
  const auto normal = Distribution::normal(Number(1), number("0.025"), {});
  EXPECT_EQ(normal->value(1), number("1.0000025"));
  EXPECT_EQ(normal->value(-10'000), number("0.975"));
  const Distribution range = Distribution::uniform(number("0.9"), number("1.1"));
  EXPECT_EQ(range.value(0), number("0.9"));
  EXPECT_EQ(range.value(20'000), number("1.1"));
  EXPECT_EQ(range.value(1), number("0.90001"));
}

struct HalfWidthCase {
  const char* name;
  Distribution distribution;
  const char* expected;  // six digits
};

// Worked by hand: the uniform's 95 % of half the range; the triangular's quantiles are roots.
TEST(Distribution, HalfWidths) {
  const HalfWidthCase cases[] = {
      {"Normal", *Distribution::normal(Number(1), number("0.07"), {}), "0.0700000"},
      {"Lognormal", *Distribution::lognormal(number("1.5"), {}), "1.50000"},
      {"Uniform", Distribution::uniform(number("0.8"), number("1.2")), "0.190000"},
      // Symmetric: 1 - sqrt(2 × 0.025) of half the range.
      {"Triangular", Distribution::triangular(Number(-1), Number(0), Number(1)), "0.776393"},
      // The mode at the low end: quantiles 1 - sqrt(0.975) and 1 - sqrt(0.025).
      {"RightAngled", Distribution::triangular(Number(0), Number(0), Number(1)), "0.414653"},
  };
  for (const HalfWidthCase& c : cases) {
    EXPECT_EQ(exact::round(c.distribution.half_width(), {6, exact::Rounding::kHalfEven, true}),
              number(c.expected))
        << c.name;
  }
}

TEST(Distribution, Limits) {
  const Distribution::Limits not_negative{.at_least = Number(0), .at_most = {}};
  // Beyond five deviations nothing worth mentioning is cut off: draws are those without limits.
  const auto narrow = Distribution::normal(Number(1), number("0.05"), not_negative);
  EXPECT_EQ(narrow->cut_off(), Number(0));
  // Half of it is cut off, less half of a step.
  const auto half = Distribution::normal(Number(0), Number(1), not_negative);
  EXPECT_GT(half->cut_off(), number("0.4999"));
  EXPECT_LT(half->cut_off(), number("0.5"));
  EXPECT_EQ(half->draw(0), 0);
  EXPECT_GT(half->draw(~std::uint64_t{0}), 45'000);
  const auto both = Distribution::normal(Number(1), number("0.5"),
                                         {.at_least = number("0.9"), .at_most = number("1.05")});
  EXPECT_EQ(both->value(both->draw(0)), number("0.9"));
  EXPECT_EQ(both->value(both->draw(~std::uint64_t{0})), number("1.05"));
  EXPECT_FALSE(
      Distribution::normal(Number(1), number("0.05"), {.at_least = number("1.2"), .at_most = {}}));
  EXPECT_FALSE(
      Distribution::normal(Number(1), number("0.05"), {.at_least = {}, .at_most = Number(0)}));
  EXPECT_FALSE(Distribution::normal(Number(1), number("0.05"),
                                    {.at_least = Number(2), .at_most = Number(0)}));
  const auto log = Distribution::lognormal(number("1.5"), {.at_least = {}, .at_most = Number(2)});
  EXPECT_LE(log->value(log->draw(~std::uint64_t{0})), Number(2));
  EXPECT_GT(log->value(log->draw(~std::uint64_t{0})), number("1.999"));
}

// Moments of 100,000 draws. A sampler that is wrong by a thousandth of the deviation in the mean,
// or by a hundredth in the deviation, fails: the bounds are five standard errors.
struct MomentCase {
  const char* name;
  Distribution distribution;
  const char* mean;
  const char* variance;
  const char* mean_bound;
  const char* variance_bound;
};

TEST(Distribution, MomentsOfAHundredThousandDraws) {
  const MomentCase cases[] = {
      // (1/1.96)² = 0.260308
      {"Normal", *Distribution::normal(Number(0), Number(1), {}), "0", "0.260308", "0.0081",
       "0.0059"},
      // Half of a normal: mean sqrt(2/π)/1.96 = 0.407084, variance (1 - 2/π)/1.96².
      {"HalfNormal",
       *Distribution::normal(Number(0), Number(1), {.at_least = Number(0), .at_most = {}}),
       "0.407084", "0.094591", "0.0049", "0.0029"},
      // Mean 1 and coefficient of variation 0.5; kurtosis 8.5 or so widens the bound.
      {"Lognormal", *Distribution::lognormal(Number(1), {}), "1", "0.25", "0.0080", "0.0120"},
      {"Uniform", Distribution::uniform(Number(0), Number(1)), "0.5", "0.083333", "0.0046",
       "0.0012"},
      // (0, 1, 4): mean 5/3, variance (0 + 1 + 16 - 0 - 0 - 4)/18.
      {"Triangular", Distribution::triangular(Number(0), Number(1), Number(4)), "1.666667",
       "0.722222", "0.0135", "0.0150"},
  };
  constexpr std::uint32_t kCount = 100'000;
  for (const MomentCase& c : cases) {
    const DrawStream stream(20'240'601, c.name, "moments");
    std::int64_t sum = 0;
    Number squares;
    for (std::uint32_t i = 0; i < kCount; ++i) {
      const std::int64_t draw = c.distribution.draw(stream.bits(i));
      sum += draw;
      squares += Number(draw) * Number(draw);
    }
    const Number mean_steps = Number(sum) / Number(kCount);
    const Number variance_steps = squares / Number(kCount) - mean_steps * mean_steps;
    const Number step = c.distribution.step();
    const Number mean = c.distribution.value(0) + mean_steps * step;
    const Number variance = variance_steps * step * step;
    EXPECT_LT((mean - number(c.mean)).abs(), number(c.mean_bound)) << c.name;
    EXPECT_LT((variance - number(c.variance)).abs(), number(c.variance_bound)) << c.name;
  }
}

// Quantiles of the same number of draws: between those at p ± 5 sqrt(p (1-p) / n), which for the
// normal distribution at 97.5 % are 1.9187 and 2.0046 deviations.
TEST(Distribution, PercentilesOfAHundredThousandDraws) {
  constexpr std::uint32_t kCount = 100'000;
  const auto normal = Distribution::normal(Number(0), number("1.96"), {});
  const DrawStream stream(7, "percentiles", "");
  std::vector<std::int64_t> draws;
  draws.reserve(kCount);
  for (std::uint32_t i = 0; i < kCount; ++i) draws.push_back(normal->draw(stream.bits(i)));
  std::sort(draws.begin(), draws.end());
  const auto at = [&](std::size_t rank) { return normal->value(draws[rank - 1]); };
  EXPECT_GT(at(97'500), number("1.9187"));
  EXPECT_LT(at(97'500), number("2.0046"));
  EXPECT_LT(at(2'500), number("-1.9187"));
  EXPECT_GT(at(2'500), number("-2.0046"));
  EXPECT_LT(at(50'000).abs(), number("0.0199"));
}

}  // namespace
}  // namespace qz::whatif
