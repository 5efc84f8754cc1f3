// Side by side: one block of variations of a cone, computed by the general evaluator over stacked
// tables. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_SIDE_BY_SIDE_H_
#define QZ_COMPUTE_DETAIL_SIDE_BY_SIDE_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "compute/detail/cone.h"
#include "compute/detail/stacked_relations.h"
#include "compute/detail/stage_run.h"

namespace qz::compute::detail {

// One thread.
class SideBySide : public Variants {
 public:
  // At most `variations` at once. Everything given must outlive it.
  SideBySide(const Basis& basis, const Cone& cone, const KnownCells& known,
             const std::vector<Stage>& stages, std::size_t variations);

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
  void begin(plan::ColumnRef ref);
  void loop(const plan::Step& step);
  void column(plan::ColumnRef ref, const std::vector<std::uint32_t>* slots);
  void column_of(const Stack::Segment& segment, plan::ColumnRef ref,
                 const std::vector<std::uint32_t>* slots);
  void fill(plan::ColumnRef ref, const rules::ColumnRule& rule,
            std::span<const std::uint32_t> rows);
  // Stages that are compiled: side_by_side_stages.cc.
  // A stage for a segment, and what its inputs are made of in a block.
  struct Compiled {
    const StageProgram& program;
    StageRun run;
    std::vector<StageSource> sources;
    std::vector<table::Column> cells;  // by input, of those that are gathered or computed
    std::vector<StageCells> out;
  };
  void make_runs();
  void run_stage(std::size_t stage);
  bool run_segment(std::size_t stage, std::size_t segment);
  bool source(Compiled& of, std::size_t input, const Stack::Segment& segment);
  static bool set_scaled(Compiled& of, std::size_t input, const table::Column& cells,
                         std::size_t first, std::size_t n);
  void source_above(Compiled& of, std::size_t input);
  void install(std::int32_t table, const Stack::Segment& segment, Compiled& of);
  static void install_whole(table::Column& to, const StageOutput& output, StageCells& made,
                            std::size_t n);
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
  struct Initial {
    std::optional<table::Column> cells;  // before any edit; made when first asked for
    bool is_set = false;    // the table has them, or what was made of them, in this block
    bool is_input = false;  // of no formula that is computed
  };
  std::map<plan::ColumnRef, Initial> initial_;
  std::map<std::uint32_t, Place> places_;          // of targets that are cells
  std::map<std::uint32_t, table::Column> values_;  // of other targets: their base, by variation
  std::map<std::uint32_t, table::Column> now_;     // the same with the edits
  std::map<std::tuple<std::int32_t, std::int32_t, std::uint32_t>, std::uint32_t> factor_targets_;
  std::vector<table::Column> formulas_;  // by wanted: of formulas, [variation][row]
  const std::vector<Stage>& stages_;
  std::vector<std::vector<std::unique_ptr<Compiled>>> compiled_;  // by stage and segment
};

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_SIDE_BY_SIDE_H_
