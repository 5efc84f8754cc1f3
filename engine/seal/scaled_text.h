// Scaled text: the digits of a column's int64 mantissas, without a Number for each cell.

#ifndef QZ_SEAL_SCALED_TEXT_H_
#define QZ_SEAL_SCALED_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "exact/number.h"

namespace qz::seal {

// Writes mantissa × `one` as exact::decimal_text() would. Whatever needs more than 64 bits or would
// have to be rounded is left to the caller.
class ScaledText {
 public:
  // With exactly `places` digits after the point.
  static std::optional<ScaledText> with_places(const exact::Number& one, std::int32_t places);
  // With as many as the value needs, for a `one` whose own digits end.
  static std::optional<ScaledText> shortest(const exact::Number& one);

  // False, and nothing appended, where the digits cannot be told exactly.
  bool append(std::string& out, std::int64_t mantissa) const;

 private:
  std::int64_t multiplier_ = 1;  // mantissa × multiplier / divisor is the value × 10^places
  std::int64_t divisor_ = 1;
  unsigned places_ = 0;
  bool strip_ = false;
};

}  // namespace qz::seal

#endif  // QZ_SEAL_SCALED_TEXT_H_
