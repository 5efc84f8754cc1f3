#include "cli/findings_json.h"

#include "text/json.h"

namespace qz::cli {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (out.back() != '{') out += ',';
  text::append_json_string(out, name);
  out += ':';
  text::append_json_string(out, value);
}

void append_optional(std::string& out, std::string_view name, std::string_view value) {
  if (!value.empty()) append_member(out, name, value);
}

void append_number(std::string& out, std::string_view name, std::uint32_t value) {
  if (value == 0) return;
  out += ',';
  text::append_json_string(out, name);
  out += ':' + std::to_string(value);
}

}  // namespace

void append_finding_json(std::string& out, const base::Finding& finding) {
  out += '{';
  append_member(out, "code", finding.code);
  append_member(out, "severity", base::severity_name(finding.severity));
  append_optional(out, "table", finding.table);
  if (!finding.key.empty()) {
    out += ",\"key\":{";
    for (const auto& [name, value] : finding.key) append_member(out, name, value);
    out += '}';
  }
  append_optional(out, "column", finding.column);
  append_optional(out, "file", finding.place.file);
  append_number(out, "line", finding.place.line);
  append_number(out, "at", finding.place.column);
  out += ",\"message\":{";
  append_optional(out, "en", finding.message.en);
  append_optional(out, "zh", finding.message.zh);
  out += '}';
  append_optional(out, "cite", finding.cite);
  out += '}';
}

void append_findings_json(std::string& out, const base::Findings& findings) {
  out += '[';
  for (const base::Finding& finding : findings) {
    if (out.back() != '[') out += ',';
    out += "\n";
    append_finding_json(out, finding);
  }
  out += findings.empty() ? "]" : "\n]";
}

SeverityCounts count_severities(const base::Findings& findings) {
  SeverityCounts out{};
  for (const base::Finding& finding : findings) ++out[static_cast<std::size_t>(finding.severity)];
  return out;
}

void append_counts_json(std::string& out, const SeverityCounts& counts) {
  const auto count = [&](base::Severity severity) {
    return std::to_string(counts[static_cast<std::size_t>(severity)]);
  };
  out += "{\"error\":" + count(base::Severity::kError) +
         ",\"warning\":" + count(base::Severity::kWarning) +
         ",\"info\":" + count(base::Severity::kInfo) + "}";
}

}  // namespace qz::cli
