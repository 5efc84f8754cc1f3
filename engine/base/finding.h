// Finding: one thing a person should know about the data or the rules, with its place and remedy.
//
// Findings are collected, so that one bad row never hides the next. They are ordinary values:
// the ledger seals them, the command line prints them, scripts match on their codes.

#ifndef QZ_BASE_FINDING_H_
#define QZ_BASE_FINDING_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/place.h"

namespace qz::base {

enum class Severity { kInfo, kWarning, kError };

// "info", "warning", "error".
std::string_view severity_name(Severity severity);

// One text in the languages that the product speaks. Either may be empty.
struct Bilingual {
  std::string en;
  std::string zh;

  // The text in `language` ("en" or "zh"), or the other one where that is empty.
  const std::string& in(std::string_view language) const;
  bool operator==(const Bilingual&) const = default;
};

// Key column names and values as text, in key order.
using Key = std::vector<std::pair<std::string, std::string>>;

struct Finding {
  std::string code;  // stable, for scripts: "missing-row", or a pack check's id
  Severity severity = Severity::kError;
  std::string table;  // empty where no table is concerned
  Key key;
  std::string column;  // empty where the finding is about a whole row or file
  Place place;         // the file and line that it is about, where there is one
  Bilingual message;   // without place and column: the printer adds them
  std::string cite;
};

using Findings = std::vector<Finding>;

// "a.csv:14: FC: message": the one line that people see.
std::string finding_line(const Finding& finding, std::string_view language);

}  // namespace qz::base

#endif  // QZ_BASE_FINDING_H_
