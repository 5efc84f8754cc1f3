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
    : packs_(packs), tables_(tables), indexes_(packs.tables.size()), ready_(packs.tables.size()) {}

const table::RowIndex& Relations::index(std::int32_t table) {
  const auto at = static_cast<std::size_t>(table);
  if (const table::RowIndex* ready = ready_[at].load(std::memory_order_acquire)) return *ready;
  const std::lock_guard lock(mutex_);
  if (!indexes_[at]) {
    std::vector<std::span<const std::int32_t>> parts;
    for (std::size_t i = 0; i < packs_.tables[at].key_size; ++i)
      parts.push_back(tables_[at].columns[i].ids());
    indexes_[at] = std::make_unique<table::RowIndex>(std::move(parts), tables_[at].rows);
    ready_[at].store(indexes_[at].get(), std::memory_order_release);
  }
  return *indexes_[at];
}

std::uint32_t Relations::find(std::int32_t table, std::span<const std::int32_t> key) {
  return index(table).find(key);
}

std::uint32_t Relations::find_beside(std::int32_t table, std::span<const std::int32_t> key,
                                     std::int32_t /*from*/, std::uint32_t /*row*/) {
  return find(table, key);
}

Relations::Source Relations::source(std::int32_t table, const std::string& name) {
  const rules::CheckedTable& shape = packs_.tables[static_cast<std::size_t>(table)];
  const rules::Settled& how = shape.settled.at(name);
  Source out;
  out.table = table;
  out.via = how.via_table;
  if (out.via >= 0) out.up = &up(table, out.via);
  const std::int32_t owner = out.via >= 0 ? out.via : table;
  out.cells =
      &tables_[static_cast<std::size_t>(owner)].columns[static_cast<std::size_t>(how.column)];
  return out;
}

Relations::Holding Relations::holding(std::int32_t table, base::PeriodKind wanted) const {
  const rules::CheckedTable& shape = packs_.tables[static_cast<std::size_t>(table)];
  Holding out;
  out.periods = &tables_[static_cast<std::size_t>(table)]
                     .columns[static_cast<std::size_t>(*shape.period_column)];
  out.own = shape.period;
  out.wanted = wanted;
  return out;
}

bool Relations::is_plain(const std::vector<Source>& names) {
  return std::all_of(names.begin(), names.end(), [](const Source& one) {
    return one.up == nullptr && one.cells->all_have_values();
  });
}

// The key of the row of `above` that rows of `from` settle.
Relations::Parts Relations::parts_above(std::int32_t from, std::int32_t above) {
  const rules::CheckedTable& theirs = packs_.tables[static_cast<std::size_t>(above)];
  Parts out;
  for (std::size_t i = 0; i < theirs.key_size; ++i) {
    const rules::CheckedColumn& column = theirs.columns[i];
    if (column.type == Type::kPeriod) {
      out.period = holding(from, column.period);
      out.period_at = i;
    } else {
      out.names.push_back(source(from, column.name));
    }
  }
  out.is_plain = is_plain(out.names);
  return out;
}

// The ids that must agree: the list's names, then the longer of the two periods.
Relations::Parts Relations::parts_agreed(std::int32_t table, const rules::List& list,
                                         std::optional<base::PeriodKind> period) {
  Parts out;
  for (const std::string& name : list.names) out.names.push_back(source(table, name));
  out.period_at = out.names.size();
  if (period) out.period = holding(table, *period);
  out.is_plain = is_plain(out.names);
  return out;
}

// The ids of one row. kValue if all are known; else the first error, or null. `missing` gets which
// names are not known.
table::State Relations::read(Parts& parts, std::uint32_t row, std::vector<std::int32_t>& key,
                             std::vector<bool>* missing) {
  State state = State::kValue;
  std::size_t at = 0;
  // `missing` of a plain list stays as it was made: nothing is.
  for (std::size_t i = 0; parts.is_plain && i < parts.names.size(); ++i, ++at) {
    if (parts.period.periods != nullptr && at == parts.period_at) ++at;
    key[at] = parts.names[i].cells->ids()[row];
  }
  for (std::size_t i = 0; !parts.is_plain && i < parts.names.size(); ++i, ++at) {
    if (parts.period.periods != nullptr && at == parts.period_at) ++at;
    const Source& from = parts.names[i];
    const std::uint32_t owner = from.up == nullptr ? row : (*from.up)[row];
    const bool known = owner != kNoRow && from.cells->has_value(owner);
    if (missing != nullptr) (*missing)[i] = !known;
    if (known) {
      key[at] = from.cells->id(owner);
      continue;
    }
    key[at] = kMissing;
    const State why = owner == kNoRow ? up_state(from.table, row, from.via)
                                      : both(from.cells->state(owner), State::kValue);
    state = table::is_error(state) ? state : both(why, state);
  }
  if (parts.period.periods == nullptr) return state;
  Holding& period = parts.period;
  const std::optional<base::Period>& holding =
      period.known.at(period.periods->id(row), [&](std::int32_t index) {
        return base::containing({period.own, index}, period.wanted, packs_.cycle);
      });
  key[parts.period_at] = holding ? holding->index : kMissing;
  return holding ? state : both(state, State::kNull);
}

table::State Relations::up_state(std::int32_t from, std::uint32_t row, std::int32_t above) {
  const rules::CheckedTable& theirs = packs_.tables[static_cast<std::size_t>(above)];
  const std::lock_guard lock(mutex_);
  for (std::size_t i = 0; i < theirs.key_size; ++i) {
    if (theirs.columns[i].type != Type::kText) continue;
    const Source link = source(from, theirs.columns[i].name);
    const std::uint32_t owner = link.up == nullptr ? row : (*link.up)[row];
    if (owner == kNoRow) return up_state(from, row, link.via);
    if (!link.cells->has_value(owner)) return both(link.cells->state(owner), State::kValue);
  }
  return State::kNull;
}

const std::vector<std::uint32_t>& Relations::up(std::int32_t from, std::int32_t above) {
  const std::lock_guard lock(mutex_);
  if (const auto known = ups_.find({from, above}); known != ups_.end()) return *known->second;
  auto rows =
      std::make_unique<std::vector<std::uint32_t>>(tables_[static_cast<std::size_t>(from)].rows);
  Parts parts = parts_above(from, above);
  std::vector<std::int32_t> key(parts.size()), last;
  std::uint32_t last_row = kNoRow;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    if (read(parts, static_cast<std::uint32_t>(row), key, nullptr) != State::kValue) {
      (*rows)[row] = kNoRow;
      continue;
    }
    // Neighbours have the same row above more often than not.
    if (row == 0 || last.empty() || !table::same_key(key, last)) {
      last_row = find(above, key);
      last = key;
    }
    (*rows)[row] = last_row;
  }
  return *ups_.emplace(std::pair(from, above), std::move(rows)).first->second;
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

  bool empty() const { return by_gaps_.empty(); }

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
  const TableRows& rows = tables_[static_cast<std::size_t>(list.table)];
  std::optional<base::PeriodKind> period;
  if (list.periods_agree) period = std::max(mine.period, listed.period);

  Parts parts = parts_agreed(list.table, list, period);
  std::vector<std::int32_t> key(parts.size()), last;
  KeyIndex keys(key.size());
  std::vector<std::uint32_t> group_of(rows.rows, kNoRow);
  std::vector<bool> missing(list.names.size());
  Unknown unknown;
  std::uint32_t group = kNoRow;  // of the row before
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    // Context rows are found by filters that settle the period, and by nobody else.
    if (rows.is_context[row] != 0 && !list.period_settled) continue;
    const State state = read(parts, row, key, &missing);
    if (state == State::kValue) {
      if (group == kNoRow || !table::same_key(key, last)) {
        group = keys.insert(key);
        last = key;
      }
      group_of[row] = group;
    } else if (std::find(missing.begin(), missing.end(), true) != missing.end()) {
      unknown.add(key, missing, state);
    }
  }
  std::unique_ptr<Groups> out = grouped(group_of, keys.rows());
  Parts parts_mine = parts_agreed(list.mine_table, list, period);
  group_mine(parts_mine, tables_[static_cast<std::size_t>(list.mine_table)].rows, keys, unknown,
             *out);
  return out;
}

Groups Relations::agreed(const rules::List& list, const KeyIndex& keys) {
  const rules::CheckedTable& mine = packs_.tables[static_cast<std::size_t>(list.mine_table)];
  const rules::CheckedTable& listed = packs_.tables[static_cast<std::size_t>(list.table)];
  std::optional<base::PeriodKind> period;
  if (list.periods_agree) period = std::max(mine.period, listed.period);
  const std::lock_guard lock(mutex_);
  Parts parts = parts_agreed(list.mine_table, list, period);
  Groups out;
  group_mine(parts, tables_[static_cast<std::size_t>(list.mine_table)].rows, keys, Unknown(), out);
  return out;
}

void Relations::forget(std::int32_t table) {
  const std::lock_guard lock(mutex_);
  std::erase_if(ups_, [&](const auto& one) { return one.first.first == table; });
}

// The group of each row that lists.
void Relations::group_mine(Parts& parts, std::size_t rows, const KeyIndex& keys,
                           const Unknown& unknown, Groups& out) {
  out.of_mine.assign(rows, kNoRow);
  out.state.assign(rows, State::kValue);
  std::vector<std::int32_t> key(parts.size()), last;
  std::uint32_t group = kNoRow;  // of the row before
  bool has_last = false;
  for (std::uint32_t row = 0; row < rows; ++row) {
    const State own = read(parts, row, key, nullptr);
    if (own == State::kValue && !(has_last && table::same_key(key, last))) {
      group = keys.find(key);
      last = key;
      has_last = true;
    }
    if (own == State::kValue) out.of_mine[row] = group;
    out.state[row] = unknown.empty() ? own : both(own, unknown.state_of(key));
  }
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
  out->in_pieces = true;
  for (std::size_t g = 0; g < groups && out->in_pieces; ++g) {
    const std::uint32_t first = out->begin[g], last = out->begin[g + 1] - 1;
    out->in_pieces = out->rows[last] - out->rows[first] == last - first;
  }
  return out;
}

}  // namespace qz::compute
