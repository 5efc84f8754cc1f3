// RowRules: the edition of a day, looked up once for each period that occurs.

#include "read/detail/row_rules.h"

namespace qz::read::detail {

const RowRules& RowRulesCache::at(std::int32_t period) {
  if (last_ != nullptr && (period == last_period_ || !table_.period_column)) return *last_;
  std::unique_ptr<RowRules>& made = by_period_[period];
  if (!made) made = std::make_unique<RowRules>(make(period));
  last_period_ = period;
  last_ = made.get();
  return *last_;
}

RowRules RowRulesCache::make(std::int32_t period) const {
  const rules::CheckedPacks& packs = session_.packs;
  RowRules out;
  base::Date day = packs.cycle.last_day();
  if (table_.period_column) {
    const base::Period one{table_.period, period};
    day = base::last_day(one, packs.cycle);
    out.in_cycle = base::containing(one, base::PeriodKind::kCycle, packs.cycle).has_value();
  }
  for (const rules::CheckedColumn& column : table_.columns) {
    out.cells.push_back(cell_rule(column, day));
  }
  return out;
}

CellRule RowRulesCache::cell_rule(const rules::CheckedColumn& column, base::Date day) const {
  CellRule out;
  const exact::Unit* unit = &column.unit;
  if (!column.rules.empty()) {
    // Where no edition holds on the day, that is told once for all the rows (no-edition); the cell
    // is read as the last edition has it.
    out.edition = session_.packs.edition_at(column.pack_index, day);
    const rules::ColumnRule* rule =
        out.edition < 0 ? &column.rules.back() : column.rule(out.edition);
    out.in_edition = rule != nullptr;
    if (rule == nullptr) rule = &column.rules.back();
    out.definition = rule->definition;
    out.is_input = out.definition == nullptr || out.definition->input != rules::InputKind::kNone;
    unit = &rule->unit;
    out.factor = rule->to_column;
  }
  if (column.type == table::Type::kNumber) {
    out.unit = session_.unit_index(*unit);
    out.same_unit = out.factor == exact::Number(1);
  }
  return out;
}

std::int32_t RowRulesCache::choice(const rules::ColumnDefinition& definition,
                                   std::string_view text) {
  const auto [found, is_new] = choices_.try_emplace(&definition);
  Choices& choices = found->second;
  if (is_new) {
    // Codes first: a label that looks like another choice's code does not take its place.
    for (const rules::Choice& one : definition.choices) {
      choices.emplace(one.code, session_.pool.intern(one.code));
    }
    for (const rules::Choice& one : definition.choices) {
      const std::int32_t id = session_.pool.intern(one.code);
      if (!one.label.en.empty()) choices.emplace(one.label.en, id);
      if (!one.label.zh.empty()) choices.emplace(one.label.zh, id);
    }
  }
  const auto id = choices.find(text);
  return id == choices.end() ? -1 : id->second;
}

}  // namespace qz::read::detail
