// `extends`: what an heir takes over, replaces and removes, and what it may not stand on.

#include <gtest/gtest.h>

#include <algorithm>

#include "support/packs.h"

namespace qz::rules {
namespace {

using Strings = std::vector<std::string>;

const char* const kAncestor = R"(
  "title": "First", "authority": "Town", "document": "Order 1", "needs": ["q"], "rounding": "half-up",
  "factors": ["demo.grain@1", "demo.loss@1"],
  "constants": {"a": "1", "b": "2", "c": "3"},
  "parameters": {"w": {"choices": ["x", "y"], "default": "x"}, "v": {"default": 1}},
  "tables": {
    "t": {"key": ["k", "month"], "every": "month", "optional": true, "label": "T", "cross": ["u"],
      "columns": {
        "x": {"input": "number", "unit": "t", "min": "0"},
        "y": {"formula": "x", "unit": "t", "round": 1},
        "z": {"formula": "y", "unit": "t", "round": {"decimals": 2, "mode": "up"}}}},
    "u": {"key": ["k"], "columns": {"n": {"input": "text"}}}},
  "checks": [
    {"id": "c1", "table": "t", "severity": "error", "require": "x > 0[t]", "message": "m"},
    {"id": "c2", "table": "t", "severity": "error", "require": "y > 0[t]", "message": "m"}],
  "examples": [{"name": "e", "findings": ["c1"]}],
  "instruments": {"A": {"unit": "t", "step": "1", "roles": ["issuer", "entity"], "moves": {}}, "B": {"unit": "t", "step": "1", "roles": ["issuer", "entity"], "moves": {}}})";

ReadPacks heir(const std::string& members) {
  return read_texts({pack_text(1, kAncestor),
                     pack_text(2, "\"extends\": \"1\"" + (members.empty() ? "" : ", " + members))});
}

template <class Items>
std::string names(const Items& items) {
  std::string out;
  for (const auto& item : items) out += item.name + " ";
  return out;
}

TEST(Extends, TakesOverAllButTextsDaysAndExamples) {
  const ReadPacks read = heir("");
  ASSERT_EQ(read.problems, Strings());
  const Pack& pack = *read.find("p@2");
  EXPECT_EQ(pack.title.en, "");
  EXPECT_EQ(pack.authority, "");
  EXPECT_EQ(pack.document, "");
  EXPECT_EQ(pack.applies_from.to_string(), "2002-01-01");
  EXPECT_TRUE(pack.examples.empty());
  EXPECT_EQ(pack.extends, "1");
  EXPECT_EQ(pack.needs, Strings{"q"});
  EXPECT_EQ(pack.factors.size(), 2u);
  EXPECT_EQ(names(pack.constants), "a b c ");
  EXPECT_EQ(names(pack.parameters), "w v ");
  EXPECT_EQ(names(pack.tables), "t u ");
  EXPECT_EQ(names(pack.table("t")->columns), "x y z ");
  EXPECT_TRUE(pack.table("t")->every);
  EXPECT_TRUE(pack.table("t")->optional);
  EXPECT_EQ(pack.table("t")->cross, Strings{"u"});
  EXPECT_EQ(pack.checks.size(), 2u);
  EXPECT_EQ(pack.rounding, exact::Rounding::kHalfUp);
  EXPECT_EQ(pack.instruments.members.size(), 2u);
  EXPECT_EQ(pack.instrument_files.at("A"), "1.json");
  EXPECT_EQ(pack.file, "2.json");
}

TEST(Extends, ReplacesOneByOneAndWhole) {
  const ReadPacks read = heir(R"(
    "factors": {"grain": "demo.grain@2", "more": "demo.more"},
    "constants": {"b": {"value": "20", "unit": "t"}, "d": "4"},
    "parameters": {"v": {"default": 2}},
    "tables": {"t": {"columns": {"x": {"input": "number", "unit": "kg"}, "w": {"formula": "1", "unit": "1"}}},
               "s": {"key": []}},
    "checks": [{"id": "c1", "table": "u", "severity": "info", "require": "true", "message": "m"},
               {"id": "c3", "table": "t", "severity": "info", "require": "true", "message": "m"}],
    "needs": ["r"],
    "instruments": {"B": {"unit": "kg", "step": "1", "roles": ["issuer", "entity"], "moves": {}}, "C": {"unit": "t", "step": "1", "roles": ["issuer", "entity"], "moves": {}}})");
  ASSERT_EQ(read.problems, Strings());
  const Pack& pack = *read.find("p@2");
  ASSERT_EQ(pack.factors.size(), 3u);
  EXPECT_EQ(pack.factors[0].version, "2");
  EXPECT_EQ(pack.factors[2].alias, "more");
  EXPECT_EQ(names(pack.constants), "a b c d ");
  EXPECT_EQ(pack.constants[1].unit, "t");
  EXPECT_EQ(*pack.parameters[1].default_number, exact::Number(2));
  EXPECT_EQ(names(pack.tables), "t u s ");
  const TableDefinition& table = *pack.table("t");
  EXPECT_EQ(names(table.columns), "x y z w ");
  EXPECT_EQ(table.columns[0].unit, "kg");
  EXPECT_FALSE(table.columns[0].min) << "a column is replaced whole";
  EXPECT_EQ(table.columns[0].place.file, "2.json");
  EXPECT_EQ(table.columns[1].place.file, "1.json");
  EXPECT_EQ(table.key.size(), 2u);
  ASSERT_EQ(pack.checks.size(), 3u);
  EXPECT_EQ(pack.checks[0].table, "u");
  EXPECT_EQ(pack.checks[2].id, "c3");
  EXPECT_EQ(pack.needs, Strings{"r"});
  EXPECT_EQ(pack.instrument_files.at("A"), "1.json");
  EXPECT_EQ(pack.instrument_files.at("B"), "2.json");
  EXPECT_EQ(pack.instruments.find("B")->find("unit")->text, "kg");
  // The ancestor stays as it was.
  EXPECT_EQ(names(read.find("p@1")->tables), "t u ");
  EXPECT_EQ(read.find("p@1")->table("t")->columns[0].unit, "t");
}

TEST(Extends, Removes) {
  const ReadPacks read = heir(R"(
    "factors": {"loss": null}, "constants": {"b": null}, "parameters": {"w": null},
    "tables": {"t": {"columns": {"y": null}}, "u": null},
    "checks": [{"id": "c1", "remove": true}], "instruments": {"A": null})");
  ASSERT_EQ(read.problems, Strings());
  const Pack& pack = *read.find("p@2");
  EXPECT_EQ(pack.factors.size(), 1u);
  EXPECT_EQ(names(pack.constants), "a c ");
  EXPECT_EQ(names(pack.parameters), "v ");
  EXPECT_EQ(names(pack.tables), "t ");
  EXPECT_EQ(names(pack.table("t")->columns), "x z ");
  ASSERT_EQ(pack.checks.size(), 1u);
  EXPECT_EQ(pack.checks[0].id, "c2");
  EXPECT_EQ(pack.instruments.members.size(), 1u);
  EXPECT_FALSE(pack.instrument_files.contains("A"));
}

TEST(Extends, MembersOfATableAreReplacedWhereGiven) {
  const ReadPacks read = heir(R"("tables": {"t": {"key": ["k", "year"], "every": "year",
    "optional": false, "cross": [], "label": "U"}})");
  ASSERT_EQ(read.problems, Strings());
  const TableDefinition& table = *read.find("p@2")->table("t");
  EXPECT_EQ(table.key, (Strings{"k", "year"}));
  EXPECT_EQ(table.every->period, base::PeriodKind::kYear);
  EXPECT_FALSE(table.optional);
  EXPECT_TRUE(table.cross.empty());
  EXPECT_EQ(table.label.en, "U");
}

TEST(Extends, RoundingOfTheHeirCountsForInheritedColumns) {
  const ReadPacks read = heir(R"("rounding": "down")");
  ASSERT_EQ(read.problems, Strings());
  const auto& columns = read.find("p@2")->table("t")->columns;
  EXPECT_EQ(columns[1].round->rule.mode, exact::Rounding::kDown);
  EXPECT_EQ(columns[2].round->rule.mode, exact::Rounding::kUp);
  EXPECT_EQ(read.find("p@1")->table("t")->columns[1].round->rule.mode, exact::Rounding::kHalfUp);
}

TEST(Extends, GoesThroughAChainInAnyOrderOfFiles) {
  const ReadPacks read =
      read_texts({pack_text(3, R"("extends": "2", "constants": {"b": null, "c": "33"})"),
                  pack_text(1, R"("constants": {"a": "1", "b": "1"})"),
                  pack_text(2, R"("extends": "1", "constants": {"a": "22", "c": "2"})")});
  ASSERT_EQ(read.problems, Strings());
  const Pack& pack = *read.find("p@3");
  EXPECT_EQ(names(pack.constants), "a c ");
  EXPECT_EQ(pack.constants[0].text, "22");
  EXPECT_EQ(pack.constants[1].text, "33");
}

TEST(Extends, SharesFormulasWithItsAncestor) {
  const ReadPacks read = heir("");
  EXPECT_EQ(read.find("p@1")->table("t")->columns[1].cases[0].formula.expression.get(),
            read.find("p@2")->table("t")->columns[1].cases[0].formula.expression.get());
}

struct RefusalCase {
  const char* name;
  const char* members;  // of the heir, after "extends"
  const char* line;
};

const RefusalCase kRefusals[] = {
    {"Table", R"("tables": {"tt": null})",
     "2.json:2:34: tables.tt: nothing of this name to remove (did you mean \"t\"?)"},
    {"Column", R"("tables": {"u": {"columns": {"m": null}}})",
     "2.json:2:51: tables.u.columns.m: nothing of this name to remove (did you mean \"n\"?)"},
    {"Constant", R"("constants": {"aa": null})",
     "2.json:2:37: constants.aa: nothing of this name to remove (did you mean \"a\"?)"},
    {"Parameter", R"("parameters": {"q": null})",
     "2.json:2:37: parameters.q: nothing of this name to remove (did you mean \"w\"?)"},
    {"Factor", R"("factors": {"grains": null})",
     "2.json:2:39: factors.grains: nothing of this name to remove (did you mean \"grain\"?)"},
    {"Check", R"("checks": [{"id": "c9", "remove": true}])",
     "2.json:2:28: checks.c9: nothing of this name to remove (did you mean \"c1\"?)"},
    {"Instrument", R"("instruments": {"D": null})",
     "2.json:2:38: instruments.D: nothing of this name to remove"},
    {"NewTableWithoutKey", R"("tables": {"new": {"columns": {}}})",
     "2.json:2:35: tables.new: lacks \"key\""},
    {"EveryOutsideTheNewKey", R"("tables": {"t": {"key": ["k"]}})",
     "1.json:8:43: tables.t.every: \"month\" is not in the key"},
    {"KeyOverAColumn", R"("tables": {"u": {"key": ["k", "n"]}})",
     "1.json:13:42: tables.u.columns.n: is a key column already; a key column is not declared "
     "again"},
};

class ExtendsRefusals : public testing::TestWithParam<RefusalCase> {};

TEST_P(ExtendsRefusals, SayWhatAndWhere) {
  const ReadPacks read = heir(GetParam().members);
  EXPECT_EQ(read.problems, Strings{GetParam().line});
  EXPECT_EQ(read.find("p@2"), nullptr);
  EXPECT_NE(read.find("p@1"), nullptr);
}

INSTANTIATE_TEST_SUITE_P(Table, ExtendsRefusals, testing::ValuesIn(kRefusals),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(ExtendsRefusals, ACircleIsNamedOnce) {
  const ReadPacks read =
      read_texts({pack_text(1, R"("extends": "2")"), pack_text(2, R"("extends": "3")"),
                  pack_text(3, R"("extends": "2")"), pack_text(4, "")});
  EXPECT_EQ(read.problems, Strings{"2.json:2:12: extends: a circle of versions: 2 → 3 → 2"});
  ASSERT_EQ(read.packs.size(), 1u);
  EXPECT_EQ(read.packs[0].name(), "p@4");
}

TEST(ExtendsRefusals, AMissingVersionGetsTheNearest) {
  const ReadPacks read = read_texts({pack_text(12, ""), pack_text(13, R"("extends": "112")"),
                                     pack_text(14, R"("extends": "13")")});
  EXPECT_EQ(read.problems,
            Strings{"2.json:2:12: extends: there is no p@112 (did you mean \"12\"?)"});
  ASSERT_EQ(read.packs.size(), 1u);
}

TEST(ExtendsRefusals, NothingIsBuiltOnAFaultyVersion) {
  const ReadPacks read =
      read_texts({pack_text(1, R"("tables": {"t": {"key": ["a"], "columns": {"x": {}}}})"),
                  pack_text(2, R"("extends": "1", "tables": {"t": {"columns": {"y": null}}})")});
  EXPECT_EQ(read.problems.size(), 1u);
  EXPECT_TRUE(read.packs.empty());
}

TEST(ExtendsRefusals, LongChainsNeedNoStack) {
  std::vector<std::string> texts{pack_text(1, R"("constants": {"a": "1"})")};
  for (int i = 2; i <= 3000; ++i) {
    texts.push_back(pack_text(i, "\"extends\": \"" + std::to_string(i - 1) + "\""));
  }
  std::reverse(texts.begin(), texts.end());
  const ReadPacks read = read_texts(texts);
  EXPECT_EQ(read.problems, Strings());
  EXPECT_EQ(read.packs.size(), 3000u);
}

}  // namespace
}  // namespace qz::rules
