// Rung: the representation that arithmetic over many rows may use.

#ifndef QZ_COMPUTE_RUNG_H_
#define QZ_COMPUTE_RUNG_H_

#include <cstdint>

namespace qz::compute {

// The narrowest form that may be used; where no proof covers it, a wider one is. The figures are
// the same on every rung; tests force each (kAuto: the first that is proven and quick).
enum class Rung : std::uint8_t { kAuto, kDouble, kInt64, kInt128, kExact };

}  // namespace qz::compute

#endif  // QZ_COMPUTE_RUNG_H_
