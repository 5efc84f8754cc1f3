// Amount: a quantity in the last decimal of its instrument's step, as a 128-bit integer.

#ifndef QZ_SETTLE_AMOUNT_H_
#define QZ_SETTLE_AMOUNT_H_

#include <array>
#include <cstdint>
#include <optional>

#include "exact/number.h"

namespace qz::settle {

__extension__ typedef __int128 Amount;

// A quantity of a move may have at most this many units of its last decimal. 2^126 stand far above
// any sum of them, so that no balance can wrap.
inline constexpr int kAmountDigitsMax = 28;

// value × 10^places as an Amount; empty where that is no whole number, or above the limit.
std::optional<Amount> amount_of(const exact::Number& value, int places);
exact::Number number_of(Amount amount);
// 10^n by n, from 0 to kAmountDigitsMax.
inline constexpr std::array<Amount, kAmountDigitsMax + 1> kTenTo = [] {
  std::array<Amount, kAmountDigitsMax + 1> out{};
  Amount power = 1;
  for (Amount& one : out) {
    one = power;
    power *= 10;
  }
  return out;
}();
constexpr Amount ten_to(int n) { return kTenTo[static_cast<std::size_t>(n)]; }

}  // namespace qz::settle

#endif  // QZ_SETTLE_AMOUNT_H_
