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

// The state that a list is in: the first error in the order of rows (of a row's value before its
// weight), else null if anything is missing.
State state_of_list(const Column& values, const Column* weights, const Listed& list) {
  if (table::is_error(list.state)) return list.state;
  State out = list.state;
  if (weights == nullptr && values.all_have_values()) return out;
  const State* states = values.states().data();
  std::uint8_t any = 0;  // most lists have a value in every row
  for (std::size_t i = list.begin; i < list.end; ++i) any |= static_cast<std::uint8_t>(states[i]);
  if (any == 0 && weights == nullptr) return out;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    const State one = values.state(i);
    if (table::is_error(one)) return one;
    if (weights != nullptr && one != State::kNotApplicable && table::is_error(weights->state(i))) {
      return weights->state(i);
    }
    if (one == State::kNull) out = State::kNull;
  }
  return out;
}

// The sum of a scaled column's values, over its denominator; empty where it does not fit.
std::optional<std::int64_t> scaled_sum(const Column& values, const Listed& list) {
  if (!values.is_scaled()) return std::nullopt;
  const std::int64_t* mantissas = values.mantissas().data();
  const State* states = values.states().data();
  std::int64_t total = 0;
  if (values.all_have_values()) {
    bool overflow = false;
    for (std::size_t i = list.begin; i < list.end; ++i)
      overflow |= __builtin_add_overflow(total, mantissas[i], &total);
    return overflow ? std::nullopt : std::optional(total);
  }
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (states[i] != State::kValue) continue;
    if (__builtin_add_overflow(total, mantissas[i], &total)) return std::nullopt;
  }
  return total;
}

// On int64 while it fits, on exact Numbers when it does not. Stops where the sum so far is too
// long: it would only grow, and cost more with every row.
void set_sum(const Column& values, const Listed& list, std::size_t lane, Column& out) {
  if (const std::optional<std::int64_t> scaled = scaled_sum(values, list)) {
    out.set_scaled(lane, *scaled, *scaled == 0 ? 1 : values.denominator());
    return;
  }
  exact::Number total;
  for (std::size_t i = list.begin; i < list.end && !total.too_long(); ++i) {
    if (values.has_value(i)) total += values.number(i);
  }
  if (total.too_long()) {
    out.set_state(lane, State::kNumberTooLong);
  } else {
    out.set_number(lane, total);
  }
}

// The mean of scaled columns whose weighted sum fits int64: total / weight, as integers over the
// columns' denominators. False where it must be done on exact Numbers.
bool set_scaled_mean(const Column& values, const Column* weights, const Listed& list,
                     std::size_t lane, Column& out) {
  if (!values.is_scaled() || (weights != nullptr && !weights->is_scaled())) return false;
  std::int64_t total = 0, weight = 0, term = 0;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (!values.has_value(i)) continue;
    if (weights != nullptr && !weights->has_value(i)) return false;
    const std::int64_t one = weights == nullptr ? 1 : weights->mantissas()[i];
    if (__builtin_mul_overflow(values.mantissas()[i], one, &term) ||
        __builtin_add_overflow(total, term, &total) || __builtin_add_overflow(weight, one, &weight))
      return false;
  }
  if (weight == 0) {
    out.set_state(lane, State::kNull);
  } else {
    // The weights' denominator cancels out.
    const exact::Number mean =
        exact::Number::ratio(total, values.denominator()) / exact::Number(weight);
    out.set_number(lane, mean);
    if (mean.too_long()) out.set_state(lane, State::kNumberTooLong);
  }
  return true;
}

void set_mean(const Column& values, const Column* weights, const Listed& list, std::size_t lane,
              Column& out) {
  if (set_scaled_mean(values, weights, list, lane, out)) return;
  exact::Number total, weight;
  State missing = State::kValue;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (total.too_long() || weight.too_long()) break;
    if (!values.has_value(i)) continue;  // not applicable: null and errors were seen before
    if (weights == nullptr) {
      total += values.number(i);
      weight += exact::Number(1);
    } else if (weights->has_value(i)) {
      total += values.number(i) * weights->number(i);
      weight += weights->number(i);
    } else {
      missing = both(missing, weights->state(i));
    }
  }
  if (missing != State::kValue) {
    out.set_state(lane, missing);
  } else if (total.too_long() || weight.too_long()) {
    out.set_state(lane, State::kNumberTooLong);
  } else if (weight.is_zero()) {
    out.set_state(lane, State::kNull);
  } else {
    const exact::Number mean = total / weight;
    out.set_number(lane, mean);
    if (mean.too_long()) out.set_state(lane, State::kNumberTooLong);
  }
}

void set_extreme(const Column& values, bool smallest, const Listed& list, std::size_t lane,
                 Column& out) {
  std::size_t best = list.end;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (!values.has_value(i)) continue;
    if (best == list.end) {
      best = i;
      continue;
    }
    const int order = compare_cells(values, i, values, best);
    if (smallest ? order < 0 : order > 0) best = i;
  }
  if (best == list.end) {
    out.set_state(lane, State::kNull);
  } else {
    out.set_cell(lane, values, best);
  }
}

// any: true if one is; all: false if one is. What is missing counts as in `or` and `and`.
void set_logic(const Column& values, bool any, const Listed& list, std::size_t lane, Column& out) {
  bool decided = false, missing = list.state == State::kNull;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (table::is_error(values.state(i))) {
      out.set_state(lane, values.state(i));
      return;
    }
    if (values.state(i) == State::kNull) missing = true;
    if (values.has_value(i) && (values.id(i) != 0) == any) decided = true;
  }
  if (list.state == State::kNull) decided = false;  // which rows count is not known
  if (decided) {
    out.set_id(lane, any ? 1 : 0);
  } else if (missing) {
    out.set_state(lane, State::kNull);
  } else {
    out.set_id(lane, any ? 0 : 1);
  }
}

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
  const Groups& groups = data_.relations.groups(list);
  const std::vector<std::uint32_t>& mine = lanes.frames[static_cast<std::size_t>(list.mine_frame)];
  Column out(node.type, lanes.size, State::kNull);
  if (node.op == Op::kCount && list.filter < 0) {
    for (std::size_t lane = 0; lane < lanes.size; ++lane) {
      const std::uint32_t group = mine[lane] == kNoRow ? kNoRow : groups.of_mine[mine[lane]];
      const State state = mine[lane] == kNoRow ? State::kNull : groups.state[mine[lane]];
      const std::uint32_t rows =
          group == kNoRow ? 0 : groups.begin[group + 1] - groups.begin[group];
      if (state == State::kValue) {
        out.set_scaled(lane, rows, 1);
      } else {
        out.set_state(lane, state);
      }
    }
    return out;
  }
  const Column* whole = groups.in_pieces ? whole_column(node, list) : nullptr;
  if (whole != nullptr) {
    fold_pieces(node, lanes, groups, *whole, out);
    return out;
  }
  std::size_t begin = 0, pairs = 0;
  for (std::size_t lane = 0; lane < lanes.size; ++lane) {
    const std::uint32_t group = mine[lane] == kNoRow ? kNoRow : groups.of_mine[mine[lane]];
    const std::size_t size = group == kNoRow ? 0 : groups.begin[group + 1] - groups.begin[group];
    if (pairs + size > kPairsMax && lane > begin) {
      aggregate_chunk(node, lanes, begin, lane, out);
      begin = lane;
      pairs = 0;
    }
    pairs += size;
  }
  aggregate_chunk(node, lanes, begin, lanes.size, out);
  return out;
}

// The column that a list takes its values from, where it is one of the listed table itself, as it
// stands: then nothing need be gathered.
const Column* FormulaRunner::whole_column(const Node& node, const rules::List& list) const {
  if (list.filter >= 0 || node.args.size() != 1) return nullptr;
  const Node& value = at(node.args[0]);
  if (value.op != Op::kColumn || value.frame != list.frame || value.table != list.table)
    return nullptr;
  const Column& column = data_.tables[static_cast<std::size_t>(value.table)]
                             .columns[static_cast<std::size_t>(value.column)];
  return column.type() == Type::kRow ? nullptr : &column;
}

// Lists whose rows follow one another, straight from the column.
void FormulaRunner::fold_pieces(const Node& node, const Lanes& lanes, const Groups& groups,
                                const Column& values, Column& out) {
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
    fold(node, values, nullptr, one, lanes.frames[0][lane], lane, out);
  }
}

// The rows of the lists of lanes begin … end, one list after another; `owner` gets the lane of
// each.
std::vector<std::uint32_t> FormulaRunner::listed_rows(const rules::List& list, const Lanes& lanes,
                                                      std::size_t begin, std::size_t end,
                                                      std::vector<Listed>& listed,
                                                      std::vector<std::uint32_t>* owner) {
  const Groups& groups = data_.relations.groups(list);
  const std::vector<std::uint32_t>& mine = lanes.frames[static_cast<std::size_t>(list.mine_frame)];
  std::vector<std::uint32_t> rows;
  for (std::size_t lane = begin; lane < end; ++lane) {
    Listed& one = listed[lane - begin];
    one.begin = rows.size();
    const std::uint32_t row = mine[lane];
    one.state = row == kNoRow ? State::kNull : groups.state[row];
    const std::uint32_t group = row == kNoRow ? kNoRow : groups.of_mine[row];
    if (group != kNoRow) {
      rows.insert(rows.end(), groups.rows.begin() + groups.begin[group],
                  groups.rows.begin() + groups.begin[group + 1]);
      if (owner != nullptr) owner->resize(rows.size(), static_cast<std::uint32_t>(lane));
    }
    one.end = rows.size();
  }
  return rows;
}

// The lists of lanes begin … end as pairs: one lane of the result for each listed row.
Lanes FormulaRunner::open_lists(const rules::List& list, const Lanes& lanes, std::size_t begin,
                                std::size_t end, std::vector<Listed>& listed) {
  std::vector<std::uint32_t> owner;
  std::vector<std::uint32_t> rows = listed_rows(list, lanes, begin, end, listed, &owner);
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

void FormulaRunner::aggregate_chunk(const Node& node, const Lanes& lanes, std::size_t begin,
                                    std::size_t end, Column& out) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  std::vector<Listed> listed(end - begin);
  if (const Column* whole = whole_column(node, list)) {
    const Column values = whole->picked(listed_rows(list, lanes, begin, end, listed, nullptr));
    for (std::size_t i = 0; i < listed.size(); ++i)
      fold(node, values, nullptr, listed[i], lanes.frames[0][begin + i], begin + i, out);
    return;
  }
  Lanes pairs = open_lists(list, lanes, begin, end, listed);
  if (list.filter >= 0) pairs = filtered(list, pairs, listed);
  if (node.op == Op::kCount) {
    for (std::size_t i = 0; i < listed.size(); ++i) {
      const Listed& one = listed[i];
      if (one.state != State::kValue) {
        out.set_state(begin + i, one.state);
      } else {
        out.set_scaled(begin + i, static_cast<std::int64_t>(one.end - one.begin), 1);
      }
    }
    return;
  }
  const Column values = this->node(node.args[0], pairs);
  std::optional<Column> weights;
  if (node.args.size() > 1) weights = this->node(node.args[1], pairs);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const std::size_t lane = begin + i;
    fold(node, values, weights ? &*weights : nullptr, listed[i], lanes.frames[0][lane], lane, out);
  }
}

// One lane's list to one cell.
void FormulaRunner::fold(const Node& node, const Column& values, const Column* weights,
                         const Listed& list, std::uint32_t row, std::size_t lane, Column& out) {
  if (node.op == Op::kAny || node.op == Op::kAll) {
    if (table::is_error(list.state)) {
      out.set_state(lane, list.state);
    } else {
      set_logic(values, node.op == Op::kAny, list, lane, out);
    }
    return;
  }
  const State state = state_of_list(values, weights, list);
  if (state != State::kValue) {
    out.set_state(lane, state);
    return;
  }
  switch (node.op) {
    case Op::kSum:
      set_sum(values, list, lane, out);
      break;
    case Op::kMean:
      set_mean(values, weights, list, lane, out);
      break;
    case Op::kMin:
    case Op::kMax:
      set_extreme(values, node.op == Op::kMin, list, lane, out);
      break;
    case Op::kOnly:
      only(values, list.begin, list.end, row, lane, out);
      break;
    default:
      join(values, list.begin, list.end, lane, out);
  }
  if (out.state(lane) == State::kNumberTooLong) {
    errors.push_back({row, State::kNumberTooLong, "number-too-long in: " + formula_->text,
                      "数值过长，公式：" + formula_->text});
  }
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
      const auto text = [&](std::size_t k) {
        if (values.type() == Type::kNumber) return values.number(k).to_string();
        if (values.type() == Type::kText) return "\"" + data_.pool.text(values.id(k)) + "\"";
        if (values.type() == Type::kDate) return base::Date(values.id(k)).to_string();
        return std::to_string(values.id(k));
      };
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
