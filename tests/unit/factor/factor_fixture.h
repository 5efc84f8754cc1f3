// Small factor tables from text, for the tests of this folder.

#ifndef QZ_TESTS_UNIT_FACTOR_FACTOR_FIXTURE_H_
#define QZ_TESTS_UNIT_FACTOR_FACTOR_FIXTURE_H_

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "exact/unit.h"
#include "factor/library.h"

namespace qz::factor {

inline exact::UnitCatalogue test_units() {
  const UnitFile file{"units.json", R"({"units": {
    "t": {"kind": "mass"}, "kg": {"kind": "mass", "ratio": "1/1000", "of": "t"},
    "GJ": {"kind": "energy"}, "MPa": {"kind": "pressure"}, "C": {"kind": "temperature"}}})"};
  base::Result<exact::UnitCatalogue> units = read_units({file});
  EXPECT_TRUE(units) << (units ? "" : base::finding_line(units.failure(), "en"));
  return *units;
}

// `fields` without source and status, `key` as JSON.
inline std::string package(const std::string& key, const std::string& fields) {
  return R"({"name": "x.test", "version": "1", "resources": [{"path": "test.csv", "schema": {
    "primaryKey": )" +
         key + R"(, "fields": [)" + fields + R"(,
    {"name": "source", "type": "string"}, {"name": "status", "type": "string"}]}}]})";
}

struct Read {
  std::optional<FactorTable> table;
  std::vector<std::string> problems;
};

inline Read read_text(const std::string& package_text, const std::string& csv,
                      const std::string& language = "en") {
  base::Findings problems;
  Read out;
  out.table = read_factor_table({"datapackage.json", package_text, "test.csv", csv, "digest"},
                                test_units(), problems);
  for (const base::Finding& one : problems)
    out.problems.push_back(base::finding_line(one, language));
  return out;
}

inline base::Date day(const char* text) { return *base::Date::parse(text); }

}  // namespace qz::factor

#endif  // QZ_TESTS_UNIT_FACTOR_FACTOR_FIXTURE_H_
