// read_example: the rows of a pack's example, by the rules of files. Codes are names, as in JSON.

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "read/detail/registers.h"
#include "read/detail/registry_rows.h"
#include "read/detail/session.h"
#include "read/detail/table_reader.h"
#include "read/input_tables.h"

namespace qz::read {
namespace {

using detail::Session;
using detail::TableReader;

// One table's rows. A name is a heading when a row first has it.
void read_rows(TableReader& reader, const std::vector<rules::ExampleRow>& rows) {
  std::vector<std::string> names;
  std::vector<std::string_view> cells;
  detail::CellLines lines;
  for (const rules::ExampleRow& row : rows) {
    cells.assign(names.size(), {});
    lines.assign(names.size(), row.place.line);
    for (const rules::ExampleCell& cell : row.cells) {
      const auto found = std::find(names.begin(), names.end(), cell.column);
      const auto at = static_cast<std::size_t>(found - names.begin());
      if (found == names.end()) {
        names.push_back(cell.column);
        cells.emplace_back();
        lines.emplace_back();
        if (!reader.headings(names, cell.place.line)) return;
      }
      cells[at] = cell.text ? std::string_view(*cell.text) : std::string_view();
      lines[at] = cell.place.line;
    }
    if (!reader.record(row.place.line, cells, &lines)) return;
  }
}

}  // namespace

InputTables read_example(const std::map<std::string, std::vector<rules::ExampleRow>>& given,
                         const std::string& file, const rules::CheckedPacks& packs,
                         const exact::UnitCatalogue& units, table::TextPool& pool,
                         base::Findings& problems, base::Findings& findings) {
  Session session(packs, units, pool, findings);
  std::vector<std::vector<std::uint16_t>> files_of_table(packs.tables.size());
  for (const auto& [name, rows] : given) {
    const std::uint16_t index = session.add_file(name, file, false);
    const std::optional<std::int32_t> table = packs.table(name);
    if (!table) {
      std::vector<std::string> known;
      for (const rules::CheckedTable& one : packs.tables) known.push_back(one.name);
      const base::Bilingual near = detail::hint(name, known);
      const std::uint32_t line = rows.empty() ? 0 : rows.front().place.line;
      session.add_problem(index, "unknown-table", line, "",
                          fmt::format("no pack has a table \"{}\"{}", name, near.en),
                          fmt::format("规则包中没有表“{}”{}", name, near.zh));
      continue;
    }
    files_of_table[static_cast<std::size_t>(*table)].push_back(index);
    TableFile options;
    options.table = name;
    options.name = file;
    TableReader reader(session, *table);
    // An example has no `context`: with a cycle of its own, rows outside it are just that.
    reader.begin_file(options, index, detail::HeadingMatcher::Form::kJson, true);
    read_rows(reader, rows);
    reader.end_file();
  }
  detail::check_registers(session, files_of_table);
  session.move_problems(problems);
  if (problems.empty()) detail::complete_registry_rows(session);
  return std::move(session.out);
}

}  // namespace qz::read
