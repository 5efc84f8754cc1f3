// qz report: tables for people and programs, from a sealed ledger.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/finding.h"
#include "cli/command_line.h"
#include "cli/listing.h"
#include "cli/print_result.h"
#include "job/files.h"
#include "publish/report.h"
#include "publish/verify_ledger.h"

namespace qz::cli {
namespace {

using publish::Report;
using publish::ReportedCell;
using publish::ReportedColumn;
using publish::ReportedRow;
using publish::ReportedTable;
using publish::ReportKind;

std::string title(const Report& report, ReportKind kind, const Options& options) {
  const bool positions = kind == ReportKind::kPositions;
  return options.zh() ? fmt::format("{}　{}　截至 {}\n", positions ? "持仓" : "履约周期",
                                    report.job, report.as_of)
                      : fmt::format("{}, {}, as of {}\n", positions ? "positions" : "cycle",
                                    report.job, report.as_of);
}

Listing positions_listing(const Report& report, bool with_date) {
  std::vector<Listing::Heading> headings = {
      {report.subject, {report.subject, report.subject == "entity" ? "主体" : report.subject}},
      {"instrument", {"instrument", "工具"}},
      {"lot", {"lot", "批次"}},
      {"state", {"state", "状态"}},
      {"quantity", {"quantity", "数量"}},
      {"unit", {"unit", "单位"}}};
  if (with_date) headings.insert(headings.begin(), {"as_of", {"as of", "截至"}});
  Listing out(std::move(headings));
  for (const publish::ReportedPosition& one : report.positions) {
    Listing::Row row = {one.entity,         one.position.instrument, one.position.lot,
                        one.position.state, one.position.quantity,   one.position.unit};
    if (with_date) row.insert(row.begin(), report.as_of);
    out.add(std::move(row));
  }
  return out;
}

std::string cell_text(const ReportedRow& row, const ReportedColumn& column,
                      std::string_view missing) {
  const auto found = row.cells.find(column);
  if (found == row.cells.end()) return "";  // not applicable
  const ReportedCell& cell = found->second;
  if (cell.value) return *cell.value;
  return cell.error.empty() ? std::string(missing) : "error: " + cell.error;
}

// One table for the eye: figures down, periods across.
std::string upright(const ReportedTable& table, std::vector<const ReportedRow*> rows,
                    const Options& options) {
  std::vector<Listing::Heading> headings = {{"figure", {table.name, table.name}}};
  for (const ReportedRow* row : rows) {
    const std::string period = row->period.empty() ? std::string("-") : row->period;
    headings.push_back({period, {period, period}});
  }
  headings.push_back({"unit", {"unit", "单位"}});
  Listing listing(std::move(headings));
  for (const ReportedColumn& column : table.columns) {
    const bool any = std::any_of(rows.begin(), rows.end(), [&](const ReportedRow* row) {
      return row->cells.contains(column);
    });
    if (!any) continue;
    Listing::Row line = {column.first};
    for (const ReportedRow* row : rows)
      line.push_back(cell_text(*row, column, options.say("missing", "缺失")));
    line.push_back(column.second);
    listing.add(std::move(line));
  }
  return listing.text(options.language);
}

std::string cycle_text(const Report& report, const Options& options) {
  std::vector<std::string> entities;
  for (const ReportedTable& table : report.tables) {
    for (const ReportedRow& row : table.rows) entities.push_back(row.entity);
  }
  std::sort(entities.begin(), entities.end());
  entities.erase(std::unique(entities.begin(), entities.end()), entities.end());
  if (!entities.empty() && entities.front().empty())  // totals stand last
    std::rotate(entities.begin(), entities.begin() + 1, entities.end());
  // Tables know their rows by entity: each is looked through once.
  std::map<std::string,
           std::vector<std::pair<const ReportedTable*, std::vector<const ReportedRow*>>>>
      parts;
  for (const ReportedTable& table : report.tables) {
    for (const ReportedRow& row : table.rows) {
      auto& of = parts[row.entity];
      if (of.empty() || of.back().first != &table) of.push_back({&table, {}});
      of.back().second.push_back(&row);
    }
  }
  std::string out = title(report, ReportKind::kCycle, options);
  for (const std::string& entity : entities) {
    out += '\n';
    out += entity.empty() ? std::string(options.say("totals", "合计")) : entity;
    out += '\n';
    for (const auto& [table, rows] : parts[entity]) out += upright(*table, rows, options);
  }
  return out;
}

// All tables in one: a column for each figure with its unit.
std::string cycle_csv(const Report& report) {
  std::vector<ReportedColumn> columns;
  for (const ReportedTable& table : report.tables)
    columns.insert(columns.end(), table.columns.begin(), table.columns.end());
  std::sort(columns.begin(), columns.end());
  columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
  std::vector<Listing::Heading> headings = {
      {"as_of", {}}, {"table", {}}, {report.subject, {}}, {"period", {}}};
  for (const auto& [name, unit] : columns) {
    const bool bare = unit.empty() || unit == "1";
    headings.push_back({bare ? name : name + " [" + unit + "]", {}});
  }
  Listing listing(std::move(headings));
  for (const ReportedTable& table : report.tables) {
    for (const ReportedRow& row : table.rows) {
      Listing::Row line = {report.as_of, table.name, row.entity, row.period};
      for (const ReportedColumn& column : columns) line.push_back(cell_text(row, column, ""));
      listing.add(std::move(line));
    }
  }
  return listing.csv();
}

int report(const std::string& file, const std::string& kind_name, const Options& options) {
  const auto bytes = job::read_file(file, file, job::kLedgerBytesMax);
  if (!bytes) return fail(kExitInput, bytes.failure(), options);
  publish::ReportSink sink;
  const auto seal = publish::verify_ledger(**bytes, file, &sink);
  if (!seal) return fail(kExitMismatch, seal.failure(), options);
  const Report made = sink.take();
  const ReportKind kind = kind_name == "positions" ? ReportKind::kPositions : ReportKind::kCycle;
  if (options.format == "json") return give_result(publish::report_json(made, kind), options);
  if (options.format == "csv") {
    return give_result(
        kind == ReportKind::kPositions ? positions_listing(made, true).csv() : cycle_csv(made),
        options);
  }
  if (kind == ReportKind::kCycle) return give_result(cycle_text(made, options), options);
  return give_result(
      title(made, kind, options) + positions_listing(made, false).text(options.language), options);
}

}  // namespace

void add_report(CLI::App& app, CommandLine& line) {
  CLI::App* const command = app.add_subcommand(
      "report",
      "Positions, or the yearly figures of a cycle, from a sealed ledger (its seal is "
      "checked first)");
  auto file = std::make_shared<std::string>();
  auto kind = std::make_shared<std::string>();
  command->add_option("ledger", *file, "ledger.json or ledger.xml")
      ->required()
      ->type_name("LEDGER");
  command
      ->add_option("--kind", *kind,
                   "positions: who holds what on the ledger's date; cycle: "
                   "figures of each subject by year")
      ->required()
      ->check(CLI::IsMember({"positions", "cycle"}))
      ->type_name("KIND");
  set_examples(*command,
               "  qz report outputs/sample-city/ledger.json --kind positions\n"
               "  qz report outputs/sample-city/ledger.json --kind cycle --format csv");
  on_chosen(*command, line, {"text", "csv", "json"},
            [file, kind, &line] { return report(*file, *kind, line.options); });
}

}  // namespace qz::cli
