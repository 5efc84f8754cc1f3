// Formula: the walk over nodes, lanes split where an operator is lazy.

#include "compute/formula.h"

#include <algorithm>
#include <span>
#include <utility>

#include "plan/reads.h"

namespace qz::compute {

using rules::Node;
using rules::Op;
using table::Column;
using table::State;
using table::Type;

namespace {

bool holds(Op op, int order) {
  switch (op) {
    case Op::kEqual:
      return order == 0;
    case Op::kNotEqual:
      return order != 0;
    case Op::kLess:
      return order < 0;
    case Op::kLessEqual:
      return order <= 0;
    case Op::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

template <class T>
std::vector<std::int32_t> compared(Op op, std::span<const T> a, std::span<const T> b) {
  std::vector<std::int32_t> out(a.size());
  if (op == Op::kEqual) {
    for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] == b[i] ? 1 : 0;
  } else if (op == Op::kNotEqual) {
    for (std::size_t i = 0; i < a.size(); ++i) out[i] = a[i] != b[i] ? 1 : 0;
  } else {
    for (std::size_t i = 0; i < a.size(); ++i)
      out[i] = holds(op, a[i] < b[i] ? -1 : (a[i] > b[i] ? 1 : 0)) ? 1 : 0;
  }
  return out;
}

Column bools(std::vector<std::int32_t> ids, std::vector<State> states) {
  return Column::from_ids(Type::kBool, std::move(ids), std::move(states));
}

// The first and last index of a kind of period within the years 1 to 9999, which can be written.
std::pair<std::int64_t, std::int64_t> dates_there_are(base::PeriodKind kind) {
  const std::int32_t first = base::Date::of(1, 1, 1).days();
  const std::int32_t last = base::Date::of(9999, 12, 31).days();
  if (kind == base::PeriodKind::kHour) return {first * 24, last * 24 + 23};
  if (kind == base::PeriodKind::kCycle) return {0, 0};
  const auto index = [&](std::int32_t day) {
    return base::containing({base::PeriodKind::kDay, day}, kind, {})->index;
  };
  return {index(first), index(last)};
}

// The least n for which `from` and n months (the last day where there is no such day) reach `to`.
std::int64_t months_between(base::Date from, base::Date to) {
  const std::int64_t months = (to.year() - from.year()) * 12 + to.month() - from.month();
  const int day = std::min(from.day(), base::days_in_month(to.year(), to.month()));
  return day >= to.day() ? months : months + 1;
}

State as_operand(State state) { return state == State::kNotApplicable ? State::kNull : state; }

}  // namespace

Lanes Lanes::picked(const std::vector<std::uint32_t>& lanes) const {
  Lanes out;
  out.size = lanes.size();
  out.frames.resize(frames.size());
  for (std::size_t f = 0; f < frames.size(); ++f) {
    if (frames[f].empty()) continue;
    out.frames[f].reserve(lanes.size());
    for (const std::uint32_t lane : lanes) out.frames[f].push_back(frames[f][lane]);
  }
  return out;
}

Column FormulaRunner::run(const rules::Typed& formula, std::int32_t table, const Lanes& lanes) {
  return run_node(formula, formula.root, table, lanes);
}

Column FormulaRunner::run_node(const rules::Typed& formula, rules::NodeId node_id,
                               std::int32_t table, const Lanes& lanes) {
  formula_ = &formula;
  frame_tables_ = plan::frame_tables(table, formula);
  return node(node_id, lanes);
}

Column FormulaRunner::node(rules::NodeId id, const Lanes& lanes) {
  const Node& what = at(id);
  if (leaves_ != nullptr) {
    const auto known = leaves_->find(id);
    if (known != leaves_->end()) return known->second;
  }
  if (data_.variants != nullptr && data_.variants->knows(what))
    return data_.variants->cells(what, lanes.frames[0]);
  if (what.op >= Op::kSum) return aggregate(what, lanes);
  switch (what.op) {
    case Op::kLiteral:
      return literal(what, lanes);
    case Op::kNullLiteral:
      return Column(what.type, lanes.size, State::kNull);
    case Op::kColumn:
      return column_cells(what, lanes.frames[static_cast<std::size_t>(what.frame)]);
    case Op::kUp:
      return up(what, lanes);
    case Op::kLookup:
      return lookup(what, lanes);
    case Op::kFactor:
      return factor(what, lanes);
    case Op::kIf:
      return choose(what, lanes);
    case Op::kOr:
    case Op::kAnd:
    case Op::kNot:
      return logic(what, lanes);
    case Op::kCoalesce:
      return coalesce(what, lanes);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return compare(what, lanes);
    case Op::kBetween:
      return between(what, lanes);
    case Op::kIn:
      return one_of(what, lanes);
    case Op::kIsNull:
    case Op::kIsNotNull:
      return null_test(what, lanes);
    case Op::kMinOf:
    case Op::kMaxOf:
      return extreme(what, lanes);
    case Op::kYearOf:
    case Op::kMonthOf:
    case Op::kStartOf:
    case Op::kEndOf:
    case Op::kDaysOf:
      return calendar(what, lanes);
    case Op::kStep:
    case Op::kDateStep:
    case Op::kDateDifference:
      return step(what, lanes);
    case Op::kMonthsBetween:
    case Op::kOverlap:
      return span(what, lanes);
    default:
      return arithmetic(id, lanes);
  }
}

Column FormulaRunner::literal(const Node& node, const Lanes& lanes) const {
  if (node.type == Type::kNumber) {
    const std::optional<std::int64_t> up = node.number.numerator().to_int64();
    const std::optional<std::int64_t> down = node.number.denominator().to_int64();
    std::vector<State> states(lanes.size, State::kValue);
    if (up && down) {
      return Column::from_scaled(std::vector<std::int64_t>(lanes.size, *up), *down,
                                 std::move(states));
    }
    return Column::from_numbers(std::vector<exact::Number>(lanes.size, node.number),
                                std::move(states));
  }
  const std::int32_t id = node.type == Type::kText ? data_.pool.find(node.text) : node.id;
  return Column::from_ids(node.type, std::vector<std::int32_t>(lanes.size, id),
                          std::vector<State>(lanes.size, State::kValue));
}

Column FormulaRunner::column_cells(const Node& node, const std::vector<std::uint32_t>& rows) const {
  const Column& from = data_.tables[static_cast<std::size_t>(node.table)]
                           .columns[static_cast<std::size_t>(node.column)];
  if (from.type() != Type::kRow && std::find(rows.begin(), rows.end(), kNoRow) == rows.end()) {
    return from.picked(rows);
  }
  Column out(node.type, rows.size(), State::kNull);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i] == kNoRow) continue;
    if (from.type() == Type::kRow) {
      out.set_scaled(i, from.id(rows[i]), 1);
    } else {
      out.set_cell(i, from, rows[i]);
    }
  }
  return out;
}

Column FormulaRunner::up(const Node& node, const Lanes& lanes) {
  const std::int32_t from = frame_tables_[static_cast<std::size_t>(node.frame)];
  const std::vector<std::uint32_t>& above = data_.relations.up(from, node.table);
  std::vector<std::uint32_t> rows;
  rows.reserve(lanes.size);
  for (const std::uint32_t row : lanes.frames[static_cast<std::size_t>(node.frame)]) {
    rows.push_back(row == kNoRow ? kNoRow : above[row]);
  }
  Column out = column_cells(node, rows);
  // Where a link is in error, so is what lies above it.
  for (std::size_t i = 0; i < lanes.size; ++i) {
    const std::uint32_t row = lanes.frames[static_cast<std::size_t>(node.frame)][i];
    if (rows[i] != kNoRow || row == kNoRow) continue;
    const State why = data_.relations.up_state(from, row, node.table);
    if (table::is_error(why)) out.set_state(i, why);
  }
  return out;
}

Column FormulaRunner::lookup(const Node& node, const Lanes& lanes) {
  std::vector<Column> args;
  for (const rules::NodeId arg : node.args) args.push_back(this->node(arg, lanes));
  Column failed(Type::kBool, lanes.size, State::kNull);
  std::vector<std::uint32_t> rows(lanes.size, kNoRow);
  std::vector<std::int32_t> key(args.size());
  for (std::size_t i = 0; i < lanes.size; ++i) {
    State state = State::kValue;
    for (std::size_t k = 0; k < args.size(); ++k) {
      state = both(state, args[k].state(i));
      if (state != State::kValue) continue;
      if (args[k].type() == Type::kNumber) {
        const std::optional<std::int64_t> whole = args[k].number(i).to_int64();
        key[k] = whole && *whole > 0 && *whole < INT32_MAX ? static_cast<std::int32_t>(*whole) : -1;
      } else {
        key[k] = args[k].id(i);
      }
    }
    failed.set_state(i, state == State::kValue ? State::kNull : state);
    if (state == State::kValue)
      rows[i] = data_.relations.find_beside(node.table, key, frame_tables_[0], lanes.frames[0][i]);
  }
  Column out = column_cells(node, rows);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    if (table::is_error(failed.state(i))) out.set_state(i, failed.state(i));
  }
  return out;
}

Column FormulaRunner::choose(const Node& node, const Lanes& lanes) {
  const Column test = this->node(node.args[0], lanes);
  std::vector<std::uint32_t> yes, no;
  Column out(node.type, lanes.size, State::kNull);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    if (!test.has_value(i)) {
      out.set_state(i, as_operand(test.state(i)));
    } else {
      (test.id(i) != 0 ? yes : no).push_back(static_cast<std::uint32_t>(i));
    }
  }
  if (yes.size() == lanes.size) return this->node(node.args[1], lanes);
  if (no.size() == lanes.size) return this->node(node.args[2], lanes);
  if (!yes.empty()) out.put(yes, this->node(node.args[1], lanes.picked(yes)));
  if (!no.empty()) out.put(no, this->node(node.args[2], lanes.picked(no)));
  return out;
}

Column FormulaRunner::logic(const Node& node, const Lanes& lanes) {
  const Column left = this->node(node.args[0], lanes);
  std::vector<std::int32_t> ids(lanes.size);
  std::vector<State> states(lanes.size, State::kNull);
  const bool deciding = node.op == Op::kOr;  // the value of the left side that decides
  std::vector<std::uint32_t> open;
  for (std::size_t i = 0; i < lanes.size; ++i) {
    const State state = left.state(i);
    if (table::is_error(state)) {
      states[i] = state;
    } else if (node.op == Op::kNot) {
      if (state == State::kValue) states[i] = State::kValue;
      ids[i] = left.id(i) == 0 ? 1 : 0;
    } else if (state == State::kValue && (left.id(i) != 0) == deciding) {
      states[i] = State::kValue;
      ids[i] = deciding ? 1 : 0;
    } else {
      open.push_back(static_cast<std::uint32_t>(i));
    }
  }
  if (node.op == Op::kNot || open.empty()) return bools(std::move(ids), std::move(states));
  const Column right =
      this->node(node.args[1], open.size() == lanes.size ? lanes : lanes.picked(open));
  for (std::size_t i = 0; i < open.size(); ++i) {
    if (table::is_error(right.state(i))) {
      states[open[i]] = right.state(i);
    } else if (right.has_value(i) && ((right.id(i) != 0) == deciding || left.has_value(open[i]))) {
      states[open[i]] = State::kValue;
      ids[open[i]] = right.id(i);
    }
  }
  return bools(std::move(ids), std::move(states));
}

Column FormulaRunner::coalesce(const Node& node, const Lanes& lanes) {
  Column out(node.type, lanes.size, State::kNull);
  std::vector<std::uint32_t> open(lanes.size);
  for (std::size_t i = 0; i < open.size(); ++i) open[i] = static_cast<std::uint32_t>(i);
  for (const rules::NodeId arg : node.args) {
    if (open.empty()) break;
    Column part = this->node(arg, open.size() == lanes.size ? lanes : lanes.picked(open));
    if (part.size() == lanes.size && part.all_have_values() && part.type() == node.type)
      return part;
    std::vector<std::uint32_t> still;
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (part.has_value(i) || table::is_error(part.state(i))) {
        out.set_cell(open[i], part, i);
      } else {
        still.push_back(open[i]);
      }
    }
    open = std::move(still);
  }
  return out;
}

Column FormulaRunner::compare(const Node& node, const Lanes& lanes) {
  const Column a = this->node(node.args[0], lanes);
  const Column b = this->node(node.args[1], lanes);
  std::vector<State> states(lanes.size, State::kValue);
  if (a.all_have_values() && b.all_have_values()) {
    if (a.type() != Type::kNumber)
      return bools(compared(node.op, a.ids(), b.ids()), std::move(states));
    if (a.is_scaled() && b.is_scaled() && a.denominator() == b.denominator())
      return bools(compared(node.op, a.mantissas(), b.mantissas()), std::move(states));
  }
  std::vector<std::int32_t> ids(lanes.size);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    states[i] = both(a.state(i), b.state(i));
    if (states[i] == State::kValue) ids[i] = holds(node.op, compare_cells(a, i, b, i)) ? 1 : 0;
  }
  return bools(std::move(ids), std::move(states));
}

Column FormulaRunner::between(const Node& node, const Lanes& lanes) {
  const Column value = this->node(node.args[0], lanes);
  const Column low = this->node(node.args[1], lanes);
  const Column high = this->node(node.args[2], lanes);
  Column out(Type::kBool, lanes.size, State::kNull);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    State state = both(value.state(i), low.state(i));
    if (!table::is_error(state)) state = both(state, high.state(i));
    if (state != State::kValue) {
      out.set_state(i, state);
    } else {
      out.set_id(
          i, compare_cells(value, i, low, i) >= 0 && compare_cells(value, i, high, i) <= 0 ? 1 : 0);
    }
  }
  return out;
}

Column FormulaRunner::one_of(const Node& node, const Lanes& lanes) {
  std::vector<Column> cells;
  for (const rules::NodeId arg : node.args) cells.push_back(this->node(arg, lanes));
  const Node& value = at(node.args[0]);
  Column out(Type::kBool, lanes.size, State::kNull);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    State state = cells[0].state(i);
    for (std::size_t k = 1; k < cells.size() && !table::is_error(state); ++k)
      state = both(state, cells[k].state(i));
    if (state != State::kValue) {
      out.set_state(i, as_operand(state));
      continue;
    }
    bool found = false;
    for (std::size_t k = 1; k < cells.size() && !found; ++k) {
      const Node& choice = at(node.args[k]);
      if (choice.type == Type::kPeriod &&
          (value.type == Type::kDate || value.period != choice.period)) {
        const base::Period inner = value.type == Type::kDate
                                       ? base::Period{base::PeriodKind::kDay, cells[0].id(i)}
                                       : base::Period{value.period, cells[0].id(i)};
        const base::Period outer{choice.period, cells[k].id(i)};
        const std::optional<base::Period> holding =
            outer.kind >= inner.kind ? base::containing(inner, outer.kind, data_.packs.cycle)
                                     : std::nullopt;
        found = holding && *holding == outer;
      } else {
        found = compare_cells(cells[0], i, cells[k], i) == 0;
      }
    }
    out.set_id(i, found ? 1 : 0);
  }
  return out;
}

Column FormulaRunner::null_test(const Node& node, const Lanes& lanes) {
  const Column value = this->node(node.args[0], lanes);
  std::vector<std::int32_t> ids(lanes.size);
  std::vector<State> states(lanes.size, State::kValue);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    if (table::is_error(value.state(i))) states[i] = value.state(i);
    ids[i] = (node.op == Op::kIsNull) != value.has_value(i) ? 1 : 0;
  }
  return bools(std::move(ids), std::move(states));
}

Column FormulaRunner::extreme(const Node& node, const Lanes& lanes) {
  Column best = this->node(node.args[0], lanes);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    if (!best.has_value(i)) best.set_state(i, as_operand(best.state(i)));
  }
  for (std::size_t k = 1; k < node.args.size(); ++k) {
    const Column next = this->node(node.args[k], lanes);
    for (std::size_t i = 0; i < lanes.size; ++i) {
      const State state = both(best.state(i), next.state(i));
      if (state != State::kValue) {
        best.set_state(i, state);
        continue;
      }
      const int order = compare_cells(next, i, best, i);
      if (node.op == Op::kMinOf ? order < 0 : order > 0) best.set_cell(i, next, i);
    }
  }
  return best;
}

Column FormulaRunner::calendar(const Node& node, const Lanes& lanes) {
  const Column value = this->node(node.args[0], lanes);
  const Node& of = at(node.args[0]);
  const base::Cycle& cycle = data_.packs.cycle;
  Column out(node.type, lanes.size, State::kNull);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    if (!value.has_value(i)) {
      out.set_state(i, as_operand(value.state(i)));
      continue;
    }
    const base::Period period = of.type == Type::kDate
                                    ? base::Period{base::PeriodKind::kDay, value.id(i)}
                                    : base::Period{of.period, value.id(i)};
    const base::Date first = base::first_day(period, cycle);
    const base::Date last = base::last_day(period, cycle);
    switch (node.op) {
      case Op::kYearOf:
        out.set_scaled(i, first.year(), 1);
        break;
      case Op::kMonthOf:
        out.set_scaled(i, first.month(), 1);
        break;
      case Op::kStartOf:
        out.set_id(i, first.days());
        break;
      case Op::kEndOf:
        out.set_id(i, last.days());
        break;
      default: {
        const bool hour = period.kind == base::PeriodKind::kHour;
        out.set_scaled(i, last.days() - first.days() + 1, hour ? 24 : 1);
      }
    }
  }
  return out;
}

// months(from, to) and overlap(from, to, from, to).
Column FormulaRunner::span(const Node& node, const Lanes& lanes) {
  std::vector<Column> days;
  for (const rules::NodeId arg : node.args) days.push_back(this->node(arg, lanes));
  Column out(node.type, lanes.size, State::kNull);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    State state = State::kValue;
    for (const Column& day : days) state = both(state, day.state(i));
    if (state != State::kValue) {
      out.set_state(i, state);
    } else if (node.op == Op::kMonthsBetween) {
      out.set_scaled(i, months_between(base::Date(days[0].id(i)), base::Date(days[1].id(i))), 1);
    } else {
      const std::int64_t first = std::max(days[0].id(i), days[2].id(i));
      const std::int64_t last = std::min(days[1].id(i), days[3].id(i));
      out.set_scaled(i, std::max<std::int64_t>(0, last - first + 1), 1);
    }
  }
  return out;
}

// period + whole number, date + days, date − date.
Column FormulaRunner::step(const Node& node, const Lanes& lanes) {
  const Column a = this->node(node.args[0], lanes);
  const Column b = this->node(node.args[1], lanes);
  Cells cells{Column(node.type, lanes.size, State::kNull), false};
  const auto [first, last] =
      dates_there_are(node.op == Op::kStep ? at(node.args[0]).period : base::PeriodKind::kDay);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    const State state = both(a.state(i), b.state(i));
    if (state != State::kValue) {
      cells.column.set_state(i, state);
    } else if (node.op == Op::kDateDifference) {
      cells.column.set_scaled(i, static_cast<std::int64_t>(a.id(i)) - b.id(i), 1);
    } else {
      const std::optional<std::int64_t> whole = b.number(i).to_int64();
      if (whole && *whole >= first - a.id(i) && *whole <= last - a.id(i)) {
        cells.column.set_id(i, static_cast<std::int32_t>(a.id(i) + *whole));
      } else {
        cells.column.set_state(i, State::kOutOfRange);
        cells.fresh = true;
      }
    }
  }
  return noted(std::move(cells), lanes, {&a, &b}, node);
}

}  // namespace qz::compute
