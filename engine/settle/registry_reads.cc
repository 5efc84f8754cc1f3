#include "settle/registry_reads.h"

#include <optional>
#include <string>

namespace qz::settle {

RegistryReads::RegistryReads(const rules::CheckedPacks& packs) : packs_(packs) {
  for (std::size_t t = 0; t < packs.tables.size(); ++t) {
    for (const rules::CheckedColumn& column : packs.tables[t].columns) {
      for (const rules::ColumnRule& rule : column.rules) look(static_cast<std::int32_t>(t), rule);
    }
    for (const std::string& name : packs.tables[t].cross) {
      if (const auto index = packs.table(name)) tables_.insert(*index);
    }
  }
  for (const rules::CheckedCheck& check : packs.checks) {
    tables_.insert(check.table);
    whole_.insert(check.table);
    if (check.when) look(*check.when);
    look(check.require);
  }
}

bool RegistryReads::table(const char* name) const {
  const std::optional<std::int32_t> table = packs_.table(name);
  return table && tables_.contains(*table);
}

bool RegistryReads::column(const char* table, const char* name) const {
  const std::optional<std::int32_t> index = packs_.table(table);
  if (!index) return false;
  const auto at = packs_.tables[static_cast<std::size_t>(*index)].column(name);
  return at && column(*index, *at);
}

bool RegistryReads::column(std::int32_t table, std::int32_t column) const {
  return whole_.contains(table) || columns_.contains({table, column});
}

void RegistryReads::look(std::int32_t table, const rules::ColumnRule& rule) {
  const bool built_in = packs_.editions[static_cast<std::size_t>(rule.edition)].built_in;
  if (!built_in) tables_.insert(table);
  if (rule.when) look(*rule.when);
  for (const rules::CheckedCase& one : rule.cases) {
    if (one.when) look(*one.when);
    look(one.formula);
  }
}

void RegistryReads::look(const rules::Typed& formula) {
  for (const rules::Node& node : formula.nodes) {
    tables_.insert(node.table);
    columns_.insert({node.table, node.column});
  }
  for (const rules::List& list : formula.lists) tables_.insert(list.table);
}

}  // namespace qz::settle
