// Program: what to compute and in which order. Columns of all tables, each after what it reads.
//
// A step is one column of one table (all editions of it), or a group of columns that loop through
// earlier periods and therefore run period by period.

#ifndef QZ_PLAN_PROGRAM_H_
#define QZ_PLAN_PROGRAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/period.h"
#include "rules/checked_packs.h"

namespace qz::plan {

struct ColumnRef {
  std::int32_t table = 0;
  std::int32_t column = 0;
  auto operator<=>(const ColumnRef&) const = default;
};

struct Step {
  std::vector<ColumnRef> columns;  // one; or a loop's, in their order within a period
  bool loops = false;              // then run period by period, earliest first
};

// Rows of `caller` call for rows of `called`, which lists them or is read by them as the row above.
// Only where `edition` has the reading formula: of the called row if it lists, else of the caller.
struct Call {
  std::int32_t caller = 0;
  std::int32_t called = 0;
  std::int32_t edition = 0;
  bool lists = false;
  auto operator<=>(const Call&) const = default;
};

struct Program {
  std::shared_ptr<const rules::CheckedPacks> packs;
  std::vector<Step> steps;
  std::vector<Call> calls;
};

// Orders the columns. Refused: a cycle, as the chain of columns that makes it, with its places.
std::optional<Program> from_packs(std::shared_ptr<const rules::CheckedPacks> packs,
                                  base::Findings& problems);

}  // namespace qz::plan

#endif  // QZ_PLAN_PROGRAM_H_
