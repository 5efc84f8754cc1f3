// Relations: hash joins over ids, each built once.

#include "compute/relations.h"

#include <algorithm>

namespace qz::compute {
namespace {

using table::KeyIndex;
using table::Type;

// What a missing link stands for in an agreement key; no text has it.
constexpr std::int32_t kMissing = -1;

}  // namespace

Relations::Relations(const rules::CheckedPacks& packs, const std::vector<TableRows>& tables)
    : packs_(packs), tables_(tables), indexes_(tables.size()) {}

const KeyIndex& Relations::index(std::int32_t table) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<KeyIndex>& slot = indexes_[static_cast<std::size_t>(table)];
  if (!slot) {
    const rules::CheckedTable& shape = packs_.tables[static_cast<std::size_t>(table)];
    const TableRows& in = tables_[static_cast<std::size_t>(table)];
    slot = std::make_unique<KeyIndex>(shape.key_size);
    slot->reserve(in.rows);
    std::vector<std::int32_t> key(shape.key_size);
    for (std::size_t row = 0; row < in.rows; ++row) {
      for (std::size_t i = 0; i < key.size(); ++i) key[i] = in.columns[i].id(row);
      slot->insert(key);
    }
  }
  return *slot;
}

std::uint32_t Relations::find(std::int32_t table, std::span<const std::int32_t> key) {
  return index(table).find(key);
}

std::optional<std::int32_t> Relations::settled(std::int32_t table, const std::string& name,
                                               std::uint32_t row) {
  const rules::CheckedTable& shape = packs_.tables[static_cast<std::size_t>(table)];
  const rules::Settled& how = shape.settled.at(name);
  std::int32_t owner = table;
  if (how.via_table >= 0) {
    row = up(table, how.via_table)[row];
    if (row == kNoRow) return std::nullopt;
    owner = how.via_table;
  }
  const table::Column& column =
      tables_[static_cast<std::size_t>(owner)].columns[static_cast<std::size_t>(how.column)];
  if (!column.has_value(row)) return std::nullopt;
  return column.id(row);
}

std::uint32_t Relations::up_row(std::int32_t from, std::uint32_t row, std::int32_t above) {
  const rules::CheckedTable& mine = packs_.tables[static_cast<std::size_t>(from)];
  const rules::CheckedTable& theirs = packs_.tables[static_cast<std::size_t>(above)];
  std::vector<std::int32_t> key(theirs.key_size);
  for (std::size_t i = 0; i < key.size(); ++i) {
    const rules::CheckedColumn& column = theirs.columns[i];
    if (column.type == Type::kPeriod) {
      const base::Period own{mine.period,
                             tables_[static_cast<std::size_t>(from)]
                                 .columns[static_cast<std::size_t>(*mine.period_column)]
                                 .id(row)};
      const std::optional<base::Period> holding =
          base::containing(own, column.period, packs_.cycle);
      if (!holding) return kNoRow;
      key[i] = holding->index;
    } else {
      const std::optional<std::int32_t> id = settled(from, column.name, row);
      if (!id) return kNoRow;
      key[i] = *id;
    }
  }
  return find(above, key);
}

const std::vector<std::uint32_t>& Relations::up(std::int32_t from, std::int32_t above) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<std::vector<std::uint32_t>>& slot = ups_[{from, above}];
  if (!slot) {
    auto rows =
        std::make_unique<std::vector<std::uint32_t>>(tables_[static_cast<std::size_t>(from)].rows);
    for (std::size_t row = 0; row < rows->size(); ++row) {
      (*rows)[row] = up_row(from, static_cast<std::uint32_t>(row), above);
    }
    slot = std::move(rows);
  }
  return *slot;
}

// The ids that must agree: the list's names, then the longer of the two periods.
bool Relations::agree_key(std::int32_t table, std::uint32_t row, const rules::List& list,
                          std::optional<base::PeriodKind> period, std::vector<std::int32_t>& key,
                          std::vector<bool>* missing) {
  const rules::CheckedTable& shape = packs_.tables[static_cast<std::size_t>(table)];
  const TableRows& in = tables_[static_cast<std::size_t>(table)];
  bool whole = true;
  for (std::size_t i = 0; i < list.names.size(); ++i) {
    std::optional<std::int32_t> id;
    if (list.names[i] == "row") {
      id = in.columns[shape.key_size - 1].id(row);
    } else {
      id = settled(table, list.names[i], row);
    }
    key[i] = id.value_or(kMissing);
    if (!id) whole = false;
    if (missing != nullptr) (*missing)[i] = !id;
  }
  if (period) {
    const base::Period own{shape.period,
                           in.columns[static_cast<std::size_t>(*shape.period_column)].id(row)};
    const std::optional<base::Period> holding = base::containing(own, *period, packs_.cycle);
    key.back() = holding ? holding->index : kMissing;
    if (!holding) whole = false;
  }
  return whole;
}

const Groups& Relations::groups(const rules::List& list) {
  std::string name = std::to_string(list.mine_table) + '/' + std::to_string(list.table) +
                     (list.periods_agree ? "/p" : "/") + (list.period_settled ? "s" : "");
  for (const std::string& one : list.names) name += '/' + one;
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Groups>& slot = groups_[name];
  if (!slot) slot = build(list);
  return *slot;
}

std::unique_ptr<Groups> Relations::build(const rules::List& list) {
  const rules::CheckedTable& mine = packs_.tables[static_cast<std::size_t>(list.mine_table)];
  const rules::CheckedTable& listed = packs_.tables[static_cast<std::size_t>(list.table)];
  const TableRows& rows_mine = tables_[static_cast<std::size_t>(list.mine_table)];
  const TableRows& rows_listed = tables_[static_cast<std::size_t>(list.table)];
  std::optional<base::PeriodKind> period;
  if (list.periods_agree) period = std::max(mine.period, listed.period);

  std::vector<std::int32_t> key(list.names.size() + (period ? 1 : 0));
  KeyIndex index(key.size());
  std::vector<std::uint32_t> group_of(rows_listed.rows, kNoRow);
  std::vector<bool> missing(list.names.size());
  std::vector<std::pair<std::vector<std::int32_t>, std::vector<bool>>>
      unknown;  // rows with a missing link
  for (std::size_t row = 0; row < rows_listed.rows; ++row) {
    // Context rows are found by filters that settle the period, and by nobody else.
    if (rows_listed.is_context[row] != 0 && !list.period_settled) continue;
    if (agree_key(list.table, static_cast<std::uint32_t>(row), list, period, key, &missing)) {
      group_of[row] = index.insert(key);
    } else if (std::find(missing.begin(), missing.end(), true) != missing.end() &&
               std::find(unknown.begin(), unknown.end(), std::pair{key, missing}) ==
                   unknown.end()) {
      unknown.emplace_back(key, missing);
    }
  }

  auto out = std::make_unique<Groups>();
  out->begin.assign(index.rows() + 1, 0);
  for (const std::uint32_t group : group_of) {
    if (group != kNoRow) ++out->begin[group + 1];
  }
  for (std::size_t g = 1; g < out->begin.size(); ++g) out->begin[g] += out->begin[g - 1];
  out->rows.resize(out->begin.back());
  std::vector<std::uint32_t> next(out->begin.begin(), out->begin.end() - 1);
  for (std::size_t row = 0; row < group_of.size(); ++row) {
    if (group_of[row] != kNoRow) out->rows[next[group_of[row]]++] = static_cast<std::uint32_t>(row);
  }

  out->of_mine.resize(rows_mine.rows);
  out->mine_unknown.assign(rows_mine.rows, 0);
  out->may_belong.assign(rows_mine.rows, 0);
  for (std::size_t row = 0; row < rows_mine.rows; ++row) {
    const bool whole =
        agree_key(list.mine_table, static_cast<std::uint32_t>(row), list, period, key, nullptr);
    out->mine_unknown[row] = whole ? 0 : 1;
    out->of_mine[row] = whole ? index.find(key) : kNoRow;
    for (const auto& [other, gaps] : unknown) {
      bool fits = true;
      for (std::size_t i = 0; i < key.size(); ++i) {
        fits = fits && ((i < gaps.size() && gaps[i]) || other[i] == key[i]);
      }
      if (fits) out->may_belong[row] = 1;
    }
  }
  return out;
}

}  // namespace qz::compute
