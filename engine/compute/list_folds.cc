// List folds: sums and extremes on integers where the column is scaled, on exact Numbers elsewhere.

#include "compute/list_folds.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "compute/kernels.h"

namespace qz::compute {

using table::Column;
using table::State;

namespace {

// The sum of a scaled column's values, over its denominator; empty where it does not fit.
std::optional<std::int64_t> scaled_sum(const Column& values, const Listed& list) {
  if (!values.is_scaled()) return std::nullopt;
  const std::int64_t* mantissas = values.mantissas().data();
  const State* states = values.states().data();
  std::int64_t total = 0;
  if (values.all_have_values()) {
    bool overflow = false;
    for (std::size_t i = list.begin; i < list.end; ++i)
      overflow |= __builtin_add_overflow(total, mantissas[i], &total);
    return overflow ? std::nullopt : std::optional(total);
  }
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (states[i] != State::kValue) continue;
    if (__builtin_add_overflow(total, mantissas[i], &total)) return std::nullopt;
  }
  return total;
}

// The mean of scaled columns whose weighted sum fits int64: total / weight, as integers over the
// columns' denominators. False where it must be done on exact Numbers.
bool set_scaled_mean(const Column& values, const Column* weights, const Listed& list,
                     std::size_t lane, Column& out) {
  if (!values.is_scaled() || (weights != nullptr && !weights->is_scaled())) return false;
  std::int64_t total = 0, weight = 0, term = 0;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (!values.has_value(i)) continue;
    if (weights != nullptr && !weights->has_value(i)) return false;
    const std::int64_t one = weights == nullptr ? 1 : weights->mantissas()[i];
    if (__builtin_mul_overflow(values.mantissas()[i], one, &term) ||
        __builtin_add_overflow(total, term, &total) || __builtin_add_overflow(weight, one, &weight))
      return false;
  }
  if (weight == 0) {
    out.set_state(lane, State::kNull);
  } else {
    // The weights' denominator cancels out.
    const exact::Number mean =
        exact::Number::ratio(total, values.denominator()) / exact::Number(weight);
    out.set_number(lane, mean);
    if (mean.too_long()) out.set_state(lane, State::kNumberTooLong);
  }
  return true;
}

// The place of the first smallest or largest value of a scaled column; list.end if there is none.
std::size_t scaled_extreme(const Column& values, bool smallest, const Listed& list) {
  const std::int64_t* mantissas = values.mantissas().data();
  const State* states = values.states().data();
  std::size_t best = list.end;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (states[i] != State::kValue) continue;
    if (best == list.end ||
        (smallest ? mantissas[i] < mantissas[best] : mantissas[i] > mantissas[best]))
      best = i;
  }
  return best;
}

// The value at place k (from 0) of a list in order, and the next one, which is that of k itself
// where there is none. `values` is put out of order.
template <class Value>
std::pair<Value, Value> neighbours(std::vector<Value>& values, std::size_t k) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(k);
  std::nth_element(values.begin(), at, values.end());
  const Value low = *at;
  return {low, k + 1 < values.size() ? *std::min_element(at + 1, values.end()) : low};
}

}  // namespace

void take_last(std::int64_t n, Listed& list) {
  const auto rows = static_cast<std::size_t>(n);
  if (list.end - list.begin < rows) list.state = both(list.state, State::kNull);
  if (rows > 0 && list.end - list.begin > rows) list.begin = list.end - rows;
}

void set_count(const Listed& list, std::size_t lane, Column& out) {
  if (list.state != State::kValue) {
    out.set_state(lane, list.state);
  } else {
    out.set_scaled(lane, static_cast<std::int64_t>(list.end - list.begin), 1);
  }
}

State state_of_list(const Column& values, const Column* weights, const Listed& list) {
  if (table::is_error(list.state)) return list.state;
  State out = list.state;
  if (weights == nullptr && values.all_have_values()) return out;
  const State* states = values.states().data();
  std::uint8_t any = 0;  // most lists have a value in every row
  for (std::size_t i = list.begin; i < list.end; ++i) any |= static_cast<std::uint8_t>(states[i]);
  if (any == 0 && weights == nullptr) return out;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    const State one = values.state(i);
    if (table::is_error(one)) return one;
    if (weights != nullptr && one != State::kNotApplicable && table::is_error(weights->state(i))) {
      return weights->state(i);
    }
    if (one == State::kNull) out = State::kNull;
  }
  return out;
}

// On int64 while it fits, on exact Numbers when it does not. Stops where the sum so far is too
// long: it would only grow, and cost more with every row.
void set_sum(const Column& values, const Listed& list, std::size_t lane, Column& out) {
  if (const std::optional<std::int64_t> scaled = scaled_sum(values, list)) {
    out.set_scaled(lane, *scaled, *scaled == 0 ? 1 : values.denominator());
    return;
  }
  exact::Number total;
  for (std::size_t i = list.begin; i < list.end && !total.too_long(); ++i) {
    if (values.has_value(i)) total += values.number(i);
  }
  if (total.too_long()) {
    out.set_state(lane, State::kNumberTooLong);
  } else {
    out.set_number(lane, total);
  }
}

void set_mean(const Column& values, const Column* weights, const Listed& list, std::size_t lane,
              Column& out) {
  if (set_scaled_mean(values, weights, list, lane, out)) return;
  exact::Number total, weight;
  State missing = State::kValue;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (total.too_long() || weight.too_long()) break;
    if (!values.has_value(i)) continue;  // not applicable: null and errors were seen before
    if (weights == nullptr) {
      total += values.number(i);
      weight += exact::Number(1);
    } else if (weights->has_value(i)) {
      total += values.number(i) * weights->number(i);
      weight += weights->number(i);
    } else {
      missing = both(missing, weights->state(i));
    }
  }
  if (missing != State::kValue) {
    out.set_state(lane, missing);
  } else if (total.too_long() || weight.too_long()) {
    out.set_state(lane, State::kNumberTooLong);
  } else if (weight.is_zero()) {
    out.set_state(lane, State::kNull);
  } else {
    const exact::Number mean = total / weight;
    out.set_number(lane, mean);
    if (mean.too_long()) out.set_state(lane, State::kNumberTooLong);
  }
}

void set_extreme(const Column& values, bool smallest, const Listed& list, std::size_t lane,
                 Column& out) {
  std::size_t best = list.end;
  if (values.is_scaled()) {
    best = scaled_extreme(values, smallest, list);
  } else {
    for (std::size_t i = list.begin; i < list.end; ++i) {
      if (!values.has_value(i)) continue;
      if (best == list.end) {
        best = i;
        continue;
      }
      const int order = compare_cells(values, i, values, best);
      if (smallest ? order < 0 : order > 0) best = i;
    }
  }
  if (best == list.end) {
    out.set_state(lane, State::kNull);
  } else {
    out.set_cell(lane, values, best);
  }
}

void set_logic(const Column& values, bool any, const Listed& list, std::size_t lane, Column& out) {
  bool decided = false, missing = list.state == State::kNull;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (table::is_error(values.state(i))) {
      out.set_state(lane, values.state(i));
      return;
    }
    if (values.state(i) == State::kNull) missing = true;
    if (values.has_value(i) && (values.id(i) != 0) == any) decided = true;
  }
  if (list.state == State::kNull) decided = false;  // which rows count is not known
  if (decided) {
    out.set_id(lane, any ? 1 : 0);
  } else if (missing) {
    out.set_state(lane, State::kNull);
  } else {
    out.set_id(lane, any ? 0 : 1);
  }
}

void set_percentile(const Column& values, const exact::Number& share, const Listed& list,
                    std::size_t lane, Column& out) {
  if (share < exact::Number(0) || exact::Number(1) < share) {
    out.set_state(lane, State::kOutOfRange);
    return;
  }
  std::vector<std::int64_t> mantissas;
  std::vector<exact::Number> numbers;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (!values.has_value(i)) continue;  // not applicable: null and errors were seen before
    if (values.is_scaled()) {
      mantissas.push_back(values.mantissas()[i]);
    } else {
      numbers.push_back(values.number(i));
    }
  }
  const std::size_t size = values.is_scaled() ? mantissas.size() : numbers.size();
  if (size == 0) {
    out.set_state(lane, State::kNull);
    return;
  }
  const exact::Number at = exact::Number(static_cast<std::int64_t>(size - 1)) * share;
  const exact::Number whole = at.floor();
  const auto k = static_cast<std::size_t>(*whole.to_int64());
  exact::Number low, high;
  if (values.is_scaled()) {
    const auto [first, second] = neighbours(mantissas, k);
    low = exact::Number::ratio(first, values.denominator());
    high = exact::Number::ratio(second, values.denominator());
  } else {
    std::tie(low, high) = neighbours(numbers, k);
  }
  const exact::Number found = low + (high - low) * (at - whole);
  out.set_number(lane, found);
  if (found.too_long()) out.set_state(lane, State::kNumberTooLong);
}

void set_rank(const Column& values, const Column& own, const Listed& list, std::size_t lane,
              Column& out) {
  std::int64_t greater = 0;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (values.has_value(i) && compare_cells(values, i, own, lane) > 0) ++greater;
  }
  out.set_scaled(lane, greater + 1, 1);
}

std::pair<std::size_t, std::size_t> set_latest(const Column& values, const Column& by,
                                               const Listed& list, std::size_t lane, Column& out) {
  std::size_t best = list.end, equal = list.end;
  State missing = State::kValue;
  for (std::size_t i = list.begin; i < list.end; ++i) {
    if (!values.has_value(i)) continue;  // not applicable: null and errors were seen before
    if (!by.has_value(i)) {
      missing = both(missing, by.state(i));
      continue;
    }
    const int order = best == list.end ? 1 : compare_cells(by, i, by, best);
    if (order == 0) equal = i;
    if (order <= 0) continue;
    best = i;
    equal = list.end;
  }
  if (missing != State::kValue) {
    out.set_state(lane, missing);
  } else if (best == list.end) {
    out.set_state(lane, State::kNull);
  } else if (equal != list.end) {
    out.set_state(lane, State::kNotUnique);
    return {best, equal};
  } else {
    out.set_cell(lane, values, best);
  }
  return {list.end, list.end};
}

}  // namespace qz::compute
