// Results: keys and places of rows, for findings and ledgers.

#include "compute/results.h"

namespace qz::compute {

std::string Results::id_text(std::int32_t table, std::int32_t column, std::uint32_t row) const {
  const rules::CheckedColumn& of =
      packs->tables[static_cast<std::size_t>(table)].columns[static_cast<std::size_t>(column)];
  const table::Column& cells =
      tables[static_cast<std::size_t>(table)].columns[static_cast<std::size_t>(column)];
  const std::int32_t id = cells.id(row);
  switch (of.type) {
    case table::Type::kText:
      return pool->text(id);
    case table::Type::kBool:
      return id != 0 ? "true" : "false";
    case table::Type::kDate:
      return base::Date(id).to_string();
    case table::Type::kPeriod:
      return base::period_text({of.period, id}, packs->cycle);
    case table::Type::kRow:
      return std::to_string(id);
    case table::Type::kNumber:
      break;
  }
  return {};
}

base::Key Results::key(std::int32_t table, std::uint32_t row) const {
  const rules::CheckedTable& of = packs->tables[static_cast<std::size_t>(table)];
  base::Key out;
  for (std::size_t i = 0; i < of.key_size; ++i) {
    out.emplace_back(of.columns[i].name, id_text(table, static_cast<std::int32_t>(i), row));
  }
  return out;
}

base::Place Results::place(std::int32_t table, std::uint32_t row) const {
  const std::uint32_t input_row = tables[static_cast<std::size_t>(table)].input_row[row];
  if (input_row == kNoRow) return {};
  const read::InputTable& in = inputs.tables[static_cast<std::size_t>(table)];
  return {inputs.files[in.file[input_row]].name, in.line[input_row], 0};
}

}  // namespace qz::compute
