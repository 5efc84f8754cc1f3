// State: whether a cell has a value, and if not, why.
//
// The order is of no meaning except that every value from kErrorFirst on is an error; a new error
// gets a new enumerator and its code in state.cc.

#ifndef QZ_TABLE_STATE_H_
#define QZ_TABLE_STATE_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace qz::table {

enum class State : std::uint8_t {
  kValue = 0,
  kNull,           // missing
  kNotApplicable,  // the rule does not ask for it here
  kDivisionByZero,
  kMissingFactor,
  kOutOfRange,
  kNoRealValue,
  kNumberTooLong,
  kNoEdition,
  kNotUnique,
};
inline constexpr State kErrorFirst = State::kDivisionByZero;

inline constexpr bool is_error(State state) { return state >= kErrorFirst; }

// "division-by-zero", "missing-factor", …; "" for what is no error.
std::string_view error_code(State state);

}  // namespace qz::table

#endif  // QZ_TABLE_STATE_H_
