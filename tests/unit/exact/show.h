// How failed tests show a Number.

#ifndef QZ_TESTS_UNIT_EXACT_SHOW_H_
#define QZ_TESTS_UNIT_EXACT_SHOW_H_

#include <ostream>

#include "exact/number.h"

namespace qz::exact {

inline void PrintTo(const Number& value, std::ostream* out) { *out << value.to_string(200); }
inline void showValue(const Number& value, std::ostream& out) { out << value.to_string(200); }

}  // namespace qz::exact

#endif  // QZ_TESTS_UNIT_EXACT_SHOW_H_
