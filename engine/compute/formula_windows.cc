// Formula: aggregates over a stretch of time. Kept rows are made once and shared; a list is found
// among them by its ends.

#include <algorithm>
#include <mutex>
#include <numeric>

#include "compute/formula.h"

namespace qz::compute {

using rules::Node;
using rules::Op;
using table::Column;
using table::State;

namespace {

// Rows that are asked at once.
constexpr std::size_t kPlacesMax = 1u << 16;

// Frame 0 is there for errors only: nobody else reads it.
Lanes lanes_of(const rules::List& list, std::vector<std::uint32_t> rows) {
  Lanes out;
  out.size = rows.size();
  out.frames.resize(static_cast<std::size_t>(list.frame) + 1);
  out.frames[0] = rows;
  out.frames[static_cast<std::size_t>(list.frame)] = std::move(rows);
  return out;
}

void narrow(TimeSpan& span, Op op, std::int64_t at) {
  const bool below = op == Op::kLess || op == Op::kLessEqual || op == Op::kEqual;
  const bool above = op == Op::kGreater || op == Op::kGreaterEqual || op == Op::kEqual;
  if (below) span.last = std::min(span.last, op == Op::kLess ? at - 1 : at);
  if (above) span.first = std::max(span.first, op == Op::kGreater ? at + 1 : at);
}

// What the filter's gaps within a stretch leave a list in.
State state_of_gaps(const Gaps& gaps, const TimeSpan& span) {
  const auto error =
      std::lower_bound(gaps.errors.begin(), gaps.errors.end(), span.first,
                       [](const auto& one, std::int64_t first) { return one.first < first; });
  if (error != gaps.errors.end() && error->first <= span.last) return error->second;
  const auto null = std::lower_bound(gaps.nulls.begin(), gaps.nulls.end(), span.first);
  return null != gaps.nulls.end() && *null <= span.last ? State::kNull : State::kValue;
}

// The places begin … end, whose periods rise, that lie in the span.
template <class PeriodAt>
Listed within(std::size_t begin, std::size_t end, const TimeSpan& span, const PeriodAt& period_at) {
  const auto first_not = [&](std::size_t from, const auto& holds) {
    std::size_t low = from, high = end;
    while (low < high) {
      const std::size_t middle = low + (high - low) / 2;
      if (holds(period_at(middle))) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  Listed out;
  out.begin = first_not(begin, [&](std::int64_t at) { return at < span.first; });
  out.end = first_not(out.begin, [&](std::int64_t at) { return at <= span.last; });
  return out;
}

}  // namespace

// Folds the list of each lane into its cell.
void FormulaRunner::fold_windows(const Node& node, Window& window, const Lanes& lanes,
                                 const Column* own, Column& out) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  const std::vector<TimeSpan> spans = time_spans(window, lanes);
  std::vector<std::uint32_t> unknown;
  for (std::size_t lane = 0; lane < lanes.size; ++lane) {
    if (!spans[lane].is_known) unknown.push_back(static_cast<std::uint32_t>(lane));
  }
  std::unique_lock lock(data_.windows->mutex, std::defer_lock);
  if (!window.asks_pairs && !window.is_whole.load(std::memory_order_acquire)) {
    lock.lock();
    if (!window.is_whole.load(std::memory_order_relaxed)) grow(node, window, lanes, spans);
    if (window.is_whole.load(std::memory_order_relaxed)) lock.unlock();
  }
  const bool by_pairs = window.asks_pairs || window.kept->failed;
  const bool by_values = !by_pairs && window.has_own_values &&
                         std::none_of(window.values.begin(), window.values.end(),
                                      [](const KeptValues* one) { return one->failed; });
  if (by_values) {
    fold_kept(node, window, lanes, spans, own, out);
  } else {
    aggregate_lists(node, lanes, window_lists(list, window, lanes, spans), own, out);
  }
  if (unknown.empty()) return;
  // Where an end is not known, the filter says what becomes of each row.
  const Lanes rest = lanes.picked(unknown);
  std::optional<Column> own_rest;
  if (own != nullptr) own_rest = own->picked(unknown);
  Column cells(node.type, unknown.size(), State::kNull);
  aggregate_lists(node, rest, whole_lists(list, rest), own_rest ? &*own_rest : nullptr, cells);
  for (std::size_t i = 0; i < unknown.size(); ++i) out.set_cell(unknown[i], cells, i);
}

std::vector<TimeSpan> FormulaRunner::time_spans(const Window& window, const Lanes& lanes) {
  std::vector<TimeSpan> out(lanes.size);
  for (const WindowBound& bound : window.bounds) {
    const Column low = this->node(bound.low, lanes);
    const bool two = bound.op == Op::kBetween;
    for (std::size_t lane = 0; lane < lanes.size; ++lane) {
      if (!low.has_value(lane)) {
        out[lane].is_known = false;
      } else {
        narrow(out[lane], two ? Op::kGreaterEqual : bound.op, low.id(lane));
      }
    }
    if (!two) continue;
    const Column high = this->node(bound.high, lanes);
    for (std::size_t lane = 0; lane < lanes.size; ++lane) {
      if (!high.has_value(lane)) {
        out[lane].is_known = false;
      } else {
        narrow(out[lane], Op::kLessEqual, high.id(lane));
      }
    }
  }
  return out;
}

// The lists as places among kept rows, or, where the filter asks pairs, among all rows.
Sublists FormulaRunner::window_lists(const rules::List& list, const Window& window,
                                     const Lanes& lanes, const std::vector<TimeSpan>& spans) const {
  const Groups& groups = *window.groups;
  const KeptRows& kept = *window.kept;
  const std::vector<std::uint32_t>& mine = lanes.frames[static_cast<std::size_t>(list.mine_frame)];
  Sublists out;
  out.is_filtered = !window.asks_pairs && !kept.failed;
  out.rows = out.is_filtered ? &kept.rows : &groups.rows;
  out.lists.resize(lanes.size);
  for (std::size_t lane = 0; lane < lanes.size; ++lane) {
    if (!spans[lane].is_known) continue;
    const std::uint32_t row = mine[lane];
    const State link = row == kNoRow ? State::kNull : groups.state[row];
    const std::uint32_t group = row == kNoRow ? kNoRow : groups.of_mine[row];
    Listed& one = out.lists[lane];
    if (group != kNoRow && out.is_filtered) {
      const std::size_t begin = groups.begin[group];
      one = within(begin, begin + kept.count[group], spans[lane],
                   [&](std::size_t i) { return kept.periods[i]; });
    } else if (group != kNoRow) {
      one = within(groups.begin[group], groups.begin[group + 1], spans[lane],
                   [&](std::size_t i) { return window.periods[groups.rows[i]]; });
    }
    one.state = link;
    if (group == kNoRow || !out.is_filtered || kept.gaps.empty()) continue;
    const auto gaps = kept.gaps.find(group);
    if (gaps != kept.gaps.end()) one.state = both(link, state_of_gaps(gaps->second, spans[lane]));
  }
  return out;
}

void FormulaRunner::fold_kept(const Node& node, const Window& window, const Lanes& lanes,
                              const std::vector<TimeSpan>& spans, const Column* own, Column& out) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  Sublists lists = window_lists(list, window, lanes, spans);
  FoldInputs inputs;
  inputs.own = own;
  if (!window.values.empty()) inputs.values = &window.values[0]->cells;
  if (window.values.size() > 1) inputs.weights = &window.values[1]->cells;
  for (std::size_t lane = 0; lane < lanes.size; ++lane) {
    if (!spans[lane].is_known) continue;
    Listed& one = lists.lists[lane];
    take_last(list.last, one);
    if (node.op == Op::kCount) {
      set_count(one, lane, out);
      continue;
    }
    const bool folded = inputs.weights == nullptr && own == nullptr &&
                        window.values[0]->stretches.fold(node.op, *inputs.values, one, lane, out);
    if (!folded) fold(node, inputs, one, lanes.frames[0][lane], lane, out);
  }
}

// Asks rows that were not asked before: all of them, or in a loop those of the periods that the
// lanes look at, which are done.
void FormulaRunner::grow(const Node& node, Window& window, const Lanes& lanes,
                         const std::vector<TimeSpan>& spans) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  const Groups& groups = *window.groups;
  KeptRows& kept = *window.kept;
  const std::size_t all = groups.begin.size() - 1;
  if (kept.count.empty()) {
    kept.rows.resize(groups.rows.size());
    kept.periods.resize(groups.rows.size());
    kept.count.assign(all, 0);
    kept.asked.assign(all, 0);
  }
  std::map<std::uint32_t, std::int64_t> wanted;  // by group, in a loop: the last period
  if (window.grows) {
    const std::vector<std::uint32_t>& mine =
        lanes.frames[static_cast<std::size_t>(list.mine_frame)];
    for (std::size_t lane = 0; lane < lanes.size; ++lane) {
      const std::uint32_t group = mine[lane] == kNoRow ? kNoRow : groups.of_mine[mine[lane]];
      if (group == kNoRow || !spans[lane].is_known) continue;
      const auto [at, fresh] = wanted.emplace(group, spans[lane].last);
      if (!fresh) at->second = std::max(at->second, spans[lane].last);
    }
  }
  std::vector<std::uint32_t> asked;
  if (window.grows) {
    for (const auto& one : wanted) asked.push_back(one.first);
  } else {
    asked.resize(all);
    std::iota(asked.begin(), asked.end(), 0u);
  }
  std::vector<std::uint32_t> places, of_group;
  const auto ask_group = [&](std::uint32_t group, std::int64_t last) {
    const std::uint32_t end = groups.begin[group + 1];
    for (std::uint32_t i = groups.begin[group] + kept.asked[group]; i < end; ++i) {
      if (window.periods[groups.rows[i]] > last) break;
      places.push_back(i);
      of_group.push_back(group);
    }
    if (places.size() < kPlacesMax) return;
    keep_rows(list, window, places, of_group);
    places.clear();
    of_group.clear();
  };
  for (const std::uint32_t group : asked)
    ask_group(group, window.grows ? wanted.at(group) : INT32_MAX);
  keep_rows(list, window, places, of_group);
  for (std::size_t arg = 0; arg < window.values.size(); ++arg)
    keep_values(node, window, arg, asked);
  if (!window.grows) window.is_whole.store(true, std::memory_order_release);
}

// What the filter's own parts say of each lane: kValue: they hold; kNotApplicable: they do not.
std::vector<State> FormulaRunner::ask(const Window& window, const Lanes& lanes) {
  std::vector<State> out(lanes.size, State::kValue);
  std::vector<std::uint32_t> open(lanes.size);
  std::iota(open.begin(), open.end(), 0u);
  for (const rules::NodeId part : window.own_parts) {
    const Column cells = this->node(part, open.size() == lanes.size ? lanes : lanes.picked(open));
    std::vector<std::uint32_t> still;
    for (std::size_t k = 0; k < open.size(); ++k) {
      const State state = cells.state(k);
      if (table::is_error(state)) {
        out[open[k]] = state;
      } else if (state == State::kValue && cells.id(k) == 0) {
        out[open[k]] = State::kNotApplicable;
      } else {
        if (state != State::kValue) out[open[k]] = State::kNull;
        still.push_back(open[k]);
      }
    }
    open = std::move(still);
  }
  return out;
}

// Asks the rows at `places` of the groups, in their order.
void FormulaRunner::keep_rows(const rules::List& list, Window& window,
                              const std::vector<std::uint32_t>& places,
                              const std::vector<std::uint32_t>& group) {
  KeptRows& kept = *window.kept;
  if (places.empty() || kept.failed) return;
  std::vector<std::uint32_t> rows;
  rows.reserve(places.size());
  for (const std::uint32_t place : places) rows.push_back(window.groups->rows[place]);
  const std::size_t before = errors.size();
  const std::vector<State> found = ask(window, lanes_of(list, rows));
  if (errors.size() != before) {
    errors.resize(before);
    kept.failed = true;
    return;
  }
  for (std::size_t i = 0; i < places.size(); ++i) {
    const std::uint32_t g = group[i];
    ++kept.asked[g];
    if (found[i] == State::kValue) {
      const std::size_t at = window.groups->begin[g] + kept.count[g]++;
      kept.rows[at] = rows[i];
      kept.periods[at] = window.periods[rows[i]];
    } else if (found[i] == State::kNull) {
      kept.gaps[g].nulls.push_back(window.periods[rows[i]]);
    } else if (table::is_error(found[i])) {
      kept.gaps[g].errors.emplace_back(window.periods[rows[i]], found[i]);
    }
  }
}

// Takes the values of kept rows of some groups that have none yet.
void FormulaRunner::keep_values(const Node& node, Window& window, std::size_t arg,
                                const std::vector<std::uint32_t>& of_groups) {
  const rules::List& list = formula_->lists[static_cast<std::size_t>(node.list)];
  const Groups& groups = *window.groups;
  const KeptRows& kept = *window.kept;
  KeptValues& values = *window.values[arg];
  if (kept.failed || values.failed) return;
  if (values.count.empty()) {
    values.cells = Column(at(node.args[arg]).type, groups.rows.size(), State::kNull);
    values.count.assign(kept.count.size(), 0);
  }
  std::vector<std::uint32_t> places, rows;
  const auto take = [&] {
    if (places.empty() || values.failed) return;
    const std::size_t before = errors.size();
    const Column found = this->node(node.args[arg], lanes_of(list, rows));
    if (errors.size() != before) {
      errors.resize(before);
      values.failed = true;
      return;
    }
    values.cells.put(places, found);
    values.stretches.fill(values.cells, places);
    places.clear();
    rows.clear();
  };
  for (const std::uint32_t g : of_groups) {
    for (; values.count[g] < kept.count[g]; ++values.count[g]) {
      const std::uint32_t place = groups.begin[g] + values.count[g];
      places.push_back(place);
      rows.push_back(kept.rows[place]);
    }
    if (places.size() >= kPlacesMax) take();
  }
  take();
}

}  // namespace qz::compute
