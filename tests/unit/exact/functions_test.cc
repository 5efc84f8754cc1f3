// Roots, powers and logarithms: constants from an independent 120-digit calculation, exact cases,
// what has no value, values made to lie next to a tie, and bounded time for the longest numbers.

#include "exact/functions.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "exact/decimal.h"
#include "exact/rounding.h"

namespace qz::exact {
namespace {

Number number(const char* text) { return parse_ratio(text).value(); }

enum class Function : std::uint8_t { kSqrt, kLn, kExp, kPower };

FunctionResult apply(Function f, const Number& x, const Number& y) {
  switch (f) {
    case Function::kSqrt:
      return square_root(x);
    case Function::kLn:
      return natural_logarithm(x);
    case Function::kExp:
      return exponential(x);
    default:
      return power(x, y);
  }
}

struct ValueCase {
  const char* name;
  Function function;
  const char* x;
  const char* y;  // of a power
  const char* expected;
};

const ValueCase kValueCases[] = {
    {"Sqrt2", Function::kSqrt, "2", "0", "1.414213562373095048801688724209698"},
    {"Sqrt3", Function::kSqrt, "3", "0", "1.732050807568877293527446341505872"},
    {"SqrtHalf", Function::kSqrt, "0.5", "0", "0.7071067811865475244008443621048490"},
    {"Sqrt10", Function::kSqrt, "10", "0", "3.162277660168379331998893544432719"},
    {"SqrtSmall", Function::kSqrt, "1e-7", "0", "0.0003162277660168379331998893544432719"},
    {"SqrtLong", Function::kSqrt, "12345.6789", "0", "111.1111106055555544054166614335347"},
    {"SqrtLarge", Function::kSqrt, "2e100", "0",
     "141421356237309504880168872420969800000000000000000"},
    {"SqrtThird", Function::kSqrt, "1/3", "0", "0.5773502691896257645091487805019575"},
    // Perfect squares have no rounding; of a ratio that never ends, 34 digits.
    {"SqrtZero", Function::kSqrt, "0", "0", "0"},
    {"SqrtFour", Function::kSqrt, "4", "0", "2"},
    {"SqrtDecimal", Function::kSqrt, "0.0625", "0", "0.25"},
    {"SqrtOdd", Function::kSqrt, "1e-3", "0", "0.03162277660168379331998893544432719"},
    {"SqrtOfARatio", Function::kSqrt, "4/9", "0", "0.6666666666666666666666666666666667"},

    {"Ln2", Function::kLn, "2", "0", "0.6931471805599453094172321214581766"},
    {"Ln3", Function::kLn, "3", "0", "1.098612288668109691395245236922526"},
    {"Ln10", Function::kLn, "10", "0", "2.302585092994045684017991454684364"},
    {"LnHalf", Function::kLn, "0.5", "0", "-0.6931471805599453094172321214581766"},
    {"LnJustAboveOne", Function::kLn, "1.000000000000000000001", "0",
     "0.0000000000000000000009999999999999999999995"},
    {"LnJustBelowOne", Function::kLn, "0.999999999999", "0",
     "-0.000000000001000000000000500000000000333333333"},
    {"LnLarge", Function::kLn, "1e100", "0", "230.2585092994045684017991454684364"},
    {"LnSmall", Function::kLn, "1e-100", "0", "-230.2585092994045684017991454684364"},
    {"LnDecimal", Function::kLn, "123456.789", "0", "11.72364648718588098113995898391011"},
    {"LnPast53Bits", Function::kLn, "9007199254740993", "0", "36.73680056967710151013560489979901"},
    {"LnTenth", Function::kLn, "0.1", "0", "-2.302585092994045684017991454684364"},
    {"LnOne", Function::kLn, "1", "0", "0"},

    {"ExpZero", Function::kExp, "0", "0", "1"},
    {"ExpOne", Function::kExp, "1", "0", "2.718281828459045235360287471352662"},
    {"ExpMinusOne", Function::kExp, "-1", "0", "0.3678794411714423215955237701614609"},
    {"ExpHalf", Function::kExp, "0.5", "0", "1.648721270700128146848650787814164"},
    {"ExpTwo", Function::kExp, "2", "0", "7.389056098930650227230427460575008"},
    {"ExpTen", Function::kExp, "10", "0", "22026.46579480671651695790064528424"},
    {"ExpMinusTen", Function::kExp, "-10", "0", "0.00004539992976248485153559151556055061"},
    {"ExpHundred", Function::kExp, "100", "0", "26881171418161354484126255515800140000000000"},
    {"ExpMillionth", Function::kExp, "0.000001", "0", "1.000001000000500000166666708333342"},
    {"ExpDecimal", Function::kExp, "123.456", "0",
     "413294435277809344957685441227343100000000000000000000"},
    {"ExpOfAlmostNothing", Function::kExp, "1e-50", "0", "1"},
    {"ExpOfAlmostNothingBelow", Function::kExp, "-1e-100", "0", "1"},
    {"ExpOfLn10", Function::kExp, "2.302585092994045684", "0",
     "9.999999999999999999820085453156358"},
    {"ExpTenth", Function::kExp, "0.1", "0", "1.105170918075647624811707826490247"},

    {"PowerHalf", Function::kPower, "2", "0.5", "1.414213562373095048801688724209698"},
    {"PowerMinusHalf", Function::kPower, "2", "-0.5", "0.7071067811865475244008443621048490"},
    {"PowerTenth", Function::kPower, "10", "0.1", "1.258925411794167210423954106395801"},
    {"PowerBelowOne", Function::kPower, "0.8", "1.7", "0.6843101439943603369383454396408222"},
    {"CubeRoot", Function::kPower, "2", "1/3", "1.259921049894873164767210607278228"},
    {"Growth", Function::kPower, "1.05", "2.5", "1.129726321947045721750119514527446"},
    {"PowerExact", Function::kPower, "1e-20", "0.3", "0.000001"},
    {"PowerLarge", Function::kPower, "3", "100.5",
     "892660050986726025793758618484491200000000000000"},
    {"PowerNegative", Function::kPower, "123.456", "-7.89",
     "0.00000000000000003147521672492617440467513336202788"},
    {"CubeRootOfEight", Function::kPower, "8", "1/3", "2"},
    {"CubeRootOfARatio", Function::kPower, "1/27", "1/3", "0.3333333333333333333333333333333333"},
    {"TwoThirds", Function::kPower, "27/8", "-2/3", "0.4444444444444444444444444444444444"},
    {"OneToAnything", Function::kPower, "1", "1e100", "1"},
    {"OneToAFraction", Function::kPower, "1", "-1/3", "1"},
    {"ZeroToAFraction", Function::kPower, "0", "1/3", "0"},
    {"ZeroToZero", Function::kPower, "0", "0", "1"},
    {"WholeIsExact", Function::kPower, "1.1", "40", "45.2592555681759518058893560348969204658401"},
    {"WholeNegative", Function::kPower, "-2", "-3", "-0.125"},
    {"MinusOneToEven", Function::kPower, "-1", "1e100", "1"},
    {"MinusOneToOdd", Function::kPower, "-1", "10000000000000000000001", "-1"},
    {"ZeroToHuge", Function::kPower, "0", "1e100", "0"},
};

class FunctionValue : public testing::TestWithParam<ValueCase> {};

TEST_P(FunctionValue, IsTheTrueOneIn34Digits) {
  const ValueCase& row = GetParam();
  const FunctionResult out = apply(row.function, number(row.x), number(row.y));
  EXPECT_EQ(out.problem, FunctionProblem::kNone);
  EXPECT_EQ(out.value.to_string(), number(row.expected).to_string());
}

INSTANTIATE_TEST_SUITE_P(Table, FunctionValue, testing::ValuesIn(kValueCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct ProblemCase {
  const char* name;
  Function function;
  const char* x;
  const char* y;
  FunctionProblem problem;
};

const ProblemCase kProblemCases[] = {
    {"SqrtBelowZero", Function::kSqrt, "-1e-50", "0", FunctionProblem::kNoRealValue},
    {"LnZero", Function::kLn, "0", "0", FunctionProblem::kNoRealValue},
    {"LnBelowZero", Function::kLn, "-1", "0", FunctionProblem::kNoRealValue},
    {"ExpHuge", Function::kExp, "1e100", "0", FunctionProblem::kTooLong},
    {"ExpHugeBelow", Function::kExp, "-1e100", "0", FunctionProblem::kTooLong},
    {"ExpJustTooLong", Function::kExp, "45427", "0", FunctionProblem::kTooLong},
    {"ExpJustTooLongBelow", Function::kExp, "-45400", "0", FunctionProblem::kTooLong},
    {"CubeRootBelowZero", Function::kPower, "-8", "1/3", FunctionProblem::kNoRealValue},
    {"ZeroToMinusOne", Function::kPower, "0", "-1", FunctionProblem::kDivisionByZero},
    {"ZeroToMinusHalf", Function::kPower, "0", "-0.5", FunctionProblem::kDivisionByZero},
    {"ZeroToMinusHuge", Function::kPower, "0", "-1e100", FunctionProblem::kDivisionByZero},
    {"WholeTooLong", Function::kPower, "2", "65537", FunctionProblem::kTooLong},
    {"WholeTooLongBelow", Function::kPower, "2", "-65537", FunctionProblem::kTooLong},
    {"WholeFarTooLong", Function::kPower, "1.0000001", "1e18", FunctionProblem::kTooLong},
    {"WholeBeyondInt64", Function::kPower, "1.0000001", "1e100", FunctionProblem::kTooLong},
    {"FractionTooLong", Function::kPower, "10", "20000.5", FunctionProblem::kTooLong},
    {"FractionFarTooLong", Function::kPower, "10", "1e99/3", FunctionProblem::kTooLong},
};

class FunctionProblemTest : public testing::TestWithParam<ProblemCase> {};

TEST_P(FunctionProblemTest, IsNamed) {
  const ProblemCase& row = GetParam();
  EXPECT_EQ(apply(row.function, number(row.x), number(row.y)).problem, row.problem);
}

INSTANTIATE_TEST_SUITE_P(Table, FunctionProblemTest, testing::ValuesIn(kProblemCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Functions, ReachTheLimitAndNotBeyond) {
  EXPECT_EQ(power(2, 65536).problem, FunctionProblem::kNone);
  EXPECT_EQ(exponential(45426).problem, FunctionProblem::kNone);
  EXPECT_EQ(exponential(-45000).value,
            number("5.601629153102191140011357890961723") * Number::power_of_ten(-19544));
}

// Ties by construction: t has 35 digits and ends in 5, its powers are exact, so the roots of those
// are just t. Half-even must see the tie, and must not see one a hair beside it.
struct TieCase {
  const char* name;
  const char* tie;
  const char* below;  // the 34-digit neighbours
  const char* above;
  bool even_is_above;
};

const TieCase kTieCases[] = {
    {"EvenBelow", "1.0000000000000000000000000000000025", "1.000000000000000000000000000000002",
     "1.000000000000000000000000000000003", false},
    {"EvenAbove", "7777777.7777777777777777777777777775", "7777777.777777777777777777777777777",
     "7777777.777777777777777777777777778", true},
    {"AllNines", "99999999999999999999999999999999995e-40",
     "9999999999999999999999999999999999e-39", "1e-5", true},
};

class TieTest : public testing::TestWithParam<TieCase> {};

TEST_P(TieTest, GoesToTheEvenDigit) {
  const TieCase& row = GetParam();
  const Number tie = number(row.tie);
  const Number even = number(row.even_is_above ? row.above : row.below);
  EXPECT_EQ(square_root(tie * tie).value, even);
  for (const std::int64_t degree : {2, 3, 7, 40}) {
    const Number power_of_tie = tie.power(degree).value();
    EXPECT_EQ(power(power_of_tie, Number::ratio(1, degree)).value, even) << degree;
    EXPECT_EQ(power(Number(1) / power_of_tie, Number::ratio(-1, degree)).value, even) << degree;
  }
}

TEST_P(TieTest, IsNoTieAHairBeside) {
  const TieCase& row = GetParam();
  const Number tie = number(row.tie);
  for (const int distance : {60, 200, 1000}) {
    const Number hair = Number(1) + Number::power_of_ten(-distance);
    const Number cube = tie.power(3).value();
    EXPECT_EQ(square_root(tie * tie * hair).value, number(row.above)) << distance;
    EXPECT_EQ(square_root(tie * tie / hair).value, number(row.below)) << distance;
    EXPECT_EQ(power(cube * hair, Number::ratio(1, 3)).value, number(row.above)) << distance;
    EXPECT_EQ(power(cube / hair, Number::ratio(1, 3)).value, number(row.below)) << distance;
  }
}

INSTANTIATE_TEST_SUITE_P(Table, TieTest, testing::ValuesIn(kTieCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Ties, OfPowersOfRoots) {
  const Number tie = Number(15).power(29).value();  // the odd power of a tie's form: ends in 5
  ASSERT_EQ(tie.to_string().size(), 35U);
  EXPECT_EQ(power(*Number(15).power(7), Number::ratio(29, 7)).value,
            round(tie, {34, Rounding::kHalfEven, true}));
}

// Time is bounded also for numbers as long as they may be. The bound is loose: it is there to catch
// a quadratic that became cubic, not a slow machine.
class LongTime : public testing::Test {
 protected:
  void TearDown() override {
    const auto seconds = std::chrono::steady_clock::now() - start_;
    EXPECT_LT(seconds, std::chrono::seconds(20));
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

const Number kLongest = *Number(2).power(65535) - Number(1);

TEST_F(LongTime, OfLogarithms) {
  EXPECT_EQ(natural_logarithm(kLongest).value, natural_logarithm(*Number(2).power(65535)).value);
  const Number near_one = kLongest / (kLongest - Number(1));
  EXPECT_EQ(natural_logarithm(near_one).problem, FunctionProblem::kTooLong);
  EXPECT_EQ(natural_logarithm(Number(1) + *Number(2).power(-60000)).value,
            round(*Number(2).power(-60000), {34, Rounding::kHalfEven, true}));
}

TEST_F(LongTime, OfExponentials) {
  EXPECT_EQ(exponential(kLongest).problem, FunctionProblem::kTooLong);
  EXPECT_EQ(exponential(Number(1) / kLongest).value, Number(1));
  EXPECT_EQ(exponential((kLongest - Number(1)) / kLongest).value, exponential(1).value);
}

TEST_F(LongTime, OfPowersAndRoots) {
  EXPECT_EQ(square_root(*Number(2).power(65534)).value,
            round(*Number(2).power(32767), {34, Rounding::kHalfEven, true}));
  EXPECT_EQ(power(kLongest, Number::ratio(1, 65537)).problem, FunctionProblem::kNone);
  EXPECT_EQ(power(kLongest, (kLongest - Number(1)) / kLongest).problem, FunctionProblem::kNone);
  EXPECT_EQ(power(kLongest, kLongest / Number(2)).problem, FunctionProblem::kTooLong);
  // A 65,000-bit perfect power whose root is a tie.
  const Number tie = number("7777777777777777777777777777777775");
  const Number longer = tie * Number(10) + Number(5);
  EXPECT_EQ(power(*longer.power(500), Number::ratio(1, 500)).value,
            round(longer, {34, Rounding::kHalfEven, true}));
}

// e^x with x the logarithm of a tie in 10,000 bits: as near to a tie as such a number can be.
TEST_F(LongTime, OfTheWorstArgument) {
  const Number tie = number("1.0000000000000000000000000000000025");
  // ln(1+h) by its own series, exact up to h^n.
  const Number h = tie - Number(1);
  Number x = 0;
  for (int n = 60; n >= 1; --n) {
    const Number term = *h.power(n) / Number(n);
    x = n % 2 == 1 ? x + term : x - term;
  }
  const Number cut = Number::power_of_ten(-1500);
  const Number low = round(x, {1500, Rounding::kDown});
  EXPECT_EQ(exponential(low).value, number("1.000000000000000000000000000000002"));
  EXPECT_EQ(exponential(low + cut).value, number("1.000000000000000000000000000000003"));
}

}  // namespace
}  // namespace qz::exact
