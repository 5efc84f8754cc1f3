// MoveTime: a date that a time of the day may follow.

#ifndef QZ_READ_DETAIL_MOVE_TIMES_H_
#define QZ_READ_DETAIL_MOVE_TIMES_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace qz::read::detail {

struct MoveTime {
  std::int32_t days = 0;
  std::int32_t seconds = 0;  // 0 where no time is written
};

// "2022-03-31", or the same with "T14:30" or "T14:30:05" (or a blank in place of the T); empty if
// the text is another form, or no such day or time.
std::optional<MoveTime> parse_move_time(std::string_view text);

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_MOVE_TIMES_H_
