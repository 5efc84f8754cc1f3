// The functions of the rule language by name.

#include "rules/function_names.h"

#include <algorithm>
#include <array>

namespace qz::rules {

bool is_aggregate_name(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "sum",   "mean", "min",  "max",        "any",  "all",
      "count", "only", "join", "percentile", "rank", "latest"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

const std::vector<std::string>& function_names() {
  static const std::vector<std::string> kNames = {
      "abs",  "all",   "any",   "ceiling", "coalesce", "count",  "date",    "days",
      "end",  "exp",   "floor", "join",    "last",     "latest", "ln",      "max",
      "mean", "min",   "month", "months",  "not",      "only",   "overlap", "percentile",
      "rank", "round", "sqrt",  "start",   "sum",      "year"};
  return kNames;
}

bool is_function_name(std::string_view name) {
  return std::binary_search(function_names().begin(), function_names().end(), name);
}

}  // namespace qz::rules
