// Relations: hash joins over ids, each built once.

#include "compute/relations.h"

#include <algorithm>

#include "compute/kernels.h"

namespace qz::compute {
namespace {

using table::KeyIndex;
using table::State;
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
                                               std::uint32_t row, table::State* why) {
  const rules::CheckedTable& shape = packs_.tables[static_cast<std::size_t>(table)];
  const rules::Settled& how = shape.settled.at(name);
  std::int32_t owner = table;
  if (how.via_table >= 0) {
    const std::uint32_t above = up(table, how.via_table)[row];
    if (above == kNoRow) {
      if (why != nullptr) *why = up_state(table, row, how.via_table);
      return std::nullopt;
    }
    row = above;
    owner = how.via_table;
  }
  const table::Column& column =
      tables_[static_cast<std::size_t>(owner)].columns[static_cast<std::size_t>(how.column)];
  if (column.has_value(row)) return column.id(row);
  if (why != nullptr) *why = both(column.state(row), table::State::kValue);
  return std::nullopt;
}

table::State Relations::up_state(std::int32_t from, std::uint32_t row, std::int32_t above) {
  const rules::CheckedTable& theirs = packs_.tables[static_cast<std::size_t>(above)];
  for (std::size_t i = 0; i < theirs.key_size; ++i) {
    table::State why = table::State::kNull;
    if (theirs.columns[i].type != Type::kText) continue;
    if (!settled(from, theirs.columns[i].name, row, &why)) return why;
  }
  return table::State::kNull;
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

// The ids that must agree: the list's names, then the longer of the two periods. kValue if all are
// known; else the first error, or null.
table::State Relations::agree_key(std::int32_t table, std::uint32_t row, const rules::List& list,
                                  std::optional<base::PeriodKind> period,
                                  std::vector<std::int32_t>& key, std::vector<bool>* missing) {
  const rules::CheckedTable& shape = packs_.tables[static_cast<std::size_t>(table)];
  const TableRows& in = tables_[static_cast<std::size_t>(table)];
  State state = State::kValue;
  for (std::size_t i = 0; i < list.names.size(); ++i) {
    State why = State::kNull;
    const std::optional<std::int32_t> id = settled(table, list.names[i], row, &why);
    key[i] = id.value_or(kMissing);
    if (!id) state = table::is_error(state) ? state : both(why, state);
    if (missing != nullptr) (*missing)[i] = !id;
  }
  if (period) {
    const base::Period own{shape.period,
                           in.columns[static_cast<std::size_t>(*shape.period_column)].id(row)};
    const std::optional<base::Period> holding = base::containing(own, *period, packs_.cycle);
    key.back() = holding ? holding->index : kMissing;
    if (!holding) state = both(state, State::kNull);
  }
  return state;
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

// Rows whose links are missing, by which of their names are: they might belong to any list that the
// names they have allow.
class Relations::Unknown {
 public:
  void add(const std::vector<std::int32_t>& key, const std::vector<bool>& missing, State state) {
    auto found = by_gaps_.find(missing);
    if (found == by_gaps_.end())
      found = by_gaps_.emplace(missing, Rows{KeyIndex(key.size()), {}}).first;
    bool added = false;
    const std::uint32_t at = found->second.keys.insert(key, &added);
    if (added) {
      found->second.states.push_back(state);
    } else if (!table::is_error(found->second.states[at])) {
      found->second.states[at] = state;
    }
  }

  // The state that rows with missing links leave the list of `key` in.
  State state_of(const std::vector<std::int32_t>& key) const {
    State out = State::kValue;
    std::vector<std::int32_t> wanted;
    for (const auto& [gaps, rows] : by_gaps_) {
      wanted = key;
      for (std::size_t i = 0; i < gaps.size(); ++i) {
        if (gaps[i]) wanted[i] = kMissing;
      }
      const std::uint32_t at = rows.keys.find(wanted);
      if (at != kNoRow) out = both(out, rows.states[at]);
    }
    return out;
  }

 private:
  struct Rows {
    KeyIndex keys;
    std::vector<State> states;
  };
  std::map<std::vector<bool>, Rows> by_gaps_;
};

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
  Unknown unknown;
  for (std::uint32_t row = 0; row < rows_listed.rows; ++row) {
    // Context rows are found by filters that settle the period, and by nobody else.
    if (rows_listed.is_context[row] != 0 && !list.period_settled) continue;
    const State state = agree_key(list.table, row, list, period, key, &missing);
    if (state == State::kValue) {
      group_of[row] = index.insert(key);
    } else if (std::find(missing.begin(), missing.end(), true) != missing.end()) {
      unknown.add(key, missing, state);
    }
  }
  std::unique_ptr<Groups> out = grouped(group_of, index.rows());
  for (std::uint32_t row = 0; row < rows_mine.rows; ++row) {
    const State own = agree_key(list.mine_table, row, list, period, key, nullptr);
    out->of_mine.push_back(own == State::kValue ? index.find(key) : kNoRow);
    out->state.push_back(both(own, unknown.state_of(key)));
  }
  return out;
}

// Rows group after group, each group in row order, which is key order.
std::unique_ptr<Groups> Relations::grouped(const std::vector<std::uint32_t>& group_of,
                                           std::size_t groups) {
  auto out = std::make_unique<Groups>();
  out->begin.assign(groups + 1, 0);
  for (const std::uint32_t group : group_of) {
    if (group != kNoRow) ++out->begin[group + 1];
  }
  for (std::size_t g = 1; g < out->begin.size(); ++g) out->begin[g] += out->begin[g - 1];
  out->rows.resize(out->begin.back());
  std::vector<std::uint32_t> next(out->begin.begin(), out->begin.end() - 1);
  for (std::size_t row = 0; row < group_of.size(); ++row) {
    if (group_of[row] != kNoRow) out->rows[next[group_of[row]]++] = static_cast<std::uint32_t>(row);
  }
  return out;
}

}  // namespace qz::compute
