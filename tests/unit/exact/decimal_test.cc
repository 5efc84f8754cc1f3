// Decimals: what is a number, what is not and what was meant, and how values are printed.

#include "exact/decimal.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "unit/exact/show.h"

namespace qz::exact {
namespace {

struct ReadCase {
  const char* name;
  const char* text;
  const char* printed;  // value with its places
  int places;
};

const ReadCase kReadCases[] = {
    {"Whole", "12", "12", 0},
    {"Zero", "0", "0", 0},
    {"KeepsPlaces", "1.10", "1.10", 2},
    {"Negative", "-0.5", "-0.5", 1},
    {"Plus", "+7.0", "7.0", 1},
    {"MinusZero", "-0.00", "0.00", 2},
    {"LeadingZeros", "000120.50", "120.50", 2},
    {"Exponent", "1e3", "1000", 0},
    {"ExponentTakesPlaces", "1.5e1", "15", 0},
    {"ExponentLeavesPlaces", "1.50e1", "15.0", 1},
    {"ExponentAddsPlaces", "1e-3", "0.001", 3},
    {"CapitalExponent", "2.5E+2", "250", 0},
    {"ZeroExponent", "3.25e0", "3.25", 2},
    {"ExponentLeadingZeros", "1e-000003", "0.001", 3},
    // Around the fast path of 18 digits and the edge of 63 bits.
    {"Eighteen", "999999999999999999", "999999999999999999", 0},
    {"EighteenWithPoint", "9.99999999999999999", "9.99999999999999999", 17},
    {"Nineteen", "9223372036854775807", "9223372036854775807", 0},
    {"NineteenNines", "9999999999999999999", "9999999999999999999", 0},
    {"NineteenWithPoint", "-9.999999999999999999", "-9.999999999999999999", 18},
    {"NineteenPlaces", "0.1234567890123456789", "0.1234567890123456789", 19},
    {"Least", "-9223372036854775808", "-9223372036854775808", 0},
    {"Past53Bits", "9007199254740993.1", "9007199254740993.1", 1},
    {"Thirty", "123456789012345678901234567890", "123456789012345678901234567890", 0},
    {"ZerosInFrontOfMany", "00000000000000000000000001", "1", 0},
};

class ReadTest : public testing::TestWithParam<ReadCase> {};

TEST_P(ReadTest, KeepsTheDigits) {
  const ReadCase& row = GetParam();
  DecimalProblem problem = DecimalProblem::kEmpty;
  const std::optional<Decimal> out = parse_decimal(row.text, &problem);
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(problem, DecimalProblem::kNone);
  EXPECT_EQ(out->places, row.places);
  EXPECT_EQ(decimal_text(out->value, out->places), row.printed);
}

INSTANTIATE_TEST_SUITE_P(Table, ReadTest, testing::ValuesIn(kReadCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct RefuseCase {
  const char* name;
  const char* text;
  DecimalProblem problem;
  const char* advice;
};

constexpr const char* kNoIdea = "is not a number";

const RefuseCase kRefuseCases[] = {
    {"Empty", "", DecimalProblem::kEmpty, "is empty where a number is needed"},
    {"Thousands", "1,200.50", DecimalProblem::kMalformed, "is not a number (write 1200.50)"},
    {"Millions", "-1,200,300", DecimalProblem::kMalformed, "is not a number (write -1200300)"},
    {"OddGroups", "1,20.50", DecimalProblem::kMalformed, kNoIdea},
    {"GroupsOfFour", "1,2000", DecimalProblem::kMalformed, kNoIdea},
    {"CommaForPoint", "1,5", DecimalProblem::kMalformed, kNoIdea},
    {"SpacedThousands", "1 200.50", DecimalProblem::kMalformed, "is not a number (write 1200.50)"},
    {"NarrowSpace", "1\u202f200", DecimalProblem::kMalformed, "is not a number (write 1200)"},
    {"FullWidth", "１２．５", DecimalProblem::kMalformed, "is not a number (write 12.5)"},
    {"FullWidthThousands", "１，２００", DecimalProblem::kMalformed,
     "is not a number (write 1200)"},
    {"UnicodeMinus", "−5", DecimalProblem::kMalformed, "is not a number (write -5)"},
    {"SpacesAround", " 5 ", DecimalProblem::kMalformed, "is not a number (write 5)"},
    {"NoDigitBefore", ".5", DecimalProblem::kMalformed, "is not a number (write 0.5)"},
    {"NoDigitBehind", "5.", DecimalProblem::kMalformed, "is not a number (write 5)"},
    {"SignAlone", "-", DecimalProblem::kMalformed, kNoIdea},
    {"TwoSigns", "--5", DecimalProblem::kMalformed, kNoIdea},
    {"TwoPoints", "1.2.3", DecimalProblem::kMalformed, kNoIdea},
    {"Letters", "n/a", DecimalProblem::kMalformed, kNoIdea},
    {"NaN", "NaN", DecimalProblem::kMalformed, kNoIdea},
    {"Infinity", "Infinity", DecimalProblem::kMalformed, kNoIdea},
    {"Hexadecimal", "0x10", DecimalProblem::kMalformed, kNoIdea},
    {"NoExponent", "1e", DecimalProblem::kMalformed, kNoIdea},
    {"NoExponentDigits", "1e+", DecimalProblem::kMalformed, kNoIdea},
    {"BrokenExponent", "1e2.5", DecimalProblem::kMalformed, kNoIdea},
    {"ExponentAlone", "e5", DecimalProblem::kMalformed, kNoIdea},
    {"Percent", "12%", DecimalProblem::kMalformed,
     "is not a number (leave out the %, and say [%] in the heading)"},
    {"TrailingText", "12 t", DecimalProblem::kMalformed, kNoIdea},
    {"LineBreak", "12\n", DecimalProblem::kMalformed, kNoIdea},
    {"Ratio", "1/2", DecimalProblem::kMalformed, kNoIdea},
    {"ExponentBeyond", "1e101", DecimalProblem::kExponentTooLarge, "has an exponent beyond 100"},
    {"ExponentFarBeyond", "1e-99999999999999999999", DecimalProblem::kExponentTooLarge,
     "has an exponent beyond 100"},
};

class RefuseTest : public testing::TestWithParam<RefuseCase> {};

TEST_P(RefuseTest, SaysWhatToWrite) {
  const RefuseCase& row = GetParam();
  DecimalProblem problem = DecimalProblem::kNone;
  EXPECT_FALSE(parse_decimal(row.text, &problem).has_value());
  EXPECT_EQ(problem, row.problem);
  EXPECT_EQ(decimal_advice(row.text, problem), row.advice);
  EXPECT_FALSE(decimal_advice(row.text, problem, true).empty());
}

INSTANTIATE_TEST_SUITE_P(Table, RefuseTest, testing::ValuesIn(kRefuseCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Decimal, EndsAtItsLimits) {
  const std::string hundred(100, '9');
  EXPECT_TRUE(parse_decimal(hundred));
  EXPECT_TRUE(parse_decimal(hundred.substr(0, 50) + "." + hundred.substr(50)));
  DecimalProblem problem = DecimalProblem::kNone;
  EXPECT_FALSE(parse_decimal("0" + hundred, &problem));
  EXPECT_EQ(problem, DecimalProblem::kTooLong);
  EXPECT_EQ(decimal_advice("", problem), "has more than 100 digits");
  const std::optional<Decimal> tiny = parse_decimal("0." + std::string(98, '0') + "1e-100");
  ASSERT_TRUE(tiny);
  EXPECT_EQ(tiny->places, 199);
  EXPECT_EQ(tiny->value, Number::power_of_ten(-199));
  EXPECT_EQ(parse_decimal("1e100")->value, Number::power_of_ten(100));
}

TEST(Decimal, AdvisesInChinese) {
  EXPECT_EQ(decimal_advice("1,200.50", DecimalProblem::kMalformed, true),
            "不是数字（请写 1200.50）");
}

struct RatioCase {
  const char* name;
  const char* text;
  const char* expected;  // as a message shows it; "" if refused
};

const RatioCase kRatioCases[] = {
    {"Fraction", "44/12", "11/3"},
    {"Decimal", "29.3076", "29.3076"},
    {"Decimals", "1.5/0.3", "5"},
    {"Spaces", " 44 / 12 ", "11/3"},
    {"Negative", "-1/3", "-1/3"},
    {"Exponent", "1e-3/7", "1/7000"},
    {"ByZero", "1/0", ""},
    {"NoBottom", "1/", ""},
    {"NoTop", "/2", ""},
    {"Two", "1/2/3", ""},
    {"Empty", "", ""},
    {"Text", "a/b", ""},
    {"ByZeroDecimal", "1/0.00", ""},
};

class RatioTest : public testing::TestWithParam<RatioCase> {};

TEST_P(RatioTest, IsExact) {
  const RatioCase& row = GetParam();
  const std::optional<Number> out = parse_ratio(row.text);
  EXPECT_EQ(out ? out->to_string() : "", row.expected);
}

INSTANTIATE_TEST_SUITE_P(Table, RatioTest, testing::ValuesIn(kRatioCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct PrintCase {
  const char* name;
  const char* number;
  int places;
  const char* expected;
};

const PrintCase kPrintCases[] = {
    {"Whole", "2045", 0, "2045"},
    {"Fills", "2045", 2, "2045.00"},
    {"ZeroWithPlaces", "0", 2, "0.00"},
    {"Zero", "0", 0, "0"},
    {"BelowOne", "0.05", 2, "0.05"},
    {"BelowMinusOne", "-0.05", 3, "-0.050"},
    {"NegativePlaces", "12000", -3, "12000"},
    {"NoExponent", "1e30", 1, "1000000000000000000000000000000.0"},
    {"Least", "-9223372036854775808", 0, "-9223372036854775808"},
    {"LeastScaled", "-92233720368547758.08", 2, "-92233720368547758.08"},
    {"Eighteen", "0.000000000000000001", 18, "0.000000000000000001"},
    {"Nineteen", "0.0000000000000000001", 19, "0.0000000000000000001"},
    {"ManyPlaces", "1.5", 25, "1.5000000000000000000000000"},
};

class PrintTest : public testing::TestWithParam<PrintCase> {};

TEST_P(PrintTest, WritesPlainDigits) {
  const PrintCase& row = GetParam();
  EXPECT_EQ(decimal_text(parse_ratio(row.number).value(), row.places), row.expected);
}

INSTANTIATE_TEST_SUITE_P(Table, PrintTest, testing::ValuesIn(kPrintCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(DecimalText, NeverCutsADigit) {
  EXPECT_THROW(decimal_text(Number::ratio(1, 8), 2), std::logic_error);
  EXPECT_THROW(decimal_text(Number::ratio(1, 3), 30), std::logic_error);
}

}  // namespace
}  // namespace qz::exact
