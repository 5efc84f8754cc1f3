// Kernels: the int64 road with its overflow checks, and the exact road beside it.

#include "compute/kernels.h"

#include <numeric>
#include <optional>
#include <vector>

namespace qz::compute {
namespace {

using exact::Number;
using table::Column;
using table::State;

using Mantissas = std::vector<std::int64_t>;

std::vector<State> both_states(const Column& a, const Column& b) {
  std::vector<State> out(a.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = both(a.state(i), b.state(i));
  return out;
}

// A missing operand's state: errors stay, everything else that is no value is null.
std::vector<State> one_state(const Column& a) {
  std::vector<State> out(a.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = both(a.state(i), State::kValue);
  return out;
}

std::vector<State> own_states(const Column& a) {
  std::vector<State> out(a.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = a.state(i);
  return out;
}

// The exact road: `operation(i)` gives a Number for each cell that has a value, or an error state.
template <class Operation>
Cells exactly(std::vector<State> states, const Operation& operation) {
  std::vector<Number> numbers(states.size());
  bool fresh = false;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (states[i] != State::kValue) continue;
    State& state = states[i];
    numbers[i] = operation(i, state);
    if (state == State::kValue && numbers[i].too_long()) state = State::kNumberTooLong;
    fresh = fresh || state != State::kValue;
  }
  return {Column::from_numbers(std::move(numbers), std::move(states)), fresh};
}

// a ± b over the common denominator; empty where int64 has no room.
std::optional<Column> add_scaled(const Column& a, const Column& b, bool minus) {
  if (!a.is_scaled() || !b.is_scaled()) return std::nullopt;
  const std::int64_t common = std::gcd(a.denominator(), b.denominator());
  const std::int64_t factor_a = b.denominator() / common;
  const std::int64_t factor_b = a.denominator() / common;
  std::int64_t denominator = 0;
  if (__builtin_mul_overflow(a.denominator(), factor_a, &denominator)) return std::nullopt;
  const auto ma = a.mantissas(), mb = b.mantissas();
  Mantissas out(a.size());
  bool overflow = false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::int64_t x = 0, y = 0;
    overflow |= __builtin_mul_overflow(ma[i], factor_a, &x);
    overflow |= __builtin_mul_overflow(mb[i], factor_b, &y);
    overflow |=
        minus ? __builtin_sub_overflow(x, y, &out[i]) : __builtin_add_overflow(x, y, &out[i]);
  }
  if (overflow) return std::nullopt;
  return Column::from_scaled(std::move(out), denominator, both_states(a, b));
}

Cells add_or_subtract(const Column& a, const Column& b, bool minus) {
  if (std::optional<Column> fast = add_scaled(a, b, minus)) return {std::move(*fast), false};
  return exactly(both_states(a, b), [&](std::size_t i, State&) {
    return minus ? a.number(i) - b.number(i) : a.number(i) + b.number(i);
  });
}

std::optional<Column> multiply_scaled(const Column& a, const Column& b) {
  if (!a.is_scaled() || !b.is_scaled()) return std::nullopt;
  std::int64_t denominator = 0;
  if (__builtin_mul_overflow(a.denominator(), b.denominator(), &denominator)) return std::nullopt;
  const auto ma = a.mantissas(), mb = b.mantissas();
  Mantissas out(a.size());
  bool overflow = false;
  for (std::size_t i = 0; i < out.size(); ++i)
    overflow |= __builtin_mul_overflow(ma[i], mb[i], &out[i]);
  if (overflow) return std::nullopt;
  return Column::from_scaled(std::move(out), denominator, both_states(a, b));
}

std::optional<Column> scale_scaled(const Column& a, const Number& factor,
                                   std::vector<State> states) {
  const std::optional<std::int64_t> up = factor.numerator().to_int64();
  const std::optional<std::int64_t> down = factor.denominator().to_int64();
  if (!a.is_scaled() || !up || !down) return std::nullopt;
  const std::int64_t common = std::gcd(*up, a.denominator());
  const std::int64_t times = *up / common;
  std::int64_t denominator = 0;
  if (__builtin_mul_overflow(a.denominator() / common, *down, &denominator)) return std::nullopt;
  Mantissas out(a.size());
  bool overflow = false;
  for (std::size_t i = 0; i < out.size(); ++i)
    overflow |= __builtin_mul_overflow(a.mantissas()[i], times, &out[i]);
  if (overflow) return std::nullopt;
  return Column::from_scaled(std::move(out), denominator, std::move(states));
}

Cells times(const Column& a, const Number& factor, std::vector<State> states) {
  if (std::optional<Column> fast = scale_scaled(a, factor, states))
    return {std::move(*fast), false};
  return exactly(std::move(states), [&](std::size_t i, State&) { return a.number(i) * factor; });
}

constexpr std::int32_t kTenPowerMax = 18;

std::int64_t ten_to(std::int32_t n) {
  std::int64_t out = 1;
  for (std::int32_t i = 0; i < n; ++i) out *= 10;
  return out;
}

// m/D to n decimals: one integer division, or none where the digits already end there.
std::optional<Column> round_scaled(const Column& a, const exact::RoundingRule& rule) {
  if (!a.is_scaled() || rule.significant || rule.n < 0 || rule.n > kTenPowerMax)
    return std::nullopt;
  const std::int64_t ten = ten_to(rule.n);
  if (ten % a.denominator() == 0) {
    return scale_scaled(a, Number(1), one_state(a));
  }
  const std::int64_t common = std::gcd(ten, a.denominator());
  const std::int64_t times = ten / common;
  const std::int64_t divisor = a.denominator() / common;
  Mantissas out(a.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(a.mantissas()[i], times, &scaled)) return std::nullopt;
    out[i] = exact::divide_rounded(scaled, divisor, rule.mode);
  }
  return Column::from_scaled(std::move(out), ten, one_state(a));
}

State problem_state(exact::FunctionProblem problem) {
  switch (problem) {
    case exact::FunctionProblem::kNone:
      return State::kValue;
    case exact::FunctionProblem::kNoRealValue:
      return State::kNoRealValue;
    case exact::FunctionProblem::kDivisionByZero:
      return State::kDivisionByZero;
    case exact::FunctionProblem::kTooLong:
      return State::kNumberTooLong;
  }
  return State::kNoRealValue;
}

}  // namespace

Cells add(const Column& a, const Column& b) { return add_or_subtract(a, b, false); }
Cells subtract(const Column& a, const Column& b) { return add_or_subtract(a, b, true); }

Cells multiply(const Column& a, const Column& b) {
  if (std::optional<Column> fast = multiply_scaled(a, b)) return {std::move(*fast), false};
  return exactly(both_states(a, b),
                 [&](std::size_t i, State&) { return a.number(i) * b.number(i); });
}

Cells divide(const Column& a, const Column& b) {
  return exactly(both_states(a, b), [&](std::size_t i, State& state) {
    const Number divisor = b.number(i);
    if (divisor.is_zero()) {
      state = State::kDivisionByZero;
      return Number();
    }
    return a.number(i) / divisor;
  });
}

// A change of unit is no arithmetic: what is not applicable stays so.
Cells scale(const Column& a, const Number& factor) { return times(a, factor, own_states(a)); }

Cells power(const Column& a, std::int32_t whole) {
  return exactly(one_state(a), [&](std::size_t i, State& state) {
    const Number base = a.number(i);
    if (base.is_zero() && whole < 0) {
      state = State::kDivisionByZero;
      return Number();
    }
    const std::optional<Number> result = base.power(whole);
    if (!result) state = State::kNumberTooLong;
    return result.value_or(Number());
  });
}

Cells power(const Column& a, const Column& b) {
  return exactly(both_states(a, b), [&](std::size_t i, State& state) {
    const exact::FunctionResult result = exact::power(a.number(i), b.number(i));
    state = problem_state(result.problem);
    return result.value;
  });
}

Cells negate(const Column& a) { return times(a, Number(-1), one_state(a)); }

Cells absolute(const Column& a) {
  return exactly(one_state(a), [&](std::size_t i, State&) { return a.number(i).abs(); });
}

Cells floor(const Column& a) {
  return exactly(one_state(a), [&](std::size_t i, State&) { return a.number(i).floor(); });
}

Cells ceiling(const Column& a) {
  return exactly(one_state(a), [&](std::size_t i, State&) { return a.number(i).ceiling(); });
}

Cells round(const Column& a, const exact::RoundingRule& rule) {
  if (std::optional<Column> fast = round_scaled(a, rule)) return {std::move(*fast), false};
  return exactly(one_state(a),
                 [&](std::size_t i, State&) { return exact::round(a.number(i), rule); });
}

Cells apply(const Column& a, exact::FunctionResult (*function)(const Number&)) {
  return exactly(one_state(a), [&](std::size_t i, State& state) {
    const exact::FunctionResult result = function(a.number(i));
    state = problem_state(result.problem);
    return result.value;
  });
}

int compare_cells(const Column& a, std::size_t i, const Column& b, std::size_t j) {
  if (a.type() != table::Type::kNumber) {
    return a.id(i) < b.id(j) ? -1 : (a.id(i) > b.id(j) ? 1 : 0);
  }
  if (a.is_scaled() && b.is_scaled()) {
    __extension__ using Wide = __int128;
    const Wide x = static_cast<Wide>(a.mantissas()[i]) * b.denominator();
    const Wide y = static_cast<Wide>(b.mantissas()[j]) * a.denominator();
    return x < y ? -1 : (x > y ? 1 : 0);
  }
  const auto order = a.number(i) <=> b.number(j);
  return order < 0 ? -1 : (order > 0 ? 1 : 0);
}

}  // namespace qz::compute
