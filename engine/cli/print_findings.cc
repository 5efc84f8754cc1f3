#include "cli/print_findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "cli/print_result.h"

namespace qz::cli {
namespace {

std::string_view severity_prefix(base::Severity severity, const Options& options) {
  switch (severity) {
    case base::Severity::kError:
      return "";
    case base::Severity::kWarning:
      return options.say("warning: ", "警告：");
    case base::Severity::kInfo:
      return options.say("note: ", "提示：");
  }
  return "";
}

// A cell of a megabyte is not printed whole: its beginning and the advice at the end are.
std::string shortened(const std::string& message) {
  constexpr std::size_t kMost = 600;
  constexpr std::size_t kHead = 200;
  constexpr std::size_t kTail = 300;
  if (message.size() <= kMost) return message;
  const auto inside_character = [&](std::size_t at) {
    return (static_cast<unsigned char>(message[at]) & 0xc0u) == 0x80u;
  };
  std::size_t head = kHead;
  while (inside_character(head)) --head;
  std::size_t tail = message.size() - kTail;
  while (tail < message.size() && inside_character(tail)) ++tail;
  return message.substr(0, head) + " … " + message.substr(tail);
}

}  // namespace

std::string key_text(const base::Key& key) {
  std::string out;
  for (const auto& [name, value] : key) out += (out.empty() ? "" : ", ") + name + "=" + value;
  return out;
}

std::string finding_text(const base::Finding& finding, const job::ShownPaths& shown,
                         const Options& options) {
  base::Finding copy = finding;
  const auto path = shown.find(finding.place.file);
  if (path != shown.end()) copy.place.file = path->second;
  copy.message = {shortened(finding.message.en), shortened(finding.message.zh)};
  std::string out(severity_prefix(finding.severity, options));
  out += base::finding_line(copy, options.language);
  if (!finding.cite.empty()) out += " [" + finding.cite + "]";
  return out;
}

void print_findings(const base::Findings& findings, const job::ShownPaths& shown,
                    const Options& options) {
  std::size_t left = kLinesMax;
  const bool all_fit = findings.size() <= kLinesMax;
  const auto print = [&](base::Severity severity) {
    for (const base::Finding& finding : findings) {
      if (left == 0) return;
      if (!all_fit && finding.severity != severity) continue;
      fmt::print(stderr, "{}\n", finding_text(finding, shown, options));
      --left;
    }
  };
  print(base::Severity::kError);
  if (all_fit) return;
  print(base::Severity::kWarning);
  print(base::Severity::kInfo);
  fmt::print(stderr, "{}\n",
             options.zh() ? fmt::format("……另有 {} 条", findings.size() - kLinesMax)
                          : fmt::format("… and {} more", findings.size() - kLinesMax));
}

std::string counts_text(const SeverityCounts& counts, const Options& options) {
  const std::size_t errors = counts[static_cast<std::size_t>(base::Severity::kError)];
  const std::size_t warnings = counts[static_cast<std::size_t>(base::Severity::kWarning)];
  const std::size_t notes = counts[static_cast<std::size_t>(base::Severity::kInfo)];
  if (options.zh()) return fmt::format("错误 {}，警告 {}，提示 {}", errors, warnings, notes);
  const auto counted = [](std::size_t n, std::string_view word) {
    return fmt::format("{} {}{}", n, word, n == 1 ? "" : "s");
  };
  return counted(errors, "error") + ", " + counted(warnings, "warning") + ", " +
         counted(notes, "note");
}

Listing findings_listing(const base::Findings& findings) {
  Listing out({{"severity", {"Severity", "级别"}},
               {"code", {"Code", "代码"}},
               {"file", {"File", "文件"}},
               {"line", {"Line", "行"}},
               {"table", {"Table", "表"}},
               {"key", {"Key", "主键"}},
               {"column", {"Column", "列"}},
               {"en", {"Message", "英文"}},
               {"zh", {"In zh", "说明"}},
               {"cite", {"Clause", "依据"}}});
  for (const base::Finding& f : findings) {
    out.add({std::string(base::severity_name(f.severity)), f.code, f.place.file,
             f.place.line == 0 ? "" : std::to_string(f.place.line), f.table, key_text(f.key),
             f.column, f.message.en, f.message.zh, f.cite});
  }
  return out;
}

int exit_code(const base::Findings& findings, const Options& options) {
  const bool fails = std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
    return finding.severity >= options.fail_on;
  });
  return fails ? kExitFindings : kExitClean;
}

int print_problems(const base::Findings& problems, const job::ShownPaths& shown,
                   const Options& options, int code) {
  print_findings(problems, shown, options);
  if (options.format == "json") {
    std::string out = "{\"refused\":true,\"exit\":" + std::to_string(code) + ",\"findings\":";
    append_findings_json(out, problems);
    print_text(out + "}\n");
  } else if (options.format == "csv") {
    print_text(findings_listing(problems).csv());
  } else if (options.format == "xml") {
    print_text(findings_listing(problems).xml());
  }
  return code;
}

int print_refusal(const job::Refusal& refusal, const Options& options) {
  return print_problems(refusal.problems, refusal.shown, options, static_cast<int>(refusal.fault));
}

}  // namespace qz::cli
