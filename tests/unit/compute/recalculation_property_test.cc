// Recalculation of random small jobs: the same cells as a run with the numbers in their files.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "unit/compute/varied_job.h"

namespace qz::compute {
namespace {

using testing_support::all_cells;
using testing_support::pack;
using testing_support::Recalculated;
using testing_support::VariedJob;

const char* const kFactor =
    R"({"name": "x.f", "version": "1", "title": "x",
    "resources": [{"name": "x.f", "path": "factors.csv", "schema": {"primaryKey": ["kind"], "fields": [
    {"name": "kind", "type": "string"}, {"name": "v", "type": "number", "unit": "1"},
    {"name": "source", "type": "string"}, {"name": "status", "type": "string"}]}}]})";

// Numbers at the edges of every representation, and quiet ones.
const std::vector<std::string> kNumbers = {"0",
                                           "1",
                                           "2.5",
                                           "-3",
                                           "7",
                                           "0.125",
                                           "10",
                                           "-0.05",
                                           "100.25",
                                           "9007199254740991",
                                           "9007199254740993",
                                           "9223372036854775807",
                                           "-9223372036854775807",
                                           "170141183460469231731687303715884105727",
                                           "0.0000001",
                                           "1.15"};

// What columns of m may say of inputs, of the column before ($) and of other tables.
const std::vector<std::string> kOwn = {"a * b",
                                       "a / b",
                                       "round(a * k / 3, 2)",
                                       "if a > b then $ * 2 else coalesce(c, site.p)",
                                       "site.p * a + $",
                                       "coalesce(m(site, month - 1).$, 1) + a",
                                       "set.q * b - $",
                                       "f(kind).v * a",
                                       "a ** 2 / 4",
                                       "min(a, b, $)",
                                       "max($, k)",
                                       "abs(a - b) + d",
                                       "floor(a * b / 7)",
                                       "round($ / (d - 1), 3)",
                                       "if kind = \\\"x\\\" then a * k else b",
                                       "sum(m[month < this.month].$)",
                                       "coalesce(c, d, a) * 2",
                                       "if c = null then $ else c * k",
                                       "round(a, 1) - round(b / 8, 1)",
                                       "-($) * 3",
                                       "sqrt(abs(a))",
                                       "ceiling($ / 2) + set.r",
                                       "if a between 1 and k then a else $",
                                       "if not($ > 5) or b = 1 then d else $ / b",
                                       "site.s + a",
                                       "if d in (1, a, 7) then 1 else $",
                                       "round(round(a / 8, 2) * set.q, 0)",
                                       "a * b * k * site.p",
                                       "count(m[month <= this.month and a > this.a])",
                                       "d + d - k",
                                       "c",
                                       "if c > 1 then c else $"};
const std::vector<std::string> kSums = {"sum(m.$)",
                                        "mean(m.$, m.b)",
                                        "max(m.$)",
                                        "sum(m[a > 2].$)",
                                        "count(m[$ > 1])",
                                        "sum(m.$ * k)",
                                        "min(m.$)",
                                        "mean(m.$)",
                                        "sum(m.$ * site.p)",
                                        "if any(m.$ > 3) then 1 else 2",
                                        "sum(m[kind = \\\"x\\\"].$)",
                                        "sum(m.a) / sum(m.b)",
                                        "round(sum(m.$) / 7, 2)"};

const std::string& picked(const std::vector<std::string>& from, int by) {
  return from[static_cast<std::size_t>(by) % from.size()];
}

std::string with(std::string text, const std::string& column) {
  for (std::size_t at = text.find('$'); at != std::string::npos; at = text.find('$', at))
    text.replace(at, 1, column);
  return text;
}

std::string column(const std::string& name, const std::string& formula, int more) {
  static const std::vector<std::string> kMore = {"",
                                                 "",
                                                 R"("round": 2, )",
                                                 R"("when": "a != 10", )",
                                                 R"("round": 0, "when": "kind = \"x\"", )",
                                                 R"("input": "number", )"};
  const bool is_of_m = name[0] == 'x';
  const std::string members = is_of_m ? picked(kMore, more) : picked({"", R"("round": 1, )"}, more);
  return ", \"" + name + R"(": {"unit": "1", )" + members + R"("formula": ")" + formula + "\"}";
}

// Two editions, the second from July on, that differ in constants and in one formula.
VariedJob job(const std::vector<int>& picks) {
  std::size_t next = 0;
  const auto pick = [&] {
    const int round = static_cast<int>(next / picks.size());
    return picks[next++ % picks.size()] + round;
  };
  const auto tables = [&](int shift) {
    std::string m, y;
    std::string before = "a";
    for (int i = 1; i <= 4; ++i) {
      const std::string name = "x" + std::to_string(i);
      m += column(name, with(picked(kOwn, pick() + (i == 2 ? shift : 0)), before), pick());
      before = name;
    }
    for (int i = 1; i <= 3; ++i)
      y += column("t" + std::to_string(i), with(picked(kSums, pick()), "x" + std::to_string(i + 1)),
                  pick());
    return R"J("set": {"key": [], "columns": {"q": {"input": "number", "unit": "1"},
        "r": {"unit": "1", "formula": "q + k"}}},
      "site": {"key": ["site"], "columns": {"p": {"input": "number", "unit": "1", "optional": true},
        "s": {"unit": "1", "formula": "p * 2"}}},
      "m": {"key": ["site", "month"], "columns": {"kind": {"input": "text"},
        "a": {"input": "number", "unit": "1"}, "b": {"input": "number", "unit": "1", "min": "-100", "max": "1000000"},
        "c": {"input": "number", "unit": "1", "optional": true},
        "d": {"input": "number", "unit": "1", "formula": "a + b * k"})J" +
           m + R"J(}},
      "y": {"key": ["site", "year"], "columns": {"n": {"unit": "1", "formula": "count(m)"})J" +
           y + R"J(}},
      "z": {"key": [], "columns": {"s": {"unit": "1", "formula": "sum(y.t1)"},
        "v": {"unit": "1", "formula": "sum(y.t2) + set.q"},
        "w": {"unit": "1", "formula": "max(m.x2)"}, "all": {"unit": "1", "formula": "sum(m.x1)"}}})J";
  };
  const auto edition = [&](const std::string& version, const std::string& from,
                           const std::string& constant, int shift) {
    next = 0;
    return pack(tables(shift),
                R"("factors": {"f": "x.f@1"}, "constants": {"k": {"value": ")" + constant +
                    R"(", "unit": "1"}}, )",
                version, from);
  };
  VariedJob out;
  out.packs = {edition("1", R"({"from": "2000-01-01", "to": "2022-06-30"})", "{k1}", 0),
               edition("2", R"({"from": "2022-07-01"})", "{k2}", 1)};
  out.files = {{"set", "q\n{q}\n"},
               {"site", "site,p\nA,{pA}\nB,2\n"},
               {"m",
                "site,month,kind,a,b,c,d\nA,2022-01,x,{a1},2,,\nA,2022-02,y,3,{b2},{c2},{d2}\n"
                "A,2022-08,x,{a8},1.5,4,\nB,2022-01,y,2,5,,7\nB,2022-09,x,{a9},1,,{d9}\n"}};
  out.factors = {{kFactor, "kind,v,source,status\nx,{fx},x,verified\ny,0.5,x,verified\n"}};
  out.numbers = {{"k1", "2"}, {"k2", "3.5"},  {"q", "1.5"}, {"pA", "4"},
                 {"a1", "5"}, {"b2", "2"},    {"c2", "1"},  {"d2", ""},
                 {"a8", "6"}, {"a9", "8.25"}, {"d9", "11"}, {"fx", "0.25"}};
  return out;
}

struct Named {
  const char* name;
  bool may_be_empty;
};
constexpr Named kNamed[] = {{"k1", false}, {"k2", false}, {"q", true},  {"pA", true},
                            {"a1", true},  {"b2", true},  {"c2", true}, {"d2", true},
                            {"a8", true},  {"a9", true},  {"d9", true}, {"fx", false}};

std::vector<Target> targets_of(const Recalculated& job) {
  return {Target::constant(0, "k"),     Target::constant(1, "k"),     job.cell("set.q", ""),
          job.cell("site.p", "A"),      job.cell("m.a", "A/2022-01"), job.cell("m.b", "A/2022-02"),
          job.cell("m.c", "A/2022-02"), job.cell("m.d", "A/2022-02"), job.cell("m.a", "A/2022-08"),
          job.cell("m.a", "B/2022-09"), job.cell("m.d", "B/2022-09"), Target::factor_cell(0, 1, 0)};
}

RC_GTEST_PROP(RecalculationProperty, GivesWhatARunWithTheNumbersGives, ()) {
  const auto picks = *rc::gen::container<std::vector<int>>(24, rc::gen::inRange(0, 1000));
  const VariedJob varied = job(picks);
  const Rung rung = static_cast<Rung>(*rc::gen::inRange(0, 5));
  Recalculated recalculated(varied, rung);
  if (!recalculated.base().results.packs || !recalculated.base().problems.empty())
    RC_DISCARD("a circle");
  std::vector<std::map<std::uint32_t, std::string>> values;
  std::vector<std::vector<std::string>> expected;
  const int variations = *rc::gen::inRange(1, 6);
  for (int v = 0; v < variations; ++v) {
    std::map<std::uint32_t, std::string> some;
    VariedJob::Numbers changed;
    for (const int at : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12))) {
      if (some.size() == 4) break;
      const Named& named = kNamed[at];
      const int by = *rc::gen::inRange(0, static_cast<int>(kNumbers.size()) + 1);
      const bool empty = by == static_cast<int>(kNumbers.size()) && named.may_be_empty;
      const std::string text = empty ? "" : picked(kNumbers, by);
      some[static_cast<std::uint32_t>(at)] = text;
      changed[named.name] = text;
    }
    values.push_back(some);
    expected.push_back(all_cells(varied.run(changed)));
  }
  RecalculationOptions options;
  options.block = static_cast<std::size_t>(*rc::gen::inRange(0, 4));
  options.one_by_one = *rc::gen::arbitrary<bool>();
  const int threads = *rc::gen::inRange(1, 4);
  const auto found = recalculated.run(targets_of(recalculated), values, threads, options);
  RC_ASSERT(recalculated.refusal == "");
  RC_ASSERT(found == expected);
}

}  // namespace
}  // namespace qz::compute
