// What differs by edition, by file, and by what kinds declare.

#include "unit/settle/settle_fixture.h"

namespace qz::settle {
namespace {

// 2021 has lend; 2022 takes it away and adds use, whose lots and columns it names.
constexpr const char* kFirst = R"({"pack": "y.rules", "version": "2021",
  "title": {"en": "y", "zh": "y"}, "authority": "y", "document": "y",
  "applies": {"from": "2021-01-01", "to": "2021-12-31"}, "rounding": "half-even",
  "instruments": {"F": {"unit": "t", "step": "1", "lot": ["vintage"],
    "roles": ["authority", "entity", "out"],
    "moves": {"issue": {"from": "authority", "to": "entity"},
      "lend": {"from": "entity", "to": "entity"}}}},
  "tables": {"entity": {"key": ["entity"], "columns": {
    "name": {"input": "text", "optional": true}}}}})";

constexpr const char* kSecond = R"({"pack": "y.rules", "version": "2022", "extends": "2021",
  "title": {"en": "y", "zh": "y"}, "authority": "y", "document": "y",
  "applies": {"from": "2022-01-01"},
  "instruments": {"F": {"unit": "t", "step": "1", "lot": ["vintage"],
    "roles": ["authority", "entity", "out"],
    "moves": {"issue": {"from": "authority", "to": "entity"},
    "use": {"from": "entity", "to": "out", "lots": ["L1"], "columns": {
      "for_year": {"input": "number", "unit": "1", "min": "2020", "max": "2030"}}}}}}})";

std::shared_ptr<testing_support::TestPacks> two_editions() {
  return testing_support::check_packs({kFirst, kSecond}, kSettleUnits, 2021, 2022);
}

constexpr const char* kHeading =
    "id,date,kind,instrument,lot,from,to,quantity,price,ref,for_year\n";

TEST(Editions, TheKindsOfTheDay) {
  const Settled done = settle(
      "1,2021-01-01,issue,F,L1,,A,100,,,\n2,2021-12-31,lend,F,L1,A,B,10,,,\n"
      "3,2022-01-01,lend,F,L1,A,B,10,,,\n4,2021-12-31,use,F,L1,A,,5,,,2021\n"
      "5,2022-01-01,use,F,L1,A,,5,,,2021\n6,2020-06-01,issue,F,L1,,A,1,,,\n"
      "7,2022-06-01,reverse,,,,,,,2,\n",
      "2022-12-31", "", kHeading, two_editions());
  EXPECT_EQ(done.refused(), "4 move-unknown-kind; 3 move-unknown-kind");
  EXPECT_EQ(done.balances(), "A F L1 available 96; A F L1 out 5; F L1 authority -101");
}

TEST(Editions, ColumnsOfAKind) {
  const Settled done = settle(
      "1,2022-01-01,issue,F,L1,,A,100,,,2022\n2,2022-01-02,use,F,L1,A,,5,,,\n"
      "3,2022-01-03,use,F,L1,A,,5,,,2019\n4,2022-01-04,use,F,L1,A,,5,,,2020\n",
      "2022-12-31", "", kHeading, two_editions());
  EXPECT_EQ(done.refused(), "2 move-wrong-value; 3 move-wrong-value; 1 move-value-set-aside");
  EXPECT_EQ(done.balances(), "A F L1 available 95; A F L1 out 5; F L1 authority -100");
}

TEST(Editions, WithoutAPriceNothingCosts) {
  const Settled done =
      settle("1,2022-01-01,issue,F,L1,,A,100,5,,\n2,2022-01-01,issue,F,L1,,A,9,,,\n", "2022-12-31",
             "", kHeading, two_editions());
  EXPECT_EQ(done.refused(), "1 move-wrong-price");
  EXPECT_EQ(done.costs(), "A L1 available 0");
}

}  // namespace
}  // namespace qz::settle
