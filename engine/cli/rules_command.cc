#include "cli/rules_command.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest_name.h"
#include "cli/print_findings.h"
#include "job/files.h"

namespace qz::cli {
namespace {

bool names_a_file(const std::string& argument) {
  return argument.find('/') != std::string::npos ||
         (argument.size() > 5 && argument.compare(argument.size() - 5, 5, ".json") == 0);
}

}  // namespace

std::optional<job::Installation> load_installation(const Options& options, int& code) {
  base::Findings problems;
  job::Installation out = job::Installation::load(options.factors, problems);
  if (problems.empty()) return out;
  code = print_problems(problems, out.shown(), options);
  return std::nullopt;
}

std::optional<PackName> find_pack(const std::string& argument, job::Installation& installation,
                                  const Options& options, int& code) {
  if (names_a_file(argument)) {
    base::Findings problems;
    installation.add_pack_file(argument, problems);
    if (!problems.empty()) {
      code = print_problems(problems, installation.shown(), options);
      return std::nullopt;
    }
    const job::InstalledPack& added = installation.packs().back();
    return PackName{added.id, added.version};
  }
  const std::size_t at = argument.find('@');
  PackName out{argument.substr(0, at), at == std::string::npos ? "" : argument.substr(at + 1)};
  const std::vector<std::string> ids = installation.pack_ids();
  if (std::find(ids.begin(), ids.end(), out.id) == ids.end()) {
    const std::string hint = base::nearest_hint(out.id, ids);
    code = fail(kExitUsage, options.zh() ? fmt::format("没有规则包 \"{}\"{}", out.id, hint)
                                         : fmt::format("no pack \"{}\"{}", out.id, hint));
    return std::nullopt;
  }
  if (out.version.empty() || installation.pack(out.id, out.version) != nullptr) return out;
  std::vector<std::string> versions;
  for (const job::InstalledPack& pack : installation.packs()) {
    if (pack.id == out.id) versions.push_back(pack.version);
  }
  code =
      fail(kExitUsage, options.zh() ? fmt::format("{} 没有版本 \"{}\"（现有 {}）", out.id,
                                                  out.version, fmt::join(versions, ", "))
                                    : fmt::format("no version \"{}\" of {} (there are {})",
                                                  out.version, out.id, fmt::join(versions, ", ")));
  return std::nullopt;
}

std::optional<job::LoadedRules> load_rules(const job::Installation& installation,
                                           const std::set<std::string>& ids, const Options& options,
                                           int& code) {
  base::Findings problems;
  auto out = installation.rules_for(ids, problems);
  if (!out) code = print_problems(problems, installation.shown(), options);
  return out;
}

std::vector<std::shared_ptr<const rules::Pack>> editions_of(const job::LoadedRules& rules,
                                                            const PackName& name) {
  std::vector<std::shared_ptr<const rules::Pack>> out;
  for (const auto& pack : rules.packs) {
    if (pack->id != name.id) continue;
    if (name.version.empty() || pack->version == name.version) out.push_back(pack);
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a->applies_from < b->applies_from; });
  return out;
}

std::optional<rules::CheckedPacks> check_editions(const job::LoadedRules& rules,
                                                  const PackName& name, base::Findings& problems) {
  rules::PackRequest request;
  request.packs = {name.text()};
  request.cycle.id = "check";
  request.subject.clear();
  for (const auto& pack : editions_of(rules, name)) {
    const int first = pack->applies_from.year();
    const int last = std::max(first, pack->applies_to.value_or(pack->applies_from).year());
    if (request.cycle.year_first == 0) request.cycle.year_first = first;
    request.cycle.year_first = std::min(request.cycle.year_first, first);
    request.cycle.year_last = std::max(request.cycle.year_last, last);
  }
  request.as_of = request.cycle.last_day();
  return rules::check_packs(rules.packs, request, rules.tables, rules.units, problems);
}

}  // namespace qz::cli
