#include "read/detail/time_order.h"

#include <algorithm>
#include <limits>

namespace qz::read::detail {

TimeOrder::TimeOrder(std::size_t width, std::size_t period_at)
    : period_at_(period_at), series_(width - 1) {}

void TimeOrder::begin_file() {
  std::fill(latest_.begin(), latest_.end(), std::numeric_limits<std::int32_t>::min());
}

bool TimeOrder::goes_back(std::span<const std::int32_t> key) {
  names_.clear();
  for (std::size_t k = 0; k < key.size(); ++k) {
    if (k != period_at_) names_.push_back(key[k]);
  }
  const std::uint32_t at = series_.insert(names_);
  const std::int32_t hour = key[period_at_];
  if (at == latest_.size()) {
    latest_.push_back(hour);
    return false;
  }
  const bool back = hour < latest_[at];
  latest_[at] = std::max(latest_[at], hour);
  return back;
}

}  // namespace qz::read::detail
