// Target pack: expressions over the whole job as columns of one more table of one row, in a pack of
// no file. So they are typed, ordered and computed like any other column.

#ifndef QZ_WHATIF_TARGET_PACK_H_
#define QZ_WHATIF_TARGET_PACK_H_

#include <memory>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/place.h"
#include "job/installation.h"
#include "rules/checked_packs.h"
#include "rules/column_definition.h"

namespace qz::whatif {

// An expression over the whole job: a number with its unit, or a condition.
struct Target {
  std::string name;
  rules::Formula formula;
  std::string unit;  // of a number, as written; empty: the formula's own
  base::Place place;
};

// Names that no file can give to a pack, a table or a column.
inline constexpr const char* kTargetPack = "~whatif";
inline constexpr const char* kTargetTable = "~whatif";
std::string target_column_name(std::size_t target);

// The pack, which sees every table of the job. Problems, with their places in the scenarios file:
// unknown names, units that clash, a formula that is neither a number nor a condition.
std::shared_ptr<const rules::Pack> target_pack(const job::LoadedRules& rules,
                                               const rules::PackRequest& request,
                                               const std::vector<Target>& targets,
                                               base::Findings& problems);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_TARGET_PACK_H_
