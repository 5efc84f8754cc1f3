// qz new: skeletons that already pass their checks: a job made of a pack's own example, a pack, a
// table.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command_line.h"
#include "cli/new_files.h"
#include "cli/print_findings.h"
#include "cli/rules_command.h"
#include "job/files.h"

namespace qz::cli {
namespace {

constexpr std::string_view kFactorsDefault = "factors";

struct NewJob {
  std::string folder;
  std::string pack;
};

// Writes files that do not exist yet; says where they are.
int write_new(const std::string& folder, const std::vector<NewFile>& files,
              const Options& options) {
  for (const NewFile& file : files) {
    const std::string path = job::joined(folder, file.name);
    if (!job::exists(path)) continue;
    return fail(kExitUsage, options.zh()
                                ? fmt::format("{} 已存在，不覆盖", path)
                                : fmt::format("{} is already there and is not overwritten", path));
  }
  job::StagedFiles staged;
  for (const NewFile& file : files) {
    const auto number = staged.open(job::joined(folder, file.name));
    if (!number) return fail(kExitUsage, number.failure(), options);
    staged.write(*number, file.text);
  }
  if (const auto problem = staged.commit()) return fail(kExitUsage, *problem, options);
  for (const NewFile& file : files) fmt::print("{}\n", job::joined(folder, file.name));
  return kExitClean;
}

// The pack whose example a new job starts from: the one named, else the first that has examples.
std::shared_ptr<const rules::Pack> pack_with_example(const std::string& argument,
                                                     const Options& options, int& code) {
  auto installation = load_installation(options, code);
  if (!installation) return nullptr;
  std::vector<PackName> candidates;
  if (argument.empty()) {
    for (const std::string& id : installation->pack_ids()) candidates.push_back({id, ""});
  } else {
    const auto name = find_pack(argument, *installation, options, code);
    if (!name) return nullptr;
    candidates.push_back(*name);
  }
  for (const PackName& name : candidates) {
    base::Findings problems;
    const auto rules = installation->rules_for({name.id}, problems);
    if (!rules && !argument.empty()) {
      code = print_problems(problems, installation->shown(), options);
      return nullptr;
    }
    if (!rules) continue;
    for (const auto& pack : editions_of(*rules, name)) {
      for (const rules::Example& example : pack->examples) {
        if (!example.given.empty()) return pack;
      }
    }
  }
  code =
      fail(kExitUsage, options.say("no installed pack has an example to start from (give --pack)",
                                   "没有带算例的规则包可供起步（请用 --pack 指定）"));
  return nullptr;
}

int new_job(const NewJob& wanted, const Options& options) {
  int code = kExitClean;
  const auto pack = pack_with_example(wanted.pack, options, code);
  if (pack == nullptr) return code;
  return write_new(wanted.folder, job_files(*pack, wanted.folder), options);
}

int new_rules(const std::string& id, const Options& options,
              std::vector<NewFile> (*files)(const std::string&)) {
  const bool fits =
      !id.empty() &&
      id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
  if (!fits || id.front() == '.' || id.back() == '.') {
    return fail(kExitUsage,
                options.zh()
                    ? fmt::format("\"{}\" 不能作标识（如 my.pack：小写字母、数字、点）", id)
                    : fmt::format("\"{}\" is no id (write one like my.pack: small "
                                  "letters, digits, dots)",
                                  id));
  }
  const std::string folder = options.output.empty() ? std::string(kFactorsDefault) : options.output;
  return write_new(folder, files(id), options);
}

void add_new_rules(CLI::App& parent, CommandLine& line, const std::string& name,
                   const std::string& description,
                   std::vector<NewFile> (*files)(const std::string&), std::string_view examples) {
  CLI::App* const command = parent.add_subcommand(name, description);
  auto id = std::make_shared<std::string>();
  command->add_option("id", *id, "Its id: small letters, digits, dots")
      ->required()
      ->type_name("ID");
  set_examples(*command, examples);
  on_chosen(*command, line, {"text"},
            [id, files, &line] { return new_rules(*id, line.options, files); });
}

}  // namespace

void add_new(CLI::App& app, CommandLine& line) {
  CLI::App* const parent = app.add_subcommand(
      "new", "Begin a job, a pack or a table: commented files that already pass their checks");
  parent->fallthrough();
  parent->require_subcommand(1);
  parent->footer("qz new <what> --help tells more about each.\n");
  auto wanted = std::make_shared<NewJob>();
  CLI::App* const job = parent->add_subcommand(
      "job", "A job folder: job.json and its tables, filled with a pack's own example");
  job->add_option("folder", wanted->folder, "The job's folder: inputs/<job>")
      ->required()
      ->type_name("FOLDER");
  job->add_option("--pack", wanted->pack, "The pack to use (default: the first with an example)")
      ->type_name("PACK");
  set_examples(*job,
               "  qz new job inputs/mine --pack demo.boiler\n"
               "  qz run inputs/mine/job.json");
  on_chosen(*job, line, {"text"}, [wanted, &line] { return new_job(*wanted, line.options); });
  add_new_rules(*parent, line, "pack",
                "A rule pack with one table, one check and one example, below factors/ or --output",
                pack_files,
                "  qz new pack my.pack --output my-factors\n"
                "  qz packs test my.pack --factors my-factors");
  add_new_rules(*parent, line, "table", "A factor table with two rows, below factors/ or --output",
                table_files,
                "  qz new table my.table --output my-factors\n"
                "  qz factors show my.table --factors my-factors");
}

}  // namespace qz::cli
