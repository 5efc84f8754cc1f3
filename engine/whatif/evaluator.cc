// Evaluator: variants of numbers through a recalculation, all others as jobs of their own, in one
// order.

#include "whatif/evaluator.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "compute/recalculation.h"
#include "job/edits.h"
#include "whatif/figures.h"
#include "whatif/slots.h"

namespace qz::whatif {
namespace {

bool same(const table::Column& a, std::size_t i, const table::Column& b, std::size_t j) {
  if (a.state(i) != b.state(j)) return false;
  if (!a.has_value(i)) return true;
  if (a.type() != table::Type::kNumber) return a.id(i) == b.id(j);
  if (a.is_scaled() && b.is_scaled() && a.denominator() == b.denominator())
    return a.mantissas()[i] == b.mantissas()[j];
  return a.number(i) == b.number(j);
}

}  // namespace

struct Evaluator::State {
  State(const BaseJob& of, const std::vector<SelectionPtr>& selections,
        const EvaluatorOptions& with)
      : base(of), options(with), slots(of, selections), figures(of.results()) {
    if (!options.one_by_one) prepare();
  }

  // The slots that a recalculation takes, and what it is asked for.
  void prepare() {
    target_of_slot.assign(slots.all().size(), kNone);
    std::vector<compute::Target> targets;
    for (std::uint32_t i = 0; i < slots.all().size(); ++i) {
      const Slot& slot = slots.all()[i];
      if (slot.type != table::Type::kNumber || slot.kind == Touched::kEdition) continue;
      target_of_slot[i] = static_cast<std::uint32_t>(targets.size());
      targets.push_back(target(slot));
    }
    if (targets.empty()) return;
    wanted.clear();
    for (std::size_t i = 0; i < base.targets().size(); ++i)
      wanted.push_back({{base.target_table(), base.target_column(i)}, {0}, nullptr, -1});
    if (options.watch_reported) {
      for (const Figures::Reported& one : figures.reported())
        wanted.push_back({{one.table, one.column}, one.rows, nullptr, -1});
    }
    auto made =
        compute::Recalculation::make(*base.loaded().program, base.results(), targets, wanted);
    if (!made) return;
    if (options.watch_reported && !keep_reached(*made)) {
      made = compute::Recalculation::make(*base.loaded().program, base.results(), targets, wanted);
      if (!made) return;
    }
    recalculation.emplace(std::move(*made));
  }

  static compute::Target target(const Slot& slot) {
    compute::Target out;
    if (slot.kind == Touched::kCells) {
      out = compute::Target::cell({slot.owner, slot.column}, slot.row);
    } else if (slot.kind == Touched::kFactor) {
      out = compute::Target::factor_cell(slot.owner, slot.column, slot.row);
    } else {
      out = compute::Target::constant(slot.owner, slot.name);
    }
    out.group = static_cast<std::int32_t>(slot.group);
    return out;
  }

  // Asks for reported cells only that some variant may change. True where that is all of them.
  bool keep_reached(const compute::Recalculation& made) {
    bool all = true;
    for (std::size_t w = base.targets().size(); w < wanted.size(); ++w) {
      const std::vector<std::uint8_t> reached = made.reached(w);
      std::vector<std::uint32_t> rows;
      for (std::size_t i = 0; i < reached.size(); ++i) {
        if (reached[i] != 0) rows.push_back(wanted[w].rows[i]);
      }
      all = all && rows.size() == wanted[w].rows.size();
      wanted[w].rows = std::move(rows);
    }
    std::erase_if(wanted, [](const compute::Wanted& one) { return one.rows.empty(); });
    return all;
  }

  // After slots.apply(): whether a recalculation can do it, with its edits in `variation`.
  bool fits(const std::vector<std::uint32_t>& touched, compute::Variation& variation) const {
    if (!recalculation) return false;
    variation.edits.clear();
    for (const std::uint32_t slot : touched) {
      if (!slots.matters(slot)) continue;
      if (target_of_slot[slot] == kNone) return false;
      variation.edits.push_back({target_of_slot[slot], slots.number(slot), table::State::kValue});
    }
    return true;
  }

  void give(const compute::Outcome& outcome, std::uint64_t index, const OutcomeSink& sink) {
    values.clear();
    moved.clear();
    for (std::size_t w = 0; w < wanted.size(); ++w) {
      const table::Column& cells = outcome.cells(w);
      const std::size_t first = outcome.first(w);
      if (w < base.targets().size()) {
        values.push_back(value_of(cells, first));
        continue;
      }
      const compute::Wanted& one = wanted[w];
      const table::Column& before = base.results()
                                        .tables[static_cast<std::size_t>(one.column.table)]
                                        .columns[static_cast<std::size_t>(one.column.column)];
      for (std::size_t i = 0; i < one.rows.size(); ++i) {
        if (same(cells, first + i, before, one.rows[i])) continue;
        moved.push_back(
            {{one.column.table, one.column.column, one.rows[i]}, value_of(cells, first + i)});
      }
    }
    sink({index, values, moved});
  }

  // A whole job for the changes that slots.apply() has taken.
  std::optional<base::Finding> whole_job(std::uint64_t index, const OutcomeSink& sink) {
    const auto made =
        job::recompute(base.loaded(), base.results(), slots.edits(), base.run(), base.more());
    if (!made) return made.failure();
    const compute::Results& results = made->results;
    const auto table = results.packs->table(kTargetTable);
    QZ_ASSERT(table);
    values.clear();
    moved.clear();
    for (std::size_t i = 0; i < base.targets().size(); ++i) {
      const auto column =
          results.packs->tables[static_cast<std::size_t>(*table)].column(target_column_name(i));
      QZ_ASSERT(column);
      values.push_back(value_of(results.tables[static_cast<std::size_t>(*table)]
                                    .columns[static_cast<std::size_t>(*column)],
                                0));
    }
    if (options.watch_reported) figures.compare(results, moved);
    sink({index, values, moved});
    return std::nullopt;
  }

  static constexpr std::uint32_t kNone = 0xffffffffu;

  const BaseJob& base;
  EvaluatorOptions options;
  Slots slots;
  Figures figures;
  std::vector<std::uint32_t> target_of_slot;
  std::vector<compute::Wanted> wanted;
  std::optional<compute::Recalculation> recalculation;
  std::vector<Value> values;
  std::vector<Moved> moved;
};

Evaluator::Evaluator(const BaseJob& base, std::vector<SelectionPtr> selections,
                     const EvaluatorOptions& options)
    : state_(std::make_unique<State>(base, selections, options)) {}
Evaluator::~Evaluator() = default;

std::optional<base::Finding> Evaluator::run(const VariantSource& source, const OutcomeSink& sink) {
  State& state = *state_;
  Changes changes;
  compute::Variation variation;
  std::uint64_t index = 0;  // of the variant that is asked for next
  for (;;) {
    bool ended = false;
    bool waits = false;  // a variant that is a job of its own, already applied
    const auto next = [&](compute::Variation& out) {
      changes.clear();
      ended = !source(changes);
      if (ended) return false;
      waits = !state.fits(state.slots.apply(changes), out);
      return !waits;
    };
    if (state.recalculation) {
      const std::uint64_t begin = index;
      state.recalculation->run(
          next,
          [&](std::uint64_t at, const compute::Outcome& outcome) {
            index = begin + at + 1;
            state.give(outcome, begin + at, sink);
          },
          state.options.threads);
    } else {
      next(variation);
    }
    if (ended) return std::nullopt;
    QZ_ASSERT(waits);
    if (auto problem = state.whole_job(index, sink)) return problem;
    ++index;
  }
}

std::vector<Value> Evaluator::base_targets() const {
  std::vector<Value> out;
  const State& state = *state_;
  for (std::size_t i = 0; i < state.base.targets().size(); ++i)
    out.push_back(base_value({state.base.target_table(), state.base.target_column(i), 0}));
  return out;
}

Value Evaluator::base_value(const CellRef& cell) const { return state_->figures.base_value(cell); }

const ForeignCell& Evaluator::foreign(std::uint32_t row) const {
  return state_->figures.foreign(row);
}

}  // namespace qz::whatif
