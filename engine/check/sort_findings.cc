// Sort findings: the one order that ledgers, messages and tests share.

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

#include "check/pack_checks.h"

namespace qz::check {
namespace {

// Findings of the inputs stand before those of rules.
bool is_of_inputs(const base::Finding& finding) {
  static constexpr std::array<std::string_view, 6> kCodes = {"missing-row",    "missing-value",
                                                             "not-in-edition", "out-of-order",
                                                             "out-of-range",   "too-many-places"};
  return std::find(kCodes.begin(), kCodes.end(), finding.code) != kCodes.end();
}

int compare_keys(const base::Key& a, const base::Key& b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const auto& [name, left] = a[i];
    const std::string& right = b[i].second;
    // Record numbers count as numbers: the shorter text is the smaller one.
    if (name == "row" && left.size() != right.size()) return left.size() < right.size() ? -1 : 1;
    if (const int order = left.compare(right); order != 0) return order;
  }
  return a.size() < b.size() ? -1 : (a.size() > b.size() ? 1 : 0);
}

}  // namespace

void sort_findings(const compute::Results& results, base::Findings& findings) {
  (void)results;
  std::stable_sort(findings.begin(), findings.end(),
                   [](const base::Finding& a, const base::Finding& b) {
                     const bool first_a = !is_of_inputs(a), first_b = !is_of_inputs(b);
                     if (first_a != first_b) return first_a < first_b;
                     if (a.table != b.table) return a.table < b.table;
                     if (const int order = compare_keys(a.key, b.key); order != 0) return order < 0;
                     return std::tie(a.column, a.code, a.place.file, a.place.line, a.message.en) <
                            std::tie(b.column, b.code, b.place.file, b.place.line, b.message.en);
                   });
}

}  // namespace qz::check
