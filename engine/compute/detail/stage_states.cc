// Stage states: rule-language's states, as loops over bytes.

#include "compute/detail/stage_states.h"

#include <algorithm>

#include "compute/kernels.h"

namespace qz::compute::detail {

using table::State;

namespace {

State as_operand(State state) { return state == State::kNotApplicable ? State::kNull : state; }
State at(States states, std::size_t i) { return states == nullptr ? State::kValue : states[i]; }

}  // namespace

States both_states(States a, States b, State* space, std::size_t n) {
  if (a == nullptr && b == nullptr) return nullptr;
  if (a == nullptr || b == nullptr) return one_state(a == nullptr ? b : a, space, n);
  for (std::size_t i = 0; i < n; ++i) space[i] = both(a[i], b[i]);
  return space;
}

States one_state(States a, State* space, std::size_t n) {
  if (a == nullptr) return nullptr;
  for (std::size_t i = 0; i < n; ++i) space[i] = as_operand(a[i]);
  return space;
}

States divided_states(States a, Bytes zero, State* space, std::size_t n) {
  std::uint8_t any = 0;
  for (std::size_t i = 0; i < n; ++i) any |= zero[i];
  if (any == 0) return a;
  for (std::size_t i = 0; i < n; ++i) {
    const State state = at(a, i);
    space[i] = state == State::kValue && zero[i] != 0 ? State::kDivisionByZero : state;
  }
  return space;
}

States chosen_states(Bytes test, States of_test, States a, States b, State* space, std::size_t n) {
  if (of_test == nullptr && a == nullptr && b == nullptr) return nullptr;
  for (std::size_t i = 0; i < n; ++i) {
    const State of = as_operand(at(of_test, i));
    space[i] = of != State::kValue ? of : (test[i] != 0 ? at(a, i) : at(b, i));
  }
  return space;
}

States coalesced_states(States a, States b, State* space, std::size_t n) {
  if (a == nullptr) return nullptr;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_open = a[i] == State::kNull || a[i] == State::kNotApplicable;
    space[i] = is_open ? as_operand(at(b, i)) : a[i];
  }
  return space;
}

States given_states(States a, States b, State* space, std::size_t n) {
  if (a == nullptr) return nullptr;
  for (std::size_t i = 0; i < n; ++i) {
    const bool is_open = a[i] == State::kNull || a[i] == State::kNotApplicable;
    space[i] = is_open ? at(b, i) : a[i];
  }
  return space;
}

Bytes open_lanes(States a, std::uint8_t* space, std::size_t n) {
  if (a == nullptr) return nullptr;
  for (std::size_t i = 0; i < n; ++i)
    space[i] = a[i] == State::kNull || a[i] == State::kNotApplicable ? 1 : 0;
  return space;
}

// The right side is looked at where the left one has neither an error nor the deciding value.
States logic_states(Bytes a, States of_a, Bytes b, States of_b, bool is_or, State* space,
                    std::size_t n) {
  if (of_a == nullptr && of_b == nullptr) return nullptr;
  const std::uint8_t deciding = is_or ? 1 : 0;
  for (std::size_t i = 0; i < n; ++i) {
    const State left = at(of_a, i), right = at(of_b, i);
    if (table::is_error(left)) {
      space[i] = left;
    } else if (left == State::kValue && a[i] == deciding) {
      space[i] = State::kValue;
    } else if (table::is_error(right)) {
      space[i] = right;
    } else {
      const bool known = right == State::kValue && (b[i] == deciding || left == State::kValue);
      space[i] = known ? State::kValue : State::kNull;
    }
  }
  return space;
}

States tested_states(States a, State* space, std::size_t n) {
  if (a == nullptr) return nullptr;
  for (std::size_t i = 0; i < n; ++i) space[i] = table::is_error(a[i]) ? a[i] : State::kValue;
  return space;
}

void logic_values(std::uint8_t* out, Bytes a, States of_a, Bytes b, States of_b, bool is_or,
                  std::size_t n) {
  const std::uint8_t deciding = is_or ? 1 : 0;
  for (std::size_t i = 0; i < n; ++i) {
    const bool decided = (at(of_a, i) == State::kValue && a[i] == deciding) ||
                         (at(of_b, i) == State::kValue && b[i] == deciding);
    out[i] = decided ? deciding : 1 - deciding;
  }
}

void null_values(std::uint8_t* out, States a, bool is_null, std::size_t n) {
  if (a == nullptr) {
    std::fill_n(out, n, is_null ? 0 : 1);
    return;
  }
  for (std::size_t i = 0; i < n; ++i) out[i] = is_null != (a[i] == State::kValue) ? 1 : 0;
}

}  // namespace qz::compute::detail
