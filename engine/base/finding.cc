// Finding: names of severities and the one line that people see.

#include "base/finding.h"

namespace qz::base {

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kInfo:
      return "info";
    case Severity::kWarning:
      return "warning";
    case Severity::kError:
      return "error";
  }
  return "error";
}

const std::string& Bilingual::in(std::string_view language) const {
  if (language == "zh") return zh.empty() ? en : zh;
  return en.empty() ? zh : en;
}

std::string finding_line(const Finding& finding, std::string_view language) {
  std::string where = finding.place.to_string();
  if (where.empty() && !finding.table.empty()) {
    where = finding.table;
    if (!finding.key.empty()) {
      where += '(';
      for (const auto& [name, value] : finding.key) {
        if (where.back() != '(') where += ", ";
        where += value;
      }
      where += ')';
    }
  }
  std::string out;
  const std::string* const parts[] = {&where, &finding.column, &finding.message.in(language)};
  for (const std::string* part : parts) {
    if (part->empty()) continue;
    if (!out.empty()) out += ": ";
    out += *part;
  }
  return out;
}

}  // namespace qz::base
