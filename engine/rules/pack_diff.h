// Pack diff: what changed between two editions, item by item, the way an amendment lists it.

#ifndef QZ_RULES_PACK_DIFF_H_
#define QZ_RULES_PACK_DIFF_H_

#include <string>
#include <vector>

#include "rules/pack.h"

namespace qz::rules {

struct PackChange {
  enum class Kind : std::uint8_t { kAdded, kRemoved, kChanged };
  Kind kind = Kind::kChanged;
  std::string what;    // "column", "table", "constant", "check", "parameter", "factor", "text"
  std::string name;    // "fuel_month.CC", "CO2_per_C"
  std::string member;  // of a change: "formula", "round", "unit", …; empty for added and removed
  std::string before;
  std::string after;
};

// From `before` to `after` (both with `extends` applied), sorted by what, name, member.
std::vector<PackChange> diff(const Pack& before, const Pack& after);

}  // namespace qz::rules

#endif  // QZ_RULES_PACK_DIFF_H_
