// qz packs: what rule packs are there, what they say, whether they load and keep their promises.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command_line.h"
#include "cli/listing.h"
#include "cli/pack_commands.h"
#include "cli/print_findings.h"
#include "cli/print_result.h"
#include "cli/rules_command.h"

namespace qz::cli {
namespace {

int list_packs(const Options& options) {
  int code = kExitClean;
  const auto installation = load_installation(options, code);
  if (!installation) return code;
  std::vector<rules::PackFile> files;
  for (const job::InstalledPack& pack : installation->packs()) files.push_back(pack.file);
  base::Findings problems;
  Listing listing({{"pack", {"Pack", "规则包"}},
                   {"version", {"Version", "版本"}},
                   {"from", {"From", "自"}},
                   {"to", {"To", "至"}},
                   {"examples", {"Examples", "算例"}},
                   {"title", {"Title", "名称"}}});
  for (const rules::Pack& pack : rules::read_packs(files, problems)) {
    listing.add({pack.id, pack.version, pack.applies_from.to_string(),
                 pack.applies_to ? pack.applies_to->to_string() : "",
                 std::to_string(pack.examples.size()), pack.title.in(options.language)});
  }
  print_findings(problems, installation->shown(), options);
  code = problems.empty() ? kExitClean : kExitInput;
  return give_result(listing.in(options.format, options.language), options, code);
}

void add_list(CLI::App& packs, CommandLine& line) {
  CLI::App* const command = packs.add_subcommand("list", "All rule packs and their editions");
  set_examples(*command,
               "  qz packs list\n"
               "  qz packs list --factors my-factors --format json");
  on_chosen(*command, line, {"text", "json", "csv", "xml"},
            [&line] { return list_packs(line.options); });
}

using PackAction = int (*)(const std::string&, const Options&);

void add_pack_command(CLI::App& packs, CommandLine& line, const std::string& name,
                      const std::string& description, bool required,
                      std::vector<std::string> formats, PackAction action,
                      std::string_view examples) {
  CLI::App* const command = packs.add_subcommand(name, description);
  auto pack = std::make_shared<std::string>();
  command
      ->add_option("pack", *pack,
                   required ? "id, id@version or a pack file"
                            : "id, id@version or a pack file (default: all)")
      ->required(required)
      ->type_name("PACK");
  set_examples(*command, examples);
  on_chosen(*command, line, std::move(formats),
            [pack, &line, action] { return action(*pack, line.options); });
}

void add_diff(CLI::App& packs, CommandLine& line) {
  CLI::App* const command = packs.add_subcommand(
      "diff", "What changed from one edition to another, item by item, as an amendment lists it");
  auto names = std::make_shared<std::pair<std::string, std::string>>();
  command
      ->add_option("before", names->first,
                   "id@version or a file; alone: compared with the edition it extends")
      ->required()
      ->type_name("BEFORE");
  command->add_option("after", names->second, "id@version or a file")->type_name("AFTER");
  set_examples(*command,
               "  qz packs diff demo.boiler@1 demo.boiler@2\n"
               "  qz packs diff demo.boiler@2 --format csv");
  on_chosen(*command, line, {"text", "json", "csv", "xml"},
            [names, &line] { return diff_packs(names->first, names->second, line.options); });
}

void add_graph(CLI::App& packs, CommandLine& line) {
  CLI::App* const command =
      packs.add_subcommand("graph", "Which column reads which: text, or --format dot for Graphviz");
  auto question = std::make_shared<std::pair<std::string, std::string>>();
  command->add_option("pack", question->first, "id, id@version or a pack file")
      ->required()
      ->type_name("PACK");
  command->add_option("--of", question->second, "Only what this figure rests on: table.column")
      ->type_name("TABLE.COLUMN");
  set_examples(*command,
               "  qz packs graph demo.boiler --format dot --output graph.dot\n"
               "  qz packs graph demo.boiler --of plant_year.CO2");
  on_chosen(*command, line, {"text", "dot", "json"}, [question, &line] {
    return graph_packs(question->first, question->second, line.options);
  });
}

}  // namespace

void add_packs(CLI::App& app, CommandLine& line) {
  CLI::App* const packs =
      app.add_subcommand("packs", "Rule packs: list, show, check, test, graph, diff");
  packs->fallthrough();
  packs->require_subcommand(1);
  packs->footer("qz packs <command> --help tells more about each.\n");
  add_list(*packs, line);
  add_pack_command(*packs, line, "show", "A pack's tables, columns, formulas, clauses and checks",
                   true, {"text", "json"}, show_pack,
                   "  qz packs show demo.boiler\n  qz packs show demo.boiler@1 --lang zh");
  add_pack_command(*packs, line, "check",
                   "Whether packs load: names, types, units, editions, no cycle", false,
                   {"text", "json", "csv", "xml"}, check_packs,
                   "  qz packs check\n  qz packs check my-factors/packs/my.pack/1.json");
  add_pack_command(*packs, line, "test",
                   "Run the worked examples inside the packs, every cell compared exactly", false,
                   {"text", "json", "csv", "xml"}, test_packs,
                   "  qz packs test\n  qz packs test demo.boiler@1");
  add_graph(*packs, line);
  add_diff(*packs, line);
}

}  // namespace qz::cli
