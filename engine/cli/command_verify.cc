// qz verify: does a ledger prove itself, and does a recomputation from the job agree?

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/finding.h"
#include "cli/command_line.h"
#include "cli/findings_json.h"
#include "cli/job_command.h"
#include "cli/print_result.h"
#include "job/compare_ledgers.h"
#include "job/files.h"
#include "publish/verify_ledger.h"
#include "text/json.h"

namespace qz::cli {
namespace {

constexpr std::size_t kDifferencesMax = 50;

struct Verdict {
  seal::Seal seal;
  bool recomputed = false;
  bool agrees = true;
  std::string ledger_version;  // where only the program's version differs
  job::Comparison comparison;
};

std::string verdict_text(const Verdict& verdict, const std::string& file, const Options& options) {
  std::string out = options.zh() ? fmt::format("{}：封存完好，{} 个叶子，根 {}，未签名\n", file,
                                               verdict.seal.leaves, verdict.seal.root)
                                 : fmt::format("{}: the seal holds: {} leaves, root {}, unsigned\n",
                                               file, verdict.seal.leaves, verdict.seal.root);
  if (!verdict.recomputed) return out;
  if (!verdict.agrees) {
    out += options.zh()
               ? fmt::format("重新计算不一致：{} 处\n", verdict.comparison.count)
               : fmt::format("the recomputation differs in {} places\n", verdict.comparison.count);
  } else if (!verdict.ledger_version.empty()) {
    out += options.zh()
               ? fmt::format("重新计算一致（台账由版本 {} 生成）\n", verdict.ledger_version)
               : fmt::format(
                     "the recomputation agrees in every entry (the ledger was made "
                     "by version {})\n",
                     verdict.ledger_version);
  } else {
    out += options.say("the recomputation gives the same root\n", "重新计算得到相同的根\n");
  }
  return out;
}

std::string verdict_json(const Verdict& verdict, const std::string& file) {
  std::string out = "{\"ledger\":";
  text::append_json_string(out, file);
  out += fmt::format(",\"leaves\":{},\"root\":\"{}\",\"signature\":null,\"recomputed\":{}",
                     verdict.seal.leaves, verdict.seal.root, verdict.recomputed);
  if (verdict.recomputed) {
    out += fmt::format(",\"agrees\":{},\"count\":{},\"differences\":[", verdict.agrees,
                       verdict.comparison.count);
    for (const job::Difference& difference : verdict.comparison.differences) {
      out += out.back() == '[' ? "\n{\"what\":" : ",\n{\"what\":";
      text::append_json_string(out, difference.what);
      out += ",\"ledger\":";
      text::append_json_string(out, difference.in_ledger);
      out += ",\"recomputed\":";
      text::append_json_string(out, difference.recomputed);
      out += '}';
    }
    out += ']';
  }
  return out + "}\n";
}

void print_differences(const job::Comparison& comparison, const Options& options) {
  const std::string none(options.say("nothing", "无"));
  for (const job::Difference& d : comparison.differences) {
    const std::string& was = d.in_ledger.empty() ? none : d.in_ledger;
    const std::string& now = d.recomputed.empty() ? none : d.recomputed;
    fmt::print(stderr, "{}\n",
               options.zh()
                   ? fmt::format("{}：台账为 {}，重新计算为 {}", d.what, was, now)
                   : fmt::format("{}: the ledger has {}, recomputed: {}", d.what, was, now));
  }
  if (comparison.count > comparison.differences.size()) {
    const std::size_t more = comparison.count - comparison.differences.size();
    fmt::print(
        stderr, "{}\n",
        options.zh() ? fmt::format("……另有 {} 处", more) : fmt::format("… and {} more", more));
  }
}

void compare(const job::ComputedJob& computed, const seal::Header& header, std::string_view bytes,
             const std::string& file, const Options& options, Verdict& verdict) {
  verdict.recomputed = true;
  const seal::Seal again = job::seal_job(computed, {}, options.threads);
  if (again.root == verdict.seal.root && again.leaves == verdict.seal.leaves) return;
  verdict.comparison = job::compare_with_ledger(computed, bytes, file, kDifferencesMax);
  std::vector<job::Difference> differences = job::header_differences(header, computed.header);
  verdict.comparison.count += differences.size();
  for (job::Difference& entry : verdict.comparison.differences) {
    if (differences.size() < kDifferencesMax) differences.push_back(std::move(entry));
  }
  verdict.comparison.differences = std::move(differences);
  verdict.agrees = verdict.comparison.count == 0;
  verdict.ledger_version = header.engine_version;
}

int verify(const std::string& file, const std::string& job_file, const Options& options) {
  const auto bytes = job::read_file(file, file, job::kLedgerBytesMax);
  if (!bytes) return fail(kExitInput, bytes.failure(), options);
  const auto verified = publish::verify_ledger_quickly(**bytes, file, options.threads);
  if (!verified) {
    if (options.format == "json") {
      std::string out = "{\"ledger\":";
      text::append_json_string(out, file);
      out += ",\"findings\":[";
      append_finding_json(out, verified.failure());
      print_text(out + "]}\n");
    }
    return fail(kExitMismatch, verified.failure(), options);
  }
  Verdict verdict;
  verdict.seal = verified->seal;
  if (!job_file.empty()) {
    int code = kExitClean;
    const auto computed = compute(job_file, options, code);
    if (!computed) return code;
    compare(*computed, verified->header, **bytes, file, options, verdict);
    print_differences(verdict.comparison, options);
  }
  const std::string text =
      options.format == "json" ? verdict_json(verdict, file) : verdict_text(verdict, file, options);
  return give_result(text, options, verdict.agrees ? kExitClean : kExitMismatch);
}

}  // namespace

void add_verify(CLI::App& app, CommandLine& line) {
  CLI::App* const command = app.add_subcommand("verify",
                                               "Check the seal of a ledger, JSON or XML; with "
                                               "--job also recompute every figure and compare");
  auto file = std::make_shared<std::string>();
  auto job_file = std::make_shared<std::string>();
  command->add_option("ledger", *file, "ledger.json or ledger.xml")
      ->required()
      ->type_name("LEDGER");
  command->add_option("--job", *job_file, "The job to recompute everything from")->type_name("JOB");
  set_examples(*command,
               "  qz verify outputs/sample-city/ledger.xml\n"
               "  qz verify outputs/sample-city/ledger.json --job inputs/sample-city/job.json");
  on_chosen(*command, line, {"text", "json"},
            [file, job_file, &line] { return verify(*file, *job_file, line.options); });
}

}  // namespace qz::cli
