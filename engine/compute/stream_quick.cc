// Stream quick: the columns by a batch program, the sums by group.

#include "compute/stream_quick.h"

#include <algorithm>

namespace qz::compute {

using rules::Op;
using table::Column;
using table::State;
using table::Type;

StreamQuick::StreamQuick(const Data& data, const plan::Stream& stream, const StreamShape& shape)
    : data_(data), stream_(stream), shape_(shape), quick_(is_quick()) {
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
bool StreamQuick::is_quick() const {
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
std::optional<std::int32_t> StreamQuick::edition_of(const read::Batch& batch) {
  const rules::CheckedTable& of = data_.packs.tables[static_cast<std::size_t>(stream_.table)];
  const auto at = [&](base::Date day) { return data_.packs.edition_at(pack_, day); };
  std::int32_t first = 0, last = 0;
  if (!of.period_column) {
    first = last = at(data_.packs.cycle.last_day());
  } else {
    const auto ids = batch.columns[static_cast<std::size_t>(*of.period_column)].ids();
    std::int32_t low = ids[0], high = ids[0];
    for (const std::int32_t id : ids) {
      low = std::min(low, id);
      high = std::max(high, id);
    }
    first = at(base::last_day({of.period, low}, data_.packs.cycle));
    last = at(base::last_day({of.period, high}, data_.packs.cycle));
  }
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

bool StreamQuick::set_inputs(const read::Batch& batch, const std::vector<std::int32_t>& columns) {
  inputs_.assign(columns.size(), {});
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const auto at = static_cast<std::size_t>(columns[i]);
    const Column& cells = batch.columns[at];
    if (cells.size() != batch.rows) return false;
    BatchInput& to = inputs_[i];
    if (cells.type() == Type::kNumber) {
      if (!cells.is_scaled()) return false;
      to.wide = cells.mantissas();
      to.denominator = cells.denominator();
      to.largest = batch.largest[at];
    } else {
      to.narrow = cells.ids();
    }
    to.missing = cells.missing();
  }
  return true;
}

// Inputs that are summed as they stand: every row must have one.
bool StreamQuick::set_given(const read::Batch& batch) {
  for (std::size_t i = 0; i < given_.size(); ++i) {
    const auto at = static_cast<std::size_t>(given_[i]);
    const Column& cells = batch.columns[at];
    if (cells.size() != batch.rows || !cells.is_scaled() || !cells.all_have_values()) return false;
    BatchOutput& to = outputs_[stream_.columns.size() + i];
    to.mantissas.assign(cells.mantissas().begin(), cells.mantissas().end());
    to.denominator = cells.denominator();
    to.largest = batch.largest[at];
  }
  return true;
}

bool StreamQuick::take(const read::Batch& batch, std::vector<StreamGroups>& groups) {
  if (!quick_) return false;
  const std::optional<std::int32_t> index = edition_of(batch);
  if (!index) return false;
  Edition& of = edition(*index);
  if (!of.program || !set_inputs(batch, of.program->inputs()) || !set_given(batch)) return false;
  if (!of.program->run(batch.rows, inputs_, Rung::kAuto, *of.scratch, computed_)) return false;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    groups[g].assign(batch.columns, batch.rows);
    if (groups[g].has_outsiders() && (sums_[g].counts || !sums_[g].sources.empty())) return false;
  }
  for (std::size_t c = 0; c < computed_.size(); ++c) std::swap(outputs_[c], computed_[c]);
  std::vector<BatchOutput> picked;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    Sums& to = sums_[g];
    const std::vector<std::int32_t>& group = groups[g].groups_of_rows();
    if (!to.sources.empty()) {
      picked.resize(to.sources.size());
      for (std::size_t i = 0; i < picked.size(); ++i) std::swap(picked[i], outputs_[to.sources[i]]);
      to.sums.grow(groups[g].keys().rows());
      to.sums.add(group, picked);
      for (std::size_t i = 0; i < picked.size(); ++i) std::swap(picked[i], outputs_[to.sources[i]]);
    }
    if (!to.counts) continue;
    to.rows.resize(groups[g].keys().rows());
    for (const std::int32_t one : group) ++to.rows[static_cast<std::size_t>(one)];
  }
  for (std::size_t c = 0; c < computed_.size(); ++c) std::swap(outputs_[c], computed_[c]);
  return true;
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
