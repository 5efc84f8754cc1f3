// qz run: a job to its sealed ledger.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/finding.h"
#include "cli/command_line.h"
#include "cli/job_command.h"
#include "cli/print_findings.h"
#include "cli/print_result.h"
#include "text/json.h"

namespace qz::cli {
namespace {

std::string summary_text(const job::ComputedJob& computed, const job::WrittenLedger& written,
                         const Options& options) {
  const std::string counts = counts_text(count_severities(computed.findings), options);
  std::string out;
  const auto line = [&](std::string_view en, std::string_view zh, std::string_view value) {
    out += fmt::format("{}{}\n", options.say(en, zh), value);
  };
  line("job       ", "任务      ", computed.job.name);
  line("entities  ", "主体      ", std::to_string(written.entities));
  line("entries   ", "条目      ", std::to_string(written.entries));
  line("findings  ", "问题      ", counts);
  line("leaves    ", "叶子      ", std::to_string(written.seal.leaves));
  line("root      ", "根        ", written.seal.root);
  line("signature ", "签名      ", options.say("none", "未签名"));
  for (const std::string& file : written.files) line("file      ", "文件      ", file);
  return out;
}

std::string summary_json(const job::ComputedJob& computed, const job::WrittenLedger& written) {
  std::string out = "{\"job\":";
  text::append_json_string(out, computed.job.name);
  out += fmt::format(",\"entities\":{},\"entries\":{},\"leaves\":{},\"root\":", written.entities,
                     written.entries, written.seal.leaves);
  text::append_json_string(out, written.seal.root);
  out += ",\"files\":[";
  for (const std::string& file : written.files) {
    if (out.back() != '[') out += ',';
    text::append_json_string(out, file);
  }
  out += "],\"counts\":";
  append_counts_json(out, count_severities(computed.findings));
  out += ",\"findings\":";
  append_findings_json(out, computed.findings);
  return out + "}\n";
}

int run(const std::string& job_file, const std::string& ledger, const Options& options) {
  int code = kExitClean;
  const auto computed = compute(job_file, options, code);
  if (!computed) return code;
  const std::string folder = options.output.empty() ? output_folder(computed->job) : options.output;
  const auto written =
      job::write_ledger(*computed, folder, {options.threads, ledger != "xml", ledger != "json"});
  if (!written) return fail(kExitUsage, written.failure(), options);
  code = exit_code(computed->findings, options);
  if (options.format == "json") {
    print_text(summary_json(*computed, *written));
    return code;
  }
  print_findings(computed->findings, computed->shown, options);
  print_text(summary_text(*computed, *written, options));
  return code;
}

}  // namespace

void add_run(CLI::App& app, CommandLine& line) {
  CLI::App* const command = app.add_subcommand(
      "run",
      "Compute a job and write its sealed ledger: ledger.json, ledger.xml and findings.json.\n"
      "They go into --output, else outputs/<job>/ beside inputs/<job>/, else output/ beside the "
      "job.\nA run that is refused leaves what stood there before.");
  auto job_file = std::make_shared<std::string>();
  command->add_option("job", *job_file, "The job file (inputs/<job>/job.json)")
      ->required()
      ->type_name("JOB");
  auto ledger = std::make_shared<std::string>("both");
  command
      ->add_option("--ledger", *ledger,
                   "The forms of the ledger to write: json, xml or both (default: both); an older "
                   "file of the other form stays as it is")
      ->type_name("FORM")
      ->check(CLI::IsMember({"json", "xml", "both"}).description(""));
  command->add_flag("--keep-rows", line.options.keep_rows,
                    "Keep the rows of tables that are only summed (the same result, more memory)");
  command
      ->add_option("--rung", line.options.rung,
                   "The narrowest arithmetic to use over many rows: auto, double, int64, int128 or "
                   "exact (default: auto); the result is the same, every digit exact")
      ->type_name("RUNG")
      ->check(CLI::IsMember({"auto", "double", "int64", "int128", "exact"}).description(""));
  set_examples(*command,
               "  qz run inputs/sample-city/job.json\n"
               "  qz run inputs/mine/job.json --output results --factors my-factors\n"
               "  qz run inputs/mine/job.json --format json --threads 2\n"
               "  qz run inputs/mine/job.json --ledger json");
  on_chosen(*command, line, {"text", "json"},
            [job_file, ledger, &line] { return run(*job_file, *ledger, line.options); });
}

}  // namespace qz::cli
