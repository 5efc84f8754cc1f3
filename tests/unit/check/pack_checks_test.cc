// A pack's own checks: false, missing, wrong; and findings in the order of the ledger.

#include "check/pack_checks.h"

#include <gtest/gtest.h>

#include "support/small_job.h"

namespace qz::check {
namespace {

using testing_support::pack;
using testing_support::run_job;
using testing_support::SmallJob;

std::string with_check(const std::string& members, const std::string& severity = "error") {
  std::string text = pack(R"("t": {"key": ["entity"], "columns": {
      "n": {"input": "number", "unit": "t", "optional": true}, "d": {"unit": "1", "formula": "n / n"}}})");
  text.pop_back();
  return text + R"(, "checks": [{"id": "low", "table": "t", "severity": ")" + severity + R"(", )" +
         members + R"(, "message": {"en": "n is {n}", "zh": "n 为 {n}"}, "cite": "§1"}]})";
}

struct Case {
  const char* members;
  const char* severity;
  const char* expected;  // entity, code and severity of each finding
};

std::string told(const Case& one) {
  const SmallJob job =
      run_job({with_check(one.members, one.severity)}, {{"t", "entity,n\nC,0\nA,6\nB,\n"}});
  base::Findings findings;
  run_pack_checks(job.results, findings);
  sort_findings(job.results, findings);
  std::string out;
  for (const base::Finding& finding : findings) {
    const char* severity = finding.severity == base::Severity::kError     ? "error"
                           : finding.severity == base::Severity::kWarning ? "warning"
                                                                          : "info";
    out += (out.empty() ? "" : "; ") + finding.key[0].second + " " + finding.code + " " + severity;
  }
  return out;
}

TEST(PackChecks, FalseMissingAndWrong) {
  const std::vector<Case> cases = {
      {R"("require": "n > 1[t]")", "error", "B low warning; C low error"},
      {R"("require": "n > 1[t]")", "info", "B low info; C low info"},
      {R"("require": "n != null")", "warning", "B low warning"},
      {R"("require": "d = 1")", "error", "B low warning"},  // of C the cell's own finding is enough
      {R"("require": "1 / (n / 1[t]) > 0")", "error", "B low warning; C division-by-zero error"},
      {R"("when": "n != null", "require": "n > 1[t]")", "error", "C low error"},
      {R"("when": "n > 1[t]", "require": "false")", "error", "A low error; B low warning"},
  };
  for (const Case& one : cases) EXPECT_EQ(told(one), one.expected) << one.members;
}

TEST(PackChecks, TheMessageShowsTheCell) {
  const SmallJob job =
      run_job({with_check(R"("require": "n > 1[t]")")}, {{"t", "entity,n\nA,0.50\nB,\n"}});
  base::Findings findings;
  run_pack_checks(job.results, findings);
  ASSERT_EQ(findings.size(), 2u);
  EXPECT_EQ(findings[0].message.zh, "n 为 0.50");
  EXPECT_EQ(findings[0].message.en, "n is 0.50");
  EXPECT_EQ(findings[0].place.line, 2);
  EXPECT_EQ(findings[1].message.en.find("cannot be checked"), 0u);
  EXPECT_EQ(findings[1].message.zh.find("cannot"), std::string::npos);
}

}  // namespace
}  // namespace qz::check
