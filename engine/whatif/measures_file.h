// Measures file: the member "measures" of a scenarios file, read strictly and not yet acted on.

#ifndef QZ_WHATIF_MEASURES_FILE_H_
#define QZ_WHATIF_MEASURES_FILE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/place.h"
#include "rules/column_definition.h"
#include "whatif/candidates.h"
#include "whatif/scenarios_file.h"

namespace qz::whatif {

// The name under which an amount for the whole cycle stands beside those of single years.
inline constexpr const char* kWholeCycle = "cycle";

// Amounts by year, or one for kWholeCycle.
using ByYear = std::map<std::string, Amount>;

struct WrittenMeasure {
  std::string id;
  base::Bilingual title;
  std::vector<WrittenChange> changes;
  ByYear cost;
  std::vector<std::string> excludes, needs;  // ids
  base::Place place;
};

struct WrittenMeasures {
  std::vector<WrittenMeasure> list;
  ByYear budget;  // may have years and kWholeCycle both; empty: none
  // What should be small, where it is not the target's left side.
  std::optional<rules::Formula> effect;
  std::vector<rules::Formula> target;  // conditions that must all hold; empty: none
  std::uint64_t asked_max = 20'000;
  bool at_most_additive = false;
  bool by_solver = false;  // also where there are few enough to enumerate
  base::Place place;

  // What excludes and needs what, by index. Written once `list` is checked.
  std::vector<std::vector<std::uint32_t>> excludes, needs;
  std::vector<std::uint32_t> order;  // every measure after all that it needs
};

// The most choices that one search may ask for.
inline constexpr std::uint64_t kAskedMax = 40'000'000;

// Every problem goes to `problems` in one pass: ids that are unknown (with the nearest) or stand
// twice, measures that need each other in a circle, one that needs what it excludes, neither target
// nor budget. Empty result if there were any.
std::optional<WrittenMeasures> read_measures(const ScenariosFile& file, base::Findings& problems);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_MEASURES_FILE_H_
