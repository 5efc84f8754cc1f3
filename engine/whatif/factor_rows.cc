#include "whatif/factor_rows.h"

#include <fmt/format.h>

#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "compute/evaluate.h"
#include "rules/type_checker.h"

namespace qz::whatif {
namespace {

using table::Column;
using table::State;
using table::Type;

// A field's cells as a column of a table; a period is the text that the file has.
Column cells_of(const factor::FactorTable& table, std::size_t field, table::TextPool& pool) {
  const Type type = table.fields[field].type;
  Column out(type == Type::kPeriod ? Type::kText : type);
  for (std::size_t row = 0; row < table.row_count(); ++row) {
    if (table.state(row, field) != State::kValue) {
      out.append_state(State::kNull);
    } else if (type == Type::kNumber) {
      out.append_number(table.number(row, field));
    } else if (type == Type::kText || type == Type::kPeriod) {
      out.append_id(pool.intern(table.written(row, field)));
    } else {
      out.append_id(table.id_value(row, field));
    }
  }
  return out;
}

// The factor table as the one table of a job, one row for each of its own.
compute::Results as_results(const factor::FactorTable& table) {
  auto packs = std::make_shared<rules::CheckedPacks>();
  auto pack = std::make_shared<rules::Pack>();
  pack->id = table.id;
  pack->version = table.version;
  rules::TableDefinition definition;
  definition.name = table.id;
  pack->tables.push_back(definition);
  packs->editions.push_back({pack, 0, true, {}, false});
  packs->packs.push_back(table.id);
  compute::Results out;
  out.pool = std::make_shared<table::TextPool>();
  rules::CheckedTable shape;
  shape.name = table.id;
  shape.key_size = 1;
  shape.ends_in_row = true;
  compute::TableRows rows;
  rows.rows = table.row_count();
  rows.input_row.assign(rows.rows, compute::kNoRow);
  rows.is_context.assign(rows.rows, 0);
  rows.edition.assign(1, std::vector<std::int32_t>(rows.rows, 0));
  rules::CheckedColumn key;
  key.name = "row";
  key.type = Type::kRow;
  key.is_key = true;
  shape.columns.push_back(key);
  Column numbers(Type::kRow);
  for (std::size_t row = 0; row < rows.rows; ++row)
    numbers.append_id(static_cast<std::int32_t>(row + 1));
  rows.columns.push_back(std::move(numbers));
  for (std::size_t i = 0; i < table.fields.size(); ++i) {
    rules::CheckedColumn column;
    column.name = table.fields[i].name;
    column.pack_index = 0;
    column.type = table.fields[i].type == Type::kPeriod ? Type::kText : table.fields[i].type;
    column.unit = table.fields[i].unit;
    column.has_input = true;
    shape.columns.push_back(std::move(column));
    rows.columns.push_back(cells_of(table, i, *out.pool));
  }
  rows.cases.resize(rows.columns.size());
  packs->tables.push_back(std::move(shape));
  out.packs = std::move(packs);
  out.tables.push_back(std::move(rows));
  out.inputs.tables.resize(1);
  return out;
}

// True if the row's days lie within the dates; a problem where they only overlap.
bool within(const factor::FactorTable& table, std::uint32_t row, const Written& target,
            base::Findings& problems) {
  const std::optional<base::Date> first = table.valid_from(row), last = table.valid_to(row);
  if (target.from && last && *last < *target.from) return false;
  if (target.until && first && *target.until < *first) return false;
  const bool starts_before = target.from && (!first || *first < *target.from);
  const bool ends_after = target.until && (!last || *target.until < *last);
  if (!starts_before && !ends_after) return true;
  const std::string name = table.row_name(row);
  problems.push_back(base::failure(
      "change-splits-factor", target.place,
      fmt::format(
          "{} ({}) holds on both sides of {}: a factor's row has one value for all its days",
          target.set, name, (starts_before ? *target.from : *target.until).to_string()),
      fmt::format("{}（{}）的有效期跨越 {}：一行因子在其有效期内只有一个值", target.set, name,
                  (starts_before ? *target.from : *target.until).to_string())));
  return false;
}

}  // namespace

std::vector<std::uint32_t> factor_rows(const factor::FactorTable& table, const Written& target,
                                       const exact::UnitCatalogue& units,
                                       base::Findings& problems) {
  std::vector<std::uint32_t> rows(table.row_count());
  std::iota(rows.begin(), rows.end(), 0u);
  if (target.where) {
    const compute::Results results = as_results(table);
    const rules::CheckScope scope{results.packs.get(), &units, 0, 0, {}};
    const rules::Wanted truth{{Type::kBool}, {}};
    const auto typed = rules::check_formula(scope, *target.where, truth, problems);
    if (!typed) return {};
    const Column holds = compute::Evaluation(results).cells(*typed, 0, rows);
    std::erase_if(rows,
                  [&](std::uint32_t row) { return !holds.has_value(row) || holds.id(row) == 0; });
  }
  if (!target.from && !target.until) return rows;
  std::erase_if(rows, [&](std::uint32_t row) { return !within(table, row, target, problems); });
  return rows;
}

}  // namespace qz::whatif
