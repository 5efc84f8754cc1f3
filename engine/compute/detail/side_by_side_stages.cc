// Side by side: stages that are compiled. Where no proof covers a block, the general evaluator
// computes their columns one after another.

#include <algorithm>
#include <limits>
#include <numeric>

#include "compute/detail/scaled_form.h"
#include "compute/detail/side_by_side.h"

namespace qz::compute::detail {

using plan::ColumnRef;
using table::Column;
using table::State;

namespace {

// The largest magnitude of n mantissas; false: it does not fit.
bool set_largest(StageSource& to, std::size_t n) {
  if (to.mantissas == nullptr) {
    to.largest = 1;
    return true;
  }
  const std::uint64_t largest = exact::largest_magnitude(to.mantissas, n);
  to.largest = static_cast<std::int64_t>(largest);
  return largest <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
}

// The cells of a column from `first` on; false: its numbers are not scaled.
bool set_cells(StageSource& to, const Column& from, std::size_t first) {
  to.states = from.all_have_values() ? nullptr : from.states().data() + first;
  if (from.type() == table::Type::kBool) {
    to.ids = from.ids().data() + first;
    return true;
  }
  if (!from.is_scaled()) return false;
  to.mantissas = from.mantissas().data() + first;
  to.denominator = from.denominator();
  return true;
}

// Fractions, lane by lane.
Column fractions(const StageCells& made, std::size_t n) {
  const std::int64_t common = std::gcd(made.denominator, made.divisors_denominator);
  const std::int64_t times = made.divisors_denominator / common;
  const std::int64_t over = made.denominator / common;
  std::vector<exact::Number> numbers(n);
  for (std::size_t i = 0; i < std::min(n, made.mantissas.size()); ++i) {
    if (made.states[i] != State::kValue) continue;
    std::int64_t up = 0, down = 0;
    if (__builtin_mul_overflow(made.mantissas[i], times, &up) ||
        __builtin_mul_overflow(made.divisors[i], over, &down)) {
      numbers[i] = exact::Number(made.mantissas[i]) * exact::Number(times) /
                   (exact::Number(made.divisors[i]) * exact::Number(over));
    } else {
      numbers[i] = exact::Number::ratio(up, down);
    }
  }
  return Column::from_numbers(std::move(numbers), made.states);
}

// The first n cells; those that were not made have no meaning.
Column cells_from(const StageOutput& output, StageCells& made, std::size_t n) {
  made.states.resize(n, State::kValue);
  if (output.is_truth) {
    made.ids.resize(n);
    return Column::from_ids(table::Type::kBool, std::move(made.ids), std::move(made.states));
  }
  if (output.divisor >= 0) return fractions(made, n);
  made.mantissas.resize(n);
  return Column::from_scaled(std::move(made.mantissas), made.denominator, std::move(made.states));
}

}  // namespace

void SideBySide::make_runs() {
  for (const Stage& stage : stages_) {
    auto& runs = compiled_.emplace_back();
    for (std::size_t s = 0; s < stage.programs.size(); ++s) {
      runs.emplace_back();
      if (!stage.programs[s]) continue;
      const StageProgram& program = *stage.programs[s];
      const Stack::Segment& segment = stack(stage.table).segments[s];
      runs.back() = std::make_unique<Compiled>(
          Compiled{program, StageRun(program, segment.size(), size_), {}, {}, {}});
      runs.back()->sources.resize(program.inputs.size());
      runs.back()->cells.resize(program.inputs.size());
      for (std::size_t i = 0; i < program.inputs.size(); ++i) {
        const StageInput& input = program.inputs[i];
        if (input.kind != StageInput::Kind::kKnown) continue;
        StageSource& to = runs.back()->sources[i];
        to.form = StageSource::Form::kStill;
        set_cells(to, input.known->by_slot, segment.begin);
        if (!set_largest(to, segment.size())) to.largest = std::numeric_limits<std::int64_t>::max();
      }
    }
  }
}

void SideBySide::run_stage(std::size_t stage) {
  const Stage& of = stages_[stage];
  for (std::size_t s = 0; s < of.programs.size(); ++s) {
    if (!of.programs[s] || run_segment(stage, s)) continue;
    for (const ColumnRef& ref : of.columns.columns) {
      begin(ref);
      column_of(stack(of.table).segments[s], ref, nullptr);
    }
  }
}

bool SideBySide::run_segment(std::size_t stage, std::size_t segment) {
  if (data_.rung == Rung::kExact) return false;
  Compiled& of = *compiled_[stage][segment];
  const Stack::Segment& rows = stack(stages_[stage].table).segments[segment];
  for (std::size_t i = 0; i < of.sources.size(); ++i)
    if (!source(of, i, rows)) return false;
  if (!of.run.run(count_, of.sources, data_.rung, of.out)) return false;
  install(stages_[stage].table, rows, of);
  return true;
}

bool SideBySide::source(Compiled& of, std::size_t input, const Stack::Segment& segment) {
  const StageInput& from = of.program.inputs[input];
  StageSource& to = of.sources[input];
  const std::size_t first = segment.begin * size_, lanes = count_ * segment.size();
  switch (from.kind) {
    case StageInput::Kind::kKnown:
      return true;
    case StageInput::Kind::kOwn:
      if (initial_.contains(from.column)) begin(from.column);
      if (set_cells(to, cells_of(from.column), first)) return set_largest(to, lanes);
      return set_scaled(of, input, cells_of(from.column), first, lanes);
    case StageInput::Kind::kConstant:
      to.form = StageSource::Form::kScalar;
      return set_cells(to, now_.at(from.target), 0) && set_largest(to, count_);
    case StageInput::Kind::kUp:
      source_above(of, input);
      to.form = from.is_scalar ? StageSource::Form::kScalar : StageSource::Form::kLanes;
      return set_cells(to, of.cells[input], 0) && set_largest(to, from.is_scalar ? count_ : lanes);
    case StageInput::Kind::kNode:
      break;
  }
  Lanes own{lanes, {std::vector<std::uint32_t>(lanes)}};
  for (std::size_t i = 0; i < lanes; ++i) own.frames[0][i] = static_cast<std::uint32_t>(first + i);
  of.cells[input] = runner_.run_node(*from.formula.formula, from.node, from.formula.table, own);
  runner_.errors.clear();
  return set_scaled(of, input, of.cells[input], 0, lanes);
}

// Cells that may stand one by one, over one denominator; false: they have none.
bool SideBySide::set_scaled(Compiled& of, std::size_t input, const Column& cells, std::size_t first,
                            std::size_t n) {
  StageSource& to = of.sources[input];
  if (cells.type() == table::Type::kNumber && !cells.is_scaled()) {
    std::vector<std::uint32_t> order(n);
    std::iota(order.begin(), order.end(), static_cast<std::uint32_t>(first));
    std::optional<Column> scaled = scaled_form(cells.picked(order));
    if (!scaled) return false;
    of.cells[input] = std::move(*scaled);
    return set_cells(to, of.cells[input], 0) && set_largest(to, n);
  }
  return set_cells(to, cells, first) && set_largest(to, n);
}

// The cells of the rows above, by variation, or by lane.
void SideBySide::source_above(Compiled& of, std::size_t input) {
  const StageInput& from = of.program.inputs[input];
  const Stack& above = stack(from.column.table);
  if (initial_.contains(from.column)) begin(from.column);
  const Column& cells = cells_of(from.column);
  const std::size_t rows = from.is_scalar ? 1 : from.above.size();
  std::vector<std::uint32_t> order;
  order.reserve(rows * count_);
  for (std::uint32_t v = 0; v < count_; ++v) {
    for (std::size_t i = 0; i < rows; ++i)
      order.push_back(from.above[i] == kNoRow ? kNoRow : above.row(size_, v, from.above[i]));
  }
  of.cells[input] = cells.picked_or_null(order, kNoRow);
  for (std::size_t i = 0; i < rows; ++i) {
    if (from.above[i] != kNoRow) continue;
    for (std::size_t v = 0; v < count_; ++v) of.cells[input].set_state(v * rows + i, from.why[i]);
  }
}

// Into the column's own arrays, which keep their room from block to block.
void SideBySide::install_whole(Column& to, const StageOutput& output, StageCells& made,
                               std::size_t n) {
  if (output.is_truth || output.divisor >= 0 || to.type() != table::Type::kNumber) {
    to = cells_from(output, made, n);
    return;
  }
  std::copy(made.mantissas.begin(), made.mantissas.end(), to.open_scaled(n));
  State* const states = to.open_states();
  std::fill(std::copy(made.states.begin(), made.states.end(), states), states + n, State::kValue);
  to.close(n, made.denominator);
}

void SideBySide::install(std::int32_t table, const Stack::Segment& segment, Compiled& of) {
  const Stack& in = stack(table);
  const std::size_t lanes = count_ * segment.size();
  const bool whole = segment.size() == in.slots();
  // The last block may be a short one; its tables have room for all variations as ever.
  const std::size_t n = whole ? in.slots() * size_ : lanes;
  for (std::size_t k = 0; k < of.out.size(); ++k) {
    const ColumnRef ref{table, of.program.outputs[k].column};
    if (whole) {
      install_whole(cells_of(ref), of.program.outputs[k], of.out[k], n);
      initial_.at(ref).is_set = true;
      continue;
    }
    const Column cells = cells_from(of.program.outputs[k], of.out[k], n);
    begin(ref);
    std::vector<std::uint32_t> at(lanes);
    for (std::size_t i = 0; i < lanes; ++i)
      at[i] = static_cast<std::uint32_t>(segment.begin * size_ + i);
    cells_of(ref).put(at, cells);
  }
}

}  // namespace qz::compute::detail
