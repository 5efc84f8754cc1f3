#include "cli/job_command.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "cli/print_findings.h"
#include "cli/print_progress.h"
#include "job/files.h"

namespace qz::cli {

namespace fs = std::filesystem;

std::optional<job::ComputedJob> compute(const std::string& job_file, const Options& options,
                                        int& code) {
  ProgressLine line(options);
  job::RunOptions run;
  run.job_file = job_file;
  run.factors = options.factors;
  run.threads = options.threads;
  run.keep_rows = options.keep_rows;
  run.progress = line.reporter();
  const auto* const rung = std::find(std::begin(kRungs), std::end(kRungs), options.rung);
  run.rung = static_cast<compute::Rung>(rung - std::begin(kRungs));
  job::Refusal refusal;
  auto computed = job::compute_job(run, refusal);
  if (!computed) code = print_refusal(refusal, options);
  return computed;
}

std::string output_folder(const job::Job& job) {
  const fs::path folder = fs::absolute(job.folder).lexically_normal();
  const fs::path own = folder.has_filename() ? folder : folder.parent_path();
  if (own.parent_path().filename() == "inputs") {
    const fs::path outputs = own.parent_path().parent_path() / "outputs" / own.filename();
    const fs::path near = fs::proximate(outputs);
    return near.native().rfind("..", 0) == 0 ? outputs.string() : near.string();
  }
  return job::joined(job.folder, "output");
}

std::string job_of_ledger(const std::string& ledger_file) {
  const fs::path folder = fs::absolute(ledger_file).lexically_normal().parent_path();
  std::string beside = (folder / "job.json").string();
  if (job::exists(beside)) return beside;
  for (fs::path up = folder; up.has_relative_path(); up = up.parent_path()) {
    if (up.filename() != "outputs") continue;
    const fs::path job = up.parent_path() / "inputs" / folder.lexically_relative(up) / "job.json";
    if (job::exists(job.string())) return fs::proximate(job).string();
  }
  const std::string above = (folder.parent_path() / "job.json").string();
  return job::exists(above) ? above : "";
}

}  // namespace qz::cli
