#include "whatif/figures.h"

#include <algorithm>
#include <utility>

namespace qz::whatif {

Value value_of(const table::Column& cells, std::size_t i) {
  Value out;
  out.state = cells.state(i);
  if (!cells.has_value(i)) return out;
  if (cells.type() == table::Type::kNumber) out.number = cells.number(i);
  if (cells.type() != table::Type::kNumber) out.id = cells.id(i);
  return out;
}

Figures::Figures(const compute::Results& base) : base_(base) {
  for (std::size_t t = 0; t < base.tables.size(); ++t) {
    const rules::CheckedTable& of = base.packs->tables[t];
    std::vector<std::uint32_t> rows;
    for (std::uint32_t row = 0; row < base.tables[t].rows; ++row) {
      if (base.tables[t].is_context[row] == 0) rows.push_back(row);
    }
    for (std::size_t c = of.key_size; c < of.columns.size(); ++c) {
      if (!of.columns[c].report || rows.empty()) continue;
      reported_.push_back({static_cast<std::int32_t>(t), static_cast<std::int32_t>(c), rows});
    }
  }
}

const table::RowIndex& Figures::index(std::int32_t table) {
  std::unique_ptr<table::RowIndex>& at = indexes_[table];
  if (!at) {
    const auto t = static_cast<std::size_t>(table);
    std::vector<std::span<const std::int32_t>> parts;
    for (std::size_t i = 0; i < base_.packs->tables[t].key_size; ++i)
      parts.push_back(base_.tables[t].columns[i].ids());
    at = std::make_unique<table::RowIndex>(std::move(parts), base_.tables[t].rows);
  }
  return *at;
}

std::uint32_t Figures::foreign_cell(ForeignCell cell) {
  std::string name = cell.table + '\n' + cell.column;
  for (const auto& [part, value] : cell.key) name += '\n' + value;
  const auto [at, is_new] =
      foreign_names_.try_emplace(std::move(name), static_cast<std::uint32_t>(foreign_.size()));
  if (is_new) foreign_.push_back(std::move(cell));
  return at->second;
}

Value Figures::base_value(const CellRef& cell) const {
  if (cell.table < 0) return {table::State::kNotApplicable, {}, 0};
  return value_of(base_.tables[static_cast<std::size_t>(cell.table)]
                      .columns[static_cast<std::size_t>(cell.column)],
                  cell.row);
}

void Figures::compare_table(const compute::Results& other, std::size_t table,
                            std::map<CellRef, bool>& seen, std::vector<Moved>& out) {
  const rules::CheckedTable& shape = other.packs->tables[table];
  const compute::TableRows& rows = other.tables[table];
  const std::optional<std::int32_t> known = base_.packs->table(shape.name);
  std::vector<std::int32_t> key(shape.key_size);
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    if (rows.is_context[row] != 0) continue;
    for (std::size_t i = 0; i < shape.key_size; ++i) key[i] = rows.columns[i].id(row);
    const std::uint32_t at = known ? index(*known).find(key) : compute::kNoRow;
    for (std::size_t c = shape.key_size; c < shape.columns.size(); ++c) {
      const rules::CheckedColumn& column = shape.columns[c];
      if (!column.report) continue;
      Value value = value_of(rows.columns[c], row);
      const auto in_base =
          known ? base_.packs->tables[static_cast<std::size_t>(*known)].column(column.name)
                : std::nullopt;
      if (at == compute::kNoRow || !in_base) {
        if (value.state == table::State::kNotApplicable) continue;
        const std::uint32_t foreign =
            foreign_cell({shape.name, other.key(static_cast<std::int32_t>(table), row), column.name,
                          column.type, column.period, column.unit.text});
        out.push_back({{-1, -1, foreign}, std::move(value)});
        continue;
      }
      const exact::Unit& unit = base_.packs->tables[static_cast<std::size_t>(*known)]
                                    .columns[static_cast<std::size_t>(*in_base)]
                                    .unit;
      if (value.has_value() && !(unit.ratio == column.unit.ratio))
        value.number = value.number * column.unit.factor_to(unit);
      const CellRef cell{*known, *in_base, at};
      seen[cell] = true;
      if (!(value == base_value(cell))) out.push_back({cell, std::move(value)});
    }
  }
}

void Figures::compare(const compute::Results& other, std::vector<Moved>& out) {
  std::map<CellRef, bool> seen;
  for (std::size_t t = 0; t < other.tables.size(); ++t) compare_table(other, t, seen, out);
  for (const Reported& one : reported_) {
    for (const std::uint32_t row : one.rows) {
      const CellRef cell{one.table, one.column, row};
      const Value none{table::State::kNotApplicable, {}, 0};
      if (!seen.contains(cell) && !(base_value(cell) == none)) out.push_back({cell, none});
    }
  }
  std::sort(out.begin(), out.end(), [](const Moved& a, const Moved& b) { return a.cell < b.cell; });
}

}  // namespace qz::whatif
