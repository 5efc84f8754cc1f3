// Moves on the books: what is posted, what each rule refuses, reversals, lots, the day of the cut.

#include "unit/settle/settle_fixture.h"

namespace qz::settle {
namespace {

// A is issued 100 of F L1 on the first day of each case.
constexpr const char* kIssue = "1,2021-01-01,issue,F,L1,,A,100,,\n";

struct Case {
  const char* name;
  const char* rows;  // after kIssue
  const char* refused;
  const char* balances;
};

class Posts : public testing::TestWithParam<Case> {};

TEST_P(Posts, Table) {
  const Settled done = settle(std::string(kIssue) + GetParam().rows);
  EXPECT_EQ(done.refused(), GetParam().refused);
  EXPECT_EQ(done.balances(), GetParam().balances);
}

constexpr const char* kUntouched = "A F L1 available 100; F L1 authority -100";

const Case kPosted[] = {
    {"Issue", "", "", kUntouched},
    {"RoleByName", "2,2021-01-02,issue,F,L1,authority,B,5,,\n", "",
     "A F L1 available 100; B F L1 available 5; F L1 authority -105"},
    {"Trade", "2,2021-01-02,trade,F,L1,A,B,30,50,\n", "",
     "A F L1 available 70; B F L1 available 30; F L1 authority -100"},
    {"States", "2,2021-01-02,freeze,F,L1,A,,30,,\n3,2021-01-03,release,F,L1,A,A,10,,\n", "",
     "A F L1 available 80; A F L1 frozen 20; F L1 authority -100"},
    {"FrozenStays", "2,2021-01-02,freeze,F,L1,A,,60,,\n3,2021-01-03,gift,F,L1,A,B,41,,\n",
     "3 move-overdraft", "A F L1 available 40; A F L1 frozen 60; F L1 authority -100"},
    {"RoleOfEachHolder",
     "2,2021-01-02,gift,F,L1,A,B,40,,\n3,2021-01-03,surrender,F,L1,A,,60,,\n"
     "4,2021-01-04,return,F,L1,,B,1,,\n5,2021-01-05,return,F,L1,,A,1,,\n",
     "4 move-overdraft",
     "A F L1 available 1; A F L1 surrendered 59; B F L1 available 40; F L1 authority -100"},
    {"AllLeaves", "2,2021-01-02,cancel,F,L1,A,,100,,\n", "", ""},
    {"ByDateNotByLine", "2,2021-01-03,gift,F,L1,B,C,5,,\n3,2021-01-02,gift,F,L1,A,B,5,,\n", "",
     "A F L1 available 95; C F L1 available 5; F L1 authority -100"},
    {"ShorterIdFirst", "10,2021-01-02,gift,F,L1,B,C,5,,\n9,2021-01-02,gift,F,L1,A,B,5,,\n", "",
     "A F L1 available 95; C F L1 available 5; F L1 authority -100"},
    {"ByTimeOfDay",
     "2,2021-01-02 15:00:00,gift,F,L1,B,C,5,,\n3,2021-01-02 09:30:00,gift,F,L1,A,B,5,,\n", "",
     "A F L1 available 95; C F L1 available 5; F L1 authority -100"},
    {"LotsApart", "2,2021-01-02,issue,F,L2,,A,1,,\n3,2021-01-03,gift,F,L2,A,B,2,,\n",
     "3 move-overdraft",
     "A F L1 available 100; A F L2 available 1; F L1 authority -100; F L2 authority -1"},
    {"HalfSteps", "2,2021-01-02,issue,S,L1,,B,2.5,,\n3,2021-01-03,gift,S,L1,B,C,1.50,,2\n", "",
     "A F L1 available 100; B S L1 available 1.0; C S L1 available 1.5; F L1 authority -100; "
     "S L1 authority -2.5"},
    {"ZerosAfterThePoint", "2,2021-01-02,gift,F,L1,A,B,1e1,,\n3,2021-01-03,gift,F,L1,A,B,5.00,,\n",
     "", "A F L1 available 85; B F L1 available 15; F L1 authority -100"},
};

const Case kRefused[] = {
    {"NoId", ",2021-01-02,gift,F,L1,A,B,1,,\n", " move-incomplete", kUntouched},
    {"NoDate", "2,,gift,F,L1,A,B,1,,\n", "2 move-incomplete", kUntouched},
    {"NoKind", "2,2021-01-02,,F,L1,A,B,1,,\n", "2 move-incomplete", kUntouched},
    {"NoInstrument", "2,2021-01-02,gift,,L1,A,B,1,,\n", "2 move-incomplete", kUntouched},
    {"NoQuantity", "2,2021-01-02,gift,F,L1,A,B,,,\n", "2 move-incomplete", kUntouched},
    {"TheLaterOfOneId", "1,2021-01-02,gift,F,L1,A,B,1,,\n", "1 move-duplicate-id", kUntouched},
    {"Instrument", "2,2021-01-02,gift,G,L1,A,B,1,,\n", "2 move-unknown-instrument", kUntouched},
    {"Kind", "2,2021-01-02,lend,F,L1,A,B,1,,\n", "2 move-unknown-kind", kUntouched},
    {"HolderForIssuer", "2,2021-01-02,issue,F,L1,B,A,1,,\n", "2 move-wrong-account", kUntouched},
    {"NoReceiver", "2,2021-01-02,gift,F,L1,A,,1,,\n", "2 move-wrong-account", kUntouched},
    {"NoGiver", "2,2021-01-02,gift,F,L1,,B,1,,\n", "2 move-wrong-account", kUntouched},
    {"SameIsOneHolder", "2,2021-01-02,freeze,F,L1,A,B,1,,\n", "2 move-wrong-account", kUntouched},
    {"Giver", "2,2021-01-02,gift,F,L1,X,B,1,,\n", "2 move-unknown-account", kUntouched},
    {"Receiver", "2,2021-01-02,gift,F,L1,A,X,1,,\n", "2 move-unknown-account", kUntouched},
    {"Zero", "2,2021-01-02,gift,F,L1,A,B,0,,\n", "2 move-wrong-quantity", kUntouched},
    {"Negative", "2,2021-01-02,gift,F,L1,A,B,-1,,\n", "2 move-wrong-quantity", kUntouched},
    {"FractionOfATonne", "2,2021-01-02,gift,F,L1,A,B,0.5,,\n", "2 move-wrong-quantity", kUntouched},
    {"QuarterOfHalfSteps", "2,2021-01-02,issue,S,L1,,A,0.25,,\n", "2 move-wrong-quantity",
     kUntouched},
    {"TooMuch", "2,2021-01-02,issue,F,L1,,A,99999999999999999999999999999,,\n",
     "2 move-wrong-quantity", kUntouched},
    {"NoPrice", "2,2021-01-02,trade,F,L1,A,B,1,,\n", "2 move-wrong-price", kUntouched},
    {"PriceOfAGift", "2,2021-01-02,gift,F,L1,A,B,1,5,\n", "2 move-wrong-price", kUntouched},
    {"PriceBelowZero", "2,2021-01-02,trade,F,L1,A,B,1,-5,\n", "2 move-wrong-price", kUntouched},
    {"NoLot", "2,2021-01-02,gift,F,,A,B,1,,\n", "2 move-unknown-lot", kUntouched},
    {"LotNotBegun", "2,2021-01-02,gift,F,L9,A,B,1,,\n", "2 move-unknown-lot", kUntouched},
    {"BeforeItsIssue", "2,2020-12-31,gift,F,L1,A,B,1,,\n", "2 move-unknown-lot", kUntouched},
    {"Overdraft", "2,2021-01-02,gift,F,L1,A,B,101,,\n", "2 move-overdraft", kUntouched},
    {"NeverHeld", "2,2021-01-02,gift,F,L1,B,A,1,,\n", "2 move-overdraft", kUntouched},
    {"LotOfTheKind", "2,2021-01-01,issue,F,L3,,A,5,,\n3,2021-01-02,surrender,F,L3,A,,1,,\n",
     "3 move-wrong-lot",
     "A F L1 available 100; A F L3 available 5; F L1 authority -100; F L3 authority -5"},
    {"RefusedIssueBeginsNoLot", "2,2021-01-02,issue,F,L2,,X,5,,\n3,2021-01-03,gift,F,L2,A,B,1,,\n",
     "2 move-unknown-account; 3 move-unknown-lot", kUntouched},
    {"AloneAndTheRestPosted",
     "2,2021-01-02,gift,F,L1,A,B,101,,\n3,2021-01-03,gift,F,L1,A,B,100,,\n", "2 move-overdraft",
     "B F L1 available 100; F L1 authority -100"},
};

const Case kReversed[] = {
    {"Whole", "2,2021-01-02,gift,F,L1,A,B,30,,\n3,2021-01-03,reverse,,,,,,,2\n", "", kUntouched},
    {"OfTheIssue", "3,2021-01-03,reverse,F,L1,,A,,,1\n", "", ""},
    {"InPart", "2,2021-01-02,gift,F,L1,A,B,30,,\n3,2021-01-03,reverse,,,,,10,,2\n", "",
     "A F L1 available 80; B F L1 available 20; F L1 authority -100"},
    {"PartThenTheRest",
     "2,2021-01-02,gift,F,L1,A,B,30,,\n3,2021-01-03,reverse,,,,,10,,2\n"
     "4,2021-01-04,reverse,,,,,,,2\n",
     "", kUntouched},
    {"TogetherTooMuch",
     "2,2021-01-02,gift,F,L1,A,B,30,,\n3,2021-01-03,reverse,,,,,20,,2\n"
     "4,2021-01-04,reverse,,,,,11,,2\n",
     "4 move-wrong-reversal", "A F L1 available 90; B F L1 available 10; F L1 authority -100"},
    {"Twice",
     "2,2021-01-02,gift,F,L1,A,B,30,,\n3,2021-01-03,reverse,,,,,,,2\n"
     "4,2021-01-04,reverse,,,,,,,2\n",
     "4 move-wrong-reversal", kUntouched},
    {"OfAReversal",
     "2,2021-01-02,gift,F,L1,A,B,30,,\n3,2021-01-03,reverse,,,,,,,2\n"
     "4,2021-01-04,reverse,,,,,,,3\n",
     "4 move-wrong-reversal", kUntouched},
    {"OfNothing", "2,2021-01-02,reverse,,,,,,,\n", "2 move-wrong-reversal", kUntouched},
    {"OfNoSuchMove", "2,2021-01-02,reverse,,,,,,,7\n", "2 move-wrong-reversal", kUntouched},
    {"OfItself", "2,2021-01-02,reverse,,,,,,,2\n", "2 move-wrong-reversal", kUntouched},
    {"OfWhatWasRefused", "2,2021-01-02,gift,F,L1,A,B,101,,\n3,2021-01-03,reverse,,,,,,,2\n",
     "2 move-overdraft; 3 move-wrong-reversal", kUntouched},
    {"OfALaterMove", "2,2021-01-03,gift,F,L1,A,B,30,,\n3,2021-01-02,reverse,,,,,,,2\n",
     "3 move-wrong-reversal", "A F L1 available 70; B F L1 available 30; F L1 authority -100"},
    {"OfAnotherLot", "2,2021-01-02,reverse,F,L2,,,,,1\n", "2 move-wrong-reversal", kUntouched},
    {"SpentMeanwhile",
     "2,2021-01-02,gift,F,L1,A,B,30,,\n3,2021-01-03,gift,F,L1,B,C,10,,\n"
     "4,2021-01-04,reverse,,,,,,,2\n5,2021-01-05,reverse,,,,,20,,2\n",
     "4 move-overdraft", "A F L1 available 90; C F L1 available 10; F L1 authority -100"},
    {"OfASurrender", "2,2021-01-02,surrender,F,L1,A,,30,,\n3,2021-01-03,reverse,,,A,,,,2\n", "",
     kUntouched},
    {"WithAPrice", "2,2021-01-02,trade,F,L1,A,B,30,5,\n3,2021-01-03,reverse,,,,,,5,2\n",
     "3 move-wrong-price", "A F L1 available 70; B F L1 available 30; F L1 authority -100"},
};

std::string name_of(const testing::TestParamInfo<Case>& one) { return one.param.name; }
INSTANTIATE_TEST_SUITE_P(Posted, Posts, testing::ValuesIn(kPosted), name_of);
INSTANTIATE_TEST_SUITE_P(Refused, Posts, testing::ValuesIn(kRefused), name_of);
INSTANTIATE_TEST_SUITE_P(Reversed, Posts, testing::ValuesIn(kReversed), name_of);

TEST(PostMoves, ListedLotsBoundDatesUnlessTheKindSaysNot) {
  const char* const lots =
      "instrument,lot,vintage,valid_from,valid_to\nF,L1,x,2021-02-01,2021-06-30\n";
  const Settled done = settle(
      "1,2021-01-31,issue,F,L1,,A,100,,\n2,2021-02-01,issue,F,L1,,A,100,,\n"
      "3,2021-06-30,gift,F,L1,A,B,10,,\n4,2021-07-01,gift,F,L1,A,B,10,,\n"
      "5,2021-07-01,cancel,F,L1,A,,10,,\n6,2021-07-01,reverse,,,,,,,3\n"
      "7,2021-07-01,reverse,,,,,,,5\n8,2021-03-01,issue,F,L2,,A,1,,\n",
      "2022-12-31", lots);
  EXPECT_EQ(done.refused(),
            "1 move-outside-validity; 8 move-unknown-lot; 4 move-outside-validity; "
            "6 move-outside-validity");
  EXPECT_EQ(done.balances(), "A F L1 available 90; B F L1 available 10; F L1 authority -100");
}

TEST(PostMoves, MovesAfterTheDayAreCountedAndNotPosted) {
  const std::string rows =
      std::string(kIssue) +
      "2,2021-03-31,gift,F,L1,A,B,10,,\n3,2021-03-31 23:59:59,gift,F,L1,A,B,10,,\n"
      "4,2021-04-01,gift,F,L1,A,B,10,,\n5,2021-05-01,gift,F,L1,A,B,999,,\n";
  const Settled done = settle(rows, "2021-03-31");
  EXPECT_EQ(done.refused(), "moves-after-as-of");
  EXPECT_EQ(done.posted.after_as_of, 2u);
  EXPECT_EQ(done.balances(false), "A F L1 available 80; B F L1 available 20");
}

TEST(PostMoves, UnitsOfHeadings) {
  const Settled done =
      settle("1,2021-01-01,issue,F,L1,,A,2000,,\n2,2021-01-02,issue,F,L1,,A,1500,,\n", "2022-12-31",
             "", "id,date,kind,instrument,lot,from,to,quantity [kg],price,ref\n");
  EXPECT_EQ(done.refused(), "2 move-wrong-quantity");
  EXPECT_EQ(done.balances(false), "A F L1 available 2");
}

}  // namespace
}  // namespace qz::settle
