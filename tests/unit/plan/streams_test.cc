// Which tables pass by, and why others do not: one pack for each reason.

#include "plan/streams.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/packs_for_tests.h"

namespace qz::plan {
namespace {

constexpr const char* kUnits = R"J({"units": {"t": {"kind": "mass"}}})J";

constexpr const char* kFactors =
    R"J({"name": "x.fuels", "version": "1", "title": "x",
    "resources": [{"name": "x.fuels", "path": "factors.csv", "schema": {"primaryKey": ["kind"], "fields": [
    {"name": "kind", "type": "string"}, {"name": "c", "type": "number", "unit": "1"},
    {"name": "source", "type": "string"}, {"name": "status", "type": "string"}]}}]})J";

// The streams of a pack whose `given` tables have files: "r site" ("" if none).
std::string passing(const std::string& tables, const std::vector<std::string>& given,
                    const std::string& checks = "") {
  const std::string text =
      R"J({"pack": "x.rules", "version": "1", "title": {"en": "x", "zh": "x"}, "document": "x",
      "applies": {"from": "2000-01-01"}, "rounding": "half-even", "factors": ["x.fuels@1"],
      "tables": {)J" +
      tables + "}" + (checks.empty() ? "" : R"J(, "checks": [)J" + checks + "]") + "}";
  const auto world = testing_support::check_packs(
      {text}, kUnits, 2022, 2022, {{kFactors, "kind,c,source,status\na,2,x,verified\n"}});
  if (!world->packs) return "refused";
  base::Findings problems;
  const auto program =
      from_packs(std::make_shared<const rules::CheckedPacks>(*world->packs), problems);
  if (!program) return "refused";
  std::vector<bool> has_file(world->packs->tables.size(), false);
  for (const std::string& name : given)
    has_file[static_cast<std::size_t>(*world->packs->table(name))] = true;
  std::string out;
  for (const Stream& one : streams(*program, has_file))
    out +=
        (out.empty() ? "" : " ") + world->packs->tables[static_cast<std::size_t>(one.table)].name;
  return out;
}

// A table r of rows and one that sums it; `row` and `more` are columns of r.
std::string rows(const std::string& total, const std::string& more = "",
                 const std::string& key = R"J("entity", "kind", "month", "row")J",
                 const std::string& members = "") {
  return R"J("r": {"key": [)J" + key + "]" + members +
         R"J(, "columns": {"a": {"input": "number", "unit": "t"}, "yes": {"input": "bool", "optional": true},
         "on": {"input": "date", "optional": true})J" +
         more + R"J(}}, "s": {"key": ["entity", "year"], "columns": {"x": {)J" + total + "}}}";
}

std::string formula(const std::string& text, bool number = true) {
  return (number ? R"J("unit": "t", "formula": ")J" : R"J("formula": ")J") + text + "\"";
}

struct Case {
  const char* why;
  std::string tables;
  bool passes;
};

TEST(Streams, ATablePassesByIfNobodyAsksForItsRows) {
  const std::string sum = formula("sum(r.a)");
  const std::vector<Case> cases = {
      {"summed", rows(sum), true},
      {"summed after a filter", rows(formula("sum(r[yes and kind = \\\"a\\\"].a)")), true},
      {"a filter by a month that is written", rows(formula("sum(r[month = \\\"2022-01\\\"].a)")),
       true},
      {"a product of the row", rows(formula("sum(r.a * r.a / 1[t])")), true},
      {"mean, by weight", rows(formula("mean(r.a, r.a)")), true},
      {"min of dates", rows(formula("min(r.on)", false)), true},
      {"any", rows(formula("any(r.yes)", false)), true},
      {"several aggregates", rows(formula("sum(r.a) + min(r.a) / count(r)")), true},
      {"a column made of factors",
       rows(formula("sum(r.b)"), R"J(, "b": {"unit": "t", "formula": "a * fuels(kind).c"})J"),
       true},
      {"cases that keep what was given",
       rows(formula("sum(r.b)"),
            R"J(, "b": {"unit": "t", "cases": [{"when": "yes", "formula": "a"}]})J"),
       true},
      {"a constant table looked up by no key",
       rows(formula("sum(r.b)"), R"J(, "b": {"unit": "t", "formula": "a * city.p"})J") +
           R"J(, "city": {"key": [], "columns": {"p": {"input": "number", "unit": "1"}}})J",
       true},
      {"without a period",
       R"J("r": {"key": ["entity", "row"], "columns": {"a": {"input": "number", "unit": "t"}}},
           "s": {"key": ["entity"], "columns": {"x": {"unit": "t", "formula": "sum(r.a)"}}})J",
       true},
      {"nobody reads it at all", rows(R"J("unit": "t", "formula": "1[t]")J"), true},

      {"its key does not end in row", rows(sum, "", R"J("entity", "kind", "month")J"), false},
      {"a column of it is reported",
       rows(sum, R"J(, "b": {"unit": "t", "formula": "a", "round": 2, "report": true})J"), false},
      {"a column of it is a link", rows(sum, R"J(, "place": {"input": "text", "link": true})J"),
       false},
      {"join goes through texts", rows(formula("join(r.kind)", false)), false},
      {"only compares rows", rows(formula("only(r.a)")), false},
      {"the filter asks for my row", rows(formula("sum(r[kind = this.entity].a)")), false},
      {"an aggregate within the row",
       rows(sum, R"J(, "b": {"unit": "t", "formula": "a * sum(q.a) / 1[t]"})J") +
           R"J(, "q": {"key": ["entity", "unit"], "columns": {"a": {"input": "number", "unit": "t"}}})J",
       false},
      {"a row above that it is summed in",
       rows(formula("sum(r.b)"), R"J(, "b": {"unit": "t", "formula": "a / y.z * 1[t]"})J") +
           R"J(, "y": {"key": ["entity", "year"], "columns": {"z": {"unit": "t", "formula": "sum(r.a)"}}})J",
       false},
  };
  for (const Case& one : cases)
    EXPECT_EQ(passing(one.tables, {"r"}), one.passes ? "r" : "") << one.why;
}

// A register with a file is asked for each row; without one its rows come from the rows themselves.
TEST(Streams, RowsAboveMustBeThereBeforeTheTableIsRead) {
  const std::string reads =
      rows(formula("sum(r.b)"), R"J(, "b": {"unit": "t", "formula": "a * site.v"})J") +
      R"J(, "site": {"key": ["entity"], "columns": {"w": {"input": "number", "unit": "1", "optional": true}, "v": {"unit": "1", "formula": "w * 2"}}})J";
  EXPECT_EQ(passing(reads, {"r", "site"}), "r");
  EXPECT_EQ(passing(reads, {"r"}), "");
  EXPECT_EQ(passing(reads, {"site"}), "");
}

TEST(Streams, ChecksOfTheTableAskItsOwnRowOnly) {
  const auto check = [](const std::string& require) {
    return R"J({"id": "c", "table": "r", "severity": "warning", "require": ")J" + require +
           R"J(", "message": {"en": "x", "zh": "x"}, "cite": "x"})J";
  };
  const std::string tables = rows(formula("sum(r.a)")) +
                             R"J(, "q": {"key": ["entity", "unit"], "columns": {
                             "n": {"input": "number", "unit": "t"}}})J";
  EXPECT_EQ(passing(tables, {"r"}, check("a > 0[t]")), "r");
  EXPECT_EQ(passing(tables, {"r"}, check("a > sum(q.n)")), "");
}

TEST(Streams, OfSeveralTablesEachIsAskedByItself) {
  const std::string other = R"J(, "q": {"key": ["entity", "row"], "columns": {
      "n": {"input": "number", "unit": "t"}}}, "e": {"key": ["entity"], "columns": {
      "m": {"unit": "t", "formula": "max(q.n)"}}})J";
  EXPECT_EQ(passing(rows(formula("sum(r.a)")) + other, {"r", "q"}), "q r");
  EXPECT_EQ(passing(rows(formula("sum(r[kind = this.entity].a)")) + other, {"r", "q"}), "q");
  // Crossed rows are made from rows, and computed links tell them apart.
  EXPECT_EQ(
      passing(rows(formula("sum(r.a)")) +
                  R"J(, "u": {"key": ["unit"], "columns": {"v": {"input": "number", "unit": "t"},
                        "set": {"formula": "unit", "link": true}}})J",
              {"r"}),
      "");
}

}  // namespace
}  // namespace qz::plan
