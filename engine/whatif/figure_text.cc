#include "whatif/figure_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compute/cell_text.h"
#include "exact/decimal.h"

namespace qz::whatif {
namespace {

constexpr std::size_t kAllDigits = 100'000;

std::string state_text(table::State state) {
  if (state == table::State::kNull) return "missing";
  if (state == table::State::kNotApplicable) return "not-applicable";
  return std::string(table::error_code(state));
}

const rules::CheckedColumn& column_of(const BaseJob& base, const CellRef& cell) {
  return base.packs()
      .tables[static_cast<std::size_t>(cell.table)]
      .columns[static_cast<std::size_t>(cell.column)];
}

std::string other_text(const BaseJob& base, table::Type type, base::PeriodKind period,
                       std::int32_t id) {
  switch (type) {
    case table::Type::kBool:
      return id != 0 ? "true" : "false";
    case table::Type::kDate:
      return base::Date(id).to_string();
    case table::Type::kPeriod:
      return base::period_text({period, id}, base.packs().cycle);
    case table::Type::kText:
      return base.loaded().pool->text(id);
    case table::Type::kRow:
    case table::Type::kNumber:
      break;
  }
  return std::to_string(id);
}

void put_value(const BaseJob& base, const CellRef& cell, const Value& value, std::string& text,
               std::string& state) {
  if (!value.has_value()) {
    state = state_text(value.state);
    return;
  }
  const rules::CheckedColumn& column = column_of(base, cell);
  text = column.type == table::Type::kNumber
             ? compute::value_text(base.results(), cell.table, cell.column, cell.row, value.number)
             : other_text(base, column.type, column.period, value.id);
}

void split_key(const BaseJob& base, base::Key key, Figure& out) {
  for (auto& part : key) {
    if (part.first == base.packs().subject) {
      out.entity = std::move(part.second);
    } else {
      out.key.push_back(std::move(part));
    }
  }
}

bool is_short(const rules::CheckedTable& table) {
  return table.ends_in_row || (table.period_column && table.period < base::PeriodKind::kYear);
}

std::string key_text(const base::Key& key) {
  std::string out;
  for (const auto& [name, value] : key) out += (out.empty() ? "" : ", ") + name + "=" + value;
  return out;
}

TouchedValue touched_cell(const BaseJob& base, const Selection& selection, std::uint32_t row) {
  const auto text = compute::cell_text(base.results(), selection.table, selection.column, row);
  TouchedValue out{key_text(base.results().key(selection.table, row)), text.value.value_or("")};
  if (text.unit && *text.unit != "1") out.value += " " + *text.unit;
  return out;
}

TouchedValue touched_constant(const BaseJob& base, const Selection& selection,
                              std::int32_t edition) {
  const rules::Pack& pack = *base.packs().editions[static_cast<std::size_t>(edition)].pack;
  TouchedValue out{pack.name() + "/" + selection.constant, ""};
  for (const rules::Constant& one : pack.constants) {
    if (one.name == selection.constant)
      out.value = one.text + (one.unit.empty() ? "" : " " + one.unit);
  }
  for (const rules::ParameterValue& one : base.packs().parameters) {
    const bool same = one.pack == selection.pack && one.name == selection.constant;
    if (same && selection.kind == Touched::kParameter) out.value = one.value;
  }
  return out;
}

TouchedValue touched_value(const BaseJob& base, const Selection& selection, std::size_t i) {
  switch (selection.kind) {
    case Touched::kCells:
      return touched_cell(base, selection, selection.rows[i]);
    case Touched::kFactor: {
      const factor::FactorTable& table =
          *base.packs().factors[static_cast<std::size_t>(selection.factor)];
      return {table.row_name(selection.rows[i]),
              table.written(selection.rows[i], selection.field) + " " + selection.unit.text};
    }
    case Touched::kConstant:
    case Touched::kParameter:
      return touched_constant(base, selection, selection.editions[i]);
    case Touched::kEdition:
      break;
  }
  std::string editions;
  for (const rules::Edition& one : base.packs().editions) {
    if (one.pack->id == selection.pack)
      editions += (editions.empty() ? "" : ", ") + one.pack->name();
  }
  return {selection.pack, editions};
}

}  // namespace

std::string exact_text(const exact::Number& value) { return value.to_string(kAllDigits); }

std::string difference_text(const BaseJob& base, const CellRef& cell,
                            const exact::Number& difference) {
  if (cell.table < 0) return exact_text(difference);
  const rules::ColumnRule* const rule =
      compute::rule_of(base.results(), cell.table, cell.column, cell.row);
  return exact_text(rule != nullptr ? difference / rule->to_column : difference);
}

Figure figure_of(const BaseJob& base, const Evaluator& evaluator, const CellRef& cell,
                 const Value& value) {
  Figure out;
  if (cell.table < 0) {
    const ForeignCell& foreign = evaluator.foreign(cell.row);
    out.table = foreign.table;
    out.column = foreign.column;
    const bool number = foreign.type == table::Type::kNumber;
    if (number) out.unit = foreign.unit;
    split_key(base, foreign.key, out);
    out.base_state = state_text(table::State::kNotApplicable);
    if (!value.has_value()) out.value_state = state_text(value.state);
    if (value.has_value()) {
      out.value = number ? compute::number_text(value.number)
                         : other_text(base, foreign.type, foreign.period, value.id);
    }
    return out;
  }
  const rules::CheckedTable& table = base.packs().tables[static_cast<std::size_t>(cell.table)];
  const rules::CheckedColumn& column = column_of(base, cell);
  out.table = table.name;
  out.column = column.name;
  out.is_short = is_short(table);
  split_key(base, base.results().key(cell.table, cell.row), out);
  if (column.type == table::Type::kNumber) {
    const rules::ColumnRule* const rule =
        compute::rule_of(base.results(), cell.table, cell.column, cell.row);
    out.unit = rule != nullptr ? rule->unit.text : column.unit.text;
  }
  const Value before = evaluator.base_value(cell);
  put_value(base, cell, before, out.base, out.base_state);
  put_value(base, cell, value, out.value, out.value_state);
  if (before.has_value() && value.has_value() && column.type == table::Type::kNumber)
    out.difference = difference_text(base, cell, value.number - before.number);
  return out;
}

Figure target_figure(const BaseJob& base, std::size_t target, const Value& before,
                     const Value& value) {
  Figure out;
  const CellRef cell{base.target_table(), base.target_column(target), 0};
  const bool number = !base.is_condition(target);
  out.column = base.targets()[target].name;
  if (number) out.unit = base.target_unit(target).text;
  put_value(base, cell, before, out.base, out.base_state);
  put_value(base, cell, value, out.value, out.value_state);
  if (number && before.has_value() && value.has_value())
    out.difference = exact_text(value.number - before.number);
  return out;
}

ChangeResult change_result(const BaseJob& base, const Selection& selection, const Written* target,
                           std::string action, std::string amount, bool all) {
  ChangeResult out;
  out.set = selection.name;
  out.action = std::move(action);
  out.amount = std::move(amount);
  if (selection.type == table::Type::kNumber && selection.kind != Touched::kEdition)
    out.unit = selection.unit.text;
  out.text = out.action == "pin" ? "pin " + out.set : out.set + " " + out.action;
  if (!out.amount.empty()) out.text += " " + out.amount;
  if (target != nullptr) {
    if (target->where) out.where = target->where->text;
    if (target->from) out.from = target->from->to_string();
    if (target->until) out.until = target->until->to_string();
  }
  const auto add = [&](std::string_view word, const std::string& text) {
    if (!text.empty()) out.text += fmt::format(" {} {}", word, text);
  };
  add("where", out.where);
  add("from", out.from);
  add("until", out.until);
  out.count = selection.size();
  const std::size_t shown = all ? selection.size() : std::min(selection.size(), kTouchedShown);
  for (std::size_t i = 0; i < shown; ++i) out.touched.push_back(touched_value(base, selection, i));
  return out;
}

ChangeResult change_result(const BaseJob& base, const Change& change, const WrittenChange& written,
                           bool all) {
  if (change.selection->kind == Touched::kEdition)
    return change_result(base, *change.selection, nullptr, "pin", "", all);
  const char* const action = change.action == Action::kTo      ? "to"
                             : change.action == Action::kTimes ? "times"
                                                               : "plus";
  return change_result(base, *change.selection, &written.target, action, written.amount.text, all);
}

}  // namespace qz::whatif
