// Uncertain inputs as they are written: what is refused, and what is taken where nothing is said.

#include "whatif/uncertainty_file.h"

#include <gtest/gtest.h>

#include <string>

namespace qz::whatif {
namespace {

std::optional<WrittenUncertainty> read(const std::string& uncertainty, std::string& messages) {
  base::Findings problems;
  const auto file = read_scenarios(R"x({"base": "job.json", "uncertainty": )x" + uncertainty + "}",
                                   "u.json", problems);
  std::optional<WrittenUncertainty> out;
  if (file) out = read_uncertainty(*file, problems);
  for (const base::Finding& problem : problems) {
    messages += problem.code + ": " + problem.message.en + '\n';
  }
  return out;
}

// One source with these members after "set".
std::string with_source(const std::string& members, const std::string& more = "") {
  return R"x({"of": "sum(t.E)", "sources": [{"set": "t.x")x" + members + "}]" + more + "}";
}

struct RefusedCase {
  const char* name;
  std::string uncertainty;
  const char* expected;  // part of the messages
};

const RefusedCase kRefused[] = {
    {"NoTargets", R"x({"sources": [{"set": "t.x", "normal": "5[%]"}]})x",
     "uncertainty has no member \"of\""},
    {"NoShape", with_source(""), "a source needs one of \"normal\""},
    {"TwoShapes", with_source(R"x(, "normal": "5[%]", "lognormal": "5[%]")x"),
     "a source needs one of"},
    {"UnknownShape", with_source(R"x(, "lognorm": "5[%]")x"), "did you mean \"lognormal\""},
    {"NoSet", R"x({"of": "1", "sources": [{"normal": "5[%]"}]})x",
     "a source has no member \"set\""},
    {"TwoValues", with_source(R"x(, "triangular": {"times": ["0.9", "1.1"]})x"),
     "triangular has three values"},
    {"ThreeValues", with_source(R"x(, "uniform": {"to": ["1", "2", "3"]})x"),
     "uniform has two values"},
    {"TwoActions", with_source(R"x(, "uniform": {"to": ["1", "2"], "times": ["1", "2"]})x"),
     "uniform needs one of \"times\", \"plus\" and \"to\""},
    {"LimitsOfTheLimited", with_source(R"x(, "uniform": {"to": ["1", "2"]}, "at_most": "2")x"),
     "has limits already"},
    {"Percentile", with_source(R"x(, "normal": "5[%]")x", R"x(, "percentiles": ["100"])x"),
     "a percentile is a number between 0 and 100"},
    {"SeedTooLarge",
     with_source(R"x(, "normal": "5[%]")x", R"x(, "seed": "18446744073709551616")x"),
     "seed is a whole number up to 18446744073709551615"},
    {"SamplesWithAPoint", with_source(R"x(, "normal": "5[%]")x", R"x(, "samples": 1.5)x"),
     "samples is a whole number up to 1000000"},
    {"OneSample", with_source(R"x(, "normal": "5[%]")x", R"x(, "samples": 1)x"),
     "one sample is too few"},
    {"SameName",
     R"x({"of": "1", "sources": [{"set": "t.x", "normal": "5[%]"}, {"set": "t.x", "normal": "7[%]"}]})x",
     "two sources are called \"t.x\""},
    {"Per", with_source(R"x(, "normal": "5[%]", "per": "column")x"),
     "per is \"row\" or a list of key columns"},
};

class RefusedUncertainty : public testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedUncertainty, WithAMessage) {
  std::string messages;
  EXPECT_FALSE(read(GetParam().uncertainty, messages));
  EXPECT_NE(messages.find(GetParam().expected), std::string::npos) << messages;
}

INSTANTIATE_TEST_SUITE_P(UncertaintyFile, RefusedUncertainty, testing::ValuesIn(kRefused),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(UncertaintyFile, WhatIsTakenWhereNothingIsSaid) {
  std::string messages;
  const auto out = read(with_source(R"x(, "normal": "5[%]")x"), messages);
  ASSERT_TRUE(out) << messages;
  EXPECT_EQ(out->seed, 1U);
  EXPECT_EQ(out->samples, 10'000U);
  EXPECT_EQ(out->percentiles.size(), 3U);
  EXPECT_EQ(out->of.front().name, "sum(t.E)");
  EXPECT_EQ(out->sources.front().name, "t.x");
  EXPECT_EQ(out->sources.front().draw, "t.x");
  EXPECT_FALSE(out->sources.front().each_row);
}

TEST(UncertaintyFile, TheLargestSeed) {
  std::string messages;
  const auto out =
      read(with_source(R"x(, "normal": {"plus": "2[t]"}, "per": ["a", "b"], "draw": "lab")x",
                       R"x(, "seed": "18446744073709551615", "samples": "0")x"),
           messages);
  ASSERT_TRUE(out) << messages;
  EXPECT_EQ(out->seed, ~std::uint64_t{0});
  EXPECT_EQ(out->samples, 0U);
  EXPECT_EQ(out->sources.front().action, Action::kPlus);
  EXPECT_EQ(out->sources.front().per.size(), 2U);
  EXPECT_EQ(out->sources.front().draw, "lab");
}

}  // namespace
}  // namespace qz::whatif
