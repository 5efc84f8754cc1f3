#include "read/detail/move_times.h"

#include "base/date.h"

namespace qz::read::detail {
namespace {

constexpr std::size_t kDateSize = 10;    // 2022-03-31
constexpr std::size_t kMinuteSize = 16;  // 2022-03-31T14:30
constexpr std::size_t kSecondSize = 19;  // 2022-03-31T14:30:05

// Two digits below `limit`; -1 otherwise.
int two_digits(std::string_view text, int limit) {
  if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return -1;
  const int value = (text[0] - '0') * 10 + (text[1] - '0');
  return value < limit ? value : -1;
}

}  // namespace

std::optional<MoveTime> parse_move_time(std::string_view text) {
  if (text.size() != kDateSize && text.size() != kMinuteSize && text.size() != kSecondSize) {
    return std::nullopt;
  }
  const std::optional<base::Date> date = base::Date::parse(text.substr(0, kDateSize));
  if (!date) return std::nullopt;
  MoveTime out{date->days(), 0};
  if (text.size() == kDateSize) return out;
  const bool separated = (text[kDateSize] == 'T' || text[kDateSize] == ' ') && text[13] == ':';
  if (!separated) return std::nullopt;
  const int hours = two_digits(text.substr(11), 24);
  const int minutes = two_digits(text.substr(14), 60);
  const bool has_seconds = text.size() == kSecondSize;
  if (has_seconds && text[kMinuteSize] != ':') return std::nullopt;
  const int seconds = has_seconds ? two_digits(text.substr(17), 60) : 0;
  if (hours < 0 || minutes < 0 || seconds < 0) return std::nullopt;
  out.seconds = (hours * 60 + minutes) * 60 + seconds;
  return out;
}

}  // namespace qz::read::detail
