// Side by side: one block of variations of a cone, computed by the general evaluator over stacked
// tables. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_SIDE_BY_SIDE_H_
#define QZ_COMPUTE_DETAIL_SIDE_BY_SIDE_H_

#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "compute/detail/cone.h"
#include "compute/detail/stacked_relations.h"

namespace qz::compute::detail {

// What every cone of a recalculation stands on.
struct Basis {
  const plan::Program& program;
  const Data& data;  // of the base
  const std::vector<Target>& targets;
  const std::vector<Wanted>& wanted;
};

// Cells of parts of formulas that no edit reaches, by slot of their table.
struct KnownCells {
  struct Cells {
    std::int32_t table = -1;
    table::Column by_slot;
  };
  struct Constant {  // that varies
    std::uint32_t target = 0;
    std::int32_t table = -1;
  };
  std::unordered_map<const rules::Node*, Cells> cells;
  std::unordered_map<const rules::Node*, Constant> constants;
};
KnownCells known_cells(const Basis& basis, const Cone& cone);

// One thread.
class SideBySide : public Variants {
 public:
  // At most `variations` at once. Everything given must outlive it.
  SideBySide(const Basis& basis, const Cone& cone, const KnownCells& known, std::size_t variations);

  void run(std::span<const Variation* const> variations);
  // After run(): the cells of a wanted that edits reach, of variation v, put into `out` from
  // `first` on, which has them as the base has.
  void give(std::size_t wanted, std::uint32_t variation, std::size_t first,
            table::Column& out) const;

  bool knows(const rules::Node& node) const override;
  table::Column cells(const rules::Node& node, std::span<const std::uint32_t> rows) const override;
  std::uint32_t variation(std::int32_t table, std::uint32_t row) const override;
  const table::Column* factor_cells(std::int32_t factor, std::int32_t field,
                                    std::uint32_t row) const override;

 private:
  // Where an edited cell stands, and what its row's edition makes of it.
  struct Place {
    bool applies = false;
    std::uint32_t slot = 0;
    bool is_limited = false;
    std::optional<exact::Number> least, most;  // in the column's unit
  };
  void make_tables();
  table::Column initial(plan::ColumnRef ref) const;
  Place place(const Target& target) const;
  void set_values(std::span<const Variation* const> variations);
  void set_cell(const Target& target, const Place& place, std::uint32_t variation,
                const Edit& edit);
  void loop(const plan::Step& step);
  void column(plan::ColumnRef ref, const std::vector<std::uint32_t>* slots);
  void fill(plan::ColumnRef ref, const rules::ColumnRule& rule,
            std::span<const std::uint32_t> rows);
  const rules::CheckedColumn& shape(plan::ColumnRef ref) const {
    return basis_.data.packs.tables[static_cast<std::size_t>(ref.table)]
        .columns[static_cast<std::size_t>(ref.column)];
  }
  table::Column& cells_of(plan::ColumnRef ref) {
    return tables_[static_cast<std::size_t>(ref.table)]
        .columns[static_cast<std::size_t>(ref.column)];
  }
  const Stack& stack(std::int32_t table) const { return cone_.stacks.at(table); }

  const Basis& basis_;
  const Cone& cone_;
  const KnownCells& known_;
  std::size_t size_;       // variations that there is room for
  std::size_t count_ = 0;  // variations at hand
  std::vector<TableRows> tables_;
  StackedRelations relations_;
  Data data_;
  FormulaRunner runner_;
  std::vector<std::pair<plan::ColumnRef, table::Column>> initial_;  // before any edit
  std::map<std::uint32_t, Place> places_;                           // of targets that are cells
  std::map<std::uint32_t, table::Column> values_;  // of other targets: their base, by variation
  std::map<std::uint32_t, table::Column> now_;     // the same with the edits
  std::map<std::tuple<std::int32_t, std::int32_t, std::uint32_t>, std::uint32_t> factor_targets_;
  std::vector<table::Column> formulas_;  // by wanted: of formulas, [variation][row]
};

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_SIDE_BY_SIDE_H_
