// Stacked relations: row numbers of the base, moved to each variation's own.

#include "compute/detail/stacked_relations.h"

namespace qz::compute::detail {

StackedRelations::StackedRelations(const rules::CheckedPacks& packs,
                                   const std::vector<TableRows>& tables, Relations& base,
                                   const Cone& cone, std::size_t variations)
    : Relations(packs, tables), base_(base), size_(variations), places_(packs.tables.size()) {
  for (const auto& [table, stack] : cone.stacks) {
    auto places = std::make_unique<Places>();
    places->stack = &stack;
    places->slot.resize(stack.slots() * size_);
    places->variation.resize(stack.slots() * size_);
    for (std::uint32_t v = 0; v < size_; ++v) {
      for (std::uint32_t slot = 0; slot < stack.slots(); ++slot) {
        const std::uint32_t row = stack.row(size_, v, slot);
        places->slot[row] = slot;
        places->variation[row] = v;
      }
    }
    places_[static_cast<std::size_t>(table)] = std::move(places);
  }
}

std::uint32_t StackedRelations::row(const Stack& stack, std::uint32_t variation,
                                    std::uint32_t base_row) const {
  const std::uint32_t slot = base_row == kNoRow ? kNoRow : stack.slot_of[base_row];
  return slot == kNoRow ? kNoRow : stack.row(size_, variation, slot);
}

const std::vector<std::uint32_t>& StackedRelations::up(std::int32_t from, std::int32_t above) {
  const std::vector<std::uint32_t>& known = base_.up(from, above);
  if (!is_stacked(from)) {
    QZ_ASSERT(!is_stacked(above));
    return known;
  }
  const auto [found, made] = ups_.try_emplace({from, above});
  if (!made) return found->second;
  const Places& mine = at(from);
  std::vector<std::uint32_t>& out = found->second;
  out.resize(mine.slot.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint32_t row_above = known[mine.stack->base_rows[mine.slot[i]]];
    out[i] = is_stacked(above) ? row(*at(above).stack, mine.variation[i], row_above) : row_above;
  }
  return out;
}

const Groups& StackedRelations::groups(const rules::List& list) {
  std::unique_ptr<Groups>& slot = groups_[&list];
  if (!slot) slot = build(list);
  return *slot;
}

// A group of which not every row is here is looked at by nobody.
std::unique_ptr<Groups> StackedRelations::build(const rules::List& list) {
  const Groups& known = base_.groups(list);
  const Places& mine = at(list.mine_table);
  const Stack& listed = *at(list.table).stack;
  auto out = std::make_unique<Groups>();
  out->of_mine.assign(mine.slot.size(), kNoRow);
  out->state.resize(mine.slot.size());
  out->in_pieces = true;
  std::vector<std::vector<std::uint32_t>> group_at(size_);  // by variation and group of the base
  for (auto& one : group_at) one.assign(known.begin.size() - 1, kNoRow);
  for (std::size_t i = 0; i < mine.slot.size(); ++i) {
    const std::uint32_t base_row = mine.stack->base_rows[mine.slot[i]];
    const std::uint32_t group = known.of_mine[base_row];
    out->state[i] = known.state[base_row];
    if (group == kNoRow) continue;
    std::uint32_t& made = group_at[mine.variation[i]][group];
    if (made == kNoRow) {
      const std::size_t begin = out->rows.size();
      bool complete = true;
      for (std::uint32_t k = known.begin[group]; k < known.begin[group + 1] && complete; ++k) {
        out->rows.push_back(row(listed, mine.variation[i], known.rows[k]));
        complete = out->rows.back() != kNoRow;
      }
      if (!complete) {
        out->rows.resize(begin);
        continue;
      }
      // Rows of several editions do not stand as they do in the base.
      for (std::size_t k = begin + 1; k < out->rows.size(); ++k)
        out->in_pieces = out->in_pieces && out->rows[k] == out->rows[k - 1] + 1;
      made = static_cast<std::uint32_t>(out->begin.size());
      out->begin.push_back(static_cast<std::uint32_t>(begin));
    }
    out->of_mine[i] = made;
  }
  out->begin.push_back(static_cast<std::uint32_t>(out->rows.size()));
  return out;
}

Groups StackedRelations::agreed(const rules::List& list, const table::KeyIndex& keys) {
  const Groups known = base_.agreed(list, keys);
  if (!is_stacked(list.mine_table)) return known;
  const Places& mine = at(list.mine_table);
  Groups out;
  for (const std::uint32_t slot : mine.slot) {
    const std::uint32_t base_row = mine.stack->base_rows[slot];
    out.of_mine.push_back(known.of_mine[base_row]);
    out.state.push_back(known.state[base_row]);
  }
  return out;
}

std::uint32_t StackedRelations::find_beside(std::int32_t table, std::span<const std::int32_t> key,
                                            std::int32_t from, std::uint32_t row_of) {
  const std::uint32_t found = base_.find(table, key);
  if (!is_stacked(table)) return found;
  return row(*at(table).stack, at(from).variation[row_of], found);
}

table::State StackedRelations::up_state(std::int32_t from, std::uint32_t row_of,
                                        std::int32_t above) {
  if (!is_stacked(from)) return base_.up_state(from, row_of, above);
  const Places& mine = at(from);
  return base_.up_state(from, mine.stack->base_rows[mine.slot[row_of]], above);
}

}  // namespace qz::compute::detail
