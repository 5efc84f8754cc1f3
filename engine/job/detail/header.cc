#include "job/detail/header.h"

#include <algorithm>
#include <map>

#include "base/assert.h"
#include "job/version.h"

namespace qz::job::detail {
namespace {

// Every edition in use and what it extends: a change in an ancestor changes the figures too.
void add_packs(const HeaderParts& parts, std::vector<seal::Source>& sources) {
  std::map<std::string, std::string> digests;  // sorted by name
  for (const rules::Edition& edition : parts.packs.editions) {
    std::string version = edition.pack->version;
    while (!version.empty()) {
      const std::string name = edition.pack->id + "@" + version;
      const auto& packs = parts.rules.packs;
      const auto pack = std::find_if(packs.begin(), packs.end(), [&](const auto& one) {
        return one->id == edition.pack->id && one->version == version;
      });
      if (pack == packs.end() || !digests.emplace(name, (*pack)->sha256).second) break;
      version = (*pack)->extends;
    }
  }
  for (const auto& [name, digest] : digests) {
    sources.push_back({"pack", name, "", digest, std::nullopt});
  }
}

void add_tables_and_units(const HeaderParts& parts, std::vector<seal::Source>& sources) {
  std::map<std::string, seal::Source> tables;
  for (const factor::FactorTable* table : parts.packs.factors) {
    tables[table->name()] = {"table", table->name(), "", table->sha256, table->row_count()};
  }
  for (const auto& [name, source] : tables) sources.push_back(source);
  for (const InstalledUnits& units : parts.installation.units()) {
    sources.push_back({"units", units.file.file, "", units.sha256, std::nullopt});
  }
}

void add_inputs(const HeaderParts& parts, std::vector<seal::Source>& sources) {
  QZ_ASSERT(parts.inputs.files.size() == parts.digests.size());
  for (std::size_t i = 0; i < parts.inputs.files.size(); ++i) {
    const read::FileSummary& file = parts.inputs.files[i];
    const char* const kind = file.table.empty() ? "moves" : file.context ? "context" : "input";
    sources.push_back({kind, file.name, file.table, parts.digests[i], std::uint64_t{file.rows}});
  }
}

}  // namespace

seal::Header header_of(const HeaderParts& parts) {
  seal::Header out;
  out.job = parts.job.name;
  out.title = parts.job.title;
  out.cycle_id = parts.job.cycle.id;
  out.cycle_years = parts.job.years;
  out.as_of = parts.job.as_of.to_string();
  out.subject = parts.job.subject;
  out.engine_name = kEngineName;
  out.engine_version = engine_version();
  for (const rules::ParameterValue& value : parts.packs.parameters) {
    out.parameters.push_back({value.pack, value.name, value.value});
  }
  for (const rules::Edition& edition : parts.packs.editions) {
    if (edition.pinned && !edition.built_in) out.pins.push_back(edition.pack->name());
  }
  add_packs(parts, out.sources);
  add_tables_and_units(parts, out.sources);
  add_inputs(parts, out.sources);
  out.previous = parts.previous;
  return out;
}

}  // namespace qz::job::detail
