// Evaluate: one runner over finished tables.

#include "compute/evaluate.h"

namespace qz::compute {

struct Evaluation::State {
  explicit State(const Results& from)
      : results(from),
        texts(intern_texts(*from.packs, *from.pool)),
        relations(*from.packs, from.tables),
        windows(*from.packs, from.tables, relations),
        data{*from.packs, *from.pool,        from.tables, relations,
             texts,       from.totals.get(), from.rung,   &windows},
        runner(data) {}

  const Results& results;
  std::vector<std::vector<std::vector<std::int32_t>>> texts;
  Relations relations;
  Windows windows;
  Data data;
  FormulaRunner runner;
};

Evaluation::Evaluation(const Results& results) : state_(std::make_unique<State>(results)) {}
Evaluation::~Evaluation() = default;

table::Column Evaluation::cells(const rules::Typed& formula, std::int32_t table,
                                const std::vector<std::uint32_t>& rows) {
  Lanes lanes;
  lanes.size = rows.size();
  lanes.frames = {rows};
  return state_->runner.run(formula, table, lanes);
}

table::Column Evaluation::node_cells(const rules::Typed& formula, rules::NodeId node,
                                     std::int32_t table, const Lanes& lanes) {
  return state_->runner.run_node(formula, node, table, lanes);
}

std::vector<std::uint32_t> Evaluation::listed(const rules::Typed& formula, std::int32_t list,
                                              std::int32_t table, const Lanes& lanes) {
  const rules::List& of = formula.lists[static_cast<std::size_t>(list)];
  const Groups& groups = state_->relations.groups(of);
  const std::uint32_t mine = lanes.frames[static_cast<std::size_t>(of.mine_frame)].front();
  const std::uint32_t group = mine == kNoRow ? kNoRow : groups.of_mine[mine];
  if (group == kNoRow) return {};
  std::vector<std::uint32_t> rows(groups.rows.begin() + groups.begin[group],
                                  groups.rows.begin() + groups.begin[group + 1]);
  const auto last = static_cast<std::size_t>(of.last);
  if (of.filter < 0) {
    if (last > 0 && rows.size() > last) rows.erase(rows.begin(), rows.end() - of.last);
    return rows;
  }
  Lanes pairs = lanes.picked(std::vector<std::uint32_t>(rows.size(), 0));
  const auto frame = static_cast<std::size_t>(of.frame);
  if (pairs.frames.size() <= frame) pairs.frames.resize(frame + 1);
  pairs.frames[frame] = rows;
  const table::Column keep = state_->runner.run_node(formula, of.filter, table, pairs);
  std::vector<std::uint32_t> kept;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (keep.has_value(i) && keep.id(i) != 0) kept.push_back(rows[i]);
  }
  if (last > 0 && kept.size() > last) kept.erase(kept.begin(), kept.end() - of.last);
  return kept;
}

std::uint32_t Evaluation::up(std::int32_t from, std::uint32_t row, std::int32_t above) {
  return row == kNoRow ? kNoRow : state_->relations.up(from, above)[row];
}

std::uint32_t Evaluation::find(std::int32_t table, std::span<const std::int32_t> key) {
  return state_->relations.find(table, key);
}

std::vector<FreshError> Evaluation::take_errors() {
  return std::exchange(state_->runner.errors, {});
}

std::set<UsedFactor> Evaluation::take_used_factors() {
  return std::exchange(state_->runner.used_factors, {});
}

}  // namespace qz::compute
