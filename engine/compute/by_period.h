// ByPeriod: what was found out for a period, kept for the next row of the same one.

#ifndef QZ_COMPUTE_BY_PERIOD_H_
#define QZ_COMPUTE_BY_PERIOD_H_

#include <cstdint>
#include <vector>

namespace qz::compute {

// A direct-mapped memory: rows run through few periods again and again, but hours may be many.
template <class Value>
class ByPeriod {
 public:
  // The value of `period`, by `make(period)` unless it is still known.
  template <class Make>
  const Value& at(std::int32_t period, const Make& make) {
    if (slots_.empty()) slots_.resize(kSlots);
    Slot& slot = slots_[static_cast<std::uint32_t>(period) % kSlots];
    if (!slot.known || slot.period != period) slot = {true, period, make(period)};
    return slot.value;
  }

 private:
  static constexpr std::size_t kSlots = 256;
  struct Slot {
    bool known = false;
    std::int32_t period = 0;
    Value value{};
  };
  std::vector<Slot> slots_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_BY_PERIOD_H_
