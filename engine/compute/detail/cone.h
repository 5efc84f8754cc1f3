// Cone: the cells that edits of some targets can reach and somebody wants, in the order in which
// they are computed, with the rows that they read. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_CONE_H_
#define QZ_COMPUTE_DETAIL_CONE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compute/detail/reached_formula.h"
#include "compute/recalculation.h"

namespace qz::compute::detail {

// Some rows of a table, once for each variation that lies beside others. A row of the base has a
// slot; rows that are computed by the same rules stand together, those that are only read last.
struct Stack {
  struct Segment {
    std::uint32_t begin = 0, end = 0;    // slots
    std::vector<std::int32_t> editions;  // of its rows, by pack; empty: rows that are only read
    std::uint32_t size() const { return end - begin; }
  };
  std::vector<std::uint32_t> base_rows;  // by slot
  std::vector<std::uint32_t> slot_of;    // by row of the base; kNoRow: not here
  std::vector<Segment> segments;
  std::uint32_t computed = 0;  // slots below it are computed

  std::size_t slots() const { return base_rows.size(); }
  // The stacked row of a slot for a variation; of each segment all variations lie together.
  std::uint32_t row(std::size_t variations, std::uint32_t variation, std::uint32_t slot) const {
    const Segment& in = segments[segment_of[slot]];
    return in.begin * static_cast<std::uint32_t>(variations) + variation * in.size() + slot -
           in.begin;
  }
  std::vector<std::uint32_t> segment_of;  // by slot
};

struct Cone {
  Reached reached;                           // of what is needed
  std::vector<plan::Step> steps;             // columns with formulas
  std::map<std::int32_t, Stack> stacks;      // by table
  std::set<plan::ColumnRef> read;            // columns that formulas read from tables
  std::vector<std::uint8_t> wanted_reached;  // by wanted
};

using EachFormula = std::function<void(const FormulaAt&, const rules::ColumnRule&)>;
// Conditions and cases of every edition of a column.
void each_formula(const rules::CheckedPacks& packs, plan::ColumnRef ref, const EachFormula& visit);

// The rows of `table`, among `rows`, that `edition` computes.
std::vector<std::uint32_t> rows_of_edition(const Data& base, std::int32_t table,
                                           std::int32_t edition,
                                           const std::vector<std::uint32_t>& rows);

// The cone of the targets that `chosen` has. Empty where they are beyond it; `why` says why.
std::optional<Cone> make_cone(const plan::Program& program, const Data& base,
                              const std::vector<Target>& targets,
                              const std::vector<std::uint32_t>& chosen,
                              const std::vector<Wanted>& wanted, std::string& why);

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_CONE_H_
