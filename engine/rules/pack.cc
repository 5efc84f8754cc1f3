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

}  // namespace qz::rules
