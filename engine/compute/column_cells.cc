// Column cells: an input wins; then the condition; then the cases in order, each on the rows that
// are still open.

#include "compute/column_cells.h"

#include <algorithm>

namespace qz::compute {
namespace {

using plan::ColumnRef;
using table::Column;
using table::State;

// A condition was missing or failed: the cell is done.
constexpr std::uint8_t kDecided = 253;

class Maker {
 public:
  Maker(const Data& data, FormulaRunner& runner, ColumnRef ref, const rules::ColumnRule& rule,
        std::span<const std::uint32_t> rows)
      : data_(data), runner_(runner), ref_(ref), rule_(rule), rows_(rows) {}

  ColumnCells make() {
    runner_.errors.clear();
    const rules::CheckedColumn& of = data_.packs.tables[static_cast<std::size_t>(ref_.table)]
                                         .columns[static_cast<std::size_t>(ref_.column)];
    out_.cells = Column(of.type, rows_.size(), State::kNull);
    out_.cases.assign(rows_.size(), kCaseNone);
    std::vector<std::uint32_t> open;  // positions that no value or state has yet
    take_inputs(open);
    if (rule_.when) open = hold(*rule_.when, open, State::kNotApplicable);
    for (std::size_t c = 0; c < rule_.cases.size() && !open.empty(); ++c) {
      const rules::CheckedCase& one = rule_.cases[c];
      std::vector<std::uint32_t> taken = open, rest;
      if (one.when) {
        taken = hold(*one.when, open, State::kValue);
        for (const std::uint32_t i : open) {
          const bool decided = out_.cases[i] == kDecided;
          if (!decided && !std::binary_search(taken.begin(), taken.end(), i)) rest.push_back(i);
        }
      }
      value(one, static_cast<std::uint8_t>(c), taken);
      open = std::move(rest);
    }
    for (const std::uint32_t i : open) out_.cells.set_state(i, State::kNotApplicable);
    for (std::uint8_t& one : out_.cases) {
      if (one == kDecided) one = kCaseNone;
    }
    out_.errors = std::move(runner_.errors);
    return std::move(out_);
  }

 private:
  void take_inputs(std::vector<std::uint32_t>& open) {
    const bool has_input = rule_.definition->input != rules::InputKind::kNone;
    const Column& given = data_.tables[static_cast<std::size_t>(ref_.table)]
                              .columns[static_cast<std::size_t>(ref_.column)];
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const State state = has_input ? given.state(rows_[i]) : State::kNull;
      if (has_input && (state == State::kValue || table::is_error(state))) {
        out_.cells.set_cell(i, given, rows_[i]);
        out_.cases[i] = kCaseInput;
      } else {
        open.push_back(static_cast<std::uint32_t>(i));
      }
    }
  }

  Lanes lanes_of(const std::vector<std::uint32_t>& positions) const {
    Lanes out;
    out.size = positions.size();
    out.frames.resize(1);
    if (positions.size() == rows_.size()) {
      out.frames[0].assign(rows_.begin(), rows_.end());
      return out;
    }
    out.frames[0].reserve(positions.size());
    for (const std::uint32_t i : positions) out.frames[0].push_back(rows_[i]);
    return out;
  }

  // The positions where `condition` holds. Where it is missing or failed, the cell is decided;
  // where it is false, the cell gets `otherwise` (kValue: it stays open).
  std::vector<std::uint32_t> hold(const rules::Typed& condition,
                                  const std::vector<std::uint32_t>& open, State otherwise) {
    const Column test = runner_.run(condition, ref_.table, lanes_of(open));
    std::vector<std::uint32_t> holds;
    for (std::size_t k = 0; k < open.size(); ++k) {
      const std::uint32_t i = open[k];
      if (test.has_value(k) && test.id(k) != 0) {
        holds.push_back(i);
      } else if (test.has_value(k)) {
        if (otherwise != State::kValue) out_.cells.set_state(i, otherwise);
      } else {
        out_.cells.set_state(i, table::is_error(test.state(k)) ? test.state(k) : State::kNull);
        out_.cases[i] = kDecided;
      }
    }
    return holds;
  }

  void value(const rules::CheckedCase& one, std::uint8_t index,
             const std::vector<std::uint32_t>& taken) {
    if (taken.empty()) return;
    const Column found = runner_.run(one.formula, ref_.table, lanes_of(taken));
    const Column* cells = &found;
    Cells rounded, scaled;
    if (rule_.definition->round) {
      rounded = round(*cells, rule_.definition->round->rule);
      cells = &rounded.column;
    }
    if (!(rule_.to_column == exact::Number(1))) {
      scaled = scale(*cells, rule_.to_column);
      cells = &scaled.column;
    }
    out_.cells.put(taken, *cells);
    for (std::size_t k = 0; k < taken.size(); ++k) {
      out_.cases[taken[k]] = index;
      // Not applicable stays so through a formula that does nothing with it.
      if (found.state(k) == State::kNotApplicable)
        out_.cells.set_state(taken[k], State::kNotApplicable);
      if (!rounded.fresh && !scaled.fresh) continue;
      if (table::is_error(cells->state(k)) && !table::is_error(found.state(k))) {
        const std::string code(table::error_code(cells->state(k)));
        runner_.errors.push_back({rows_[taken[k]], cells->state(k),
                                  code + " in: " + one.formula.text,
                                  code + "，公式：" + one.formula.text});
      }
    }
  }

  const Data& data_;
  FormulaRunner& runner_;
  ColumnRef ref_;
  const rules::ColumnRule& rule_;
  std::span<const std::uint32_t> rows_;
  ColumnCells out_;
};

}  // namespace

ColumnCells column_cells(const Data& data, FormulaRunner& runner, ColumnRef ref,
                         const rules::ColumnRule& rule, std::span<const std::uint32_t> rows) {
  return Maker(data, runner, ref, rule, rows).make();
}

}  // namespace qz::compute
