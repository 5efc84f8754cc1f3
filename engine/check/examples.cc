// Examples: each runs like a job of its own, on the edition it stands in.

#include "check/examples.h"

#include <algorithm>
#include <set>

#include "check/pack_checks.h"
#include "compute/cell_text.h"
#include "exact/decimal.h"
#include "plan/program.h"
#include "read/input_tables.h"

namespace qz::check {
namespace {

using PackPtr = std::shared_ptr<const rules::Pack>;

// The years that the example's rows lie in: its cycle, where it names none.
base::Cycle cycle_of(const rules::Example& example) {
  if (example.cycle) return *example.cycle;
  std::set<int> years;
  for (const auto* tables : {&example.given, &example.expect}) {
    for (const auto& [table, rows] : *tables) {
      for (const rules::ExampleRow& row : rows) {
        for (const rules::ExampleCell& cell : row.cells) {
          const std::optional<base::PeriodKind> kind = base::period_kind(cell.column);
          if (!kind || *kind == base::PeriodKind::kCycle || !cell.text) continue;
          const std::optional<base::Period> period = base::parse_period(*kind, *cell.text, {});
          if (period) years.insert(base::first_day(*period, {}).year());
        }
      }
    }
  }
  if (years.empty()) return {"cycle", 2000, 2000};
  return {"cycle", *years.begin(), *years.rbegin()};
}

class ExampleRun {
 public:
  ExampleRun(const rules::Pack& pack, const rules::Example& example, ExampleResult& result)
      : pack_(pack), example_(example), result_(result) {}

  void run(const std::vector<PackPtr>& installed, const factor::Library& factors,
           const exact::UnitCatalogue& units) {
    rules::PackRequest request;
    request.packs = {pack_.name()};
    request.subject.clear();
    request.cycle = cycle_of(example_);
    request.as_of = example_.as_of.value_or(request.cycle.last_day());
    if (!example_.parameters.empty()) request.parameters[pack_.id] = example_.parameters;
    base::Findings problems, findings;
    std::optional<rules::CheckedPacks> checked =
        rules::check_packs(installed, request, factors, units, problems);
    if (!checked) return refuse(problems);
    auto packs = std::make_shared<const rules::CheckedPacks>(std::move(*checked));
    const std::optional<plan::Program> program = plan::from_packs(packs, problems);
    if (!program) return refuse(problems);
    auto pool = std::make_shared<table::TextPool>();
    read::InputTables inputs =
        read::read_example(example_.given, pack_.file, *packs, units, *pool, problems, findings);
    if (!problems.empty()) return refuse(problems);
    const compute::Results results = compute::run(*program, std::move(inputs), pool, 1, findings);
    if (results.refusal) return refuse({*results.refusal});
    run_pack_checks(results, findings);
    run_header_checks(results, findings);
    for (const auto& [table, rows] : example_.expect) {
      for (const rules::ExampleRow& row : rows) compare_row(results, table, row);
    }
    for (const std::string& code : example_.findings) {
      const bool found = std::any_of(findings.begin(), findings.end(),
                                     [&](const base::Finding& one) { return one.code == code; });
      ++result_.cells;
      if (!found) fail("finding " + code + ": expected, not found");
    }
  }

 private:
  void fail(std::string text) { result_.failures.push_back(std::move(text)); }

  void refuse(const base::Findings& problems) {
    for (const base::Finding& one : problems) fail(base::finding_line(one, "en"));
  }

  void compare_row(const compute::Results& results, const std::string& table,
                   const rules::ExampleRow& expected) {
    const std::optional<std::int32_t> index = results.packs->table(table);
    if (!index) return fail("no table " + table);
    const rules::CheckedTable& of = results.packs->tables[static_cast<std::size_t>(*index)];
    base::Key key;
    for (std::size_t i = 0; i < of.key_size; ++i) {
      const auto cell = std::find_if(
          expected.cells.begin(), expected.cells.end(),
          [&](const rules::ExampleCell& one) { return one.column == of.columns[i].name; });
      if (cell == expected.cells.end() || !cell->text)
        return fail(table + ": the expected row lacks key " + of.columns[i].name);
      key.emplace_back(cell->column, *cell->text);
    }
    const std::optional<std::uint32_t> row = find_row(results, *index, key);
    std::string name = table + "(";
    for (const auto& [column, value] : key) name += (name.back() == '(' ? "" : ", ") + value;
    name += ")";
    if (!row) return fail(name + ": no such row");
    for (const rules::ExampleCell& cell : expected.cells) {
      const std::optional<std::int32_t> column = of.column(cell.column);
      if (!column) {
        fail(name + ": no column " + cell.column);
      } else if (static_cast<std::size_t>(*column) >= of.key_size) {
        compare_cell(results, *index, *column, *row, name, cell);
      }
    }
  }

  static std::optional<std::uint32_t> find_row(const compute::Results& results, std::int32_t table,
                                               const base::Key& key) {
    const compute::TableRows& rows = results.tables[static_cast<std::size_t>(table)];
    for (std::size_t row = 0; row < rows.rows; ++row) {
      if (results.key(table, static_cast<std::uint32_t>(row)) == key)
        return static_cast<std::uint32_t>(row);
    }
    return std::nullopt;
  }

  void compare_cell(const compute::Results& results, std::int32_t table, std::int32_t column,
                    std::uint32_t row, const std::string& name,
                    const rules::ExampleCell& expected) {
    ++result_.cells;
    const rules::CheckedColumn& of = results.packs->tables[static_cast<std::size_t>(table)]
                                         .columns[static_cast<std::size_t>(column)];
    const table::Column& cells =
        results.tables[static_cast<std::size_t>(table)].columns[static_cast<std::size_t>(column)];
    const compute::CellText got = compute::cell_text(results, table, column, row);
    const std::string where =
        name + "." + of.name + ": expected " + expected.text.value_or("null") + ", got ";
    if (!cells.has_value(row)) {
      const bool fits = !expected.text && !table::is_error(cells.state(row));
      const std::string_view code = table::error_code(cells.state(row));
      if (!fits) fail(where + (code.empty() ? "null" : "error " + std::string(code)));
      return;
    }
    if (!expected.text) return fail(where + got.value.value_or(""));
    if (of.type != table::Type::kNumber) {
      if (*got.value != *expected.text) fail(where + *got.value);
      return;
    }
    // Exactly that value: compared as numbers in the column's unit, so 2044.780 is 2044.78.
    const std::optional<exact::Number> value = exact::parse_ratio(*expected.text);
    const rules::ColumnRule* rule = compute::rule_of(results, table, column, row);
    const exact::Number cell =
        rule != nullptr ? cells.number(row) / rule->to_column : cells.number(row);
    if (value && *value == cell) return;
    // What the rule never rounds may have no end: then the figure as the ledger prints it is
    // enough.
    const bool printed = rule != nullptr && rule->definition->shown && got.value == expected.text;
    if (!printed) fail(where + compute::number_text(cell));
  }

  const rules::Pack& pack_;
  const rules::Example& example_;
  ExampleResult& result_;
};

}  // namespace

std::vector<ExampleResult> run_examples(const rules::Pack& pack,
                                        const std::vector<PackPtr>& installed,
                                        const factor::Library& factors,
                                        const exact::UnitCatalogue& units) {
  std::vector<ExampleResult> out;
  for (const rules::Example& example : pack.examples) {
    ExampleResult& result = out.emplace_back();
    result.pack = pack.name();
    result.example = example.name;
    ExampleRun(pack, example, result).run(installed, factors, units);
  }
  return out;
}

}  // namespace qz::check
