// Findings for people, one line each, on stderr; and the exit code that they mean.

#ifndef QZ_CLI_PRINT_FINDINGS_H_
#define QZ_CLI_PRINT_FINDINGS_H_

#include <string>

#include "base/finding.h"
#include "cli/command_line.h"
#include "cli/findings_json.h"
#include "cli/listing.h"
#include "job/installation.h"
#include "job/run_job.h"

namespace qz::cli {

// "inputs/x/fuel.csv:14: FC: message"; what is no error says so first. Internal names become the
// paths that the user knows.
std::string finding_text(const base::Finding& finding, const job::ShownPaths& shown,
                         const Options& options);

// "unit=2, month=2022-07".
std::string key_text(const base::Key& key);

// At most kLinesMax lines, errors first where not all fit, then "… and n more".
inline constexpr std::size_t kLinesMax = 200;
void print_findings(const base::Findings& findings, const job::ShownPaths& shown,
                    const Options& options);

// Prints why a job was refused, on stderr and, for programs, in the format chosen; its exit code.
int print_refusal(const job::Refusal& refusal, const Options& options);
// The same for problems with files or rules.
int print_problems(const base::Findings& problems, const job::ShownPaths& shown,
                   const Options& options, int code = kExitInput);

// "2 errors, 1 warning, 0 notes".
std::string counts_text(const SeverityCounts& counts, const Options& options);

Listing findings_listing(const base::Findings& findings);

// kExitFindings if one is at or above --fail-on.
int exit_code(const base::Findings& findings, const Options& options);

}  // namespace qz::cli

#endif  // QZ_CLI_PRINT_FINDINGS_H_
