// Library: tables by id and version, and the hint when a name is not known.

#include "factor/library.h"

#include <fmt/format.h>

#include "base/nearest_name.h"

namespace qz::factor {

void Library::add(FactorTable table) {
  std::pair<std::string, std::string> name(table.id, table.version);
  tables_.insert_or_assign(std::move(name), std::move(table));
}

base::Result<const FactorTable*> Library::find(const std::string& id,
                                               const std::string& version) const {
  std::vector<std::string> ids;
  std::vector<std::string> versions;
  const FactorTable* last = nullptr;
  for (const auto& [name, table] : tables_) {
    if (ids.empty() || ids.back() != name.first) ids.push_back(name.first);
    if (name.first != id) continue;
    versions.push_back(name.second);
    last = &table;
    if (name.second == version) return &table;
  }
  if (versions.empty()) {
    const std::string near = base::nearest_name(id, ids);
    return base::failure(
        "unknown-factor-table", {},
        fmt::format("no factor table \"{}\" is installed{}", id, base::nearest_hint(id, ids)),
        fmt::format("没有安装因子表“{}”{}", id,
                    near.empty() ? "" : fmt::format("（是否指“{}”？）", near)));
  }
  if (version.empty() && versions.size() == 1) return last;
  const std::string list = fmt::format("{}", fmt::join(versions, ", "));
  if (version.empty()) {
    return base::failure(
        "ambiguous-factor-version", {},
        fmt::format("factor table \"{}\" is installed in several versions: {} (write \"{}@{}\")",
                    id, list, id, versions.back()),
        fmt::format("因子表“{}”有多个版本：{}（请写“{}@{}”）", id, list, id, versions.back()));
  }
  return base::failure(
      "unknown-factor-version", {},
      fmt::format("factor table \"{}\" has no version \"{}\"; installed: {}", id, version, list),
      fmt::format("因子表“{}”没有版本“{}”；已安装：{}", id, version, list));
}

std::vector<const FactorTable*> Library::all() const {
  std::vector<const FactorTable*> out;
  for (const auto& [name, table] : tables_) out.push_back(&table);
  return out;
}

}  // namespace qz::factor
