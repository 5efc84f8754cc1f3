#include "cli/new_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/period.h"
#include "cli/listing.h"
#include "text/json.h"

namespace qz::cli {
namespace {

std::string json_text(std::string_view text) {
  std::string out;
  text::append_json_string(out, text);
  return out;
}

// The table's columns in the order of the CSV: the key, then the inputs that the example uses.
std::vector<std::string> columns_of(const rules::Pack& pack, const std::string& table,
                                    const std::vector<rules::ExampleRow>& rows) {
  std::vector<std::string> out;
  const rules::TableDefinition* const definition = pack.table(table);
  if (definition != nullptr) out = definition->key;
  if (!out.empty() && out.back() == "row") out.pop_back();
  for (const rules::ExampleRow& row : rows) {
    for (const rules::ExampleCell& cell : row.cells) {
      if (cell.column == "row") continue;
      if (std::find(out.begin(), out.end(), cell.column) == out.end()) out.push_back(cell.column);
    }
  }
  return out;
}

std::string csv_of(const std::vector<std::string>& columns,
                   const std::vector<rules::ExampleRow>& rows) {
  std::vector<Listing::Heading> headings;
  headings.reserve(columns.size());
  for (const std::string& column : columns) headings.push_back({column, {}});
  Listing out(std::move(headings));
  for (const rules::ExampleRow& row : rows) {
    Listing::Row cells(columns.size());
    for (const rules::ExampleCell& cell : row.cells) {
      const auto at = std::find(columns.begin(), columns.end(), cell.column);
      if (at != columns.end())
        cells[static_cast<std::size_t>(at - columns.begin())] = cell.text.value_or("");
    }
    out.add(std::move(cells));
  }
  return out.csv();
}

// The first and last year that the example's period keys name.
std::pair<int, int> years_of(const rules::Pack& pack, const rules::Example& example) {
  if (example.cycle) return {example.cycle->year_first, example.cycle->year_last};
  std::pair<int, int> out{0, 0};
  for (const auto& [table, rows] : example.given) {
    for (const rules::ExampleRow& row : rows) {
      for (const rules::ExampleCell& cell : row.cells) {
        const auto kind = base::period_kind(cell.column);
        if (!kind || !cell.text) continue;
        const auto period = base::parse_period(*kind, *cell.text, {});
        if (!period) continue;
        const int year = base::last_day(*period, {}).year();
        out.first = out.first == 0 ? year : std::min(out.first, year);
        out.second = std::max(out.second, year);
      }
    }
  }
  const int first = pack.applies_from.year();
  return out.first == 0 ? std::pair{first, first} : out;
}

// The pack's id where its edition follows from every row's period; else with its version.
std::string pack_entry(const rules::Pack& pack, int first, int last) {
  const bool covers = pack.applies_from <= base::Date::of(first, 1, 1) &&
                      (!pack.applies_to || *pack.applies_to >= base::Date::of(last, 12, 31));
  return covers ? pack.id : pack.name();
}

std::string job_json(const rules::Pack& pack, const rules::Example& example,
                     const std::string& name) {
  const auto [first, last] = years_of(pack, example);
  std::string years;
  for (int year = first; year <= last; ++year) {
    years += fmt::format("{}\"{:04}\"", years.empty() ? "" : ", ", year);
  }
  const std::string span =
      first == last ? fmt::format("{:04}", first) : fmt::format("{:04}-{:04}", first, last);
  const std::string id = example.cycle ? example.cycle->id : span;
  std::string tables;
  for (const auto& [table, rows] : example.given) {
    tables += fmt::format("{}\n    {}: {}", tables.empty() ? "" : ",", json_text(table),
                          json_text(table + ".csv"));
  }
  const std::string as_of =
      example.as_of ? example.as_of->to_string() : fmt::format("{:04}-12-31", last);
  std::string out = "{\n";
  out += fmt::format("  \"job\": {},\n", json_text(name));
  out += fmt::format("  \"note\": {},\n",
                     json_text("The figures are those of the pack's example: " + example.name +
                               ". Put yours in their place; README.md says how."));
  out += fmt::format("  \"cycle\": {{\"id\": {}, \"years\": [{}]}},\n", json_text(id), years);
  out += fmt::format("  \"as_of\": {},\n", json_text(as_of));
  out += fmt::format("  \"packs\": [{}],\n", json_text(pack_entry(pack, first, last)));
  out += fmt::format("  \"tables\": {{{}\n  }}", tables);
  if (!example.parameters.empty()) {
    std::string values;
    for (const auto& [parameter, value] : example.parameters) {
      values += fmt::format("{}{}: {}", values.empty() ? "" : ", ", json_text(parameter),
                            json_text(value));
    }
    out += fmt::format(",\n  \"parameters\": {{{}: {{{}}}}}", json_text(pack.id), values);
  }
  return out + "\n}\n";
}

std::string job_readme(const rules::Pack& pack, const std::string& name,
                       const rules::Example& example) {
  std::string out = fmt::format("# {}\n\nA job for `{}`, begun from the pack's example \"{}\".\n\n",
                                name, pack.name(), example.name);
  out +=
      "- `job.json`: `cycle.years` are the years of the compliance period; `packs` names the pack "
      "(without `@version` the edition follows from each row's period); `tables` names the file or "
      "files of each table.\n"
      "- Each CSV: the first line names columns by code or label, with a unit where it is another "
      "than the pack's (`FC [kg]`). An empty cell is missing, never zero.\n\n";
  for (const auto& [table, rows] : example.given) {
    const rules::TableDefinition* const definition = pack.table(table);
    if (definition == nullptr) continue;
    out += fmt::format("## {}.csv\n\nKey: {}.\n\n", table, fmt::join(definition->key, ", "));
    for (const rules::ColumnDefinition& column : definition->columns) {
      if (column.input == rules::InputKind::kNone) continue;
      out += fmt::format(
          "- `{}`{}{} {}\n", column.name, column.unit.empty() ? "" : " [" + column.unit + "]",
          column.optional || column.has_formula() ? " (optional)" : "", column.label.en);
    }
    out += '\n';
  }
  return out + "Run it with `qz run job.json`, read a figure with `qz explain`.\n";
}

}  // namespace

std::vector<NewFile> job_files(const rules::Pack& pack, const rules::Example& example,
                               const std::string& folder) {
  const std::filesystem::path path =
      std::filesystem::path(folder + "/").lexically_normal().parent_path();
  const std::string name =
      path.filename().empty() || path.filename() == "." ? "job" : path.filename().string();
  std::vector<NewFile> out;
  out.push_back({"job.json", job_json(pack, example, name)});
  for (const auto& [table, rows] : example.given) {
    out.push_back({table + ".csv", csv_of(columns_of(pack, table, rows), rows)});
  }
  out.push_back({"README.md", job_readme(pack, name, example)});
  return out;
}

}  // namespace qz::cli
