// Pack: looking a table up by its name.

#include "rules/pack.h"

#include <algorithm>

namespace qz::rules {

const TableDefinition* Pack::table(const std::string& table_name) const {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const TableDefinition& one) {
    return one.name == table_name;
  });
  return found == tables.end() ? nullptr : &*found;
}

const MoveKind* InstrumentDefinition::kind(const std::string& kind_name) const {
  const auto found = std::find_if(kinds.begin(), kinds.end(),
                                  [&](const MoveKind& one) { return one.name == kind_name; });
  return found == kinds.end() ? nullptr : &*found;
}

}  // namespace qz::rules
