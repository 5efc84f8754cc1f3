// Pack reader: what a pack file says, as values. Its refusals stand in pack_refusals_test.cc.

#include "rules/pack_reader.h"

#include <gtest/gtest.h>

#include "support/expression_text.h"
#include "support/packs.h"

namespace qz::rules {
namespace {

const char* const kWhole = R"json({
  "$schema": "pack.schema.json",
  "note": "invented",
  "pack": "demo.mill", "version": "2021-9",
  "title": {"en": "A mill", "zh": "磨坊"}, "authority": "The town", "document": "Order 9",
  "applies": {"from": "2021-03-01", "to": "2021-12-31"},
  "needs": ["demo.base", "demo.other"],
  "factors": ["demo.grain@2024", "demo.loss"],
  "constants": {"k": {"value": "44/12", "unit": "kg/t", "cite": "§1", "status": "recalled"}, "n": 3},
  "parameters": {
    "scope": {"choices": ["wide", "narrow"], "default": "narrow", "status": "draft", "label": "Scope"},
    "share": {"unit": "%", "min": 0, "max": "100", "default": "12.50", "cite": "§2"}
  },
  "rounding": "down",
  "tables": {
    "mill": {"key": ["owner", "mill"], "label": {"zh": "磨坊"}, "columns": {
      "kind": {"input": {"wind": {"en": "by wind", "zh": "风"}, "water": "by water"}},
      "wheel": {"input": ["oak", "elm"], "optional": true},
      "group": {"input": "text", "formula": "mill", "link": true},
      "opened": {"input": "date"}, "closed": {"input": "date", "optional": true},
      "leased": {"input": "bool", "note": "by contract"}
    }},
    "mill_month": {
      "key": ["owner", "mill", "month"], "optional": true, "cross": ["mill", "loss"],
      "every": {"period": "month", "from": "mill.opened", "to": "mill.closed"},
      "columns": {
        "ground": {"input": "number", "unit": "t", "min": "0", "max": 1e3, "decimals": 2, "report": true},
        "flour": {"unit": "t", "when": "ground > 0[t]", "round": 2, "report": true, "cite": "§3", "cases": [
          {"when": "mill.leased", "formula": "ground * k", "how": "measured", "cite": "§3 (1)"},
          {"formula": "grain(\"rye\").yield * ground", "how": "default"}]},
        "bran": {"unit": "t", "formula": "ground - flour", "shown": 1, "report": true},
        "loss": {"unit": "%", "formula": "1", "round": {"significant": 3, "mode": "half-up"}},
        "sacks": {"unit": "1", "formula": "flour / 1[t]", "round": {"decimals": -1}}
      }
    },
    "town": {"key": [], "columns": {}},
    "weighing": {"key": ["owner", "row"]}
  },
  "checks": [{"id": "no-flour", "table": "mill_month", "severity": "warning", "when": "ground > 0[t]",
              "require": "flour != null", "message": {"en": "no flour of {ground}"}, "cite": "§4"}],
  "examples": [
    {"name": "one", "source": "by hand", "as_of": "2022-01-31", "cycle": {"id": "c", "years": ["2021", 2022]},
     "parameters": {"scope": "wide", "share": 5}, "note": "x",
     "given": {"mill": [{"owner": "A", "leased": true, "wheel": null, "n": 1.50}]},
     "expect": {"mill": [{"owner": "A"}], "town": []}, "findings": ["no-flour"]}
  ],
  "instruments": {"SACK": {"unit": "t", "step": "1", "roles": ["issuer", "entity"], "moves": {}}}
})json";

class WholePack : public testing::Test {
 protected:
  void SetUp() override {
    read_ = read_texts({kWhole});
    ASSERT_EQ(read_.problems, std::vector<std::string>());
    ASSERT_EQ(read_.packs.size(), 1u);
  }
  const Pack& pack() const { return read_.packs[0]; }
  const ColumnDefinition& column(const std::string& table, const std::string& name) const {
    for (const ColumnDefinition& one : pack().table(table)->columns) {
      if (one.name == name) return one;
    }
    throw std::out_of_range(name);
  }

  ReadPacks read_;
};

TEST_F(WholePack, TopLevel) {
  EXPECT_EQ(pack().name(), "demo.mill@2021-9");
  EXPECT_EQ(pack().file, "1.json");
  EXPECT_EQ(pack().sha256, "sha256 of 1.json");
  EXPECT_EQ(pack().title, (base::Bilingual{"A mill", "磨坊"}));
  EXPECT_EQ(pack().authority, "The town");
  EXPECT_EQ(pack().document, "Order 9");
  EXPECT_EQ(pack().applies_from.to_string(), "2021-03-01");
  EXPECT_EQ(pack().applies_to->to_string(), "2021-12-31");
  EXPECT_EQ(pack().needs, (std::vector<std::string>{"demo.base", "demo.other"}));
  EXPECT_EQ(pack().rounding, exact::Rounding::kDown);
  EXPECT_EQ(pack().instruments.members.size(), 1u);
  EXPECT_EQ(pack().instrument_files.at("SACK"), "1.json");
}

TEST_F(WholePack, Names) {
  ASSERT_EQ(pack().factors.size(), 2u);
  EXPECT_EQ(pack().factors[0].alias, "grain");
  EXPECT_EQ(pack().factors[0].id, "demo.grain");
  EXPECT_EQ(pack().factors[0].version, "2024");
  EXPECT_EQ(pack().factors[1].alias, "loss");
  EXPECT_EQ(pack().factors[1].version, "");
  ASSERT_EQ(pack().constants.size(), 2u);
  EXPECT_EQ(pack().constants[0].value, exact::Number::ratio(11, 3));
  EXPECT_EQ(pack().constants[0].text, "44/12");
  EXPECT_EQ(pack().constants[0].unit, "kg/t");
  EXPECT_EQ(pack().constants[0].status, "recalled");
  EXPECT_EQ(pack().constants[1].text, "3");
  EXPECT_EQ(pack().constants[1].unit, "1");
  ASSERT_EQ(pack().parameters.size(), 2u);
  EXPECT_FALSE(pack().parameters[0].is_number());
  EXPECT_EQ(pack().parameters[0].default_text, "narrow");
  EXPECT_EQ(pack().parameters[0].status, "draft");
  EXPECT_EQ(pack().parameters[0].label.en, "Scope");
  EXPECT_TRUE(pack().parameters[1].is_number());
  EXPECT_EQ(pack().parameters[1].default_text, "12.50");
  EXPECT_EQ(*pack().parameters[1].default_number, exact::Number::ratio(25, 2));
  EXPECT_EQ(*pack().parameters[1].max, exact::Number(100));
}

TEST_F(WholePack, Tables) {
  ASSERT_EQ(pack().tables.size(), 4u);
  const TableDefinition& month = *pack().table("mill_month");
  EXPECT_EQ(month.key, (std::vector<std::string>{"owner", "mill", "month"}));
  EXPECT_TRUE(month.optional);
  EXPECT_EQ(month.cross, (std::vector<std::string>{"mill", "loss"}));
  ASSERT_TRUE(month.every);
  EXPECT_EQ(month.every->period, base::PeriodKind::kMonth);
  EXPECT_EQ(*month.every->from, (std::pair<std::string, std::string>("mill", "opened")));
  EXPECT_EQ(*month.every->to, (std::pair<std::string, std::string>("mill", "closed")));
  EXPECT_EQ(month.columns.size(), 5u);
  EXPECT_EQ(pack().table("mill")->label.zh, "磨坊");
  EXPECT_TRUE(pack().table("town")->key.empty());
  EXPECT_EQ(pack().table("moon"), nullptr);
}

TEST_F(WholePack, Inputs) {
  const ColumnDefinition& kind = column("mill", "kind");
  EXPECT_EQ(kind.input, InputKind::kChoice);
  ASSERT_EQ(kind.choices.size(), 2u);
  EXPECT_EQ(kind.choices[0].code, "wind");
  EXPECT_EQ(kind.choices[0].label.zh, "风");
  EXPECT_EQ(kind.choices[1].label.en, "by water");
  EXPECT_EQ(column("mill", "wheel").choices.size(), 2u);
  EXPECT_TRUE(column("mill", "wheel").optional);
  EXPECT_TRUE(column("mill", "group").link);
  EXPECT_TRUE(column("mill", "group").has_formula());
  EXPECT_EQ(column("mill", "opened").input, InputKind::kDate);
  EXPECT_EQ(column("mill", "leased").note, "by contract");
  const ColumnDefinition& ground = column("mill_month", "ground");
  EXPECT_EQ(ground.input, InputKind::kNumber);
  EXPECT_EQ(*ground.min, exact::Number(0));
  EXPECT_EQ(*ground.max, exact::Number(1000));
  EXPECT_EQ(*ground.decimals, 2);
  EXPECT_TRUE(ground.report);
}

TEST_F(WholePack, Formulas) {
  const ColumnDefinition& flour = column("mill_month", "flour");
  EXPECT_EQ(flour.input, InputKind::kNone);
  ASSERT_EQ(flour.cases.size(), 2u);
  EXPECT_EQ(expression_text(*flour.cases[0].when->expression), "mill.leased");
  EXPECT_EQ(flour.cases[0].how, "measured");
  EXPECT_EQ(flour.cases[0].cite, "§3 (1)");
  EXPECT_EQ(flour.cases[1].formula.text, "grain(\"rye\").yield * ground");
  EXPECT_EQ(expression_text(*flour.cases[1].formula.expression), "(grain(\"rye\").yield * ground)");
  EXPECT_EQ(flour.cases[1].how, "default");
  EXPECT_EQ(flour.cases[1].cite, "");
  EXPECT_EQ(expression_text(*flour.when->expression), "(ground > 0[t])");
  EXPECT_EQ(flour.round->rule, (exact::RoundingRule{2, exact::Rounding::kDown, false}));
  EXPECT_FALSE(flour.round->own_mode);
  EXPECT_EQ(*column("mill_month", "bran").shown, 1);
  EXPECT_EQ(column("mill_month", "bran").cases[0].how, "formula");
  EXPECT_EQ(column("mill_month", "loss").round->rule,
            (exact::RoundingRule{3, exact::Rounding::kHalfUp, true}));
  EXPECT_TRUE(column("mill_month", "loss").round->own_mode);
  EXPECT_EQ(column("mill_month", "sacks").round->rule.n, -1);
}

TEST_F(WholePack, ChecksAndExamples) {
  ASSERT_EQ(pack().checks.size(), 1u);
  const CheckDefinition& check = pack().checks[0];
  EXPECT_EQ(check.id, "no-flour");
  EXPECT_EQ(check.severity, base::Severity::kWarning);
  EXPECT_EQ(check.message.en, "no flour of {ground}");
  EXPECT_EQ(expression_text(*check.require.expression), "(flour != null)");
  EXPECT_TRUE(check.when);
  ASSERT_EQ(pack().examples.size(), 1u);
  const Example& example = pack().examples[0];
  EXPECT_EQ(example.as_of->to_string(), "2022-01-31");
  EXPECT_EQ(example.cycle->id, "c");
  EXPECT_EQ(example.cycle->year_first, 2021);
  EXPECT_EQ(example.cycle->year_last, 2022);
  EXPECT_EQ(example.parameters.at("share"), "5");
  const std::vector<ExampleCell>& cells = example.given.at("mill")[0].cells;
  ASSERT_EQ(cells.size(), 4u);
  EXPECT_EQ(*cells[1].text, "true");
  EXPECT_FALSE(cells[2].text);
  EXPECT_EQ(*cells[3].text, "1.50");
  EXPECT_TRUE(example.expect.contains("town"));
  EXPECT_EQ(example.findings, (std::vector<std::string>{"no-flour"}));
}

TEST_F(WholePack, Places) {
  EXPECT_EQ(pack().table("town")->place.to_string(), "1.json:36:13");
  EXPECT_EQ(column("mill_month", "flour").cases[0].formula.place.to_string(), "1.json:29:47");
}

TEST(PackReader, ReportsEveryProblemOfEveryFile) {
  const ReadPacks read = read_texts({
      R"({"pack": "p", "version": 1, "applies": {"to": "2021-01-01"}, "roundin": "up"})",
      "{\"pack\": \"q\",\n \"version\": \"1\"",
      R"({"pack": "r", "version": "1", "applies": {"from": "2021-01-01", "to": "2020-01-01"}})",
      R"([])",
      R"({"pack": "s s", "version": "1 a", "applies": "always"})",
      R"({"pack": "good", "version": "1", "applies": {"from": "2021-01-01"}})",
  });
  ASSERT_EQ(read.problems.size(), 9u);
  EXPECT_EQ(read.problems[0],
            "1.json:1:73: unknown member \"roundin\" (did you mean \"rounding\"?)");
  EXPECT_EQ(read.problems[1], "1.json:1:26: version: expected a text, found a number");
  EXPECT_EQ(read.problems[2], "1.json:1:40: applies: lacks \"from\"");
  EXPECT_EQ(read.problems[3].substr(0, 9), "2.json:2:");
  EXPECT_EQ(read.problems[4], "3.json:1:71: applies: \"to\" lies before \"from\"");
  EXPECT_EQ(read.problems[5], "4.json:1:1: expected an object, found a list");
  EXPECT_EQ(read.problems[6].substr(0, 22), "5.json:1:10: pack: \"s ");
  EXPECT_EQ(read.problems[7].substr(0, 25), "5.json:1:28: version: \"1 ");
  EXPECT_EQ(read.problems[8], "5.json:1:46: applies: expected an object, found a text");
  ASSERT_EQ(read.packs.size(), 1u);
  EXPECT_EQ(read.packs[0].name(), "good@1");
}

TEST(PackReader, RefusesTheSecondOfOneName) {
  const ReadPacks read = read_texts({pack_text(1, ""), pack_text(1, "")});
  EXPECT_EQ(read.packs.size(), 1u);
  EXPECT_EQ(read.problems,
            (std::vector<std::string>{"2.json:1:26: p@1 stands in another file too"}));
}

TEST(PackReader, SortsByIdThenDayThenVersion) {
  const auto text = [](const char* id, const char* version, const char* from) {
    return R"({"pack": ")" + std::string(id) + R"(", "version": ")" + version +
           R"(", "applies": {"from": ")" + from + "\"}}";
  };
  const ReadPacks read = read_texts({text("b", "1", "2020-01-01"), text("a", "2", "2021-01-01"),
                                     text("a", "9", "2020-01-01"), text("a", "10", "2021-01-01")});
  std::string names;
  for (const Pack& pack : read.packs) names += pack.name() + " ";
  EXPECT_EQ(names, "a@9 a@10 a@2 b@1 ");
}

TEST(PackReader, KeepsAnswersForRowsAndLinks) {
  const ReadPacks read =
      read_texts({pack_text(1, R"("tables": {"t": {"key": ["a", "hour"], "columns": {
      "x": {"formula": "a", "link": true}, "y": {"formula": "true", "report": true},
      "z": {"input": ["b"], "link": true}, "单位": {"input": "bool"}}},
      "weighing": {"key": ["row"]}, "yearly": {"key": ["cycle"], "every": "cycle"}})")});
  EXPECT_EQ(read.problems, std::vector<std::string>());
}

}  // namespace
}  // namespace qz::rules
