// Lanes against Number, one unit either side of every limit, on ties, zero and negatives; each
// representation, and the portable twin of the one that has vectors.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "exact/lanes.h"
#include "exact/number.h"
#include "exact/rounding.h"
#include "unit/exact/show.h"

namespace qz::exact {
namespace {

constexpr std::size_t kMost = 1024;

struct Form {
  const char* name;
  const LaneKernels* kernels;
  int bits;  // integers stay below 2^bits
};

const std::vector<Form>& forms() {
  static const std::vector<Form> kForms = {{"narrow", &narrow_lanes(), 53},
                                           {"portable", &narrow_lanes_portable(), 53},
                                           {"int64", &int64_lanes(), 63},
                                           {"int128", &int128_lanes(), 127}};
  return kForms;
}

class Array {
 public:
  Lane* lanes() { return reinterpret_cast<Lane*>(bytes_.data()); }

 private:
  alignas(64) std::array<std::byte, kMost * sizeof(Wide)> bytes_{};
};

Number number(Wide value) {
  constexpr std::int64_t kStep = std::int64_t{1} << 62;
  return Number(static_cast<std::int64_t>(value / kStep / kStep)) * Number(kStep) * Number(kStep) +
         Number(static_cast<std::int64_t>(value / kStep % kStep)) * Number(kStep) +
         Number(static_cast<std::int64_t>(value % kStep));
}

Number rounded(const Number& value, LaneRounding mode) {
  switch (mode) {
    case LaneRounding::kHalfEven:
      return round(value, {0, Rounding::kHalfEven, false});
    case LaneRounding::kHalfUp:
      return round(value, {0, Rounding::kHalfUp, false});
    case LaneRounding::kDown:
      return round(value, {0, Rounding::kDown, false});
    case LaneRounding::kUp:
      return round(value, {0, Rounding::kUp, false});
    case LaneRounding::kFloor:
      return value.floor();
    default:
      return value.ceiling();
  }
}

constexpr LaneRounding kModes[] = {LaneRounding::kHalfEven, LaneRounding::kHalfUp,
                                   LaneRounding::kDown,     LaneRounding::kUp,
                                   LaneRounding::kFloor,    LaneRounding::kCeiling};

// Magnitudes that a form can hold and that meet its edges, with both signs.
std::vector<Wide> edges(int bits, Wide divisor) {
  const Wide end = (static_cast<Wide>((UnsignedWide{1} << bits) - 1));
  std::vector<Wide> out;
  const auto add = [&](Wide value) {
    for (int d = -2; d <= 2; ++d) {
      if (d < 0 ? value < -d || value + d > end : value > end - d) continue;
      out.push_back(value + d);
      out.push_back(-(value + d));
    }
  };
  for (const int power : {0, 1, 30, 31, 51, 52, 53, 62, 63, 64, 126}) {
    if (power < bits) add(Wide{1} << power);
  }
  add(end);
  const Wide most = end / divisor;
  for (const Wide q : {Wide{0}, Wide{1}, Wide{2}, Wide{7}, most / 2, most - 1, most}) {
    if (q < 0 || q > most) continue;
    add(q * divisor);
    if (divisor / 2 <= end - q * divisor) add(q * divisor + divisor / 2);
  }
  return out;
}

// Wide values into lanes: two 60-bit halves, since loads take int64.
void load(const LaneKernels& k, Array& to, const std::vector<Wide>& values) {
  if (k.size == sizeof(Wide)) {
    auto* const own = reinterpret_cast<Wide*>(to.lanes());
    for (std::size_t i = 0; i < values.size(); ++i) own[i] = values[i];
    return;
  }
  std::vector<std::int64_t> small;
  for (const Wide value : values) small.push_back(static_cast<std::int64_t>(value));
  k.load64(to.lanes(), small.data(), std::numeric_limits<std::int64_t>::max(), small.size());
}

std::vector<Number> read(const LaneKernels& k, Array& from, std::size_t n) {
  std::vector<Number> out;
  if (k.size == sizeof(Wide)) {
    const auto* const own = reinterpret_cast<const Wide*>(from.lanes());
    for (std::size_t i = 0; i < n; ++i) out.push_back(number(own[i]));
    return out;
  }
  std::vector<std::int64_t> small(n);
  k.store64(small.data(), from.lanes(), std::numeric_limits<std::int64_t>::max(), n);
  for (const std::int64_t value : small) out.emplace_back(value);
  return out;
}

std::vector<Wide> divisors(int bits) {
  std::vector<Wide> out = {2,  3,   4,    5,     6,        7,       10,
                           12, 100, 1000, 10000, 30000000, 7000003, 999999937};
  for (int power = 20; power < bits; power += power < 60 ? 8 : 16) {
    out.push_back(Wide{1} << power);
    out.push_back((Wide{1} << power) + 1);
    out.push_back((Wide{1} << power) - 1);
  }
  out.push_back((Wide{1} << (bits - 1)) - 1);
  out.push_back(static_cast<Wide>((UnsignedWide{1} << bits) - 1));
  return out;
}

TEST(Lanes, DivisionsAreRoundedAsNumbersAre) {
  for (const Form& form : forms()) {
    for (const Wide divisor : divisors(form.bits)) {
      const std::vector<Wide> values = edges(form.bits, divisor);
      ASSERT_LE(values.size(), kMost);
      Array a, out;
      load(*form.kernels, a, values);
      for (const LaneRounding mode : kModes) {
        form.kernels->divide(out.lanes(), a.lanes(), 1, lane_divisor(divisor), mode, values.size());
        const std::vector<Number> found = read(*form.kernels, out, values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
          ASSERT_EQ(found[i], rounded(number(values[i]) / number(divisor), mode))
              << form.name << ' ' << number(values[i]).to_string() << " / "
              << number(divisor).to_string() << " mode " << static_cast<int>(mode);
        }
      }
    }
  }
}

TEST(Lanes, QuotientsOfLanesAreRoundedAsNumbersAre) {
  for (const Form& form : forms()) {
    for (const Wide divisor : divisors(form.bits)) {
      std::vector<Wide> values = edges(form.bits, divisor), by(values.size());
      for (std::size_t i = 0; i < by.size(); ++i) by[i] = i % 3 == 0 ? -divisor : divisor;
      by[0] = 0;  // anything comes of it, and no trap
      by[1] = 1;
      by[2] = -1;
      Array a, b, out;
      load(*form.kernels, a, values);
      load(*form.kernels, b, by);
      for (const LaneRounding mode : kModes) {
        form.kernels->quotient(out.lanes(), a.lanes(), 1, b.lanes(), 1, mode, values.size());
        const std::vector<Number> found = read(*form.kernels, out, values.size());
        for (std::size_t i = 1; i < values.size(); ++i) {
          ASSERT_EQ(found[i], rounded(number(values[i]) / number(by[i]), mode))
              << form.name << ' ' << number(values[i]).to_string() << " / "
              << number(by[i]).to_string() << " mode " << static_cast<int>(mode);
        }
      }
    }
  }
}

// A tie goes to the even digit: half-up in its place fails here.
TEST(Lanes, HalfEvenIsNotHalfUp) {
  for (const Form& form : forms()) {
    const std::vector<Wide> values = {5, 15, 25, -5, -15, -25, 35, 45};
    const std::vector<Number> even = {0, 2, 2, 0, -2, -2, 4, 4};
    const std::vector<Number> up = {1, 2, 3, -1, -2, -3, 4, 5};
    Array a, out;
    load(*form.kernels, a, values);
    form.kernels->divide(out.lanes(), a.lanes(), 1, lane_divisor(10), LaneRounding::kHalfEven, 8);
    EXPECT_EQ(read(*form.kernels, out, 8), even) << form.name;
    form.kernels->divide(out.lanes(), a.lanes(), 1, lane_divisor(10), LaneRounding::kHalfUp, 8);
    EXPECT_EQ(read(*form.kernels, out, 8), up) << form.name;
  }
}

RC_GTEST_PROP(Lanes, AnyDivision,
              (std::uint64_t high, std::uint64_t low, std::uint64_t d_high, std::uint64_t d_low,
               bool negative)) {
  const int form_at = *rc::gen::inRange(0, static_cast<int>(forms().size()));
  const Form& form = forms()[static_cast<std::size_t>(form_at)];
  const int bits = *rc::gen::inRange(1, form.bits + 1),
            by_bits = *rc::gen::inRange(2, form.bits + 1);
  const auto cut = [](UnsignedWide value, int to) {
    return static_cast<Wide>(value & ((UnsignedWide{1} << to) - 1));
  };
  const Wide size = cut((UnsignedWide{high} << 64) + low, bits);
  const Wide value = negative ? -size : size;
  const Wide divisor = std::max<Wide>(2, cut((UnsignedWide{d_high} << 64) + d_low, by_bits));
  // Alone, in a stretch that may need no repair, and behind it.
  constexpr std::size_t kRows = 35;
  Array a, out;
  load(*form.kernels, a, std::vector<Wide>(kRows, value));
  for (const LaneRounding mode : kModes) {
    const Number expected = rounded(number(value) / number(divisor), mode);
    form.kernels->divide(out.lanes(), a.lanes(), 1, lane_divisor(divisor), mode, kRows);
    const std::vector<Number> found = read(*form.kernels, out, kRows);
    RC_ASSERT(found.front() == expected && found.back() == expected);
  }
  form.kernels->divide(a.lanes(), a.lanes(), 1, lane_divisor(divisor), LaneRounding::kHalfEven,
                       kRows);
  RC_ASSERT(read(*form.kernels, a, 1)[0] ==
            rounded(number(value) / number(divisor), LaneRounding::kHalfEven));
}

// One row in many that is a tie, at each place; also where the answer takes the operand's place.
TEST(Lanes, ATieAmongOthersIsSeen) {
  constexpr std::size_t kRows = 80;
  for (const Form& form : forms()) {
    for (const bool in_place : {false, true}) {
      for (std::size_t place = 0; place < kRows; ++place) {
        std::vector<Wide> values(kRows, 37);
        std::vector<Number> even(kRows, 4), up(kRows, 4);
        values[place] = place % 2 == 0 ? 25 : -45;
        even[place] = place % 2 == 0 ? 2 : -4;
        up[place] = place % 2 == 0 ? 3 : -5;
        for (const bool to_even : {true, false}) {
          Array a, other;
          load(*form.kernels, a, values);
          Array& out = in_place ? a : other;
          form.kernels->divide(out.lanes(), a.lanes(), 1, lane_divisor(10),
                               to_even ? LaneRounding::kHalfEven : LaneRounding::kHalfUp, kRows);
          EXPECT_EQ(read(*form.kernels, out, kRows), to_even ? even : up) << form.name << place;
        }
      }
    }
  }
}

TEST(Lanes, SumsProductsChoicesAndComparisons) {
  for (const Form& form : forms()) {
    const LaneKernels& k = *form.kernels;
    const Wide end = static_cast<Wide>((UnsignedWide{1} << form.bits) - 1);
    const std::vector<Wide> x = {0, 1, -1, end, -end, end / 2, 5, -7, 3};
    const std::vector<Wide> y = {0, -1, 1, 0, 0, end / 2, -5, -7, 4};
    const std::vector<std::uint8_t> take = {0, 1, 0, 1, 0, 1, 1, 0, 2};
    const std::size_t n = x.size();
    Array a, b, out;
    load(k, a, x);
    load(k, b, y);
    const auto check = [&](const char* what, auto expected) {
      const std::vector<Number> found = read(k, out, n);
      for (std::size_t i = 0; i < n; ++i)
        EXPECT_EQ(found[i], number(expected(i))) << form.name << ' ' << what << ' ' << i;
    };
    k.linear(out.lanes(), a.lanes(), 1, b.lanes(), 1, n);
    check("sum", [&](std::size_t i) { return x[i] + y[i]; });
    k.linear(out.lanes(), a.lanes(), 1, b.lanes(), -1, n);
    check("difference", [&](std::size_t i) { return x[i] - y[i]; });
    k.times(out.lanes(), a.lanes(), -1, n);
    check("times", [&](std::size_t i) { return -x[i]; });
    k.absolute(out.lanes(), a.lanes(), n);
    check("absolute", [&](std::size_t i) { return x[i] < 0 ? -x[i] : x[i]; });
    k.extreme(out.lanes(), a.lanes(), 1, b.lanes(), 1, true, n);
    check("larger", [&](std::size_t i) { return std::max(x[i], y[i]); });
    k.extreme(out.lanes(), a.lanes(), 1, b.lanes(), 1, false, n);
    check("smaller", [&](std::size_t i) { return std::min(x[i], y[i]); });
    k.blend(out.lanes(), a.lanes(), 1, b.lanes(), -1, take.data(), n);
    check("blend", [&](std::size_t i) { return take[i] != 0 ? -y[i] : x[i]; });
    k.times(out.lanes(), a.lanes(), 0, n);
    k.multiply(out.lanes(), b.lanes(), out.lanes(), n);
    check("product with zero", [&](std::size_t) { return Wide{0}; });
    std::uint8_t holds[16];
    for (const LaneOrder order :
         {LaneOrder::kEqual, LaneOrder::kNotEqual, LaneOrder::kLess, LaneOrder::kLessEqual}) {
      k.compare(holds, a.lanes(), 1, b.lanes(), 1, order, n);
      for (std::size_t i = 0; i < n; ++i) {
        const bool truth[] = {x[i] == y[i], x[i] != y[i], x[i] < y[i], x[i] <= y[i]};
        EXPECT_EQ(holds[i], truth[static_cast<std::size_t>(order)] ? 1 : 0)
            << form.name << ' ' << i;
      }
    }
  }
}

TEST(Lanes, LoadsGathersAndStores) {
  for (const Form& form : forms()) {
    const LaneKernels& k = *form.kernels;
    const std::int64_t most = form.bits == 53 ? (std::int64_t{1} << 53) - 1 : INT64_MAX;
    std::vector<std::int64_t> values;
    for (int power = 0; power < 63; ++power) {
      for (const std::int64_t d : {-1, 0, 1}) {
        const std::int64_t value = (std::int64_t{1} << power) + d;
        if (value <= most) values.insert(values.end(), {value, -value});
      }
    }
    for (const std::int64_t bound : {(std::int64_t{1} << 51) - 1, most}) {
      std::vector<std::int64_t> some, found;
      for (const std::int64_t value : values) {
        if (value <= bound && value >= -bound) some.push_back(value);
      }
      found.resize(some.size());
      Array a;
      k.load64(a.lanes(), some.data(), bound, some.size());
      k.store64(found.data(), a.lanes(), bound, some.size());
      EXPECT_EQ(found, some) << form.name;
    }
    const std::vector<std::int64_t> cells = {10, 20, 30, 99};
    const std::vector<std::int32_t> wide_index = {2, 0, 3, 1 << 30, -1};
    const std::vector<std::uint8_t> index = {1, 2, 0, 3, 1};
    std::vector<std::int64_t> found(5);
    Array table, out;
    k.load64(table.lanes(), cells.data(), 99, 4);
    k.gather32(out.lanes(), table.lanes(), 3, wide_index.data(), 5);
    k.store64(found.data(), out.lanes(), 99, 5);
    EXPECT_EQ(found, (std::vector<std::int64_t>{30, 10, 99, 99, 99})) << form.name;
    k.gather8(out.lanes(), table.lanes(), index.data(), 5);
    k.store64(found.data(), out.lanes(), 99, 5);
    EXPECT_EQ(found, (std::vector<std::int64_t>{20, 30, 10, 99, 20})) << form.name;
    std::vector<std::uint8_t> many;
    for (std::size_t i = 0; i < 21; ++i) many.push_back(index[i % 5]);
    std::vector<std::int64_t> gathered(21);
    k.gather8(out.lanes(), table.lanes(), many.data(), 21);
    k.store64(gathered.data(), out.lanes(), 99, 21);
    for (std::size_t i = 0; i < 21; ++i) EXPECT_EQ(gathered[i], found[i % 5]) << form.name << i;
  }
}

TEST(Lanes, NarrowIntegersAreLoaded) {
  for (const Form& form : forms()) {
    const LaneKernels& k = *form.kernels;
    const std::vector<std::int32_t> signed32 = {0, -1, 1, INT32_MAX, INT32_MIN, 7, 8};
    const std::vector<std::uint16_t> small = {0, 1, 32767, 32768, 65535, 7, 8};
    const std::vector<std::uint8_t> tiny = {0, 1, 127, 128, 255, 7, 8};
    std::vector<std::int64_t> found(7);
    const auto loaded = [&](Array& out) {
      k.store64(found.data(), out.lanes(), std::int64_t{1} << 31, 7);
      return found;
    };
    Array out;
    k.load32(out.lanes(), signed32.data(), 7);
    EXPECT_EQ(loaded(out), std::vector<std::int64_t>(signed32.begin(), signed32.end()));
    k.load16(out.lanes(), small.data(), 7);
    EXPECT_EQ(loaded(out), std::vector<std::int64_t>(small.begin(), small.end()));
    k.load8(out.lanes(), tiny.data(), 7);
    EXPECT_EQ(loaded(out), std::vector<std::int64_t>(tiny.begin(), tiny.end()));
  }
}

TEST(Lanes, LargestMagnitudes) {
  const std::vector<std::int64_t> values = {3, -7, 5};
  EXPECT_EQ(largest_magnitude(values.data(), 3), 7u);
  EXPECT_EQ(largest_magnitude(values.data(), 0), 0u);
  const std::int64_t least = INT64_MIN;
  EXPECT_EQ(largest_magnitude(&least, 1), std::uint64_t{1} << 63);
  const std::int32_t least32 = INT32_MIN;
  EXPECT_EQ(largest_magnitude(&least32, 1), std::uint64_t{1} << 31);
  EXPECT_TRUE(all_within(values.data(), 3, -7, 5));
  EXPECT_FALSE(all_within(values.data(), 3, -6, 5));
  EXPECT_FALSE(all_within(values.data(), 3, -7, 4));
}

}  // namespace
}  // namespace qz::exact
