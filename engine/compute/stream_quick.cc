// Stream quick: the columns by a batch program, the sums by group.

#include "compute/stream_quick.h"

#include <algorithm>
#include <tuple>

namespace qz::compute {

using rules::Op;
using table::Column;
using table::State;
using table::Type;

namespace {

constexpr std::int64_t kIdsEnd = std::int64_t{1} << 31;  // no |id| is above it

std::int64_t whole(const exact::Number& count) { return count.to_int64().value_or(0); }

bool is_empty(const BatchInput& one) {
  return one.wide.empty() && one.narrow.empty() && one.small.empty() && one.tiny.empty();
}

}  // namespace

bool batch_inputs(const read::Batch& batch, const plan::Stream& stream, std::size_t key_size,
                  MissingCells& space, std::vector<BatchInput>& out) {
  out.assign(batch.columns.size(), {});
  space.zeros.resize(std::max(space.zeros.size(), batch.rows));
  space.ones.resize(space.zeros.size(), 1);
  for (std::size_t c = 0; c < out.size(); ++c) {
    const Column& cells = batch.columns[c];
    BatchInput& to = out[c];
    if (cells.size() != batch.rows) {
      if (c < key_size || !stream.wanted[c]) continue;
      to.narrow = {space.zeros.data(), batch.rows};
      to.missing = {space.ones.data(), batch.rows};
      continue;
    }
    if (cells.type() == Type::kNumber) {
      if (!cells.is_scaled()) return false;
      to.wide = cells.mantissas();
      to.denominator = cells.denominator();
      to.largest = batch.largest[c];
    } else {
      to.narrow = cells.ids();
      to.largest = kIdsEnd;
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
  wanted_.sound = stream.columns;
  wanted_.checks = stream.checks;
  sums_.resize(shape.groupings.size());
  for (std::size_t f = 0; f < stream.folds.size(); ++f)
    places_.push_back(place_of(stream.folds[f], sums_[shape.grouping_of_fold[f]]));
  for (Sums& sums : sums_) sums.sums = GroupSums(sums.shares.size());
}

// All columns, and all checks of the table, of one pack.
bool StreamQuick::can_be_quick() const {
  const rules::CheckedTable& of = data_.packs.tables[static_cast<std::size_t>(stream_.table)];
  if (of.columns.size() == of.key_size) return false;
  const std::int32_t pack = of.columns.back().pack_index;
  for (std::size_t c = of.key_size; c < of.columns.size(); ++c) {
    if (of.columns[c].pack_index != pack) return false;
  }
  const auto is_own = [&](const rules::CheckedCheck* check) {
    return data_.packs.editions[static_cast<std::size_t>(check->edition)].pack_index == pack;
  };
  return std::all_of(stream_.checks.begin(), stream_.checks.end(), is_own) &&
         std::all_of(stream_.folds.begin(), stream_.folds.end(), is_for_rows);
}

bool StreamQuick::is_for_rows(const plan::StreamedFold& fold) {
  const rules::Node& node = fold.what();
  switch (node.op) {
    case Op::kMin:
    case Op::kMax:
      return node.type == Type::kNumber || node.type == Type::kDate || node.type == Type::kPeriod;
    case Op::kSum:
    case Op::kMean:
    case Op::kCount:
    case Op::kAny:
    case Op::kAll:
      return true;
    default:
      return false;
  }
}

StreamQuick::Place StreamQuick::place_of(const plan::StreamedFold& fold, Sums& sums) {
  using Kind = RowShare::Kind;
  const rules::Node& node = fold.what();
  const bool weighted = node.args.size() > 1;
  const bool filtered = fold.list().filter >= 0;
  Place out;
  switch (node.op) {
    case Op::kCount:
      if (filtered) out.sum = summed(sums, share(fold, Kind::kOne, kNone));
      sums.counts = sums.counts || !filtered;
      return out;
    case Op::kSum:
      out.sum = summed(sums, share(fold, Kind::kValue, 0));
      return out;
    case Op::kMean:
      out.sum = summed(sums, share(fold, weighted ? Kind::kProduct : Kind::kValue, 0));
      out.second = summed(sums, share(fold, weighted ? Kind::kWeight : Kind::kOne, 0));
      return out;
    case Op::kAny:
      out.sum = summed(sums, share(fold, Kind::kTrue, 0));
      return out;
    case Op::kAll:
      out.sum = summed(sums, share(fold, Kind::kFalse, 0));
      return out;
    default:
      out.extreme = sums.extremes.size();
      sums.extremes.push_back({share(fold, Kind::kValue, 0), share(fold, Kind::kOne, 0),
                               GroupExtremes(node.op == Op::kMax)});
      return out;
  }
}

// The index of what rows add to the fold; `value`: which argument, kNone: none. Columns that are
// folded as they stand, in several ways, are computed once.
std::size_t StreamQuick::share(const plan::StreamedFold& fold, RowShare::Kind kind,
                               std::size_t value) {
  const rules::Node& node = fold.what();
  const std::int32_t frame = fold.list().frame;
  RowShare made;
  made.kind = kind;
  if (fold.list().filter >= 0) made.where = RowFormula{fold.formula, fold.list().filter, frame};
  if (value != kNone) made.value = RowFormula{fold.formula, node.args[value], frame};
  const bool weighted = kind == RowShare::Kind::kProduct || kind == RowShare::Kind::kWeight;
  if (weighted) made.weight = RowFormula{fold.formula, node.args[1], frame};
  const auto column = [](const RowShare& of) {
    if (!of.value || of.where || of.weight) return -1;
    const rules::Node& what = of.value->formula->node(of.value->node);
    return what.op == Op::kColumn ? what.column : -1;
  };
  std::size_t at = 0;
  for (; at < wanted_.shares.size(); ++at) {
    const RowShare& one = wanted_.shares[at];
    if (one.kind == kind && column(made) >= 0 && column(one) == column(made)) return at;
  }
  wanted_.shares.push_back(std::move(made));
  return at;
}

std::size_t StreamQuick::summed(Sums& sums, std::size_t share) {
  const auto known = std::find(sums.shares.begin(), sums.shares.end(), share);
  const auto at = static_cast<std::size_t>(known - sums.shares.begin());
  if (known == sums.shares.end()) sums.shares.push_back(share);
  return at;
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
  BatchWanted wanted = wanted_;
  std::erase_if(wanted.checks, [&](const auto* check) { return check->edition != index; });
  out.program = BatchProgram::compile(data_, stream_.table, index, wanted);
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

bool StreamQuick::compute(const QuickBatch& batch) {
  if (!quick_) return false;
  const std::optional<std::int32_t> index = edition_of(batch);
  if (!index) return false;
  Edition& of = edition(*index);
  if (!of.program || !set_inputs(batch, of.program->inputs())) return false;
  if (!of.program->run(batch.rows, inputs_, data_.rung, *of.scratch, outputs_)) return false;
  told_ = of.program->told(*of.scratch);
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
  to.sums.grow(count);
  picked_.clear();
  for (const std::size_t one : to.shares) {
    picked_.push_back(&outputs_[one]);
    note_gaps(to, one, groups);
  }
  to.sums.add(groups, picked_);
  for (Extreme& one : to.extremes) {
    one.best.grow(count);
    one.best.add(groups, outputs_[one.value],
                 one.counted == kNone ? nullptr : &outputs_[one.counted]);
    note_gaps(to, one.value, groups);
  }
  if (!to.counts) return;
  to.rows.resize(std::max(count, to.rows.size()));
  for (const Group one : groups) ++to.rows[static_cast<std::size_t>(one)];
}

template <class Group>
void StreamQuick::note_gaps(Sums& to, std::size_t share, std::span<const Group> groups) const {
  const std::vector<std::uint8_t>& missing = outputs_[share].missing;
  if (missing.empty()) return;
  std::vector<std::uint8_t>& gaps = to.gaps[share];
  gaps.resize(std::max(gaps.size(), to.sums.groups()));
  for (std::size_t i = 0; i < groups.size(); ++i)
    gaps[static_cast<std::size_t>(groups[i])] |= missing[i];
}

bool StreamQuick::take(const read::Batch& batch, std::vector<StreamGroups>& groups) {
  const rules::CheckedTable& of = data_.packs.tables[static_cast<std::size_t>(stream_.table)];
  if (!quick_ || !batch_inputs(batch, stream_, of.key_size, missing_, columns_)) return false;
  QuickBatch arrays;
  arrays.rows = batch.rows;
  arrays.columns = columns_;
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
    for (std::size_t i = 0; i < sums_[g].extremes.size(); ++i)
      sums_[g].extremes[i].best.add(other.sums_[g].extremes[i].best);
    for (const auto& [share, from] : other.sums_[g].gaps) {
      std::vector<std::uint8_t>& gaps = sums_[g].gaps[share];
      gaps.resize(std::max(gaps.size(), from.size()));
      for (std::size_t i = 0; i < from.size(); ++i) gaps[i] |= from[i];
    }
    const std::vector<std::int64_t>& more = other.sums_[g].rows;
    sums_[g].rows.resize(std::max(more.size(), sums_[g].rows.size()));
    for (std::size_t i = 0; i < more.size(); ++i) sums_[g].rows[i] += more[i];
  }
}

Column StreamQuick::cells(std::size_t fold, std::size_t groups) const {
  const Sums& of = sums_[shape_.grouping_of_fold[fold]];
  const rules::Node& node = stream_.folds[fold].what();
  if (node.op == Op::kSum && of.gaps.empty()) return of.sums.totals(places_[fold].sum, groups);
  StreamFold whole(node.op, node.type);
  whole.grow(groups);
  pour(fold, whole);
  Column out(node.type, groups, State::kNull);
  for (std::size_t g = 0; g < groups; ++g) whole.finish(g, out, g);
  return out;
}

void StreamQuick::pour_gaps(const Sums& of, std::size_t share, StreamFold& into) {
  const auto found = of.gaps.find(share);
  if (found == of.gaps.end()) return;
  for (std::size_t g = 0; g < found->second.size(); ++g) {
    if (found->second[g] != 0) into.add_null(g);
  }
}

void StreamQuick::pour_best(const GroupExtremes& best, Type type, StreamFold& into) {
  Column cell(type, 1, State::kNull);
  for (std::size_t g = 0; g < best.groups(); ++g) {
    const std::optional<exact::Number> found = best.best(g);
    if (!found) continue;
    if (type == Type::kNumber) {
      cell.set_number(0, *found);
    } else {
      cell.set_id(0, static_cast<std::int32_t>(whole(*found)));
    }
    into.offer(g, cell, 0);
  }
}

exact::Number StreamQuick::total(std::size_t fold, std::size_t place, std::size_t group) const {
  return sums_[shape_.grouping_of_fold[fold]].sums.total(place, group);
}

void StreamQuick::pour(std::size_t fold, StreamFold& into) const {
  if (!quick_) return;
  const Sums& of = sums_[shape_.grouping_of_fold[fold]];
  const rules::Node& node = stream_.folds[fold].what();
  const Place& at = places_[fold];
  if (at.extreme != kNone) {
    const Extreme& one = of.extremes[at.extreme];
    pour_gaps(of, one.value, into);
    return pour_best(one.best, node.type, into);
  }
  if (node.op == Op::kCount && at.sum == kNone) {
    for (std::size_t g = 0; g < of.rows.size(); ++g) into.add_count(g, of.rows[g]);
    return;
  }
  for (const std::size_t place : {at.sum, at.second}) {
    if (place != kNone) pour_gaps(of, of.shares[place], into);
  }
  for (std::size_t g = 0; g < of.sums.groups(); ++g) {
    const exact::Number sum = total(fold, at.sum, g);
    if (node.op == Op::kCount) {
      into.add_count(g, whole(sum));
    } else if (node.op == Op::kAny || node.op == Op::kAll) {
      if (!sum.is_zero()) into.decide(g);
    } else {
      into.add_sum(g, sum);
    }
    if (at.second == kNone) continue;
    const exact::Number second = total(fold, at.second, g);
    node.args.size() > 1 ? into.add_weight(g, second) : into.add_count(g, whole(second));
  }
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
