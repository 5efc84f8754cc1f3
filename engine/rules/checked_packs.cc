// CheckedPacks: lookups by name, editions by day, and which table is above which.

#include "rules/checked_packs.h"

#include <algorithm>

namespace qz::rules {

const ColumnRule* CheckedColumn::rule(std::int32_t edition) const {
  for (const ColumnRule& one : rules) {
    if (one.edition == edition) return &one;
  }
  return nullptr;
}

std::optional<std::int32_t> CheckedTable::column(const std::string& column_name) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column_name) return static_cast<std::int32_t>(i);
  }
  return std::nullopt;
}

std::optional<std::int32_t> CheckedPacks::table(const std::string& table_name) const {
  const auto found = std::lower_bound(
      tables.begin(), tables.end(), table_name,
      [](const CheckedTable& one, const std::string& name) { return one.name < name; });
  if (found == tables.end() || found->name != table_name) return std::nullopt;
  return static_cast<std::int32_t>(found - tables.begin());
}

const CheckedInstrument* CheckedPacks::instrument(const std::string& instrument_name) const {
  const auto found = std::lower_bound(
      instruments.begin(), instruments.end(), instrument_name,
      [](const CheckedInstrument& one, const std::string& name) { return one.name < name; });
  return found == instruments.end() || found->name != instrument_name ? nullptr : &*found;
}

std::int32_t CheckedPacks::edition_at(std::int32_t pack_index, base::Date day) const {
  for (std::size_t i = 0; i < editions.size(); ++i) {
    const Edition& one = editions[i];
    if (one.pack_index != pack_index) continue;
    if (one.pinned) return static_cast<std::int32_t>(i);
    if (day < one.pack->applies_from) continue;
    if (one.pack->applies_to && *one.pack->applies_to < day) continue;
    return static_cast<std::int32_t>(i);
  }
  return -1;
}

bool is_up(const CheckedPacks& packs, std::int32_t below, std::int32_t above) {
  if (below == above) return true;
  const CheckedTable& mine = packs.tables[static_cast<std::size_t>(below)];
  const CheckedTable& theirs = packs.tables[static_cast<std::size_t>(above)];
  if (theirs.ends_in_row) return false;
  if (theirs.period_column && (!mine.period_column || mine.period > theirs.period)) return false;
  for (std::size_t i = 0; i < theirs.key_size; ++i) {
    const CheckedColumn& key = theirs.columns[i];
    if (key.type == table::Type::kText && !mine.settled.contains(key.name)) return false;
  }
  return true;
}

}  // namespace qz::rules
