// Scaled text against the digits of Number itself.

#include "seal/scaled_text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "compute/cell_text.h"
#include "exact/decimal.h"

namespace qz::seal {
namespace {

constexpr std::int64_t kMantissas[] = {0,
                                       1,
                                       -1,
                                       9,
                                       10,
                                       -99,
                                       100,
                                       12345,
                                       -1200,
                                       999999999999,
                                       9007199254740993,
                                       std::numeric_limits<std::int64_t>::max(),
                                       std::numeric_limits<std::int64_t>::min()};

TEST(ScaledText, IsDecimalTextWhereItAnswers) {
  int answered = 0;
  for (const std::int64_t denominator : {1, 2, 3, 8, 10, 100, 1000, 1000000, 700}) {
    for (const std::int32_t places : {-1, 0, 1, 2, 6, 18, 40, 41}) {
      const exact::Number one = exact::Number::ratio(1, denominator);
      const auto digits = ScaledText::with_places(one, places);
      if (!digits) continue;
      for (const std::int64_t mantissa : kMantissas) {
        std::string out = "x";
        const exact::Number value = exact::Number(mantissa) * one;
        const bool fits =
            (value * exact::Number::power_of_ten(places < 0 ? 0 : places)).is_integer();
        const bool said = digits->append(out, mantissa);
        EXPECT_TRUE(fits || !said);
        EXPECT_EQ(out, said ? "x" + exact::decimal_text(value, places) : "x");
        answered += said ? 1 : 0;
      }
    }
  }
  EXPECT_GT(answered, 200);
}

TEST(ScaledText, ShortestIsNumberText) {
  int answered = 0;
  for (const std::int64_t denominator : {1, 2, 8, 10, 1000, 1000000}) {
    const exact::Number one = exact::Number::ratio(1, denominator);
    const auto digits = ScaledText::shortest(one);
    ASSERT_TRUE(digits);
    for (const std::int64_t mantissa : kMantissas) {
      std::string out;
      if (!digits->append(out, mantissa)) continue;
      EXPECT_EQ(out, compute::number_text(exact::Number(mantissa) * one));
      ++answered;
    }
  }
  EXPECT_GT(answered, 50);
  EXPECT_FALSE(ScaledText::shortest(exact::Number::ratio(1, 3)));
}

}  // namespace
}  // namespace qz::seal
