// Formula: aggregates. Lists become pairs of a lane and a listed row, in chunks of bounded size.

#include <algorithm>
#include <set>

#include "compute/formula.h"
#include "compute/stream_folds.h"

namespace qz::compute {

using rules::Node;
using rules::Op;
using table::Column;
using table::State;
using table::Type;

namespace {

// Pairs that are evaluated at once; one lane with a longer list is a chunk of its own.
constexpr std::size_t kPairsMax = 1u << 16;

}  // namespace

Column FormulaRunner::aggregate(const Node& node, const Lanes& lanes) {
  const StreamTotal* total = data_.totals == nullptr ? nullptr : data_.totals->find(node);
  return total == nullptr ? aggregate_rows(node, lanes) : streamed(node, *total, lanes);
}

// A list of a table that passed by: its cell is known. Where it has an error, the rows in error
// were kept, and tell which.
Column FormulaRunner::streamed(const Node& node, const StreamTotal& total, const Lanes& lanes) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  auto known = agreed_.find(&node);
  if (known == agreed_.end())
    known = agreed_.emplace(&node, data_.relations.agreed(list, *total.groups)).first;
  const Groups& groups = known->second;
  const std::vector<std::uint32_t>& mine = lanes.frames[static_cast<std::size_t>(list.mine_frame)];
  Column out(node.type, lanes.size, State::kNull);
  std::vector<std::uint32_t> failed;
  for (std::size_t lane = 0; lane < lanes.size; ++lane) {
    const std::uint32_t row = mine[lane];
    const State state = row == kNoRow ? State::kNull : groups.state[row];
    if (state != State::kValue) {
      out.set_state(lane, state);
      continue;
    }
    const std::uint32_t group = groups.of_mine[row];
    if (group == kNoRow) {
      StreamFold::empty(node.op, out, lane);
    } else if (!total.failed.empty() && total.failed[group] != 0) {
      failed.push_back(static_cast<std::uint32_t>(lane));
    } else {
      out.set_cell(lane, total.cells, group);
    }
  }
  if (failed.empty()) return out;
  const Column cells = aggregate_rows(node, lanes.picked(failed));
  for (std::size_t i = 0; i < failed.size(); ++i) out.set_cell(failed[i], cells, i);
  return out;
}

Column FormulaRunner::aggregate_rows(const Node& node, const Lanes& lanes) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  // What percentile and rank take from the row that lists.
  std::optional<Column> own;
  if (node.op == Op::kPercentile || node.op == Op::kRank) own = this->node(node.args[1], lanes);
  const Column* own_cells = own ? &*own : nullptr;
  Column out(node.type, lanes.size, State::kNull);
  Window* window = data_.windows == nullptr ? nullptr : data_.windows->find(*formula_, node);
  if (window != nullptr) {
    fold_windows(node, *window, lanes, own_cells, out);
    return out;
  }
  const Groups& groups = data_.relations.groups(list);
  const Column* whole = groups.in_pieces ? whole_column(node, list) : nullptr;
  if (whole != nullptr) {
    fold_pieces(node, lanes, groups, *whole, own_cells, out);
    return out;
  }
  aggregate_lists(node, lanes, whole_lists(list, lanes), own_cells, out);
  return out;
}

// The list of each lane, before its filter.
Sublists FormulaRunner::whole_lists(const rules::List& list, const Lanes& lanes) {
  const Groups& groups = data_.relations.groups(list);
  const std::vector<std::uint32_t>& mine = lanes.frames[static_cast<std::size_t>(list.mine_frame)];
  Sublists out;
  out.rows = &groups.rows;
  out.lists.resize(lanes.size);
  for (std::size_t lane = 0; lane < lanes.size; ++lane) {
    const std::uint32_t row = mine[lane];
    Listed& one = out.lists[lane];
    one.state = row == kNoRow ? State::kNull : groups.state[row];
    const std::uint32_t group = row == kNoRow ? kNoRow : groups.of_mine[row];
    if (group == kNoRow) continue;
    one.begin = groups.begin[group];
    one.end = groups.begin[group + 1];
  }
  return out;
}

// Lists of any size, in chunks of pairs.
void FormulaRunner::aggregate_lists(const Node& node, const Lanes& lanes, const Sublists& lists,
                                    const Column* own, Column& out) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  if (node.op == Op::kCount && (list.filter < 0 || lists.is_filtered)) {
    for (std::size_t lane = 0; lane < lanes.size; ++lane) set_count(lists.lists[lane], lane, out);
    return;
  }
  std::size_t begin = 0, pairs = 0;
  for (std::size_t lane = 0; lane < lanes.size; ++lane) {
    const std::size_t size = lists.lists[lane].end - lists.lists[lane].begin;
    if (pairs + size > kPairsMax && lane > begin) {
      aggregate_chunk(node, lanes, lists, begin, lane, own, out);
      begin = lane;
      pairs = 0;
    }
    pairs += size;
  }
  aggregate_chunk(node, lanes, lists, begin, lanes.size, own, out);
}

// The column that a list takes its values from, where it is one of the listed table itself, as it
// stands: then nothing need be gathered.
const Column* FormulaRunner::whole_column(const Node& node, const rules::List& list) const {
  const bool by_itself = node.op == Op::kPercentile || node.op == Op::kRank;
  if (list.filter >= 0 || (node.args.size() != 1 && !by_itself)) return nullptr;
  const Node& value = at(node.args[0]);
  if (value.op != Op::kColumn || value.frame != list.frame || value.table != list.table)
    return nullptr;
  const Column& column = data_.tables[static_cast<std::size_t>(value.table)]
                             .columns[static_cast<std::size_t>(value.column)];
  return column.type() == Type::kRow ? nullptr : &column;
}

// Lists whose rows follow one another, straight from the column.
void FormulaRunner::fold_pieces(const Node& node, const Lanes& lanes, const Groups& groups,
                                const Column& values, const Column* own, Column& out) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  const std::vector<std::uint32_t>& mine = lanes.frames[static_cast<std::size_t>(list.mine_frame)];
  for (std::size_t lane = 0; lane < lanes.size; ++lane) {
    const std::uint32_t row = mine[lane];
    const std::uint32_t group = row == kNoRow ? kNoRow : groups.of_mine[row];
    Listed one;
    one.state = row == kNoRow ? State::kNull : groups.state[row];
    if (group != kNoRow) {
      one.begin = groups.rows[groups.begin[group]];
      one.end = one.begin + (groups.begin[group + 1] - groups.begin[group]);
    }
    take_last(list.last, one);
    fold(node, {&values, nullptr, own}, one, lanes.frames[0][lane], lane, out);
  }
}

// The rows of the lists of lanes begin … end, one list after another; `owner` gets the lane of
// each.
std::vector<std::uint32_t> FormulaRunner::listed_rows(const Sublists& lists, std::size_t begin,
                                                      std::size_t end, std::vector<Listed>& listed,
                                                      std::vector<std::uint32_t>* owner) {
  std::vector<std::uint32_t> rows;
  for (std::size_t lane = begin; lane < end; ++lane) {
    const Listed& from = lists.lists[lane];
    Listed& one = listed[lane - begin];
    one.begin = rows.size();
    one.state = from.state;
    rows.insert(rows.end(), lists.rows->begin() + static_cast<std::ptrdiff_t>(from.begin),
                lists.rows->begin() + static_cast<std::ptrdiff_t>(from.end));
    if (owner != nullptr) owner->resize(rows.size(), static_cast<std::uint32_t>(lane));
    one.end = rows.size();
  }
  return rows;
}

// The lists of lanes begin … end as pairs: one lane of the result for each listed row.
Lanes FormulaRunner::open_lists(const rules::List& list, const Lanes& lanes, const Sublists& lists,
                                std::size_t begin, std::size_t end, std::vector<Listed>& listed) {
  std::vector<std::uint32_t> owner;
  std::vector<std::uint32_t> rows = listed_rows(lists, begin, end, listed, &owner);
  Lanes pairs = lanes.picked(owner);
  const auto frame = static_cast<std::size_t>(list.frame);
  if (pairs.frames.size() <= frame) pairs.frames.resize(frame + 1);
  pairs.frames[frame] = std::move(rows);
  return pairs;
}

// The pairs for which the filter holds. One that is missing or failed leaves its whole list so.
Lanes FormulaRunner::filtered(const rules::List& list, const Lanes& pairs,
                              std::vector<Listed>& listed) {
  const Column keep = this->node(list.filter, pairs);
  std::vector<std::uint32_t> kept;
  for (Listed& one : listed) {
    const std::size_t first = one.begin, last = one.end;
    one.begin = kept.size();
    for (std::size_t i = first; i < last; ++i) {
      if (keep.has_value(i)) {
        if (keep.id(i) != 0) kept.push_back(static_cast<std::uint32_t>(i));
      } else if (!table::is_error(one.state)) {
        one.state = table::is_error(keep.state(i)) ? keep.state(i) : State::kNull;
      }
    }
    one.end = kept.size();
  }
  return pairs.picked(kept);
}

void FormulaRunner::aggregate_chunk(const Node& node, const Lanes& lanes, const Sublists& lists,
                                    std::size_t begin, std::size_t end, const Column* own,
                                    Column& out) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  std::vector<Listed> listed(end - begin);
  if (const Column* whole = whole_column(node, list)) {
    const Column values = whole->picked(listed_rows(lists, begin, end, listed, nullptr));
    for (std::size_t i = 0; i < listed.size(); ++i) {
      take_last(list.last, listed[i]);
      fold(node, {&values, nullptr, own}, listed[i], lanes.frames[0][begin + i], begin + i, out);
    }
    return;
  }
  Lanes pairs = open_lists(list, lanes, lists, begin, end, listed);
  if (list.filter >= 0 && !lists.is_filtered) pairs = filtered(list, pairs, listed);
  if (node.op == Op::kCount) {
    for (std::size_t i = 0; i < listed.size(); ++i) set_count(listed[i], begin + i, out);
    return;
  }
  if (list.last > 0) pairs = last_rows(list, pairs, listed);
  const Column values = this->node(node.args[0], pairs);
  std::optional<Column> weights;
  if (node.args.size() > 1 && own == nullptr) weights = this->node(node.args[1], pairs);
  const FoldInputs inputs{&values, weights ? &*weights : nullptr, own};
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const std::size_t lane = begin + i;
    fold(node, inputs, listed[i], lanes.frames[0][lane], lane, out);
  }
}

// The pairs that last(n, …) leaves of each list: no value of another row is looked at.
Lanes FormulaRunner::last_rows(const rules::List& list, const Lanes& pairs,
                               std::vector<Listed>& listed) {
  std::vector<std::uint32_t> kept;
  for (Listed& one : listed) {
    take_last(list.last, one);
    const std::size_t begin = kept.size();
    for (std::size_t i = one.begin; i < one.end; ++i) kept.push_back(static_cast<std::uint32_t>(i));
    one.begin = begin;
    one.end = kept.size();
  }
  return pairs.picked(kept);
}

// One lane's list to one cell.
void FormulaRunner::fold(const Node& node, const FoldInputs& from, const Listed& list,
                         std::uint32_t row, std::size_t lane, Column& out) {
  const Column& values = *from.values;
  if (node.op == Op::kAny || node.op == Op::kAll) {
    if (table::is_error(list.state)) {
      out.set_state(lane, list.state);
    } else {
      set_logic(values, node.op == Op::kAny, list, lane, out);
    }
    return;
  }
  State state = state_of_list(values, from.weights, list);
  if (from.own != nullptr) {
    const State own = from.own->state(lane);
    state = node.op == Op::kRank ? both(own, state) : both(state, own);
  }
  if (state != State::kValue) {
    out.set_state(lane, state);
    return;
  }
  switch (node.op) {
    case Op::kSum:
      set_sum(values, list, lane, out);
      break;
    case Op::kMean:
      set_mean(values, from.weights, list, lane, out);
      break;
    case Op::kMin:
    case Op::kMax:
      set_extreme(values, node.op == Op::kMin, list, lane, out);
      break;
    case Op::kOnly:
      only(values, list.begin, list.end, row, lane, out);
      break;
    case Op::kJoin:
      join(values, list.begin, list.end, lane, out);
      break;
    default:
      fold_by_order(node, from, list, row, lane, out);
  }
  if (out.state(lane) == State::kNumberTooLong) {
    errors.push_back({row, State::kNumberTooLong, "number-too-long in: " + formula_->text,
                      "数值过长，公式：" + formula_->text});
  }
}

void FormulaRunner::fold_by_order(const Node& node, const FoldInputs& from, const Listed& list,
                                  std::uint32_t row, std::size_t lane, Column& out) {
  const Column& values = *from.values;
  if (node.op == Op::kRank) {
    set_rank(values, *from.own, list, lane, out);
  } else if (node.op == Op::kPercentile) {
    const exact::Number share = from.own->number(lane);
    set_percentile(values, share, list, lane, out);
    if (out.state(lane) == State::kOutOfRange) {
      errors.push_back({row, State::kOutOfRange,
                        "percentile takes a share from 0 to 1, not " + share.to_string(),
                        "percentile 的比例应在 0 至 1 之间，而不是 " + share.to_string()});
    }
  } else {
    const auto [first, second] = set_latest(values, *from.weights, list, lane, out);
    if (out.state(lane) != State::kNotUnique || first == second) return;
    errors.push_back({row, State::kNotUnique,
                      "not one latest value but two: " + cell_words(values, first) + " and " +
                          cell_words(values, second),
                      "最新的值应只有一个，却有两个：" + cell_words(values, first) + " 与 " +
                          cell_words(values, second)});
  }
}

// A cell that has a value, for messages.
std::string FormulaRunner::cell_words(const Column& values, std::size_t k) const {
  if (values.type() == Type::kNumber) return values.number(k).to_string();
  if (values.type() == Type::kText) return "\"" + data_.pool.text(values.id(k)) + "\"";
  if (values.type() == Type::kDate) return base::Date(values.id(k)).to_string();
  return std::to_string(values.id(k));
}

// The one distinct value; two are an error that names both.
void FormulaRunner::only(const Column& values, std::size_t begin, std::size_t end,
                         std::uint32_t row, std::size_t lane, Column& out) {
  std::size_t first = end;
  for (std::size_t i = begin; i < end; ++i) {
    if (!values.has_value(i)) continue;
    if (first == end) {
      first = i;
    } else if (compare_cells(values, first, values, i) != 0) {
      out.set_state(lane, State::kNotUnique);
      const auto text = [&](std::size_t k) { return cell_words(values, k); };
      errors.push_back({row, State::kNotUnique,
                        "not one value but two: " + text(first) + " and " + text(i),
                        "应只有一个值，却有两个：" + text(first) + " 与 " + text(i)});
      return;
    }
  }
  if (first == end) {
    out.set_state(lane, State::kNull);
  } else {
    out.set_cell(lane, values, first);
  }
}

// Texts in key order, each once. Makes new texts, so formulas with it run on one thread.
void FormulaRunner::join(const Column& values, std::size_t begin, std::size_t end, std::size_t lane,
                         Column& out) {
  std::set<std::int32_t> seen;
  std::string text;
  for (std::size_t i = begin; i < end; ++i) {
    if (!values.has_value(i) || !seen.insert(values.id(i)).second) continue;
    if (!text.empty()) text += ", ";
    text += data_.pool.text(values.id(i));
  }
  out.set_id(lane, data_.pool.intern(text));
}

}  // namespace qz::compute
