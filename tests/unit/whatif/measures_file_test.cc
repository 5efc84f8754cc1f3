// Measures as they are written: what is refused, and the order that prerequisites ask for.

#include "whatif/measures_file.h"

#include <gtest/gtest.h>

#include <string>

namespace qz::whatif {
namespace {

// A file with these measures and this target, and the messages of its problems, a line each.
std::optional<WrittenMeasures> read(const std::string& measures, const std::string& target,
                                    std::string& messages) {
  std::string bytes = R"x({"base": "job.json", "measures": )x" + measures;
  if (!target.empty()) bytes += R"x(, "target": ")x" + target + '"';
  base::Findings problems;
  const auto file = read_scenarios(bytes + "}", "m.json", problems);
  std::optional<WrittenMeasures> out;
  if (file) out = read_measures(*file, problems);
  for (const base::Finding& problem : problems) {
    messages += problem.code + ": " + problem.message.en + '\n';
  }
  return out;
}

constexpr const char* kTarget = "sum(entity_year.E) <= 5[t]";

struct RefusedCase {
  const char* name;
  const char* measures;
  const char* target;
  const char* expected;  // part of the messages
};

const RefusedCase kRefused[] = {
    {"NoList", R"x({"budget": "5"})x", kTarget, "measures has no member \"list\""},
    {"Empty", "[]", kTarget, "malformed-scenarios"},
    {"NoCost", R"x([{"id": "a", "changes": []}])x", kTarget, "a measure has no member \"cost\""},
    {"UnknownMember", R"x([{"id": "a", "changes": [], "costs": "1"}])x", kTarget,
     "did you mean \"cost\""},
    {"TwiceTheSameId",
     R"x([{"id": "a", "changes": [], "cost": "1"}, {"id": "a", "changes": [], "cost": "1"}])x",
     kTarget, "two measures have the id \"a\""},
    {"CostIsNoNumber", R"x([{"id": "a", "changes": [], "cost": "1,200"}])x", kTarget,
     "cost: \"1,200\" is not a number"},
    {"UnknownExcluded", R"x([{"id": "heat", "changes": [], "cost": "1", "excludes": ["heta"]}])x",
     kTarget, "unknown-measure: measure heat excludes \"heta\", which is no measure of this file"},
    {"UnknownRequired",
     R"x([{"id": "boiler-1", "changes": [], "cost": "1", "requires": ["boiler-2"]}])x", kTarget,
     "did you mean \"boiler-1\""},
    {"ExcludesItself", R"x([{"id": "a", "changes": [], "cost": "1", "excludes": ["a"]}])x", kTarget,
     "measure-contradiction: measure a excludes itself"},
    {"RequiresItself", R"x([{"id": "a", "changes": [], "cost": "1", "requires": ["a"]}])x", kTarget,
     "measure-cycle: measures require each other in a circle: a → a"},
    {"Circle",
     R"x([{"id": "x", "changes": [], "cost": "1", "requires": ["a"]},
         {"id": "a", "changes": [], "cost": "1", "requires": ["b"]},
         {"id": "b", "changes": [], "cost": "1", "requires": ["c"]},
         {"id": "c", "changes": [], "cost": "1", "requires": ["a"]}])x",
     kTarget, "measure-cycle: measures require each other in a circle: a → b → c → a"},
    {"NeedsWhatItExcludes",
     R"x([{"id": "a", "changes": [], "cost": "1", "requires": ["b"]},
         {"id": "b", "changes": [], "cost": "1", "requires": ["c"]},
         {"id": "c", "changes": [], "cost": "1", "excludes": ["a"]}])x",
     kTarget,
     "measure-contradiction: measure a can never be taken: with what it requires it has both a and "
     "c, which exclude each other"},
    {"NoTarget", R"x([{"id": "a", "changes": [], "cost": "1"}])x", "",
     "measures need a \"target\" to reach"},
    {"NoBudget", R"x({"list": [{"id": "a", "changes": [], "cost": "1"}],
                     "effect": "sum(entity_year.E)"})x",
     "", "measures without a \"target\" need a \"budget\""},
    {"TargetIsNoComparison", R"x([{"id": "a", "changes": [], "cost": "1"}])x",
     "sum(entity_year.E) = 5[t]", "must compare two numbers"},
    {"Evaluations",
     R"x({"list": [{"id": "a", "changes": [], "cost": "1"}], "evaluations": "1e9"})x", kTarget,
     "evaluations is a whole number from 1 to 40000000"},
    {"Suppose", R"x({"list": [{"id": "a", "changes": [], "cost": "1"}], "suppose": "linear"})x",
     kTarget, "suppose can only be \"effects-at-most-add-up\""},
};

class RefusedMeasures : public testing::TestWithParam<RefusedCase> {};

TEST_P(RefusedMeasures, WithAMessage) {
  std::string messages;
  EXPECT_FALSE(read(GetParam().measures, GetParam().target, messages));
  EXPECT_NE(messages.find(GetParam().expected), std::string::npos) << messages;
}

INSTANTIATE_TEST_SUITE_P(MeasuresFile, RefusedMeasures, testing::ValuesIn(kRefused),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(MeasuresFile, ExclusionsAreMutualAndNeedsGoAllTheWay) {
  std::string messages;
  const auto out = read(R"x({"list": [
      {"id": "a", "changes": [], "cost": "1", "requires": ["b"], "excludes": ["d"]},
      {"id": "b", "changes": [], "cost": {"2021": "1", "2022": "2"}, "requires": ["c"]},
      {"id": "c", "changes": [], "cost": "-1"},
      {"id": "d", "changes": [], "cost": "1", "excludes": ["a"]}],
      "budget": {"2021": "5", "cycle": "9"}})x",
                        kTarget, messages);
  ASSERT_TRUE(out) << messages;
  using Links = std::vector<std::vector<std::uint32_t>>;
  EXPECT_EQ(out->needs, (Links{{1, 2}, {2}, {}, {}}));
  EXPECT_EQ(out->excludes, (Links{{3}, {}, {}, {0}}));
  EXPECT_EQ(out->order, (std::vector<std::uint32_t>{2, 3, 1, 0}));
  EXPECT_EQ(out->budget.size(), 2U);
  EXPECT_EQ(out->list[1].cost.at("2022").text, "2");
}

}  // namespace
}  // namespace qz::whatif
