// Windows: which aggregates read a stretch of time, and what they share.

#include "compute/windows.h"

#include <algorithm>

#include "plan/reads.h"

namespace qz::compute {
namespace {

using rules::List;
using rules::Node;
using rules::NodeId;
using rules::Op;
using rules::Typed;

bool is_order(Op op) {
  return op == Op::kEqual || op == Op::kLess || op == Op::kLessEqual || op == Op::kGreater ||
         op == Op::kGreaterEqual;
}

Op mirrored(Op op) {
  switch (op) {
    case Op::kLess:
      return Op::kGreater;
    case Op::kLessEqual:
      return Op::kGreaterEqual;
    case Op::kGreater:
      return Op::kLess;
    case Op::kGreaterEqual:
      return Op::kLessEqual;
    default:
      return op;
  }
}

bool is_list(Op op) { return op >= Op::kSum; }

// True if the rows of frame `frame` answer the node, and nothing else is noted while they do:
// factor rows that are used would be.
bool is_own(const Typed& formula, NodeId id, std::int32_t frame) {
  const Node& node = formula.node(id);
  if (is_list(node.op) || node.op == Op::kFactor) return false;
  const bool reads = node.op == Op::kColumn || node.op == Op::kUp;
  if (reads && (node.frame != frame || node.type == table::Type::kRow)) return false;
  return std::all_of(node.args.begin(), node.args.end(),
                     [&](NodeId arg) { return is_own(formula, arg, frame); });
}

// True if no row of frame `frame` is looked at, nor a list opened.
bool is_of_others(const Typed& formula, NodeId id, std::int32_t frame) {
  const Node& node = formula.node(id);
  if (is_list(node.op)) return false;
  const bool reads = node.op == Op::kColumn || node.op == Op::kUp || node.op == Op::kFactor;
  if (reads && node.frame == frame) return false;
  return std::all_of(node.args.begin(), node.args.end(),
                     [&](NodeId arg) { return is_of_others(formula, arg, frame); });
}

// Two nodes of one signature have the same cells for the same rows.
void add_signature(const Typed& formula, NodeId id, std::string& out) {
  const Node& node = formula.node(id);
  out += std::to_string(static_cast<int>(node.op)) + ':' +
         std::to_string(static_cast<int>(node.type)) + ',' +
         std::to_string(static_cast<int>(node.period)) + ',' + std::to_string(node.table) + ',' +
         std::to_string(node.column) + ',' + std::to_string(node.id) + ',' +
         std::to_string(node.whole) + ',' + std::to_string(node.rounding.n) + ',' +
         std::to_string(static_cast<int>(node.rounding.mode)) +
         (node.rounding.significant ? "s" : "") + (node.has_whole ? "w" : "");
  if (node.op == Op::kLiteral || node.op == Op::kConvert) {
    const std::string number =
        node.number.numerator().to_string() + '/' + node.number.denominator().to_string();
    out += '"' + std::to_string(number.size()) + ' ' + number + std::to_string(node.text.size()) +
           ' ' + node.text + '"';
  }
  out += '(';
  for (const NodeId arg : node.args) add_signature(formula, arg, out);
  out += ')';
}

}  // namespace

bool Windows::in_time_order(const Groups& groups, std::span<const std::int32_t> periods) const {
  for (std::size_t g = 0; g + 1 < groups.begin.size(); ++g) {
    for (std::uint32_t i = groups.begin[g] + 1; i < groups.begin[g + 1]; ++i) {
      if (periods[groups.rows[i - 1]] > periods[groups.rows[i]]) return false;
    }
  }
  return true;
}

// A comparison of the listed row's period with something of another row.
bool Windows::take_bound(const Typed& formula, const List& list, NodeId part, Window& out) const {
  const Node& node = formula.node(part);
  if (!is_order(node.op) && node.op != Op::kBetween) return false;
  const rules::CheckedTable& listed = packs_.tables[static_cast<std::size_t>(list.table)];
  const auto is_period = [&](NodeId id) {
    const Node& one = formula.node(id);
    return one.op == Op::kColumn && one.frame == list.frame && one.table == list.table &&
           one.column == *listed.period_column;
  };
  const std::size_t side = is_period(node.args[0]) ? 0 : 1;
  if (!is_period(node.args[side]) || (node.op == Op::kBetween && side != 0)) return false;
  WindowBound bound;
  bound.op = side == 0 ? node.op : mirrored(node.op);
  bound.low = node.args[1 - side];
  if (!is_of_others(formula, bound.low, list.frame)) return false;
  if (node.op == Op::kBetween) {
    bound.high = node.args[2];
    if (!is_of_others(formula, bound.high, list.frame)) return false;
  }
  out.bounds.push_back(bound);
  return true;
}

bool Windows::take_filter(const Typed& formula, const List& list, Window& out) const {
  std::vector<NodeId> parts, open = {list.filter};
  while (!open.empty()) {
    const NodeId one = open.back();
    open.pop_back();
    if (formula.node(one).op == Op::kAnd) {
      open.push_back(formula.node(one).args[1]);
      open.push_back(formula.node(one).args[0]);
    } else {
      parts.push_back(one);
    }
  }
  // Parts that settle a key stand first; once another was asked, the order must be kept.
  for (const NodeId part : parts) {
    if (out.own_parts.empty() && !out.asks_pairs && take_bound(formula, list, part, out)) continue;
    out.own_parts.push_back(part);
    if (!is_own(formula, part, list.frame)) out.asks_pairs = true;
  }
  return !out.bounds.empty();
}

bool Windows::reads_loop(const Typed& formula, NodeId id) const {
  const Node& node = formula.node(id);
  const bool reads = node.op == Op::kColumn || node.op == Op::kUp || node.op == Op::kLookup;
  if (reads && loop_ != nullptr &&
      std::find(loop_->columns.begin(), loop_->columns.end(),
                plan::ColumnRef{node.table, node.column}) != loop_->columns.end())
    return true;
  return std::any_of(node.args.begin(), node.args.end(),
                     [&](NodeId arg) { return reads_loop(formula, arg); });
}

Window* Windows::find(const Typed& formula, const Node& node) {
  const std::lock_guard lock(mutex);
  const auto known = windows_.find(&node);
  if (known != windows_.end()) return known->second.get();
  std::unique_ptr<Window>& slot = windows_[&node];  // null until all fits
  const List& list = formula.lists[static_cast<std::size_t>(node.list)];
  const rules::CheckedTable& listed = packs_.tables[static_cast<std::size_t>(list.table)];
  if (list.filter < 0 || !list.period_settled || !listed.period_column) return nullptr;
  auto window = std::make_unique<Window>();
  if (!take_filter(formula, list, *window)) return nullptr;
  const TableRows& rows = tables_[static_cast<std::size_t>(list.table)];
  window->periods = rows.columns[static_cast<std::size_t>(*listed.period_column)].ids();
  window->groups = &relations_.groups(list);
  const auto [ordered, fresh] = ordered_.emplace(window->groups, false);
  if (fresh) ordered->second = in_time_order(*window->groups, window->periods);
  if (!ordered->second) return nullptr;

  std::string asked = std::to_string(reinterpret_cast<std::uintptr_t>(window->groups)) + '|';
  for (const NodeId part : window->own_parts) {
    add_signature(formula, part, asked);
    window->grows = window->grows || reads_loop(formula, part);
  }
  const bool second_is_mine = node.op == Op::kPercentile || node.op == Op::kRank;
  const std::size_t args = second_is_mine ? 1 : node.args.size();
  window->has_own_values = true;
  for (std::size_t i = 0; i < args; ++i) {
    window->has_own_values = window->has_own_values && is_own(formula, node.args[i], list.frame);
    window->grows = window->grows || reads_loop(formula, node.args[i]);
  }
  if (window->grows) asked += '#' + std::to_string(windows_.size());  // shares nothing
  std::unique_ptr<KeptRows>& kept = kept_[asked];
  if (!kept) kept = std::make_unique<KeptRows>();
  window->kept = kept.get();
  for (std::size_t i = 0; i < args && window->has_own_values; ++i) {
    std::string taken = asked + "->";
    add_signature(formula, node.args[i], taken);
    std::unique_ptr<KeptValues>& values = values_[taken];
    if (!values) {
      values = std::make_unique<KeptValues>();
      values->cells = table::Column(formula.node(node.args[i]).type);
    }
    window->values.push_back(values.get());
  }
  slot = std::move(window);
  return slot.get();
}

}  // namespace qz::compute
