// Known cells: one run of the general evaluator over the base.

#include "compute/detail/known_cells.h"

#include <algorithm>

namespace qz::compute::detail {

using plan::ColumnRef;
using table::Column;
using table::State;

KnownCells known_cells(const Basis& basis, const Cone& cone) {
  KnownCells out;
  FormulaRunner runner(basis.data);
  const auto add = [&](const FormulaAt& at, const std::vector<std::uint32_t>& slots) {
    if (slots.empty()) return;
    const ReachedFormula formula(basis.data, cone.reached, at);
    const Stack& stack = cone.stacks.at(at.table);
    Lanes lanes{slots.size(), {{}}};
    for (const std::uint32_t slot : slots) lanes.frames[0].push_back(stack.base_rows[slot]);
    const ReachedFormula::Walked walked = formula.walk();
    for (const rules::NodeId id : walked.known) {
      const rules::Node& node = at.formula->node(id);
      const Column cells = runner.run_node(*at.formula, id, at.table, lanes);
      // A formula may be asked for twice: by its column, and by somebody who wants it.
      const auto [known, made] = out.cells.try_emplace(&node);
      if (made) known->second = {at.table, Column(cells.type(), stack.computed, State::kNull)};
      known->second.by_slot.put(slots, cells);
    }
    for (const rules::NodeId id : walked.others) {
      if (formula.varied(id) >= 0)
        out.constants[&at.formula->node(id)] = {static_cast<std::uint32_t>(formula.varied(id)),
                                                at.table};
    }
  };
  for (const plan::Step& step : cone.steps) {
    for (const ColumnRef& ref : step.columns) {
      const Stack& stack = cone.stacks.at(ref.table);
      each_formula(basis.data.packs, ref, [&](const FormulaAt& at, const rules::ColumnRule&) {
        const auto pack = static_cast<std::size_t>(
            basis.data.packs.editions[static_cast<std::size_t>(at.edition)].pack_index);
        std::vector<std::uint32_t> slots;
        for (const Stack::Segment& one : stack.segments) {
          if (one.begin >= stack.computed || one.editions[pack] != at.edition) continue;
          for (std::uint32_t slot = one.begin; slot < one.end; ++slot) slots.push_back(slot);
        }
        add(at, slots);
      });
    }
  }
  for (std::size_t w = 0; w < basis.wanted.size(); ++w) {
    const Wanted& one = basis.wanted[w];
    if (cone.wanted_reached[w] == 0 || one.formula == nullptr) continue;
    std::vector<std::uint32_t> slots;
    for (const std::uint32_t row : one.rows)
      slots.push_back(cone.stacks.at(one.column.table).slot_of[row]);
    std::sort(slots.begin(), slots.end());
    slots.erase(std::unique(slots.begin(), slots.end()), slots.end());
    add({one.formula, one.column.table, one.edition}, slots);
  }
  return out;
}

}  // namespace qz::compute::detail
