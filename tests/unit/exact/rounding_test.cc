// Rounding: the modes, GB/T 8170's examples, significant digits, the integer helper.

#include "exact/rounding.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "exact/decimal.h"

namespace qz::exact {
namespace {

Number number(const char* text) { return parse_ratio(text).value(); }

struct RoundCase {
  const char* name;
  const char* number;
  RoundingRule rule;
  const char* expected;  // as printed with the places that the rule gives
};

constexpr auto kEven = Rounding::kHalfEven;
constexpr auto kUp5 = Rounding::kHalfUp;

const RoundCase kRoundCases[] = {
    // The four modes on a half below zero: they work on the magnitude.
    {"MinusHalfEven", "-2.5", {0, kEven}, "-2"},
    {"MinusHalfUp", "-2.5", {0, kUp5}, "-3"},
    {"MinusDown", "-2.5", {0, Rounding::kDown}, "-2"},
    {"MinusUp", "-2.5", {0, Rounding::kUp}, "-3"},
    // A half goes away from zero, whatever the sign.
    {"HalfUp", "2.5", {0, kUp5}, "3"},
    {"HalfUpJustBelow", "2.4999999999999999999999999", {0, kUp5}, "2"},
    // Only an exact half looks at the digit before it.
    {"HalfEvenStays", "2.5", {0, kEven}, "2"},
    {"HalfEvenMoves", "3.5", {0, kEven}, "4"},
    {"HalfEvenZero", "0.5", {0, kEven}, "0"},
    {"HalfEvenMinusZero", "-0.5", {0, kEven}, "0"},
    {"JustOverAHalf", "2.5000000000000000000001", {0, kEven}, "3"},
    {"JustUnderAHalf", "3.4999999999999999999999", {0, kEven}, "3"},
    {"OneThirdIsNoTie", "1/3", {4, kEven}, "0.3333"},
    {"TwoThirdsUp", "2/3", {4, kEven}, "0.6667"},
    // GB/T 8170-2008, 3.2 (a) to (d): four cut, six in, five by what follows and what precedes.
    {"Gbt12_1498ToOne", "12.1498", {1, kEven}, "12.1"},
    {"Gbt12_1498ToWhole", "12.1498", {0, kEven}, "12"},
    {"Gbt1268ToHundreds", "1268", {-2, kEven}, "1300"},
    {"Gbt10_5002", "10.5002", {0, kEven}, "11"},
    {"Gbt1_050", "1.050", {1, kEven}, "1.0"},
    {"Gbt0_35", "0.35", {1, kEven}, "0.4"},
    {"Gbt2500", "2500", {-3, kEven}, "2000"},
    {"Gbt3500", "3500", {-3, kEven}, "4000"},
    {"Gbt0_0325", "0.0325", {3, kEven}, "0.032"},
    {"Gbt32500", "32500", {-3, kEven}, "32000"},
    {"GbtMinus355", "-355", {-1, kEven}, "-360"},
    {"GbtMinus325", "-325", {-1, kEven}, "-320"},
    {"GbtMinus365", "-365", {-1, kEven}, "-360"},
    {"GbtMinus0_0365", "-0.0365", {3, kEven}, "-0.036"},
    // GB/T 8170-2008, 3.3: never in two steps. 15.4546 is 15, though 15.455 -> 15.46 -> 15.5 -> 16.
    {"GbtOneStep97", "97.46", {0, kEven}, "97"},
    {"GbtOneStep15", "15.4546", {0, kEven}, "15"},
    // Down cuts, up goes on by the smallest rest; exact multiples stay.
    {"DownCuts", "2.9999", {2, Rounding::kDown}, "2.99"},
    {"UpFromTheSmallest", "2.0000000000000000000000000000001", {2, Rounding::kUp}, "2.01"},
    {"UpStays", "2.01", {2, Rounding::kUp}, "2.01"},
    {"DownStays", "-2.01", {2, Rounding::kDown}, "-2.01"},
    {"UpOfLittleToThousands", "1", {-3, Rounding::kUp}, "1000"},
    {"DownOfLittleToThousands", "-999", {-3, Rounding::kDown}, "0"},
    {"HalfOfThousands", "500", {-3, kUp5}, "1000"},
    // Zero stays zero with its places.
    {"Zero", "0", {2, Rounding::kUp}, "0.00"},
    {"ZeroSignificant", "0", {3, kEven, true}, "0"},
    // Significant digits, and the carry that makes a digit too many.
    {"Carry9_995", "9.995", {3, kUp5, true}, "10.0"},
    {"CarryEven9_995", "9.995", {3, kEven, true}, "10.0"},
    {"NoCarry9_985", "9.985", {3, kEven, true}, "9.98"},
    {"Carry99995", "99995", {4, kEven, true}, "100000"},
    {"CarryBelowOne", "0.0099996", {4, kEven, true}, "0.01000"},
    {"KeepsZeros", "0.012340", {5, kEven, true}, "0.012340"},
    {"Fills", "2.5", {3, kEven, true}, "2.50"},
    {"Thousands", "12345", {3, kEven, true}, "12300"},
    {"One", "1", {1, kEven, true}, "1"},
    {"Third", "1/3", {34, kEven, true}, "0.3333333333333333333333333333333333"},
    {"Billionth", "1/3000000000", {2, kUp5, true}, "0.00000000033"},
    {"Huge", "123456789012345678901234567890", {4, kEven, true}, "123500000000000000000000000000"},
    // Either side of what fits 63 and 127 bits.
    {"Max63", "9223372036854775807", {-1, kEven}, "9223372036854775810"},
    {"Max63Up", "9223372036854775807", {-18, Rounding::kUp}, "10000000000000000000"},
    {"Min64", "-9223372036854775808", {-3, Rounding::kDown}, "-9223372036854775000"},
    {"OverTwo64", "18446744073709551615.5", {0, kEven}, "18446744073709551616"},
    {"Max127",
     "170141183460469231731687303715884105727.5",
     {0, kEven},
     "170141183460469231731687303715884105728"},
    {"ManyPlaces", "1/7", {25, kEven}, "0.1428571428571428571428571"},
    {"FarBelow", "123", {-40, kEven}, "0"},
};

class RoundTest : public testing::TestWithParam<RoundCase> {};

TEST_P(RoundTest, CutsAsTheRuleSays) {
  const RoundCase& row = GetParam();
  const Number rounded = round(number(row.number), row.rule);
  EXPECT_EQ(decimal_text(rounded, places_after(rounded, row.rule)), row.expected);
}

INSTANTIATE_TEST_SUITE_P(Table, RoundTest, testing::ValuesIn(kRoundCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(RoundingName, ReadsWhatItPrints) {
  for (const Rounding mode :
       {Rounding::kHalfEven, Rounding::kHalfUp, Rounding::kDown, Rounding::kUp}) {
    EXPECT_EQ(parse_rounding(rounding_name(mode)), mode);
  }
  EXPECT_FALSE(parse_rounding("half-odd").has_value());
  EXPECT_EQ((RoundingRule{2, kUp5}.to_string()), "half-up to 2 decimals");
  EXPECT_EQ((RoundingRule{4, kEven, true}.to_string()), "half-even to 4 significant digits");
  EXPECT_EQ((RoundingRule{1, kEven}.to_string()), "half-even to 1 decimal");
}

struct DivideCase {
  const char* name;
  std::int64_t m;
  std::int64_t divisor;
  Rounding mode;
  std::int64_t expected;
};

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

const DivideCase kDivideCases[] = {
    {"TieEven", 25, 10, kEven, 2},
    {"TieOdd", 35, 10, kEven, 4},
    {"TieUp", -25, 10, kUp5, -3},
    {"OddDivisorHasNoTie", 7, 3, kEven, 2},
    {"Down", -29, 10, Rounding::kDown, -2},
    {"Up", 21, 10, Rounding::kUp, 3},
    {"LeastByOne", kLeast, 1, Rounding::kUp, kLeast},
    {"LeastByTwo", kLeast, 2, kEven, kLeast / 2},
    {"LeastByMost", kLeast, kMost, Rounding::kUp, -2},
    {"LeastByMostEven", kLeast, kMost, kEven, -1},
    {"MostByMost", kMost, kMost, kUp5, 1},
    {"MostByTwo", kMost, 2, kUp5, 4611686018427387904},
    {"HalfOfMost", kMost / 2 + 1, kMost, kEven, 1},
    {"Zero", 0, 7, Rounding::kUp, 0},
};

class DivideRounded : public testing::TestWithParam<DivideCase> {};

TEST_P(DivideRounded, NeverOverflows) {
  const DivideCase& row = GetParam();
  EXPECT_EQ(divide_rounded(row.m, row.divisor, row.mode), row.expected);
}

INSTANTIATE_TEST_SUITE_P(Table, DivideRounded, testing::ValuesIn(kDivideCases),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace qz::exact
