// State: the codes that ledgers and scripts know errors by.

#include "table/state.h"

namespace qz::table {

std::string_view error_code(State state) {
  switch (state) {
    case State::kValue:
    case State::kNull:
    case State::kNotApplicable:
      return "";
    case State::kDivisionByZero:
      return "division-by-zero";
    case State::kMissingFactor:
      return "missing-factor";
    case State::kOutOfRange:
      return "out-of-range";
    case State::kNoRealValue:
      return "no-real-value";
    case State::kNumberTooLong:
      return "number-too-long";
    case State::kNoEdition:
      return "no-edition";
    case State::kNotUnique:
      return "not-unique";
  }
  return "";
}

}  // namespace qz::table
