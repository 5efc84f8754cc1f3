// qz factors: the factor tables, their rows with source and status, and the row that holds for a
// key.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "base/nearest_name.h"
#include "cli/command_line.h"
#include "cli/factor_lookup.h"
#include "cli/listing.h"
#include "cli/print_findings.h"
#include "cli/print_result.h"
#include "cli/rules_command.h"

namespace qz::cli {
namespace {

struct Question {
  std::string table;
  std::vector<std::string> key;
  std::string day;
};

// All tables, or those of one id; nothing with the problems printed.
std::optional<job::LoadedRules> load_tables(const std::string& id, const Options& options,
                                            int& code) {
  const auto installation = load_installation(options, code);
  if (!installation) return std::nullopt;
  base::Findings problems;
  auto out = installation->factor_tables(id, problems);
  if (!out) code = print_problems(problems, installation->shown(), options);
  return out;
}

int list_factors(const Options& options) {
  int code = kExitClean;
  const auto rules = load_tables("", options, code);
  if (!rules) return code;
  Listing listing({{"table", {"Table", "因子表"}},
                   {"version", {"Version", "版本"}},
                   {"rows", {"Rows", "行数"}},
                   {"key", {"Key", "主键"}},
                   {"title", {"Title", "名称"}}});
  for (const factor::FactorTable* table : rules->tables.all()) {
    std::vector<std::string> key;
    for (const std::size_t field : table->key_fields) key.push_back(table->fields[field].name);
    listing.add({table->id, table->version, std::to_string(table->row_count()),
                 fmt::format("{}", fmt::join(key, ", ")), table->title.in(options.language)});
  }
  return give_result(listing.in(options.format, options.language), options);
}

int check_factors(const Options& options) {
  int code = kExitClean;
  const auto rules = load_tables("", options, code);
  if (!rules) return code;
  Listing listing({{"table", {"Table", "因子表"}},
                   {"rows", {"Rows", "行数"}},
                   {"verified", {"Verified", "已核实"}},
                   {"secondary", {"Secondary", "转引"}},
                   {"recalled", {"Recalled", "凭记忆"}},
                   {"draft", {"Draft", "草案"}},
                   {"sha256", {"SHA-256", "SHA-256"}}});
  for (const factor::FactorTable* table : rules->tables.all()) {
    std::array<std::size_t, 4> counts{};
    for (std::size_t row = 0; row < table->row_count(); ++row) {
      ++counts[static_cast<std::size_t>(table->status(row))];
    }
    listing.add({table->name(), std::to_string(table->row_count()), std::to_string(counts[0]),
                 std::to_string(counts[1]), std::to_string(counts[2]), std::to_string(counts[3]),
                 table->sha256});
  }
  return give_result(listing.in(options.format, options.language), options);
}

// The one table that `name` (id or id@version) means.
const factor::FactorTable* find_table(const job::LoadedRules& rules, const std::string& name,
                                      const Options& options, int& code) {
  const std::size_t at = name.find('@');
  const auto table =
      rules.tables.find(name.substr(0, at), at == std::string::npos ? "" : name.substr(at + 1));
  if (table) return *table;
  code = fail(kExitUsage, table.failure(), options);
  return nullptr;
}

int show_factors(const std::string& name, const Options& options) {
  int code = kExitClean;
  const auto rules = load_tables("", options, code);
  if (!rules) return code;
  const factor::FactorTable* const table = find_table(*rules, name, options, code);
  if (table == nullptr) return code;
  std::vector<std::uint32_t> rows(table->row_count());
  for (std::uint32_t row = 0; row < rows.size(); ++row) rows[row] = row;
  std::string out;
  if (options.format == "text") {
    out = fmt::format("{}  {}\nsha256 {}\n\n", table->name(), table->title.in(options.language),
                      table->sha256);
  }
  out += rows_listing(*table, rows).in(options.format, options.language);
  return give_result(out, options);
}

int find_factor(const Question& question, const Options& options) {
  int code = kExitClean;
  const auto rules = load_tables("", options, code);
  if (!rules) return code;
  const factor::FactorTable* const table = find_table(*rules, question.table, options, code);
  if (table == nullptr) return code;
  const auto lookup = read_lookup(*table, question.key, question.day, options);
  if (!lookup) return kExitUsage;
  const factor::Found found = find_row(*table, *lookup);
  if (found.state != table::State::kValue) {
    return fail(kExitFindings, fmt::format("{}: {}", table->name(),
                                           not_found_text(found.state, *lookup, options)));
  }
  return give_result(found_text(*table, found, options), options);
}

void add_listing_command(CLI::App& factors, CommandLine& line, const std::string& name,
                         const std::string& description, int (*action)(const Options&),
                         std::string_view examples) {
  CLI::App* const command = factors.add_subcommand(name, description);
  set_examples(*command, examples);
  on_chosen(*command, line, {"text", "json", "csv", "xml"},
            [&line, action] { return action(line.options); });
}

}  // namespace

void add_factors(CLI::App& app, CommandLine& line) {
  CLI::App* const factors = app.add_subcommand("factors", "Factor tables: list, show, find, check");
  factors->fallthrough();
  factors->require_subcommand(1);
  factors->footer("qz factors <command> --help tells more about each.\n");
  add_listing_command(*factors, line, "list", "All factor tables and versions", list_factors,
                      "  qz factors list\n  qz factors list --format csv");
  auto question = std::make_shared<Question>();

  CLI::App* const show =
      factors->add_subcommand("show", "Every row of a table with source and status");
  show->add_option("table", question->table, "id or id@version")->required()->type_name("TABLE");
  set_examples(*show, "  qz factors show my.table@2024\n  qz factors show my.table --format csv");
  on_chosen(*show, line, {"text", "json", "csv", "xml"},
            [question, &line] { return show_factors(question->table, line.options); });

  CLI::App* const find = factors->add_subcommand(
      "find", "The row that holds for a key on a day, as a formula would find it");
  find->add_option("table", question->table, "id or id@version")->required()->type_name("TABLE");
  find->add_option("key", question->key, "The key: field=value for each key field")
      ->type_name("FIELD=VALUE");
  find->add_option("--on", question->day, "The day, for a table with validity dates")
      ->type_name("DATE");
  set_examples(*find,
               "  qz factors find my.table kind=a size=12\n"
               "  qz factors find my.table region=north --on 2022-12-31");
  on_chosen(*find, line, {"text", "json", "csv", "xml"},
            [question, &line] { return find_factor(*question, line.options); });
  add_listing_command(*factors, line, "check",
                      "Whether every table keeps the rules of factor tables; rows by status",
                      check_factors, "  qz factors check\n  qz factors check --factors my-factors");
}

}  // namespace qz::cli
