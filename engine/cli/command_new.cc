// qz new: skeletons that already pass their checks: a job made of a pack's own example, a pack, a
// table.

#include <fmt/format.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/command_line.h"
#include "cli/new_files.h"
#include "cli/print_findings.h"
#include "cli/rules_command.h"
#include "job/files.h"
#include "job/run_job.h"

namespace qz::cli {
namespace {

namespace fs = std::filesystem;

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

// A folder for a try, taken away with all that is in it.
class ScratchFolder {
 public:
  ScratchFolder() : path_(fs::temp_directory_path() / "qz-new-XXXXXX") {
    made_ = ::mkdtemp(path_.data()) != nullptr;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (made_) fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool made_ = false;
};

// Whether a job made of `example` computes without an error: an example may show just one table.
bool runs_clean(const rules::Pack& pack, const rules::Example& example, const Options& options) {
  const ScratchFolder scratch;
  job::StagedFiles staged;
  for (const NewFile& file : job_files(pack, example, scratch.path())) {
    const auto number = staged.open(job::joined(scratch.path(), file.name));
    if (!number) return false;
    staged.write(*number, file.text);
  }
  if (staged.commit()) return false;
  job::Refusal refusal;
  const auto computed = job::compute_job(
      {job::joined(scratch.path(), "job.json"), options.factors, options.threads, false, {}},
      refusal);
  if (!computed) return false;
  return std::none_of(
      computed->findings.begin(), computed->findings.end(),
      [](const auto& finding) { return finding.severity == base::Severity::kError; });
}

struct Start {
  std::shared_ptr<const rules::Pack> pack;
  const rules::Example* example = nullptr;
};

// The first example of the editions that computes without an error, else the first there is.
Start start_among(const std::vector<std::shared_ptr<const rules::Pack>>& editions,
                  const Options& options) {
  Start first;
  for (const auto& pack : editions) {
    for (const rules::Example& example : pack->examples) {
      if (example.given.empty()) continue;
      if (runs_clean(*pack, example, options)) return {pack, &example};
      if (first.pack == nullptr) first = {pack, &example};
    }
  }
  return first;
}

// What a new job starts from: an example of the pack named, else of the first that has one.
Start find_start(const std::string& argument, const Options& options, int& code) {
  auto installation = load_installation(options, code);
  if (!installation) return {};
  std::vector<PackName> candidates;
  if (argument.empty()) {
    for (const std::string& id : installation->pack_ids()) candidates.push_back({id, ""});
  } else {
    const auto name = find_pack(argument, *installation, options, code);
    if (!name) return {};
    candidates.push_back(*name);
  }
  for (const PackName& name : candidates) {
    base::Findings problems;
    const auto rules = installation->rules_for({name.id}, problems);
    if (!rules && !argument.empty()) {
      code = print_problems(problems, installation->shown(), options);
      return {};
    }
    if (!rules) continue;
    Start start = start_among(editions_of(*rules, name), options);
    if (start.pack != nullptr) return start;
  }
  code =
      fail(kExitUsage, options.say("no installed pack has an example to start from (give --pack)",
                                   "没有带算例的规则包可供起步（请用 --pack 指定）"));
  return {};
}

int new_job(const NewJob& wanted, const Options& options) {
  int code = kExitClean;
  const Start start = find_start(wanted.pack, options, code);
  if (start.pack == nullptr) return code;
  return write_new(wanted.folder, job_files(*start.pack, *start.example, wanted.folder), options);
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
