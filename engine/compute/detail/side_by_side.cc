// Side by side: tables with the base's cells, edits put in, then each column in its order.

#include "compute/detail/side_by_side.h"

#include <algorithm>
#include <numeric>

#include "compute/column_cells.h"
#include "exact/decimal.h"

namespace qz::compute::detail {
namespace {

using plan::ColumnRef;
using table::Column;
using table::State;

constexpr std::size_t kLanesMax = 1u << 14;

// The value of a number that is no cell.
exact::Number base_value(const rules::CheckedPacks& packs, const Target& target) {
  const rules::Edition& edition = packs.editions[static_cast<std::size_t>(target.edition)];
  for (const rules::Constant& one : edition.pack->constants) {
    if (one.name == target.name) return one.value;
  }
  for (const rules::ParameterValue& one : packs.parameters) {
    if (one.pack == edition.pack->id && one.name == target.name)
      return exact::parse_ratio(one.value).value_or(exact::Number());
  }
  return {};
}

}  // namespace

SideBySide::SideBySide(const Basis& basis, const Cone& cone, const KnownCells& known,
                       const std::vector<Stage>& stages, std::size_t variations)
    : basis_(basis),
      cone_(cone),
      known_(known),
      size_(variations),
      tables_(basis.data.packs.tables.size()),
      relations_(basis.data.packs, tables_, basis.data.relations, cone, variations),
      data_{basis.data.packs,  basis.data.pool, tables_, relations_, basis.data.factor_texts,
            basis.data.totals, basis.data.rung, nullptr, this},
      runner_(data_),
      formulas_(basis.wanted.size()),
      stages_(stages) {
  make_tables();
  make_runs();
  const auto value_of = [&](std::uint32_t at, const exact::Number* value) {
    Column& cells = values_[at];
    cells = Column(table::Type::kNumber, size_, State::kNull);
    for (std::size_t v = 0; value != nullptr && v < size_; ++v) cells.set_number(v, *value);
    now_[at] = cells;
  };
  for (const auto& [key, at] : cone_.reached.constants) {
    const exact::Number value = base_value(data_.packs, basis_.targets[at]);
    value_of(at, &value);
  }
  for (const auto& [key, targets] : cone_.reached.factors) {
    const factor::FactorTable& factors = *data_.packs.factors[static_cast<std::size_t>(key.first)];
    for (const std::uint32_t at : targets) {
      const Target& target = basis_.targets[at];
      const auto field = static_cast<std::size_t>(target.field);
      const bool has = factors.state(target.row, field) == State::kValue;
      const exact::Number value = has ? factors.number(target.row, field) : exact::Number();
      value_of(at, has ? &value : nullptr);
      factor_targets_[{target.factor, target.field, target.row}] = at;
    }
  }
  for (std::uint32_t at = 0; at < basis_.targets.size(); ++at) {
    const Target& target = basis_.targets[at];
    if (target.kind == Target::Kind::kCell && cone_.reached.cells.contains(target.column))
      places_[at] = place(target);
  }
}

void SideBySide::make_tables() {
  const auto& packs = basis_.data.packs;
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    const auto table = static_cast<std::int32_t>(t);
    const TableRows& base = basis_.data.tables[t];
    const auto found = cone_.stacks.find(table);
    tables_[t].columns.resize(base.columns.size());
    tables_[t].rows = found == cone_.stacks.end() ? base.rows : found->second.slots() * size_;
    std::vector<std::uint32_t> order;
    if (found != cone_.stacks.end()) {
      for (const std::uint32_t slot : relations_.slots(table))
        order.push_back(found->second.base_rows[slot]);
    }
    for (std::size_t c = 0; c < base.columns.size(); ++c) {
      const ColumnRef ref{table, static_cast<std::int32_t>(c)};
      const bool is_period = packs.tables[t].period_column == ref.column;
      const bool is_reached = cone_.reached.cells.contains(ref);
      if (found == cone_.stacks.end()) {
        if (cone_.read.contains(ref)) tables_[t].columns[c] = base.columns[c];
        continue;
      }
      if (is_reached) {
        initial_[ref].is_input = true;
      } else if (is_period || cone_.read.contains(ref)) {
        tables_[t].columns[c] = base.columns[c].picked(order);
      }
    }
  }
  for (const plan::Step& step : cone_.steps) {
    for (const ColumnRef& ref : step.columns) initial_.at(ref).is_input = false;
  }
}

// The table's cells of a column are those before any edit, unless they are more than that already.
void SideBySide::begin(ColumnRef ref) {
  Initial& of = initial_.at(ref);
  if (of.is_set) return;
  if (!of.cells) of.cells = initial(ref).picked(relations_.slots(ref.table));
  cells_of(ref) = *of.cells;
  of.is_set = true;
}

// The cells of a column by slot before it is computed: inputs as they are, and what is only read.
Column SideBySide::initial(ColumnRef ref) const {
  const TableRows& base = basis_.data.tables[static_cast<std::size_t>(ref.table)];
  const Stack& of = stack(ref.table);
  Column out = base.columns[static_cast<std::size_t>(ref.column)].picked(of.base_rows);
  const std::vector<std::uint8_t>& cases = base.cases[static_cast<std::size_t>(ref.column)];
  const auto pack = static_cast<std::size_t>(shape(ref).pack_index);
  for (const Stack::Segment& one : of.segments) {
    if (one.begin >= of.computed || one.editions[pack] < 0) continue;
    const rules::ColumnRule* rule = shape(ref).rule(one.editions[pack]);
    if (rule == nullptr || rule->cases.empty()) continue;
    for (std::uint32_t slot = one.begin; slot < one.end; ++slot) {
      if (cases[of.base_rows[slot]] != kCaseInput) out.set_state(slot, State::kNull);
    }
  }
  return out;
}

SideBySide::Place SideBySide::place(const Target& target) const {
  Place out;
  const TableRows& base = basis_.data.tables[static_cast<std::size_t>(target.column.table)];
  out.slot = stack(target.column.table).slot_of[target.row];
  if (out.slot == kNoRow) return out;
  out.applies = true;
  if (base.is_context[target.row] != 0) return out;
  const auto pack = static_cast<std::size_t>(shape(target.column).pack_index);
  const std::int32_t edition = base.edition[pack][target.row];
  const rules::ColumnRule* rule = edition < 0 ? nullptr : shape(target.column).rule(edition);
  out.applies = rule != nullptr && rule->definition->input != rules::InputKind::kNone;
  if (!out.applies) return out;
  if (rule->definition->min) out.least = *rule->definition->min * rule->to_column;
  if (rule->definition->max) out.most = *rule->definition->max * rule->to_column;
  out.is_limited = out.least || out.most;
  return out;
}

void SideBySide::set_cell(const Target& target, const Place& place, std::uint32_t variation,
                          const Edit& edit) {
  if (!place.applies) return;
  begin(target.column);
  Column& cells = cells_of(target.column);
  const std::uint32_t row = stack(target.column.table).row(size_, variation, place.slot);
  if (edit.state != State::kValue) {
    cells.set_state(row, edit.state);
  } else if (place.is_limited && ((place.least && edit.value < *place.least) ||
                                  (place.most && *place.most < edit.value))) {
    cells.set_state(row, State::kOutOfRange);
  } else {
    cells.set_number(row, edit.value);
  }
}

void SideBySide::set_values(std::span<const Variation* const> variations) {
  for (auto& [ref, of] : initial_) {
    of.is_set = false;
    if (of.is_input) begin(ref);
  }
  for (const auto& [at, cells] : values_) now_[at] = cells;
  for (std::uint32_t v = 0; v < variations.size(); ++v) {
    for (const Edit& edit : variations[v]->edits) {
      const Target& target = basis_.targets[edit.target];
      if (target.kind == Target::Kind::kCell) {
        const auto found = places_.find(edit.target);
        if (found != places_.end()) set_cell(target, found->second, v, edit);
        continue;
      }
      const auto found = now_.find(edit.target);
      if (found == now_.end()) continue;
      if (edit.state == State::kValue) {
        found->second.set_number(v, edit.value);
      } else {
        found->second.set_state(v, edit.state);
      }
    }
  }
}

void SideBySide::run(std::span<const Variation* const> variations) {
  QZ_ASSERT(variations.size() <= size_);
  count_ = variations.size();
  set_values(variations);
  for (std::size_t s = 0; s < stages_.size(); ++s) {
    const Stage& stage = stages_[s];
    if (!stage.programs.empty()) {
      run_stage(s);
    } else if (stage.columns.loops) {
      loop(stage.columns);
    } else {
      column(stage.columns.columns.front(), nullptr);
    }
  }
  for (std::size_t w = 0; w < basis_.wanted.size(); ++w) {
    const Wanted& one = basis_.wanted[w];
    if (cone_.wanted_reached[w] == 0 || one.formula == nullptr) continue;
    Lanes lanes{count_ * one.rows.size(), {{}}};
    const Stack& of = stack(one.column.table);
    for (std::uint32_t v = 0; v < count_; ++v) {
      for (const std::uint32_t row : one.rows)
        lanes.frames[0].push_back(of.row(size_, v, of.slot_of[row]));
    }
    formulas_[w] = runner_.run(*one.formula, one.column.table, lanes);
    runner_.errors.clear();
  }
}

// Period by period, earliest first; within a period in the order that the plan gives.
void SideBySide::loop(const plan::Step& step) {
  std::map<std::int32_t, std::map<std::int32_t, std::vector<std::uint32_t>>> by_period;
  std::set<std::int32_t> taken;  // several columns of the step may be of one table
  for (const ColumnRef& ref : step.columns) {
    begin(ref);
    if (!taken.insert(ref.table).second) continue;
    const auto t = static_cast<std::size_t>(ref.table);
    const Column& periods =
        basis_.data.tables[t]
            .columns[static_cast<std::size_t>(*data_.packs.tables[t].period_column)];
    const Stack& of = stack(ref.table);
    for (std::uint32_t slot = 0; slot < of.computed; ++slot)
      by_period[periods.id(of.base_rows[slot])][ref.table].push_back(slot);
  }
  for (const auto& [period, tables] : by_period) {
    (void)period;
    for (const ColumnRef& ref : step.columns) {
      const auto slots = tables.find(ref.table);
      if (slots != tables.end()) column(ref, &slots->second);
    }
  }
}

// Computes a column for `only` these slots (all if nullptr), segment by segment.
void SideBySide::column(ColumnRef ref, const std::vector<std::uint32_t>* only) {
  begin(ref);
  const Stack& of = stack(ref.table);
  for (const Stack::Segment& one : of.segments)
    if (one.begin < of.computed) column_of(one, ref, only);
}

void SideBySide::column_of(const Stack::Segment& segment, ColumnRef ref,
                           const std::vector<std::uint32_t>* only) {
  const std::int32_t edition = segment.editions[static_cast<std::size_t>(shape(ref).pack_index)];
  const rules::ColumnRule* rule = edition < 0 ? nullptr : shape(ref).rule(edition);
  if (rule == nullptr || rule->cases.empty()) return;
  std::vector<std::uint32_t> rows;
  if (only == nullptr) {
    rows.resize(count_ * segment.size());
    std::iota(rows.begin(), rows.end(), segment.begin * static_cast<std::uint32_t>(size_));
  } else {
    for (std::uint32_t v = 0; v < count_; ++v) {
      for (const std::uint32_t slot : *only) {
        if (slot >= segment.begin && slot < segment.end)
          rows.push_back(stack(ref.table).row(size_, v, slot));
      }
    }
  }
  for (std::size_t first = 0; first < rows.size(); first += kLanesMax) {
    fill(ref, *rule, std::span(rows).subspan(first, std::min(kLanesMax, rows.size() - first)));
  }
}

void SideBySide::fill(ColumnRef ref, const rules::ColumnRule& rule,
                      std::span<const std::uint32_t> rows) {
  cells_of(ref).put(rows, column_cells(data_, runner_, ref, rule, rows).cells);
}

void SideBySide::give(std::size_t wanted, std::uint32_t variation, std::size_t first,
                      Column& out) const {
  const Wanted& one = basis_.wanted[wanted];
  if (cone_.wanted_reached[wanted] == 0) return;
  if (one.formula != nullptr) {
    for (std::size_t i = 0; i < one.rows.size(); ++i)
      out.set_cell(first + i, formulas_[wanted], variation * one.rows.size() + i);
    return;
  }
  const Stack& of = stack(one.column.table);
  const Column& cells = tables_[static_cast<std::size_t>(one.column.table)]
                            .columns[static_cast<std::size_t>(one.column.column)];
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    const std::uint32_t slot = of.slot_of[one.rows[i]];
    if (slot < of.computed) out.set_cell(first + i, cells, of.row(size_, variation, slot));
  }
}

bool SideBySide::knows(const rules::Node& node) const {
  return known_.cells.contains(&node) || known_.constants.contains(&node);
}

Column SideBySide::cells(const rules::Node& node, std::span<const std::uint32_t> rows) const {
  std::vector<std::uint32_t> order(rows.size());
  const auto found = known_.cells.find(&node);
  if (found != known_.cells.end()) {
    const std::vector<std::uint32_t>& slots = relations_.slots(found->second.table);
    for (std::size_t i = 0; i < rows.size(); ++i) order[i] = slots[rows[i]];
    return found->second.by_slot.picked(order);
  }
  const KnownCells::Constant& constant = known_.constants.at(&node);
  const std::vector<std::uint32_t>& variations = relations_.variations(constant.table);
  for (std::size_t i = 0; i < rows.size(); ++i) order[i] = variations[rows[i]];
  return now_.at(constant.target).picked(order);
}

std::uint32_t SideBySide::variation(std::int32_t table, std::uint32_t row) const {
  return relations_.variations(table)[row];
}

const Column* SideBySide::factor_cells(std::int32_t factor, std::int32_t field,
                                       std::uint32_t row) const {
  const auto found = factor_targets_.find({factor, field, row});
  return found == factor_targets_.end() ? nullptr : &now_.at(found->second);
}

}  // namespace qz::compute::detail
