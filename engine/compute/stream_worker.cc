// Stream worker: a batch stands for its table while it is computed, by the same formulas.

#include "compute/stream_worker.h"

#include <numeric>

#include "compute/column_cells.h"

namespace qz::compute {

using rules::Op;
using table::Column;
using table::State;
using table::Type;

StreamWorker::StreamWorker(const rules::CheckedPacks& packs, table::TextPool& pool,
                           const plan::Stream& stream, const StreamShape& shape,
                           std::vector<TableRows> tables,
                           const std::vector<std::vector<std::vector<std::int32_t>>>& factor_texts,
                           Rung rung)
    : packs_(packs),
      stream_(stream),
      plan_(shape),
      tables_(std::move(tables)),
      relations_(packs, tables_),
      data_{packs, pool, tables_, relations_, factor_texts, nullptr, rung},
      runner_(data_),
      quick_(data_, stream, shape),
      editions_(packs.packs.size()) {
  for (const plan::Grouping& one : shape.groupings) groups.emplace_back(packs, stream, one);
  for (const plan::StreamedFold& one : stream.folds) {
    const rules::Node& what = one.what();
    folds.emplace_back(what.op, what.type);
  }
}

void StreamWorker::take(const read::Batch& batch) {
  if (batch.rows == 0) return;
  if (batch.first == 0) {
    first_lines.emplace_back(batch.piece, batch.lines[0]);
    open_ = kept.size();
  }
  for (; open_ < kept.size(); ++open_) kept[open_].next_line = batch.lines[0];
  if (quick_.take(batch, groups)) {
    if (quick_.told().empty()) return;
    told_.assign(quick_.told().begin(), quick_.told().end());
    keep(batch);
    return;
  }
  set_rows(batch);
  for (StreamGroups& one : groups) one.assign(rows().columns, batch.rows);
  check_inputs();
  compute_columns();
  for (std::size_t i = 0; i < folds.size(); ++i) fold(i);
  run_checks();
  used_factors.merge(runner_.used_factors);
  runner_.used_factors.clear();
  runner_.errors.clear();
  keep(batch);
}

// The batch as the table's rows.
void StreamWorker::set_rows(const read::Batch& batch) {
  relations_.forget(stream_.table);
  told_.assign(batch.rows, 0);
  all_.resize(batch.rows);
  std::iota(all_.begin(), all_.end(), 0u);
  TableRows& to = rows();
  to.rows = batch.rows;
  to.columns.resize(shape().columns.size());
  to.cases.assign(shape().columns.size(), {});
  for (std::size_t c = 0; c < shape().columns.size(); ++c) {
    const Type type = shape().columns[c].type;
    const bool given = c < batch.columns.size() && batch.columns[c].size() == batch.rows;
    if (given) {
      to.columns[c] = batch.columns[c];
    } else if (c < shape().key_size) {
      to.columns[c] = Column(type);
    } else {
      to.columns[c] = Column(type, batch.rows, State::kNull);
    }
  }
  to.edition.resize(packs_.packs.size());
  for (const rules::CheckedColumn& column : shape().columns) {
    if (column.pack_index < 0) continue;
    const auto pack = static_cast<std::size_t>(column.pack_index);
    std::vector<std::int32_t>& editions = to.edition[pack];
    editions.resize(batch.rows);
    const Column* periods = shape().period_column
                                ? &to.columns[static_cast<std::size_t>(*shape().period_column)]
                                : nullptr;
    for (std::size_t row = 0; row < batch.rows; ++row) {
      editions[row] =
          editions_[pack].at(periods != nullptr ? periods->id(row) : 0, [&](std::int32_t period) {
            return packs_.edition_at(column.pack_index,
                                     periods != nullptr
                                         ? base::last_day({shape().period, period}, packs_.cycle)
                                         : packs_.cycle.last_day());
          });
    }
  }
}

void StreamWorker::check_inputs() {
  for (std::size_t c = shape().key_size; c < shape().columns.size(); ++c) check_column(c);
}

// As check_input_cells(), without a word: rows that it would speak of are kept.
void StreamWorker::check_column(std::size_t column) {
  const rules::CheckedColumn& of = shape().columns[column];
  const std::vector<std::int32_t>& editions =
      rows().edition[static_cast<std::size_t>(of.pack_index)];
  Column& cells = rows().columns[column];
  for (std::size_t row = 0; row < rows().rows; ++row) {
    if (editions[row] < 0) {
      cells.set_state(row, State::kNoEdition);
      told_[row] = 1;
      continue;
    }
    const rules::ColumnRule* rule = of.rule(editions[row]);
    if (rule == nullptr) {
      cells.set_state(row, State::kNotApplicable);
      continue;
    }
    const rules::ColumnDefinition& definition = *rule->definition;
    if (definition.input == rules::InputKind::kNone) continue;
    if (!cells.has_value(row)) {
      if (!definition.optional && !definition.has_formula()) told_[row] = 1;
      continue;
    }
    if (cells.type() != Type::kNumber || (!definition.min && !definition.max)) continue;
    const exact::Number value = cells.number(row) / rule->to_column;
    if ((definition.min && value < *definition.min) ||
        (definition.max && *definition.max < value)) {
      cells.set_state(row, State::kOutOfRange);
      told_[row] = 1;
    }
  }
}

void StreamWorker::compute_columns() {
  for (const std::int32_t column : stream_.columns) compute_column(column);
}

std::vector<std::uint32_t> StreamWorker::rows_of(std::int32_t pack, std::int32_t edition) const {
  const std::vector<std::int32_t>& editions =
      tables_[static_cast<std::size_t>(stream_.table)].edition[static_cast<std::size_t>(pack)];
  std::vector<std::uint32_t> out;
  out.reserve(editions.size());
  for (std::size_t row = 0; row < editions.size(); ++row) {
    if (editions[row] == edition) out.push_back(static_cast<std::uint32_t>(row));
  }
  return out;
}

void StreamWorker::compute_column(std::int32_t column) {
  const rules::CheckedColumn& of = shape().columns[static_cast<std::size_t>(column)];
  Column& cells = rows().columns[static_cast<std::size_t>(column)];
  std::vector<std::uint8_t>& cases = rows().cases[static_cast<std::size_t>(column)];
  cases.assign(rows().rows, kCaseInput);
  for (const rules::ColumnRule& rule : of.rules) {
    if (rule.cases.empty()) continue;
    const std::vector<std::uint32_t> rows_in = rows_of(of.pack_index, rule.edition);
    if (rows_in.empty()) continue;
    const ColumnCells made = column_cells(data_, runner_, {stream_.table, column}, rule, rows_in);
    cells.put(rows_in, made.cells);
    for (std::size_t i = 0; i < rows_in.size(); ++i) cases[rows_in[i]] = made.cases[i];
  }
  for (std::size_t row = 0; row < rows().rows; ++row) {
    if (table::is_error(cells.state(row))) told_[row] = 1;
  }
}

void StreamWorker::fold(std::size_t index) {
  const plan::StreamedFold& what = stream_.folds[index];
  const rules::List& list = what.list();
  const rules::Node& node = what.what();
  StreamGroups& in = groups[plan_.grouping_of_fold[index]];
  const std::vector<std::int32_t>& group = in.groups_of_rows();
  StreamFold& to = folds[index];
  to.grow(in.keys().rows());
  Lanes lanes;
  lanes.size = all_.size();
  lanes.frames.resize(static_cast<std::size_t>(list.frame) + 1);
  lanes.frames[0] = all_;
  lanes.frames.back() = all_;
  if (in.has_outsiders()) {
    std::vector<std::uint32_t> inside;
    for (const std::uint32_t row : all_) {
      if (group[row] >= 0) inside.push_back(row);
    }
    lanes = lanes.picked(inside);
  }
  if (list.filter >= 0) {
    const Column keep = runner_.run_node(*what.formula, list.filter, list.mine_table, lanes);
    std::vector<std::uint32_t> kept_lanes;
    for (std::size_t i = 0; i < lanes.size; ++i) {
      const std::uint32_t row = lanes.frames[0][i];
      if (keep.has_value(i)) {
        if (keep.id(i) != 0) kept_lanes.push_back(static_cast<std::uint32_t>(i));
        continue;
      }
      to.add_unknown(static_cast<std::size_t>(group[row]), keep.state(i));
      if (table::is_error(keep.state(i))) told_[row] = 1;
    }
    lanes = lanes.picked(kept_lanes);
  }
  std::optional<Column> values, weights;
  if (!node.args.empty() && node.op != Op::kCount)
    values = runner_.run_node(*what.formula, node.args[0], list.mine_table, lanes);
  if (node.args.size() > 1)
    weights = runner_.run_node(*what.formula, node.args[1], list.mine_table, lanes);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    const std::uint32_t row = lanes.frames[0][i];
    to.add(static_cast<std::size_t>(group[row]), values ? &*values : nullptr,
           weights ? &*weights : nullptr, i);
    const bool failed = (values && table::is_error(values->state(i))) ||
                        (weights && table::is_error(weights->state(i)));
    if (failed) told_[row] = 1;
  }
}

// Rows for which a check may have something to say.
void StreamWorker::run_checks() {
  for (const rules::CheckedCheck* check : stream_.checks) {
    const std::int32_t pack = packs_.editions[static_cast<std::size_t>(check->edition)].pack_index;
    std::vector<std::uint32_t> open;
    for (std::size_t row = 0; row < rows().rows; ++row) {
      const std::int32_t period =
          shape().period_column
              ? rows().columns[static_cast<std::size_t>(*shape().period_column)].id(row)
              : 0;
      const std::int32_t edition =
          editions_[static_cast<std::size_t>(pack)].at(period, [&](std::int32_t index) {
            return packs_.edition_at(
                pack, shape().period_column ? base::last_day({shape().period, index}, packs_.cycle)
                                            : packs_.cycle.last_day());
          });
      if (edition == check->edition) open.push_back(static_cast<std::uint32_t>(row));
    }
    const auto run = [&](const rules::Typed& formula) {
      Lanes lanes;
      lanes.size = open.size();
      lanes.frames = {open};
      return runner_.run(formula, stream_.table, lanes);
    };
    if (check->when && !open.empty()) {
      const Column applies = run(*check->when);
      std::vector<std::uint32_t> holds;
      for (std::size_t i = 0; i < open.size(); ++i) {
        if (!applies.has_value(i)) {
          told_[open[i]] = 1;
        } else if (applies.id(i) != 0) {
          holds.push_back(open[i]);
        }
      }
      open = std::move(holds);
    }
    if (open.empty()) continue;
    const Column required = run(check->require);
    for (std::size_t i = 0; i < open.size(); ++i) {
      if (!required.has_value(i) || required.id(i) == 0) told_[open[i]] = 1;
    }
  }
}

void StreamWorker::keep(const read::Batch& batch) {
  open_ = kept.size();
  for (std::size_t row = 0; row < batch.rows; ++row) {
    if (told_[row] == 0) continue;
    const bool last = row + 1 == batch.rows;
    kept.push_back({batch.piece, batch.first + row, batch.lines[row],
                    last ? KeptRecord::kToTheEnd : batch.lines[row + 1]});
    if (!last) open_ = kept.size();
  }
}

}  // namespace qz::compute
