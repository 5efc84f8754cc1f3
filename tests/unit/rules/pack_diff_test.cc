// Pack diff: the list of what an edition changes.

#include "rules/pack_diff.h"

#include <gtest/gtest.h>

#include "support/packs.h"

namespace qz::rules {
namespace {

std::string line(const PackChange& change) {
  const char* const signs[] = {"+", "-", "~"};
  std::string out = signs[static_cast<int>(change.kind)];
  out += " " + change.what + " " + change.name;
  if (!change.member.empty()) {
    out += " " + change.member + ": " + change.before + " → " + change.after;
  }
  return out;
}

struct DiffCase {
  const char* name;
  const char* before;
  const char* after;
  std::vector<std::string> changes;
};

std::string column(const std::string& column) {
  return R"("tables": {"t": {"key": ["k"], "columns": {"x": )" + column + "}}}";
}

const std::string kFormula =
    column(R"({"formula": "a * b", "unit": "t", "round": 2, "cite": "§1"})");
const std::string kSpaced = column(R"({"formula": "a*b ", "unit": "t", "round": 2, "cite": "§1"})");
const std::string kText = column(R"({"formula": "a = \"b c\""})");
const std::string kOtherText = column(R"({"formula": "a = \"b  c\""})");
const std::string kChanged =
    column(R"({"formula": "a + b", "unit": "kg", "round": {"significant": 2}, "report": true})");
const std::string kCases = column(
    R"({"unit": "t", "cases": [{"when": "a > 1", "formula": "a", "how": "measured", "cite": "§2"}, {"formula": "a * b"}], "round": 2, "cite": "§1"})");
const std::string kInput = column(R"({"input": "number", "unit": "t", "min": 0, "max": "9.5"})");
const std::string kChoice =
    column(R"({"input": {"b": "B", "c": "C"}, "optional": true, "link": true})");

const DiffCase kDiffs[] = {
    {"Same", kFormula.c_str(), kFormula.c_str(), {}},
    {"WhiteSpaceIsNoChange", kFormula.c_str(), kSpaced.c_str(), {}},
    {"SpacesInATextAre",
     kText.c_str(),
     kOtherText.c_str(),
     {R"(~ column t.x formula: a = "b c" → a = "b  c")"}},
    {"Members",
     kFormula.c_str(),
     kChanged.c_str(),
     {"~ column t.x cite: §1 → ", "~ column t.x formula: a * b → a + b",
      "~ column t.x report:  → true",
      "~ column t.x round: half-even to 2 decimals → half-even to 2 significant digits",
      "~ column t.x unit: t → kg"}},
    {"Cases",
     kFormula.c_str(),
     kCases.c_str(),
     {"~ column t.x case 1 cite:  → §2", "~ column t.x case 1 formula:  → a",
      "~ column t.x case 1 how:  → measured", "~ column t.x case 1 when:  → a > 1",
      "~ column t.x case 2 formula:  → a * b", "~ column t.x formula: a * b → "}},
    {"Inputs",
     kInput.c_str(),
     kChoice.c_str(),
     {"~ column t.x input: number → b, c", "~ column t.x label of b.en:  → B",
      "~ column t.x label of c.en:  → C", "~ column t.x link:  → true", "~ column t.x max: 9.5 → ",
      "~ column t.x min: 0 → ", "~ column t.x optional:  → true", "~ column t.x unit: t → "}},
    {"TablesWithTheirColumns",
     kFormula.c_str(),
     R"("tables": {"u": {"key": ["k"]}})",
     {"- column t.x", "- table t", "+ table u"}},
    {"TableMembers",
     R"("tables": {"t": {"key": ["k", "month"]}})",
     R"("tables": {"t": {"key": ["month"], "optional": true, "cross": ["u", "v"], "label": "T",
        "every": {"period": "month", "from": "u.a", "to": "u.b"}}})",
     {"~ table t cross:  → u, v", "~ table t every:  → month from u.a to u.b",
      "~ table t key: [k, month] → [month]", "~ table t label.en:  → T",
      "~ table t optional:  → true"}},
    {"Constants",
     R"("constants": {"a": "44/12", "b": "1"})",
     R"("constants": {"a": {"value": "11/3", "unit": "t"}, "c": "1"})",
     {"~ constant a unit: 1 → t", "~ constant a value: 44/12 → 11/3", "- constant b",
      "+ constant c"}},
    {"Parameters",
     R"("parameters": {"a": {"choices": ["x", "y"], "default": "x"}})",
     R"("parameters": {"a": {"choices": ["x", "z"], "default": "z", "status": "draft"}})",
     {"~ parameter a choices: x, y → x, z", "~ parameter a default: x → z",
      "~ parameter a status:  → draft"}},
    {"Factors",
     R"("factors": ["d.a@1", "d.b"])",
     R"("factors": {"a": "d.a@2", "c": "d.b"})",
     {"~ factor a table: d.a@1 → d.a@2", "- factor b", "+ factor c"}},
    {"Checks",
     R"("checks": [{"id": "c", "table": "t", "severity": "error", "require": "x > 0", "message": "m"}])",
     R"("checks": [{"id": "c", "table": "t", "severity": "info", "require": "x > 1", "when": "y", "message": {"en": "m", "zh": "m"}}])",
     {"~ check c message.zh:  → m", "~ check c require: x > 0 → x > 1",
      "~ check c severity: error → info", "~ check c when:  → y"}},
    {"Instruments",
     R"("instruments": {"A": {"unit": "t", "step": "1", "roles": ["x", "entity"], "moves": {}, "states": ["a"]},
      "B": {"unit": "t", "step": "1", "roles": ["x", "entity"], "moves": {}}})",
     R"("instruments": {"A": {"unit": "t", "step": 1.0, "roles": ["x", "entity"], "moves": {"m": {"from": "x", "to": "entity", "price": false}}, "states": ["a", "b"]}})",
     {R"(~ instrument A moves: {} → {"m": {"from": "x", "to": "entity", "price": false}})",
      R"(~ instrument A states: ["a"] → ["a", "b"])", R"(~ instrument A step: "1" → 1.0)",
      "- instrument B"}},
    {"Texts",
     R"("title": "A", "rounding": "up", "needs": ["q"])",
     R"("title": {"en": "B", "zh": "乙"}, "authority": "T", "document": "D")",
     {"~ text pack authority:  → T", "~ text pack document:  → D", "~ text pack needs: q → ",
      "~ text pack rounding: up → half-even", "~ text pack title.en: A → B",
      "~ text pack title.zh:  → 乙"}},
};

class PackDiff : public testing::TestWithParam<DiffCase> {};

TEST_P(PackDiff, ListsTheChanges) {
  const ReadPacks before = read_texts({pack_text(1, GetParam().before)});
  const ReadPacks after = read_texts({pack_text(1, GetParam().after)});
  ASSERT_EQ(before.problems, std::vector<std::string>());
  ASSERT_EQ(after.problems, std::vector<std::string>());
  std::vector<std::string> lines;
  for (const PackChange& change : diff(before.packs[0], after.packs[0]))
    lines.push_back(line(change));
  EXPECT_EQ(lines, GetParam().changes);
}

INSTANTIATE_TEST_SUITE_P(Table, PackDiff, testing::ValuesIn(kDiffs),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(PackDiffOfEditions, NamesOnlyWhatTheHeirSays) {
  const ReadPacks read = read_texts(
      {pack_text(1, kFormula), pack_text(2, R"("extends": "1", "constants": {"a": "1"})")});
  std::vector<std::string> lines;
  for (const PackChange& change : diff(*read.find("p@1"), *read.find("p@2"))) {
    lines.push_back(line(change));
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"+ constant a",
                                             "~ text pack applies.from: 2001-01-01 → 2002-01-01",
                                             "~ text pack applies.to: 2001-12-31 → 2002-12-31"}));
}

}  // namespace
}  // namespace qz::rules
