// Any bytes as a scenarios file: a file within its limits, or findings.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "whatif/scenarios_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  qz::base::Findings problems;
  const auto file = qz::whatif::read_scenarios(bytes, "s.json", problems);
  QZ_ASSERT(file.has_value() == problems.empty());
  for (const qz::base::Finding& problem : problems) QZ_ASSERT(!problem.message.en.empty());
  if (!file) return 0;
  QZ_ASSERT(!file->base.empty());
  QZ_ASSERT(file->scenarios.size() <= qz::whatif::kScenariosMax);
  for (const auto& scenario : file->scenarios) {
    QZ_ASSERT(!scenario.name.empty() && scenario.changes.size() <= qz::whatif::kChangesMax);
    for (const auto& change : scenario.changes)
      QZ_ASSERT(change.pin.empty() != change.target.set.empty());
  }
  return 0;
}
