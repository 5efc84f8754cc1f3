// What the commands that compute a job have in common.

#ifndef QZ_CLI_JOB_COMMAND_H_
#define QZ_CLI_JOB_COMMAND_H_

#include <optional>
#include <string>

#include "cli/command_line.h"
#include "job/run_job.h"

namespace qz::cli {

// compute::Rung as `--rung` names them, in its order.
inline constexpr const char* kRungs[] = {"auto", "double", "int64", "int128", "exact"};

// Computes `job_file` with a progress line. Empty, with everything printed and `code` set, where
// the job is refused.
std::optional<job::ComputedJob> compute(const std::string& job_file, const Options& options,
                                        int& code);

// inputs/<job>/job.json -> outputs/<job> beside inputs; elsewhere outputs/<folder> in the job's
// own.
std::string output_folder(const job::Job& job);

// The job that a ledger probably came from: outputs/<job>/ledger.json -> inputs/<job>/job.json, or
// a job.json beside it; "" if there is none.
std::string job_of_ledger(const std::string& ledger_file);

}  // namespace qz::cli

#endif  // QZ_CLI_JOB_COMMAND_H_
