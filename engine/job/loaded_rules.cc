// Installation, reading: from files to packs, tables and units, and only those that are asked for.

#include <map>

#include "job/installation.h"
#include "seal/sha256.h"

namespace qz::job {

bool Installation::read_units_into(LoadedRules& rules, base::Findings& problems) const {
  std::vector<factor::UnitFile> files;
  for (const InstalledUnits& units : units_) files.push_back(units.file);
  auto catalogue = factor::read_units(files);
  if (!catalogue) {
    problems.push_back(catalogue.failure());
    return false;
  }
  rules.units = std::move(*catalogue);
  return true;
}

bool Installation::read_tables_into(LoadedRules& rules, const std::set<std::string>& ids,
                                    base::Findings& problems) const {
  const std::size_t before = problems.size();
  for (const InstalledTable& table : tables_) {
    if (!ids.contains(table.id)) continue;
    factor::TableFiles files;
    if (!read_csv(table, files, problems)) continue;
    auto read = factor::read_factor_table(files, rules.units, problems);
    if (!read) continue;
    read->sha256 = files.sha256;
    rules.tables.add(std::move(*read));
  }
  return problems.size() == before;
}

std::optional<LoadedRules> Installation::rules_for(const std::set<std::string>& pack_ids,
                                                   base::Findings& problems) const {
  const std::size_t before = problems.size();
  LoadedRules out;
  if (!read_units_into(out, problems)) return std::nullopt;
  std::set<std::string> known = pack_ids;
  std::vector<rules::Pack> packs;
  std::map<std::string, std::string> digests;  // by file
  for (;;) {
    std::vector<rules::PackFile> files;
    for (const InstalledPack& pack : packs_) {
      if (!known.contains(pack.id)) continue;
      std::string& digest = digests[pack.file.file];
      if (digest.empty()) digest = seal::sha256_hex(pack.file.bytes);
      files.push_back(pack.file);
      files.back().sha256 = digest;
    }
    base::Findings found;
    packs = rules::read_packs(files, found);
    const std::size_t count = known.size();
    for (const rules::Pack& pack : packs) known.insert(pack.needs.begin(), pack.needs.end());
    if (known.size() > count) continue;  // needs brought more packs along
    problems.insert(problems.end(), found.begin(), found.end());
    break;
  }
  std::set<std::string> tables;
  for (rules::Pack& pack : packs) {
    for (const rules::FactorUse& use : pack.factors) tables.insert(use.id);
    out.packs.push_back(std::make_shared<const rules::Pack>(std::move(pack)));
  }
  read_tables_into(out, tables, problems);
  if (problems.size() > before) return std::nullopt;
  return out;
}

std::optional<LoadedRules> Installation::all_rules(base::Findings& problems) const {
  const std::vector<std::string> ids = pack_ids();
  auto out = rules_for({ids.begin(), ids.end()}, problems);
  if (!out) return std::nullopt;
  return out;
}

std::optional<LoadedRules> Installation::factor_tables(const std::string& id,
                                                       base::Findings& problems) const {
  LoadedRules out;
  if (!read_units_into(out, problems)) return std::nullopt;
  const std::vector<std::string> ids = table_ids();
  const std::set<std::string> wanted =
      id.empty() ? std::set<std::string>(ids.begin(), ids.end()) : std::set<std::string>{id};
  if (!read_tables_into(out, wanted, problems)) return std::nullopt;
  return out;
}

}  // namespace qz::job
