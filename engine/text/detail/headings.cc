// Headings: found by order first, since records mostly give their names in one order.

#include "text/detail/headings.h"

namespace qz::text::detail {

void Headings::begin_record() {
  ++record_;
  next_ = 0;
}

std::optional<std::size_t> Headings::find(std::string_view name) {
  if (next_ < names_.size() && names_[next_] == name) return next_++;
  std::size_t heading = names_.size();
  const auto found = positions_.find(name);
  if (found != positions_.end()) {
    heading = found->second;
  } else {
    if (names_.size() == columns_max_) return std::nullopt;
    positions_.emplace(name, heading);
    names_.emplace_back(name);
    taken_in_.push_back(0);
  }
  next_ = heading + 1;
  return heading;
}

bool Headings::take(std::size_t heading) {
  if (taken_in_[heading] == record_) return false;
  taken_in_[heading] = record_;
  return true;
}

bool Headings::tell(RecordSink& sink, std::uint32_t line) {
  if (told_ == names_.size()) return true;
  told_ = names_.size();
  return sink.headings(names_, line);
}

}  // namespace qz::text::detail
