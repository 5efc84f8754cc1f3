// qz check: a job read, computed and checked; findings, and nothing written.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/command_line.h"
#include "cli/job_command.h"
#include "cli/print_findings.h"
#include "cli/print_result.h"
#include "text/json.h"

namespace qz::cli {
namespace {

std::string summary_text(const job::ComputedJob& computed, const Options& options) {
  std::size_t rows = 0;
  for (const auto& file : computed.results.inputs.files) rows += file.rows;
  const std::size_t files = computed.results.inputs.files.size();
  const std::string counts = counts_text(count_severities(computed.findings), options);
  if (options.zh()) {
    return fmt::format("{}：已检查 {} 个文件、{} 行；{}\n", computed.job.name, files, rows, counts);
  }
  return fmt::format("{}: {} file{} with {} row{} checked; {}\n", computed.job.name, files,
                     files == 1 ? "" : "s", rows, rows == 1 ? "" : "s", counts);
}

std::string summary_json(const job::ComputedJob& computed) {
  std::string out = "{\"job\":";
  text::append_json_string(out, computed.job.name);
  out += ",\"counts\":";
  append_counts_json(out, count_severities(computed.findings));
  out += ",\"findings\":";
  append_findings_json(out, computed.findings);
  return out + "}\n";
}

int check(const std::string& job_file, const Options& options) {
  int code = kExitClean;
  const auto computed = compute(job_file, options, code);
  if (!computed) return code;
  code = exit_code(computed->findings, options);
  if (options.format == "json") return give_result(summary_json(*computed), options, code);
  if (options.format != "text") {
    const Listing listing = findings_listing(computed->findings);
    return give_result(listing.in(options.format, options.language), options, code);
  }
  print_findings(computed->findings, computed->shown, options);
  return give_result(summary_text(*computed, options), options, code);
}

}  // namespace

void add_check(CLI::App& app, CommandLine& line) {
  CLI::App* const command = app.add_subcommand(
      "check", "Read, compute and check a job; print its findings and write nothing");
  auto job_file = std::make_shared<std::string>();
  command->add_option("job", *job_file, "The job file (inputs/<job>/job.json)")
      ->required()
      ->type_name("JOB");
  set_examples(*command,
               "  qz check inputs/sample-city/job.json\n"
               "  qz check inputs/sample-city/job.json --fail-on warning --lang zh\n"
               "  qz check inputs/sample-city/job.json --format csv --output findings.csv");
  on_chosen(*command, line, {"text", "json", "csv", "xml"},
            [job_file, &line] { return check(*job_file, line.options); });
}

}  // namespace qz::cli
