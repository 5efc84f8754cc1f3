// qz explain: one figure down to input cells, factor rows and clauses.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/finding.h"
#include "base/nearest_name.h"
#include "cli/command_line.h"
#include "cli/job_command.h"
#include "cli/print_result.h"
#include "job/compare_ledgers.h"
#include "job/files.h"
#include "publish/explanation.h"
#include "publish/verify_ledger.h"

namespace qz::cli {
namespace {

constexpr std::size_t kOthersMax = 12;  // other rows that match, told one a line
constexpr std::string_view kLedgerMark = "urn:qingzhang:ledger";
constexpr std::size_t kMarkWithin = 256;

struct Question {
  std::string file;      // ledger or job
  std::string job_file;  // --job
  std::string figure;    // table.column
  std::vector<std::string> where;
  int depth = 0;
  std::size_t rows = 12;
};

struct Cell {
  std::int32_t table = 0;
  std::int32_t column = 0;
};

bool is_ledger(std::string_view bytes) {
  const std::size_t first = bytes.find_first_not_of(" \t\r\n");
  if (first != std::string_view::npos && bytes[first] == '<') return true;
  return bytes.substr(0, kMarkWithin).find(kLedgerMark) != std::string_view::npos;
}

// Checks that a recomputation may speak for the ledger: its seal holds and the sources are the
// same.
int check_sources(const job::ComputedJob& computed, const seal::Header& header,
                  const Options& options) {
  const auto differences = job::header_differences(header, computed.header);
  if (differences.empty()) return kExitClean;
  for (const job::Difference& d : differences) {
    fmt::print(stderr, "{}\n",
               options.zh()
                   ? fmt::format("{}：台账为 {}，现为 {}", d.what, d.in_ledger, d.recomputed)
                   : fmt::format("{}: the ledger has {}, the job now {}", d.what,
                                 d.in_ledger.empty() ? "nothing" : d.in_ledger,
                                 d.recomputed.empty() ? "nothing" : d.recomputed));
  }
  return fail(
      kExitMismatch,
      options.say("the job is no longer what the ledger was made from, so it cannot explain "
                  "its figures",
                  "任务已与生成台账时不同，无法解释其中的数值"));
}

std::optional<Cell> find_cell(const rules::CheckedPacks& packs, const std::string& figure,
                              const Options& options) {
  const std::size_t dot = figure.find('.');
  const std::string table_name = figure.substr(0, dot);
  const auto table = packs.table(table_name);
  if (!table) {
    std::vector<std::string> known;
    for (const auto& t : packs.tables) known.push_back(t.name);
    const std::string hint = base::nearest_hint(table_name, known);
    fail(kExitUsage, options.zh() ? fmt::format("没有表 \"{}\"{}", table_name, hint)
                                  : fmt::format("no table \"{}\"{}", table_name, hint));
    return std::nullopt;
  }
  const rules::CheckedTable& found = packs.tables[static_cast<std::size_t>(*table)];
  const std::string name = dot == std::string::npos ? "" : figure.substr(dot + 1);
  const auto column = found.column(name);
  if (column) return Cell{*table, *column};
  std::vector<std::string> known;
  for (const auto& c : found.columns) known.push_back(c.name);
  const std::string hint = name.empty() ? "" : base::nearest_hint(name, known);
  fail(kExitUsage, options.zh() ? fmt::format("表 {} 没有列 \"{}\"{}：现有 {}", table_name, name,
                                              hint, fmt::join(known, ", "))
                                : fmt::format("table {} has no column \"{}\"{}: it has {}",
                                              table_name, name, hint, fmt::join(known, ", ")));
  return std::nullopt;
}

// A `--where` pair after its name is known.
struct Condition {
  std::int32_t column = 0;
  std::string value;
};

std::optional<std::vector<Condition>> conditions(const rules::CheckedTable& table,
                                                 const std::vector<std::string>& pairs,
                                                 const Options& options) {
  std::vector<Condition> out;
  std::vector<std::string> known;
  for (const auto& column : table.columns) {
    if (column.type != table::Type::kNumber) known.push_back(column.name);
  }
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    const std::string name = pair.substr(0, equals);
    const bool usable = std::find(known.begin(), known.end(), name) != known.end();
    if (equals == std::string::npos || !usable) {
      const std::string hint = base::nearest_hint(name, known);
      fail(kExitUsage, options.zh() ? fmt::format("--where {}：请写 列=值，列为 {} 之一{}", pair,
                                                  fmt::join(known, ", "), hint)
                                    : fmt::format("--where {}: write column=value with one of {}{}",
                                                  pair, fmt::join(known, ", "), hint));
      return std::nullopt;
    }
    out.push_back({*table.column(name), pair.substr(equals + 1)});
  }
  return out;
}

std::vector<std::uint32_t> matching_rows(const compute::Results& results, std::int32_t table,
                                         const std::vector<Condition>& conditions) {
  const compute::TableRows& rows = results.tables[static_cast<std::size_t>(table)];
  std::vector<std::uint32_t> out;
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    if (!rows.is_context.empty() && rows.is_context[row] != 0) continue;
    const bool holds = std::all_of(conditions.begin(), conditions.end(), [&](const Condition& c) {
      return rows.columns[static_cast<std::size_t>(c.column)].has_value(row) &&
             results.id_text(table, c.column, row) == c.value;
    });
    if (holds) out.push_back(row);
  }
  return out;
}

std::string key_pairs(const base::Key& key) {
  std::string out;
  for (const auto& [name, value] : key) out += (out.empty() ? "" : " ") + name + "=" + value;
  return out;
}

void tell_others(const compute::Results& results, std::int32_t table,
                 const std::vector<std::uint32_t>& rows, const Options& options) {
  if (rows.size() < 2) return;
  fmt::print(
      stderr, "{}\n",
      options.zh()
          ? fmt::format("有 {} 行符合，以下为第一行；用 --where 选择其他行：", rows.size())
          : fmt::format("{} rows match; this is the first. Others, by --where:", rows.size()));
  for (std::size_t i = 1; i < rows.size() && i <= kOthersMax; ++i) {
    fmt::print(stderr, "  {}\n", key_pairs(results.key(table, rows[i])));
  }
  if (rows.size() > kOthersMax + 1) fmt::print(stderr, "  …\n");
}

int explain_cell(const Question& question, const job::ComputedJob& computed,
                 const Options& options) {
  const compute::Results& results = computed.results;
  const auto cell = find_cell(*results.packs, question.figure, options);
  if (!cell) return kExitUsage;
  const rules::CheckedTable& table = results.packs->tables[static_cast<std::size_t>(cell->table)];
  const auto wanted = conditions(table, question.where, options);
  if (!wanted) return kExitUsage;
  const std::vector<std::uint32_t> rows = matching_rows(results, cell->table, *wanted);
  if (rows.empty()) {
    const auto all = matching_rows(results, cell->table, {});
    const std::string example = all.empty() ? "" : key_pairs(results.key(cell->table, all.front()));
    return fail(kExitUsage, options.zh()
                                ? fmt::format("{} 没有符合的行（共 {} 行，如 {}）", table.name,
                                              all.size(), example)
                                : fmt::format("no row of {} matches (it has {}, such as {})",
                                              table.name, all.size(), example));
  }
  tell_others(results, cell->table, rows, options);
  const bool json = options.format == "json";
  const auto language =
      options.zh() && !json ? publish::Language::kChinese : publish::Language::kEnglish;
  const publish::Explanation tree = publish::explain(
      results, cell->table, cell->column, rows.front(), question.depth, question.rows, language);
  std::string text =
      json ? publish::explanation_json(tree) : publish::explanation_text(tree, language);
  if (text.empty() || text.back() != '\n') text += '\n';
  return give_result(text, options);
}

int explain(const Question& question, const Options& options) {
  const auto bytes = job::read_file(question.file, question.file, job::kLedgerBytesMax);
  if (!bytes) return fail(kExitInput, bytes.failure(), options);
  std::string job_file = question.job_file;
  seal::Header header;
  const bool from_ledger = is_ledger(**bytes);
  if (from_ledger) {
    const auto verified = publish::verify_ledger_quickly(**bytes, question.file, options.threads);
    if (!verified) return fail(kExitMismatch, verified.failure(), options);
    header = verified->header;
    if (job_file.empty()) job_file = job_of_ledger(question.file);
    if (job_file.empty()) {
      return fail(kExitUsage, options.say("no job is found for this ledger (give --job <job.json>)",
                                          "找不到该台账的任务（请用 --job <job.json> 指定）"));
    }
  } else if (job_file.empty()) {
    job_file = question.file;
  } else {
    return fail(kExitUsage, options.say("--job goes with a ledger; this file is no ledger",
                                        "--job 用于台账；该文件不是台账"));
  }
  int code = kExitClean;
  Options with_rows = options;
  with_rows.keep_rows = true;  // an explanation goes down to the rows
  const auto computed = compute(job_file, with_rows, code);
  if (!computed) return code;
  if (from_ledger) code = check_sources(*computed, header, options);
  return code != kExitClean ? code : explain_cell(question, *computed, options);
}

}  // namespace

void add_explain(CLI::App& app, CommandLine& line) {
  CLI::App* const command = app.add_subcommand(
      "explain",
      "Show how one figure came about: formulas, exact values before rounding, the branch taken,\n"
      "input cells with file and line, factor rows with source and status, clauses.\n"
      "Of a ledger, the seal and the digests of the job's files are checked first.");
  auto question = std::make_shared<Question>();
  command->add_option("ledger", question->file, "ledger.json, ledger.xml or a job.json")
      ->required()
      ->type_name("LEDGER");
  command->add_option("figure", question->figure, "The figure: table.column")
      ->required()
      ->type_name("TABLE.COLUMN");
  command
      ->add_option("--where", question->where,
                   "Which row: column=value, several or again; the first match is shown")
      ->allow_extra_args(false)
      ->type_name("KEY=VALUE");
  command->add_option("--depth", question->depth, "Levels of the tree (default: all)")
      ->check(CLI::Range(0, 1000).description(""))
      ->type_name("N");
  command->add_option("--rows", question->rows, "Rows shown of each list (default: 12)")
      ->type_name("N");
  command
      ->add_option("--job", question->job_file,
                   "The ledger's job (default: inputs/<job>/job.json beside outputs/<job>/)")
      ->type_name("JOB");
  set_examples(*command,
               "  qz explain outputs/sample-city/ledger.json unit_year.emissions\n"
               "  qz explain outputs/sample-city/ledger.json fuel_month.E "
               "--where entity=E01 unit=1 month=2022-03\n"
               "  qz explain inputs/mine/job.json entity_year.emissions --depth 2 --format json");
  on_chosen(*command, line, {"text", "json"},
            [question, &line] { return explain(*question, line.options); });
}

}  // namespace qz::cli
