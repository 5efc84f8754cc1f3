// qz packs check and test: do packs load, and do their own examples come out?

#include <fmt/format.h>

#include <memory>
#include <set>

#include "check/examples.h"
#include "cli/listing.h"
#include "cli/pack_commands.h"
#include "cli/print_findings.h"
#include "cli/print_result.h"
#include "cli/rules_command.h"
#include "plan/program.h"

namespace qz::cli {
namespace {

// The packs that an argument means: one, or each id there is.
std::optional<std::vector<PackName>> packs_meant(const std::string& argument,
                                                 job::Installation& installation,
                                                 const Options& options, int& code) {
  std::vector<PackName> out;
  if (argument.empty()) {
    for (const std::string& id : installation.pack_ids()) out.push_back({id, ""});
    return out;
  }
  const auto name = find_pack(argument, installation, options, code);
  if (!name) return std::nullopt;
  return std::vector<PackName>{*name};
}

// A line of the result, or nothing and problems.
std::optional<Listing::Row> check_one(const job::Installation& installation, const PackName& name,
                                      base::Findings& problems) {
  const auto rules = installation.rules_for({name.id}, problems);
  if (!rules) return std::nullopt;
  auto packs = check_editions(*rules, name, problems);
  if (!packs) return std::nullopt;
  const auto checked = std::make_shared<const rules::CheckedPacks>(std::move(*packs));
  const auto program = plan::from_packs(checked, problems);
  if (!program) return std::nullopt;
  std::size_t columns = 0;
  for (const rules::CheckedTable& table : checked->tables) {
    for (const rules::CheckedColumn& column : table.columns) columns += column.is_key ? 0 : 1;
  }
  std::size_t examples = 0;
  const auto editions = editions_of(*rules, name);
  for (const auto& pack : editions) examples += pack->examples.size();
  return Listing::Row{name.text(),
                      std::to_string(editions.size()),
                      std::to_string(checked->tables.size()),
                      std::to_string(columns),
                      std::to_string(checked->checks.size()),
                      std::to_string(examples)};
}

struct TestRun {
  Listing listing{{{"pack", {"Pack", "规则包"}},
                   {"examples", {"Examples", "算例"}},
                   {"cells", {"Cells", "单元格"}},
                   {"failures", {"Failures", "不符"}}}};
  std::size_t examples = 0;
  std::size_t cells = 0;
  std::size_t failures = 0;
};

void test_edition(const rules::Pack& pack, const job::LoadedRules& rules, const Options& options,
                  TestRun& run) {
  std::size_t cells = 0;
  std::size_t failures = 0;
  const auto results = check::run_examples(pack, rules.packs, rules.tables, rules.units);
  for (const check::ExampleResult& result : results) {
    cells += result.cells;
    failures += result.failures.size();
    for (const std::string& failure : result.failures) {
      fmt::print(stderr, "{}: {} \"{}\": {}\n", result.pack, options.say("example", "算例"),
                 result.example, failure);
    }
  }
  run.examples += results.size();
  run.cells += cells;
  run.failures += failures;
  run.listing.add({pack.name(), std::to_string(results.size()), std::to_string(cells),
                   std::to_string(failures)});
}

std::string closing_line(const TestRun& run, const Options& options) {
  return options.zh()
             ? fmt::format("共 {} 个规则包版本，{} 个算例，{} 个单元格；不符 {}\n",
                           run.listing.size(), run.examples, run.cells, run.failures)
             : fmt::format("editions: {}, examples: {}, cells compared: {}; failures: {}\n",
                           run.listing.size(), run.examples, run.cells, run.failures);
}

}  // namespace

int check_packs(const std::string& pack, const Options& options) {
  int code = kExitClean;
  auto installation = load_installation(options, code);
  if (!installation) return code;
  const auto names = packs_meant(pack, *installation, options, code);
  if (!names) return code;
  Listing listing({{"pack", {"Pack", "规则包"}},
                   {"editions", {"Editions", "版本数"}},
                   {"tables", {"Tables", "表"}},
                   {"columns", {"Columns", "列"}},
                   {"checks", {"Checks", "校核"}},
                   {"examples", {"Examples", "算例"}}});
  base::Findings problems;
  for (const PackName& name : *names) {
    if (auto row = check_one(*installation, name, problems)) listing.add(std::move(*row));
  }
  if (!problems.empty()) return print_problems(problems, installation->shown(), options);
  return give_result(listing.in(options.format, options.language), options);
}

int test_packs(const std::string& pack, const Options& options) {
  int code = kExitClean;
  auto installation = load_installation(options, code);
  if (!installation) return code;
  const auto names = packs_meant(pack, *installation, options, code);
  if (!names) return code;
  TestRun run;
  for (const PackName& name : *names) {
    int refused = kExitClean;
    const auto rules = load_rules(*installation, {name.id}, options, refused);
    if (!rules) {
      code = refused;
      continue;
    }
    for (const auto& edition : editions_of(*rules, name)) {
      test_edition(*edition, *rules, options, run);
    }
  }
  if (code == kExitClean && run.failures > 0) code = kExitFindings;
  std::string text = run.listing.in(options.format, options.language);
  if (options.format == "text") text += closing_line(run, options);
  return give_result(text, options, code);
}

}  // namespace qz::cli
