// Stage states: the states of many lanes at once. Private to compute/.
//
// Null where every lane has a value.

#ifndef QZ_COMPUTE_DETAIL_STAGE_STATES_H_
#define QZ_COMPUTE_DETAIL_STAGE_STATES_H_

#include <cstddef>
#include <cstdint>

#include "table/state.h"

namespace qz::compute::detail {

using States = const table::State*;
using Bytes = const std::uint8_t*;

// Each gives its answer, for which it has `space`.
States both_states(States a, States b, table::State* space, std::size_t n);
States one_state(States a, table::State* space, std::size_t n);
// `zero`: 1 where the divisor is 0.
States divided_states(States a, Bytes zero, table::State* space, std::size_t n);
States chosen_states(Bytes test, States of_test, States a, States b, table::State* space,
                     std::size_t n);
States coalesced_states(States a, States b, table::State* space, std::size_t n);
States given_states(States a, States b, table::State* space, std::size_t n);
// 1 where a has neither a value nor an error; null: nowhere.
Bytes open_lanes(States a, std::uint8_t* space, std::size_t n);
States logic_states(Bytes a, States of_a, Bytes b, States of_b, bool is_or, table::State* space,
                    std::size_t n);
States tested_states(States a, table::State* space, std::size_t n);

// Values, where there are some.
void logic_values(std::uint8_t* out, Bytes a, States of_a, Bytes b, States of_b, bool is_or,
                  std::size_t n);
void null_values(std::uint8_t* out, States a, bool is_null, std::size_t n);

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_STAGE_STATES_H_
