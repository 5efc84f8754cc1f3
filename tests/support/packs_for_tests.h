// Checked packs from JSON, for tests of what stands above the rules.

#ifndef QZ_TESTS_SUPPORT_PACKS_FOR_TESTS_H_
#define QZ_TESTS_SUPPORT_PACKS_FOR_TESTS_H_

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "exact/unit.h"
#include "factor/library.h"
#include "rules/checked_packs.h"
#include "rules/pack_reader.h"

namespace qz::testing_support {

// What a test's packs stand on. Packs point into it: keep it as long as them.
struct TestPacks {
  exact::UnitCatalogue units;
  factor::Library factors;
  std::vector<std::shared_ptr<const rules::Pack>> installed;
  std::optional<rules::CheckedPacks> packs;
};

inline std::string lines(const base::Findings& findings, const char* language = "en") {
  std::string out;
  for (const base::Finding& one : findings) out += base::finding_line(one, language) + "\n";
  return out;
}

// A factor table: its datapackage.json and its CSV.
using FactorText = std::pair<std::string, std::string>;

// All packs of `texts`, in one job over `years`.
inline std::unique_ptr<TestPacks> check_packs(const std::vector<std::string>& texts,
                                              const std::string& units_json, int year_first,
                                              int year_last,
                                              const std::vector<FactorText>& factors = {}) {
  auto out = std::make_unique<TestPacks>();
  base::Result<exact::UnitCatalogue> units = factor::read_units({{"units.json", units_json}});
  EXPECT_TRUE(units) << (units ? "" : base::finding_line(units.failure(), "en"));
  if (!units) return out;
  out->units = *units;

  base::Findings of_factors;
  for (const auto& [package, csv] : factors) {
    auto table = factor::read_factor_table(
        {"datapackage.json", package, "factors.csv", csv, "digest"}, out->units, of_factors);
    EXPECT_EQ(lines(of_factors), "");
    if (table) out->factors.add(std::move(*table));
  }

  std::vector<rules::PackFile> files;
  for (const std::string& text : texts) {
    files.push_back({"pack" + std::to_string(files.size() + 1) + ".json", text, "digest"});
  }
  base::Findings problems;
  rules::PackRequest request;
  request.cycle = {"the-cycle", year_first, year_last};
  request.as_of = base::Date::of(year_last, 12, 31);
  for (rules::Pack& pack : rules::read_packs(files, problems)) {
    if (request.packs.empty() || request.packs.back() != pack.id) request.packs.push_back(pack.id);
    out->installed.push_back(std::make_shared<const rules::Pack>(std::move(pack)));
  }
  out->packs = rules::check_packs(out->installed, request, out->factors, out->units, problems);
  EXPECT_EQ(lines(problems), "");
  EXPECT_TRUE(out->packs.has_value());
  return out;
}

}  // namespace qz::testing_support

#endif  // QZ_TESTS_SUPPORT_PACKS_FOR_TESTS_H_
