// Streams: tables that can pass by: every row is looked at once and only sums of it are kept.
//
// A table passes by if nobody asks for one of its rows: its key ends in `row`, no column of it is
// reported, and all reads of it are aggregates whose value and filter a row answers from itself,
// from constants and factors, and from rows above that are there before the table is read.

#ifndef QZ_PLAN_STREAMS_H_
#define QZ_PLAN_STREAMS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "plan/program.h"

namespace qz::plan {

// One aggregate over the table: a node of a formula, and the parts of it that rows answer.
struct StreamedFold {
  const rules::Typed* formula = nullptr;
  rules::NodeId node = -1;

  const rules::Node& what() const { return formula->node(node); }
  const rules::List& list() const { return formula->lists[static_cast<std::size_t>(what().list)]; }
};

// What rows are told apart by: key columns, and the kind of period that theirs lies in.
struct Grouping {
  std::vector<std::int32_t> columns;  // text keys, in the order of the list's names
  std::optional<base::PeriodKind> period;
  bool operator==(const Grouping&) const = default;
};

struct Stream {
  std::int32_t table = -1;
  std::vector<StreamedFold> folds;
  std::vector<std::int32_t> columns;               // with formulas, in the order of the program
  std::vector<bool> wanted;                        // by column: a key or input that somebody reads
  std::vector<ColumnRef> above;                    // columns of other tables that its rows read
  std::vector<Step> before;                        // steps that make those
  std::vector<const rules::CheckedCheck*> checks;  // of this table
};

// `given[t]`: the job gives a file for table t. Tables that do not fit are left out.
std::vector<Stream> streams(const Program& program, const std::vector<bool>& given);

// How the rows of `listed` are told apart for `list`. Precondition: of a stream's fold.
Grouping grouping_of(const rules::CheckedPacks& packs, const rules::List& list);

}  // namespace qz::plan

#endif  // QZ_PLAN_STREAMS_H_
