// Any bytes as a scenarios file, measures and uncertain inputs included: parts that keep what their
// headers promise, or findings with a sentence and a place.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "whatif/measures_file.h"
#include "whatif/scenarios_file.h"
#include "whatif/uncertainty_file.h"

namespace {

using qz::text::JsonValue;

void check(const qz::whatif::WrittenMeasures& measures) {
  const std::size_t n = measures.list.size();
  QZ_ASSERT(measures.excludes.size() == n && measures.needs.size() == n);
  QZ_ASSERT(measures.order.size() == n);
  for (const auto& needs : measures.needs) {
    for (const std::uint32_t other : needs) QZ_ASSERT(other < n);
  }
}

void check(const qz::whatif::WrittenUncertainty& uncertainty) {
  QZ_ASSERT(uncertainty.samples != 1 && uncertainty.samples <= qz::whatif::kSamplesMax);
  for (const auto& source : uncertainty.sources) QZ_ASSERT(!source.amounts.empty());
}

void check(const qz::whatif::ScenariosFile& file) {
  QZ_ASSERT(!file.base.empty());
  QZ_ASSERT(file.scenarios.size() <= qz::whatif::kScenariosMax);
  for (const auto& scenario : file.scenarios) {
    QZ_ASSERT(!scenario.name.empty() && scenario.changes.size() <= qz::whatif::kChangesMax);
    for (const auto& change : scenario.changes)
      QZ_ASSERT(change.pin.empty() != change.target.set.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  qz::base::Findings problems;
  const auto file = qz::whatif::read_scenarios(bytes, "scenarios.json", problems);
  QZ_ASSERT(file.has_value() == problems.empty());
  if (file) check(*file);
  if (file && !file->measures.is(JsonValue::Kind::kNull)) {
    const auto measures = qz::whatif::read_measures(*file, problems);
    QZ_ASSERT(measures.has_value() == problems.empty());
    if (measures) check(*measures);
    problems.clear();
  }
  if (file && !file->uncertainty.is(JsonValue::Kind::kNull)) {
    const auto uncertainty = qz::whatif::read_uncertainty(*file, problems);
    QZ_ASSERT(uncertainty.has_value() == problems.empty());
    if (uncertainty) check(*uncertainty);
  }
  for (const qz::base::Finding& problem : problems) QZ_ASSERT(!problem.message.en.empty());
  return 0;
}
