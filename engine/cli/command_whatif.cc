// qz whatif: scenarios, sweeps, sensitivities, goals, uncertainty and measures beside a base job.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <memory>

#include "cli/command_line.h"
#include "cli/job_command.h"
#include "cli/print_findings.h"
#include "cli/print_progress.h"
#include "cli/print_result.h"
#include "cli/whatif_writers.h"
#include "job/files.h"
#include "whatif/study.h"

namespace qz::cli {
namespace {

std::unique_ptr<whatif::ResultSink> writer(WriteBytes write, const Options& options) {
  if (options.format == "json") return whatif_json(std::move(write));
  if (options.format == "csv") return whatif_csv(std::move(write));
  return whatif_text(std::move(write), options);
}

int what_if(const std::string& file, whatif::StudyOptions study, const Options& options) {
  std::unique_ptr<whatif::Study> loaded;
  {
    ProgressLine line(options);
    study.run.factors = options.factors;
    study.run.threads = options.threads;
    study.run.progress = line.reporter();
    const auto* const rung = std::find(std::begin(kRungs), std::end(kRungs), options.rung);
    study.run.rung = static_cast<compute::Rung>(rung - std::begin(kRungs));
    job::Refusal refusal;
    loaded = whatif::Study::load(file, study, refusal);
    if (!loaded) return print_refusal(refusal, options);
  }
  job::StagedFiles staged;
  WriteBytes write = print_text;
  if (!options.output.empty()) {
    const auto number = staged.open(options.output);
    if (!number) return fail(kExitUsage, number.failure(), options);
    write = [&staged, at = *number](std::string_view bytes) { staged.write(at, bytes); };
  }
  const auto results = writer(std::move(write), options);
  if (const auto problem = loaded->run(*results)) return fail(kExitInput, *problem, options);
  if (const auto problem = staged.commit()) return fail(kExitUsage, *problem, options);
  return loaded->worst() && *loaded->worst() >= options.fail_on ? kExitFindings : kExitClean;
}

}  // namespace

void add_whatif(CLI::App& app, CommandLine& line) {
  CLI::App* const command = app.add_subcommand(
      "whatif",
      "What a job's figures become under other inputs, factors, constants or editions: scenarios,\n"
      "sweeps, sensitivities, goals, uncertainty and least-cost measures of a scenarios file, "
      "always\n"
      "beside the base, every difference divided exactly among the changes that made it");
  auto file = std::make_shared<std::string>();
  auto study = std::make_shared<whatif::StudyOptions>();
  command->add_option("scenarios", *file, "The scenarios file (inputs/<job>/scenarios/*.json)")
      ->required()
      ->type_name("FILE");
  command
      ->add_option(
          "--only", study->only,
          "One scenario by its name, or one part: sensitivity, sweep, seek, uncertainty or\n"
          "measures")
      ->type_name("NAME");
  command
      ->add_option("--ledgers", study->ledgers,
                   "Also write each scenario's sealed ledger into FOLDER/<scenario>/")
      ->type_name("FOLDER");
  command->add_flag("--whole-jobs", study->one_by_one,
                    "Compute every variant as a whole job (the same result, slower)");
  set_examples(*command,
               "  qz whatif inputs/sample-city/scenarios/close-the-gap.json\n"
               "  qz whatif inputs/mine/scenarios/blend.json --only blend-10 --format json\n"
               "  qz whatif inputs/mine/scenarios/blend.json --only sweep --format csv --output "
               "sweep.csv\n"
               "  qz whatif inputs/mine/scenarios/blend.json --ledgers outputs/mine/scenarios");
  on_chosen(*command, line, {"text", "csv", "json"},
            [file, study, &line] { return what_if(*file, *study, line.options); });
}

}  // namespace qz::cli
