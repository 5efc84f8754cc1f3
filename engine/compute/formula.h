// Formula: runs a typed formula over many rows at once.
//
// Lanes are the rows that are computed together; a frame holds one row number for each lane. Lazy
// operators (if, and, or, coalesce) run their later parts on the lanes that need them only, so that
// what is not needed is not looked at.

#ifndef QZ_COMPUTE_FORMULA_H_
#define QZ_COMPUTE_FORMULA_H_

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "compute/kernels.h"
#include "compute/list_folds.h"
#include "compute/relations.h"
#include "compute/results.h"
#include "compute/rung.h"
#include "compute/variants.h"
#include "compute/windows.h"
#include "rules/typed.h"

namespace qz::compute {

// Row numbers by frame and lane. Frames that a part of a formula does not use may be empty.
struct Lanes {
  std::size_t size = 0;
  std::vector<std::vector<std::uint32_t>> frames;

  Lanes picked(const std::vector<std::uint32_t>& lanes) const;
};

// What every formula of a run reads. Tables grow columns between steps, never rows.
struct Data {
  const rules::CheckedPacks& packs;
  table::TextPool& pool;
  const std::vector<TableRows>& tables;
  Relations& relations;
  // [factor table][field]: text ids of text fields, by row.
  const std::vector<std::vector<std::vector<std::int32_t>>>& factor_texts;
  // Lists of tables that passed by; null if none did.
  const StreamTotals* totals = nullptr;
  Rung rung = Rung::kAuto;
  Windows* windows = nullptr;  // null: lists over a stretch of time are read row by row
  // What differs from variation to variation; null where there is one job.
  const Variants* variants = nullptr;
};

// An error where it arose, by lane's own row (frame 0).
struct FreshError {
  std::uint32_t row = 0;
  table::State state = table::State::kDivisionByZero;
  std::string detail_en;
  std::string detail_zh;
};

// The lists of some lanes: places of each in `rows`, row numbers of the listed table.
struct Sublists {
  const std::vector<std::uint32_t>* rows = nullptr;
  std::vector<Listed> lists;  // by lane
  bool is_filtered = false;   // the filter holds for all of them, and its gaps are in their states
};

// The periods that a list's filter leaves, both ends included.
struct TimeSpan {
  std::int64_t first = INT32_MIN;
  std::int64_t last = INT32_MAX;
  bool is_known = true;  // false: a bound is missing or failed
};

// Cells that a list is folded from: what it runs over, its weights (or what latest goes by), and a
// cell for each lane (of percentile and rank). All but `values` may be null.
struct FoldInputs {
  const table::Column* values = nullptr;
  const table::Column* weights = nullptr;
  const table::Column* own = nullptr;
};

class Fused;
// Cells of nodes that were computed before the node that reads them.
using LeafCells = std::map<rules::NodeId, table::Column>;

// One for each thread: keeps what it found out about factor rows, and what went wrong.
class FormulaRunner {
 public:
  explicit FormulaRunner(const Data& data) : data_(data) {}

  // One cell for each lane, in the unit of the formula's root. frames[0] must hold rows of `table`.
  table::Column run(const rules::Typed& formula, std::int32_t table, const Lanes& lanes);

  // Any node of the formula; `lanes` must hold the frames that it reads.
  table::Column run_node(const rules::Typed& formula, rules::NodeId node, std::int32_t table,
                         const Lanes& lanes);

  std::vector<FreshError> errors;
  std::set<UsedFactor> used_factors;

 private:
  table::Column node(rules::NodeId id, const Lanes& lanes);
  table::Column literal(const rules::Node& node, const Lanes& lanes) const;
  table::Column column_cells(const rules::Node& node, const std::vector<std::uint32_t>& rows) const;
  table::Column up(const rules::Node& node, const Lanes& lanes);
  table::Column lookup(const rules::Node& node, const Lanes& lanes);
  table::Column factor(const rules::Node& node, const Lanes& lanes);
  std::string factor_key(const rules::Node& node, const std::vector<table::Column>& args,
                         std::size_t lane, base::Date day,
                         std::vector<factor::KeyValue>* values) const;
  base::Date factor_day(const rules::Node& node, const Lanes& lanes, std::size_t lane) const;
  void factor_cell(const rules::Node& node, const factor::Found& found, const Lanes& lanes,
                   std::size_t lane, table::Column& out);
  void factor_missing(const rules::Node& node, const factor::Found& found,
                      const std::vector<factor::KeyValue>& values, base::Date day,
                      std::uint32_t row);
  table::Column choose(const rules::Node& node, const Lanes& lanes);
  table::Column logic(const rules::Node& node, const Lanes& lanes);
  table::Column coalesce(const rules::Node& node, const Lanes& lanes);
  table::Column compare(const rules::Node& node, const Lanes& lanes);
  table::Column between(const rules::Node& node, const Lanes& lanes);
  table::Column one_of(const rules::Node& node, const Lanes& lanes);
  table::Column null_test(const rules::Node& node, const Lanes& lanes);
  table::Column extreme(const rules::Node& node, const Lanes& lanes);
  table::Column arithmetic(rules::NodeId id, const Lanes& lanes);
  // The same of a tree of operators at once; empty where no proof covers it. Cells of its leaves
  // go to `leaves` in any case.
  std::optional<table::Column> fused(rules::NodeId id, const Lanes& lanes, LeafCells& leaves);
  table::Column operated(const rules::Node& node, const Lanes& lanes);
  table::Column calendar(const rules::Node& node, const Lanes& lanes);
  table::Column step(const rules::Node& node, const Lanes& lanes);
  table::Column span(const rules::Node& node, const Lanes& lanes);
  table::Column aggregate(const rules::Node& node, const Lanes& lanes);
  table::Column streamed(const rules::Node& node, const StreamTotal& total, const Lanes& lanes);
  table::Column aggregate_rows(const rules::Node& node, const Lanes& lanes);
  Sublists whole_lists(const rules::List& list, const Lanes& lanes);
  void aggregate_lists(const rules::Node& node, const Lanes& lanes, const Sublists& lists,
                       const table::Column* own, table::Column& out);
  // formula_windows.cc
  void fold_windows(const rules::Node& node, Window& window, const Lanes& lanes,
                    const table::Column* own, table::Column& out);
  std::vector<TimeSpan> time_spans(const Window& window, const Lanes& lanes);
  void fold_kept(const rules::Node& node, const Window& window, const Lanes& lanes,
                 const std::vector<TimeSpan>& spans, const table::Column* own, table::Column& out);
  Sublists window_lists(const rules::List& list, const Window& window, const Lanes& lanes,
                        const std::vector<TimeSpan>& spans) const;
  void grow(const rules::Node& node, Window& window, const Lanes& lanes,
            const std::vector<TimeSpan>& spans);
  void keep_rows(const rules::List& list, Window& window, const std::vector<std::uint32_t>& places,
                 const std::vector<std::uint32_t>& group);
  std::vector<table::State> ask(const Window& window, const Lanes& lanes);
  void keep_values(const rules::Node& node, Window& window, std::size_t arg,
                   const std::vector<std::uint32_t>& of_groups);
  const table::Column* whole_column(const rules::Node& node, const rules::List& list) const;
  void fold_pieces(const rules::Node& node, const Lanes& lanes, const Groups& groups,
                   const table::Column& values, const table::Column* own, table::Column& out);
  void aggregate_chunk(const rules::Node& node, const Lanes& lanes, const Sublists& lists,
                       std::size_t begin, std::size_t end, const table::Column* own,
                       table::Column& out);
  static std::vector<std::uint32_t> listed_rows(const Sublists& lists, std::size_t begin,
                                                std::size_t end, std::vector<Listed>& listed,
                                                std::vector<std::uint32_t>* owner);
  Lanes open_lists(const rules::List& list, const Lanes& lanes, const Sublists& lists,
                   std::size_t begin, std::size_t end, std::vector<Listed>& listed);
  Lanes filtered(const rules::List& list, const Lanes& pairs, std::vector<Listed>& listed);
  void fold(const rules::Node& node, const FoldInputs& from, const Listed& list, std::uint32_t row,
            std::size_t lane, table::Column& out);
  Lanes last_rows(const rules::List& list, const Lanes& pairs, std::vector<Listed>& listed);
  std::string cell_words(const table::Column& values, std::size_t k) const;
  void fold_by_order(const rules::Node& node, const FoldInputs& from, const Listed& list,
                     std::uint32_t row, std::size_t lane, table::Column& out);
  void only(const table::Column& values, std::size_t begin, std::size_t end, std::uint32_t row,
            std::size_t lane, table::Column& out);
  void join(const table::Column& values, std::size_t begin, std::size_t end, std::size_t lane,
            table::Column& out);
  // Notes lanes of `cells` that became errors here.
  table::Column noted(Cells cells, const Lanes& lanes,
                      const std::vector<const table::Column*>& operands, const rules::Node& node);
  const rules::Node& at(rules::NodeId id) const { return formula_->node(id); }

  const Data& data_;
  const rules::Typed* formula_ = nullptr;
  std::vector<std::int32_t> frame_tables_;
  std::unordered_map<std::string, factor::Found> factor_cache_;
  std::map<const rules::Node*, Groups> agreed_;  // of lists of tables that passed by
  // Trees of operators by their root; null: none there. Formulas live as long as the packs.
  std::map<std::pair<const rules::Typed*, rules::NodeId>, std::shared_ptr<Fused>> fused_;
  const LeafCells* leaves_ = nullptr;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_FORMULA_H_
