// Findings as JSON for programs that read the command line: with code, place and both languages.

#ifndef QZ_CLI_FINDINGS_JSON_H_
#define QZ_CLI_FINDINGS_JSON_H_

#include <array>
#include <cstddef>
#include <string>

#include "base/finding.h"

namespace qz::cli {

// {"code":…,"severity":…, …}: members that are empty are left out, as in the ledger.
void append_finding_json(std::string& out, const base::Finding& finding);
// […] with one finding a line.
void append_findings_json(std::string& out, const base::Findings& findings);

// By base::Severity: info, warning, error.
using SeverityCounts = std::array<std::size_t, 3>;
SeverityCounts count_severities(const base::Findings& findings);
// {"error":1,"warning":2,"info":3}
void append_counts_json(std::string& out, const SeverityCounts& counts);

}  // namespace qz::cli

#endif  // QZ_CLI_FINDINGS_JSON_H_
