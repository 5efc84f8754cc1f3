// Formula: aggregates. Lists become pairs of a lane and a listed row, in chunks of bounded size.

#include <algorithm>
#include <set>

#include "compute/formula.h"

namespace qz::compute {

using rules::Node;
using rules::Op;
using table::Column;
using table::State;
using table::Type;

namespace {

// Pairs that are evaluated at once; one lane with a longer list is a chunk of its own.
constexpr std::size_t kPairsMax = 1u << 16;

// What one lane's list comes to before its values are looked at.
struct Listed {
  std::size_t begin = 0;  // kept pairs
  std::size_t end = 0;
  State state = State::kValue;  // error or null of the filter, or of a missing link
};

// Sums with the states of a list: the first error, else null if anything is missing.
class Fold {
 public:
  explicit Fold(const Column& values) : values_(values) {}

  // The state that the values of `list` leave it in.
  State state(const Listed& list) const {
    if (table::is_error(list.state)) return list.state;
    State out = list.state;
    for (std::size_t i = list.begin; i < list.end; ++i) {
      const State one = values_.state(i);
      if (table::is_error(one)) return one;
      if (one == State::kNull) out = State::kNull;
    }
    return out;
  }

  exact::Number sum(const Listed& list) const {
    if (values_.is_scaled()) {
      std::int64_t total = 0;
      bool overflow = false;
      for (std::size_t i = list.begin; i < list.end && !overflow; ++i) {
        if (values_.has_value(i)) overflow = __builtin_add_overflow(total, values_.mantissas()[i], &total);
      }
      if (!overflow) return exact::Number::ratio(total, values_.denominator());
    }
    exact::Number total;
    for (std::size_t i = list.begin; i < list.end; ++i) {
      if (values_.has_value(i)) total += values_.number(i);
    }
    return total;
  }

 private:
  const Column& values_;
};

void set_sum(const Fold& fold, const Listed& list, std::size_t lane, Column& out) {
  const exact::Number total = fold.sum(list);
  if (total.too_long()) {
    out.set_state(lane, State::kNumberTooLong);
  } else {
    out.set_number(lane, total);
  }
}

void set_mean(const Column& values, const Column* weights, const Listed& list, std::size_t lane, Column& out) {
  exact::Number total, weight;
  State missing = State::kValue;
  for (std::size_t i = list.begin; i < list.end; ++i) {
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
  } else if (weight.is_zero()) {
    out.set_state(lane, State::kNull);
  } else {
    out.set_number(lane, total / weight);
  }
}

void set_extreme(const Column& values, bool smallest, const Listed& list, std::size_t lane, Column& out) {
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
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  const Groups& groups = data_.relations.groups(list);
  const std::vector<std::uint32_t>& mine = lanes.frames[static_cast<std::size_t>(list.mine_frame)];
  Column out(node.type, lanes.size, State::kNull);
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

void FormulaRunner::aggregate_chunk(const Node& node, const Lanes& lanes, std::size_t begin, std::size_t end,
                                    Column& out) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  const Groups& groups = data_.relations.groups(list);
  const std::vector<std::uint32_t>& mine = lanes.frames[static_cast<std::size_t>(list.mine_frame)];
  std::vector<Listed> listed(end - begin);
  std::vector<std::uint32_t> owner, rows;
  for (std::size_t lane = begin; lane < end; ++lane) {
    Listed& one = listed[lane - begin];
    one.begin = rows.size();
    const std::uint32_t row = mine[lane];
    if (row == kNoRow || groups.mine_unknown[row] != 0 || groups.may_belong[row] != 0) one.state = State::kNull;
    const std::uint32_t group = row == kNoRow ? kNoRow : groups.of_mine[row];
    if (group != kNoRow) {
      rows.insert(rows.end(), groups.rows.begin() + groups.begin[group], groups.rows.begin() + groups.begin[group + 1]);
      owner.resize(rows.size(), static_cast<std::uint32_t>(lane));
    }
    one.end = rows.size();
  }
  Lanes pairs = lanes.picked(owner);
  const auto frame = static_cast<std::size_t>(list.frame);
  if (pairs.frames.size() <= frame) pairs.frames.resize(frame + 1);
  pairs.frames[frame] = std::move(rows);

  if (list.filter >= 0) {
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
    pairs = pairs.picked(kept);
  }

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
  const Fold fold(values);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    const Listed& one = listed[i];
    const std::size_t lane = begin + i;
    if (node.op == Op::kAny || node.op == Op::kAll) {
      if (table::is_error(one.state)) {
        out.set_state(lane, one.state);
      } else {
        set_logic(values, node.op == Op::kAny, one, lane, out);
      }
      continue;
    }
    State state = fold.state(one);
    // Of a row's value and weight, the first error in the order of rows counts.
    for (std::size_t k = one.begin; weights && k < one.end && !table::is_error(one.state); ++k) {
      if (table::is_error(values.state(k))) break;
      if (table::is_error(weights->state(k)) && values.state(k) != State::kNotApplicable) {
        state = weights->state(k);
        break;
      }
    }
    if (state != State::kValue) {
      out.set_state(lane, state);
      continue;
    }
    switch (node.op) {
      case Op::kSum: set_sum(fold, one, lane, out); break;
      case Op::kMean: set_mean(values, weights ? &*weights : nullptr, one, lane, out); break;
      case Op::kMin:
      case Op::kMax: set_extreme(values, node.op == Op::kMin, one, lane, out); break;
      case Op::kOnly: only(values, one.begin, one.end, lanes.frames[0][lane], lane, out); break;
      default: join(values, one.begin, one.end, lane, out);
    }
    if (out.state(lane) == State::kNumberTooLong) {
      errors.push_back({lanes.frames[0][lane], State::kNumberTooLong, "number-too-long in: " + formula_->text,
                        "数值过长，公式：" + formula_->text});
    }
  }
}

// The one distinct value; two are an error that names both.
void FormulaRunner::only(const Column& values, std::size_t begin, std::size_t end, std::uint32_t row,
                         std::size_t lane, Column& out) {
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
      errors.push_back({row, State::kNotUnique, "not one value but two: " + text(first) + " and " + text(i),
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
void FormulaRunner::join(const Column& values, std::size_t begin, std::size_t end, std::size_t lane, Column& out) {
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
