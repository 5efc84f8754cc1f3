// Stream quick: the columns by a batch program, the sums by group.

#include "compute/stream_quick.h"

#include <algorithm>
#include <tuple>

#include "compute/detail/batch_masks.h"

namespace qz::compute {

using rules::Op;
using table::Column;
using table::State;
using table::Type;

namespace {

bool is_empty(const BatchInput& one) {
  return one.wide.empty() && one.narrow.empty() && one.small.empty() && one.tiny.empty();
}

const std::uint8_t* missing_of(const BatchInput& one) {
  return one.missing.empty() ? nullptr : one.missing.data();
}

}  // namespace

bool batch_inputs(const read::Batch& batch, std::vector<BatchInput>& out) {
  out.assign(batch.columns.size(), {});
  for (std::size_t c = 0; c < out.size(); ++c) {
    const Column& cells = batch.columns[c];
    if (cells.size() != batch.rows) continue;
    BatchInput& to = out[c];
    if (cells.type() == Type::kNumber) {
      if (!cells.is_scaled()) return false;
      to.wide = cells.mantissas();
      to.denominator = cells.denominator();
      to.largest = batch.largest[c];
    } else {
      to.narrow = cells.ids();
    }
    to.missing = cells.missing();
  }
  return true;
}

std::pair<std::int32_t, std::int32_t> least_and_most(std::span<const std::int32_t> ids) {
  std::int32_t low = ids[0], high = ids[0];
  for (const std::int32_t id : ids) {
    low = std::min(low, id);
    high = std::max(high, id);
  }
  return {low, high};
}

StreamQuick::StreamQuick(const Data& data, const plan::Stream& stream, const StreamShape& shape)
    : data_(data), stream_(stream), shape_(shape), quick_(can_be_quick()) {
  if (!quick_) return;
  const rules::CheckedTable& of = data.packs.tables[static_cast<std::size_t>(stream.table)];
  pack_ = of.columns.back().pack_index;
  sums_.resize(shape.groupings.size());
  outputs_.resize(stream.columns.size());
  for (std::size_t f = 0; f < stream.folds.size(); ++f) {
    Sums& sums = sums_[shape.grouping_of_fold[f]];
    const rules::Node& node = stream.folds[f].what();
    if (node.op == Op::kCount) {
      sums.counts = true;
      place_of_fold_.push_back(0);
      continue;
    }
    const std::size_t from = source(stream.folds[f].formula->node(node.args[0]).column);
    const auto known = std::find(sums.sources.begin(), sums.sources.end(), from);
    place_of_fold_.push_back(static_cast<std::size_t>(known - sums.sources.begin()));
    if (known == sums.sources.end()) sums.sources.push_back(from);
  }
  for (Sums& sums : sums_) sums.sums = GroupSums(sums.sources.size());
}

// All columns of one pack; no checks; sums of numbers as they stand, and counts.
bool StreamQuick::can_be_quick() const {
  const rules::CheckedTable& of = data_.packs.tables[static_cast<std::size_t>(stream_.table)];
  if (!stream_.checks.empty() || of.columns.size() == of.key_size) return false;
  for (std::size_t c = of.key_size; c < of.columns.size(); ++c) {
    if (of.columns[c].pack_index != of.columns.back().pack_index) return false;
  }
  return std::all_of(stream_.folds.begin(), stream_.folds.end(), [](const auto& fold) {
    const rules::Node& node = fold.what();
    if (fold.list().filter >= 0) return false;
    if (node.op == Op::kCount) return true;
    if (node.op != Op::kSum || node.args.size() != 1) return false;
    const rules::Node& value = fold.formula->node(node.args[0]);
    return value.op == Op::kColumn && value.type == Type::kNumber;
  });
}

// Where the values of a column are: among the computed ones, or among inputs.
std::size_t StreamQuick::source(std::int32_t column) {
  const auto computed = std::find(stream_.columns.begin(), stream_.columns.end(), column);
  if (computed != stream_.columns.end())
    return static_cast<std::size_t>(computed - stream_.columns.begin());
  const auto known = std::find(given_.begin(), given_.end(), column);
  const auto at = static_cast<std::size_t>(known - given_.begin());
  if (known == given_.end()) {
    given_.push_back(column);
    outputs_.emplace_back();
  }
  return stream_.columns.size() + at;
}

// The edition of all rows of the batch; empty where they have several or none. Editions are spans
// of time: if the first and the last period have one, so has every period between them.
std::optional<std::int32_t> StreamQuick::edition_of(const QuickBatch& batch) {
  const rules::CheckedTable& of = data_.packs.tables[static_cast<std::size_t>(stream_.table)];
  const auto at = [&](std::int32_t period) {
    return data_.packs.edition_at(
        pack_, of.period_column ? base::last_day({of.period, period}, data_.packs.cycle)
                                : data_.packs.cycle.last_day());
  };
  const std::int32_t first = at(batch.first_period), last = at(batch.last_period);
  if (first != last || first < 0) return std::nullopt;
  return first;
}

StreamQuick::Edition& StreamQuick::edition(std::int32_t index) {
  const auto [slot, is_new] = editions_.try_emplace(index);
  Edition& out = slot->second;
  if (!is_new) return out;
  const rules::CheckedTable& of = data_.packs.tables[static_cast<std::size_t>(stream_.table)];
  for (const std::int32_t column : stream_.columns) {
    const rules::CheckedColumn& one = of.columns[static_cast<std::size_t>(column)];
    const rules::ColumnRule* rule = one.rule(index);
    if (one.type != Type::kNumber || rule == nullptr || rule->cases.empty()) return out;
  }
  for (const std::int32_t column : given_) {
    if (of.columns[static_cast<std::size_t>(column)].rule(index) == nullptr) return out;
  }
  out.program = BatchProgram::compile(data_, stream_.table, index, stream_.columns);
  if (out.program && !out.program->ups().empty()) out.program.reset();
  if (out.program) out.scratch = out.program->scratch();
  return out;
}

bool StreamQuick::set_inputs(const QuickBatch& batch, const std::vector<std::int32_t>& columns) {
  inputs_.clear();
  for (const std::int32_t column : columns) {
    const BatchInput& cells = batch.columns[static_cast<std::size_t>(column)];
    if (is_empty(cells)) return false;
    inputs_.push_back(cells);
  }
  return true;
}

// Inputs that are summed as they stand: every row must have one.
bool StreamQuick::set_given(const QuickBatch& batch) {
  for (std::size_t i = 0; i < given_.size(); ++i) {
    const BatchInput& cells = batch.columns[static_cast<std::size_t>(given_[i])];
    if (is_empty(cells) || detail::any(missing_of(cells), batch.rows)) return false;
    BatchOutput& to = outputs_[stream_.columns.size() + i];
    if (!cells.wide.empty()) {
      to.mantissas.assign(cells.wide.begin(), cells.wide.end());
    } else if (!cells.narrow.empty()) {
      to.mantissas.assign(cells.narrow.begin(), cells.narrow.end());
    } else {
      to.mantissas.assign(cells.small.begin(), cells.small.end());
    }
    to.denominator = cells.denominator;
    to.largest = cells.largest;
  }
  return true;
}

bool StreamQuick::compute(const QuickBatch& batch) {
  if (!quick_) return false;
  const std::optional<std::int32_t> index = edition_of(batch);
  if (!index) return false;
  Edition& of = edition(*index);
  if (!of.program || !set_inputs(batch, of.program->inputs()) || !set_given(batch)) return false;
  if (!of.program->run(batch.rows, inputs_, data_.rung, *of.scratch, computed_)) return false;
  for (std::size_t c = 0; c < computed_.size(); ++c) std::swap(outputs_[c], computed_[c]);
  return true;
}

void StreamQuick::add(std::size_t grouping, std::span<const std::int32_t> groups,
                      std::size_t count) {
  add_to(sums_[grouping], groups, count);
}

void StreamQuick::add(std::size_t grouping, std::span<const std::uint16_t> groups,
                      std::size_t count) {
  add_to(sums_[grouping], groups, count);
}

template <class Group>
void StreamQuick::add_to(Sums& to, std::span<const Group> groups, std::size_t count) {
  if (!to.sources.empty()) {
    picked_.resize(to.sources.size());
    for (std::size_t i = 0; i < picked_.size(); ++i) std::swap(picked_[i], outputs_[to.sources[i]]);
    to.sums.grow(count);
    to.sums.add(groups, picked_);
    for (std::size_t i = 0; i < picked_.size(); ++i) std::swap(picked_[i], outputs_[to.sources[i]]);
  }
  if (!to.counts) return;
  to.rows.resize(std::max(count, to.rows.size()));
  for (const Group one : groups) ++to.rows[static_cast<std::size_t>(one)];
}

bool StreamQuick::take(const read::Batch& batch, std::vector<StreamGroups>& groups) {
  if (!quick_ || !batch_inputs(batch, columns_)) return false;
  QuickBatch arrays;
  arrays.rows = batch.rows;
  arrays.columns = columns_;
  const rules::CheckedTable& of = data_.packs.tables[static_cast<std::size_t>(stream_.table)];
  if (of.period_column) {
    const Column& periods = batch.columns[static_cast<std::size_t>(*of.period_column)];
    std::tie(arrays.first_period, arrays.last_period) = least_and_most(periods.ids());
  }
  if (!compute(arrays)) return false;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    groups[g].assign(batch.columns, batch.rows);
    if (groups[g].has_outsiders() && asks_for(g)) return false;
  }
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (asks_for(g)) add(g, groups[g].groups_of_rows(), groups[g].keys().rows());
  }
  return true;
}

void StreamQuick::merge(const StreamQuick& other) {
  for (std::size_t g = 0; g < sums_.size(); ++g) {
    sums_[g].sums.add(other.sums_[g].sums);
    const std::vector<std::int64_t>& more = other.sums_[g].rows;
    sums_[g].rows.resize(std::max(more.size(), sums_[g].rows.size()));
    for (std::size_t i = 0; i < more.size(); ++i) sums_[g].rows[i] += more[i];
  }
}

Column StreamQuick::cells(std::size_t fold, std::size_t groups) const {
  const Sums& of = sums_[shape_.grouping_of_fold[fold]];
  if (stream_.folds[fold].what().op == Op::kSum)
    return of.sums.totals(place_of_fold_[fold], groups);
  std::vector<std::int64_t> counts = of.rows;
  counts.resize(groups);
  return Column::from_scaled(std::move(counts), 1, std::vector<State>(groups, State::kValue));
}

exact::Number StreamQuick::sum(std::size_t fold, std::size_t group) const {
  if (!quick_ || stream_.folds[fold].what().op != Op::kSum) return {};
  const GroupSums& sums = sums_[shape_.grouping_of_fold[fold]].sums;
  return group < sums.groups() ? sums.total(place_of_fold_[fold], group) : exact::Number();
}

std::int64_t StreamQuick::count(std::size_t fold, std::size_t group) const {
  if (!quick_ || stream_.folds[fold].what().op != Op::kCount) return 0;
  const std::vector<std::int64_t>& rows = sums_[shape_.grouping_of_fold[fold]].rows;
  return group < rows.size() ? rows[group] : 0;
}

std::set<UsedFactor> StreamQuick::used_factors() const {
  std::set<UsedFactor> out;
  for (const auto& [index, one] : editions_) {
    if (!one.program) continue;
    const std::vector<UsedFactor> used = one.program->used_factors(*one.scratch);
    out.insert(used.begin(), used.end());
  }
  return out;
}

}  // namespace qz::compute
