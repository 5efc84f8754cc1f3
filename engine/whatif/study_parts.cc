// Study, parts of their own: uncertainty and measures.

#include <utility>

#include "whatif/result_sections.h"
#include "whatif/study.h"

namespace qz::whatif {

bool Study::read_parts(base::Findings& problems) {
  const std::size_t before = problems.size();
  const auto stands = [](const text::JsonValue& value) {
    return !value.is(text::JsonValue::Kind::kNull);
  };
  if (stands(file_.uncertainty)) uncertainty_ = read_uncertainty(file_, problems);
  if (stands(file_.measures)) measures_ = read_measures(file_, problems);
  return problems.size() == before;
}

void Study::resolve_parts(base::Findings& problems) {
  if (uncertainty_) {
    uncertain_ =
        resolve_uncertainty(*base_, *resolver_, *uncertainty_, targets_.uncertainty, problems);
  }
  if (measures_) {
    candidates_ = resolve_measures(*base_, *resolver_, *measures_, targets_.measures, problems);
  }
}

std::optional<base::Finding> Study::run_uncertainty_part(ResultSink& sink) {
  const auto result = run_uncertainty(*base_, *uncertainty_, std::move(*uncertain_),
                                      {options_.run.threads, false, options_.one_by_one});
  uncertain_.reset();
  if (!result) return result.failure();
  sink.section(uncertainty_section(*result));
  return std::nullopt;
}

std::optional<base::Finding> Study::run_measures_part(ResultSink& sink) {
  const auto result = run_measures(*base_, *measures_, std::move(*candidates_),
                                   {options_.run.threads, false, options_.one_by_one});
  candidates_.reset();
  if (!result) return result.failure();
  if (result->cheapest && !result->cheapest->choice) worst_ = base::Severity::kError;
  sink.section(measures_section(*result));
  return std::nullopt;
}

}  // namespace qz::whatif
