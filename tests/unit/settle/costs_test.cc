// What units cost under each booking. The figures are worked out by hand.

#include "unit/settle/settle_fixture.h"

namespace qz::settle {
namespace {

// 10 at 40, then 20 at 55, then 5 at 70: 35 units for 400 + 1100 + 350 = 1850.
std::string bought(const std::string& instrument) {
  const std::string of = "auction," + instrument + ",L1,,A,";
  return "1,2021-01-01," + of + "10,40,\n2,2021-01-02," + of + "20,55,\n3,2021-01-03," + of +
         "5,70,\n";
}

TEST(Costs, Fifo) {
  // 15 leave: 10 at 40 and 5 at 55, 675; 15 at 55 and 5 at 70 stay, 1175. B pays 15 × 60.
  const Settled done = settle(bought("F") + "4,2021-02-01,trade,F,L1,A,B,15,60,\n");
  EXPECT_EQ(done.posted.costs[3].out.amount.to_string(), "675");
  EXPECT_EQ(done.costs(), "A L1 available 1175; B L1 available 900");
}

TEST(Costs, Average) {
  // 14 of 35 leave: 1850 × 14 / 35 = 740; 1110 stay.
  const Settled done = settle(bought("V") + "4,2021-02-01,trade,V,L1,A,B,14,60,\n");
  EXPECT_EQ(done.posted.costs[3].out.amount.to_string(), "740");
  EXPECT_EQ(done.costs(), "A L1 available 1110; B L1 available 840");
}

TEST(Costs, AverageOfThirdsIsExact) {
  // 3 for 100; one leaves with 100/3, and the last leaves with all that is there.
  const Settled done = settle(
      "1,2021-01-01,auction,V,L1,,A,1,40,\n2,2021-01-02,auction,V,L1,,A,2,30,\n"
      "3,2021-02-01,gift,V,L1,A,B,1,,\n4,2021-02-02,gift,V,L1,A,B,2,,\n");
  EXPECT_EQ(done.posted.costs[2].out.amount.to_string(), "100/3");
  EXPECT_EQ(done.posted.costs[3].out.amount.to_string(), "200/3");
  EXPECT_EQ(done.costs(), "B L1 available 0");
}

TEST(Costs, Specific) {
  // 12 of purchase 2 leave, 660; 1190 stay. Then no purchase, one too small, one that is none.
  const Settled done =
      settle(bought("S") +
             "4,2021-02-01,trade,S,L1,A,B,12,60,2\n5,2021-02-02,gift,S,L1,A,B,1,,\n"
             "6,2021-02-03,gift,S,L1,A,B,9,,2\n7,2021-02-04,gift,S,L1,A,B,1,,4\n");
  EXPECT_EQ(done.posted.costs[3].out.amount.to_string(), "660");
  EXPECT_EQ(done.costs(), "A L1 available 1190; B L1 available 720");
  EXPECT_EQ(done.refused(), "5 move-wrong-purchase; 6 move-wrong-purchase; 7 move-wrong-purchase");
}

TEST(Costs, StatesKeepCostAndAge) {
  // The 10 at 40 are frozen and come back: they still leave first.
  const Settled done =
      settle(bought("F") +
             "4,2021-02-01,freeze,F,L1,A,,12,,\n5,2021-02-02,release,F,L1,A,,10,,\n"
             "6,2021-02-03,surrender,F,L1,A,,10,,\n");
  EXPECT_EQ(done.posted.costs[3].out.amount.to_string(), "510");
  EXPECT_EQ(done.posted.costs[5].out.amount.to_string(), "400");
  EXPECT_EQ(done.costs(), "A L1 available 1340; A L1 frozen 110");
}

TEST(Costs, WhatWasGivenCostsNothing) {
  const Settled done = settle(
      "1,2021-01-01,issue,F,L1,,A,10,,\n2,2021-01-02,auction,F,L1,,A,10,50,\n"
      "3,2021-02-01,surrender,F,L1,A,,15,,\n");
  EXPECT_EQ(done.posted.costs[2].out.amount.to_string(), "250");
  EXPECT_EQ(done.costs(), "A L1 available 250");
}

TEST(Costs, ReversalsGiveBackWhatItHadCost) {
  for (const char* const name : {"F", "V", "S"}) {
    const std::string sale = std::string("4,2021-02-01,trade,") + name + ",L1,A,B,5,60,1\n";
    const Settled whole = settle(bought(name) + sale + "5,2021-02-02,reverse,,,,,,,4\n");
    EXPECT_EQ(whole.refused(), "") << name;
    EXPECT_EQ(whole.costs(), "A L1 available 1850") << name;
  }
  // 15 had left, 10 at 40 and 5 at 55. Of them the last 6 come back: 5 at 55 and 1 at 40, 315.
  const Settled part =
      settle(bought("F") + "4,2021-02-01,trade,F,L1,A,B,15,60,\n5,2021-02-02,reverse,,,,,6,,4\n");
  EXPECT_EQ(part.posted.costs[4].in.amount.to_string(), "315");
  EXPECT_EQ(part.posted.costs[4].out.amount.to_string(), "360");
  EXPECT_EQ(part.costs(), "A L1 available 1490; B L1 available 540");
}

// Exact averages of so many sales would have more digits than a number may have.
TEST(AverageCost, ADeclaredRoundingKeepsThePoolShortAndLosesNothing) {
  std::string pack = settle_pack();
  const std::string booking = R"("booking": "average")";
  pack.replace(pack.find(booking), booking.size(),
               booking + R"(, "cost_round": {"decimals": 2, "mode": "half-up", "cite": "x"})");
  constexpr int kSales = 6000;
  std::string rows = "1,2021-01-01,auction,V,L1,,A,1000003,10.01,\n";
  for (int i = 0; i < kSales; ++i) {
    rows += std::to_string(i + 2) + ",2021-02-01,surrender,V,L1,A,," + std::to_string(7 + i % 13) +
            ",,\n";
  }
  const Settled done = settle(rows, "2022-12-31", "", kMovesHeading,
                              testing_support::check_packs({pack}, kSettleUnits, 2021, 2022));
  exact::Number left;
  for (const PostingCosts& one : done.posted.costs) {
    EXPECT_FALSE(one.out.too_long);
    left += one.in.amount - one.out.amount;
  }
  EXPECT_EQ(done.posted.costs[1].out.amount.to_string(), "70.07");
  EXPECT_EQ(done.costs(), "A L1 available " + left.to_string());
}

}  // namespace
}  // namespace qz::settle
