// Examples: runs a pack's own worked examples, each cell compared exactly.

#ifndef QZ_CHECK_EXAMPLES_H_
#define QZ_CHECK_EXAMPLES_H_

#include <memory>
#include <string>
#include <vector>

#include "base/finding.h"
#include "exact/unit.h"
#include "factor/library.h"
#include "rules/pack.h"

namespace qz::check {

struct ExampleResult {
  std::string pack;  // id@version
  std::string example;
  std::size_t cells = 0;  // compared
  std::vector<std::string>
      failures;  // "unit_year(A, 1, 2022).E: expected 2044, got 2045"; or why it cannot run
};

// Runs every example of `pack` (the edition it stands in, pinned) among the installed packs.
std::vector<ExampleResult> run_examples(
    const rules::Pack& pack, const std::vector<std::shared_ptr<const rules::Pack>>& installed,
    const factor::Library& factors, const exact::UnitCatalogue& units);

}  // namespace qz::check

#endif  // QZ_CHECK_EXAMPLES_H_
