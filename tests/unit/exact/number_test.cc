// Number: edges of the small form, powers, text, sharing.

#include "exact/number.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "exact/decimal.h"
#include "unit/exact/show.h"

namespace qz::exact {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

Number number(const char* text) { return parse_ratio(text).value(); }

struct SumCase {
  const char* name;
  const char* a;
  char operation;
  const char* b;
  const char* expected;
};

const SumCase kSumCases[] = {
    {"Whole", "2", '+', "3", "5"},
    {"Decimals", "0.1", '+', "0.2", "0.3"},
    {"EqualDenominators", "1/6", '+', "1/6", "1/3"},
    {"Thirds", "1/3", '+', "1/6", "0.5"},
    {"OverMax63", "9223372036854775807", '+', "1", "9223372036854775808"},
    {"ToLeast64", "-9223372036854775807", '-', "1", "-9223372036854775808"},
    {"BackFromLeast64", "-9223372036854775808", '+', "1", "-9223372036854775807"},
    {"LeastMinusLeast", "-9223372036854775808", '-', "-9223372036854775808", "0"},
    {"LeastTimesMinusOne", "-9223372036854775808", '*', "-1", "9223372036854775808"},
    {"LeastByLeast", "-9223372036854775808", '/', "-9223372036854775808", "1"},
    {"OneByLeast", "1", '/', "-9223372036854775808", "-1/9223372036854775808"},
    {"DoubleMax63", "9223372036854775807", '+', "9223372036854775807", "18446744073709551614"},
    {"Square63", "9223372036854775807", '*', "9223372036854775807",
     "85070591730234615847396907784232501249"},
    {"Max127", "170141183460469231731687303715884105727", '+', "1",
     "170141183460469231731687303715884105728"},
    {"BackFromBig", "170141183460469231731687303715884105728", '-',
     "170141183460469231731687303715884105727", "1"},
    {"BigDenominators", "1/9223372036854775807", '+', "1/9223372036854775806",
     "18446744073709551613/85070591730234615838173535747377725442"},
    {"CancelsBeforeItOverflows", "9223372036854775807/3", '*', "3/9223372036854775807", "1"},
    {"FourtyFourTwelfths", "44/12", '*', "12", "44"},
    {"DivideByNegative", "3", '/', "-0.5", "-6"},
    {"Zero", "0", '/', "-7", "0"},
};

Number operate(const Number& a, char operation, const Number& b) {
  switch (operation) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      return a / b;
  }
}

class SumTest : public testing::TestWithParam<SumCase> {};

TEST_P(SumTest, IsExact) {
  const SumCase& row = GetParam();
  const Number out = operate(number(row.a), row.operation, number(row.b));
  EXPECT_EQ(out, number(row.expected));
  EXPECT_EQ(out.hash(), number(row.expected).hash());
}

INSTANTIATE_TEST_SUITE_P(Table, SumTest, testing::ValuesIn(kSumCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct TextCase {
  const char* name;
  const char* number;
  std::size_t digits_max;
  const char* expected;
};

const TextCase kTextCases[] = {
    {"Zero", "0", 60, "0"},
    {"Whole", "-12", 60, "-12"},
    {"Ratio", "44/3", 60, "44/3"},
    {"NegativeRatio", "-1/3", 60, "-1/3"},
    {"Decimal", "-2.50", 60, "-2.5"},
    {"Small", "1/1024", 60, "0.0009765625"},
    {"FivesAlone", "1/125", 60, "0.008"},
    {"ManyFives", "1e-40", 60, "0.0000000000000000000000000000000000000001"},
    {"ManyTwos", "1/18446744073709551616", 70,
     "0.0000000000000000000542101086242752217003726400434970855712890625"},
    {"Least64", "-9223372036854775808", 60, "-9223372036854775808"},
    {"NearlyEnds", "1/30", 60, "1/30"},
    {"SmallestOfInt64", "-9223372036854775807/1000000000000000000", 60, "-9.223372036854775807"},
    {"DeepestOfInt64", "1/1000000000000000000", 60, "0.000000000000000001"},
    {"BeyondInt64", "9223372036854775807/2", 60, "4611686018427387903.5"},
    {"WholeBesidePlaces", "9223372036854775806.5", 60, "9223372036854775806.5"},
    {"CutWhole", "12345678901234567890", 5, "12345…"},
    {"CutFraction", "1.23456789", 5, "1.2345…"},
    {"CutBeforeThePoint", "12345.6", 5, "12345…"},
    {"JustFits", "1.2345", 5, "1.2345"},
    {"CutRatio", "1234567/300000000000", 4, "1234…/3000…"},
};

class TextTest : public testing::TestWithParam<TextCase> {};

TEST_P(TextTest, IsReadable) {
  const TextCase& row = GetParam();
  EXPECT_EQ(number(row.number).to_string(row.digits_max), row.expected);
}

INSTANTIATE_TEST_SUITE_P(Table, TextTest, testing::ValuesIn(kTextCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct FloorCase {
  const char* name;
  const char* number;
  const char* floor;
  const char* ceiling;
};

const FloorCase kFloorCases[] = {
    {"Whole", "3", "3", "3"},
    {"Above", "3.2", "3", "4"},
    {"Below", "-3.2", "-4", "-3"},
    {"LittleBelow", "-1e-30", "-1", "0"},
    {"Big", "18446744073709551615.5", "18446744073709551615", "18446744073709551616"},
    {"BigBelow", "-18446744073709551615.5", "-18446744073709551616", "-18446744073709551615"},
    {"BigDenominator", "-1/18446744073709551616", "-1", "0"},
};

class FloorTest : public testing::TestWithParam<FloorCase> {};

TEST_P(FloorTest, GoesToTheWholeBelow) {
  const FloorCase& row = GetParam();
  EXPECT_EQ(number(row.number).floor(), number(row.floor));
  EXPECT_EQ(number(row.number).ceiling(), number(row.ceiling));
}

INSTANTIATE_TEST_SUITE_P(Table, FloorTest, testing::ValuesIn(kFloorCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Number, RatioTakesTheWholeRangeOfInt64) {
  EXPECT_EQ(Number::ratio(kLeast, kLeast), Number(1));
  EXPECT_EQ(Number::ratio(kLeast, -1), number("9223372036854775808"));
  EXPECT_EQ(Number::ratio(-6, -4), number("1.5"));
  EXPECT_EQ(Number::ratio(0, -5), Number());
  EXPECT_EQ(Number::ratio(kMost, kLeast), -Number(kMost) / number("9223372036854775808"));
  EXPECT_EQ(Number(kLeast).to_int64(), kLeast);
  EXPECT_EQ(-Number(kLeast), number("9223372036854775808"));
  EXPECT_THROW(Number::ratio(1, 0), std::logic_error);
  EXPECT_THROW(Number(1) / Number(), std::logic_error);
}

TEST(Number, ScalesByTen) {
  EXPECT_EQ(Number::scaled(125, 3), number("1/8"));
  EXPECT_EQ(Number::scaled(-7, -2), Number(-700));
  EXPECT_EQ(Number::scaled(0, 18), Number());
  EXPECT_EQ(Number::scaled(kLeast, 2), number("-92233720368547758.08"));
  EXPECT_EQ(Number::scaled(kMost, 30), number("9223372036854775807e-30"));
  EXPECT_EQ(Number::scaled(1000000000000000000, 18), Number(1));
  EXPECT_EQ(Number::power_of_ten(19), number("1e19"));
  EXPECT_EQ(Number::power_of_ten(-19) * Number::power_of_ten(19), Number(1));
}

TEST(Number, IsTheCoefficientOfAScale) {
  EXPECT_EQ(number("1.25").scaled_by(100), 125);
  EXPECT_EQ(number("1.25").scaled_by(10), std::nullopt);
  EXPECT_EQ(number("92233720368547758.07").scaled_by(100), kMost);
  EXPECT_EQ(number("92233720368547758.08").scaled_by(100), std::nullopt);
  EXPECT_EQ(number("-92233720368547758.08").scaled_by(100), kLeast);
  EXPECT_EQ(Number(kLeast).scaled_by(1), kLeast);
  EXPECT_EQ(Number(kLeast).scaled_by(2), std::nullopt);
  EXPECT_EQ(number("1e30").to_int64(), std::nullopt);
  EXPECT_EQ(number("0.5").to_int64(), std::nullopt);
}

TEST(Number, PowersStopAtTheLimit) {
  EXPECT_EQ(Number(3).power(0), Number(1));
  EXPECT_EQ(Number().power(0), Number(1));
  EXPECT_EQ(Number().power(5), Number());
  EXPECT_EQ(number("-1/2").power(-3), Number(-8));
  EXPECT_EQ(number("1.5").power(2), number("2.25"));
  EXPECT_EQ(Number(-1).power(kLeast), Number(1));
  EXPECT_EQ(Number(-1).power(kMost), Number(-1));
  EXPECT_TRUE(Number(2).power(65536).has_value());
  EXPECT_FALSE(Number(2).power(65536)->too_long());
  EXPECT_FALSE(Number(2).power(65537).has_value());
  EXPECT_FALSE(Number(2).power(kLeast).has_value());
  EXPECT_TRUE(Number(3).power(41348).has_value());  // 3^41348 < 2^65536 < 3^41349
  EXPECT_FALSE(Number(3).power(41349).has_value());
  EXPECT_THROW(static_cast<void>(Number().power(-1)), std::logic_error);
}

TEST(Number, KnowsWhenItIsTooLong) {
  const Number limit = *Number(2).power(65536);
  EXPECT_FALSE(limit.too_long());
  EXPECT_FALSE((-limit).too_long());
  EXPECT_TRUE((limit + Number(1)).too_long());
  EXPECT_TRUE((-limit - Number(1)).too_long());
  EXPECT_TRUE((Number(1) / (limit + Number(1))).too_long());
  EXPECT_EQ(limit.bits(), 65537U);
  EXPECT_EQ(Number(0).bits(), 1U);  // its denominator is 1
  EXPECT_EQ(limit.to_string(3), "200…");
}

TEST(Number, KeepsItsValueWhenMovedAndAssigned) {
  Number a = number("1e50");
  const Number b = a;
  Number c = std::move(a);
  EXPECT_EQ(b, c);
  a = c;
  EXPECT_EQ(a, b);
  const Number& same = a;
  a = same;
  EXPECT_EQ(a, b);
  c = Number(7);
  EXPECT_EQ(c, Number(7));
  a *= Number(2);
  a += b;
  EXPECT_EQ(a, number("3e50"));
}

// A big value is read, copied and dropped by many threads at once.
TEST(Number, IsSharedByThreads) {
  const Number shared = number("1e50") / Number(3);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&shared] {
      for (int i = 0; i < 2000; ++i) {
        Number copy = shared;
        copy += Number(i);
        ASSERT_EQ(copy - Number(i), shared);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace qz::exact
