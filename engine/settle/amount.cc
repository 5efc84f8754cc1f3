#include "settle/amount.h"

namespace qz::settle {
namespace {

constexpr std::int64_t kPart = 1'000'000'000'000'000'000;  // 10^18

}  // namespace

std::optional<Amount> amount_of(const exact::Number& value, int places) {
  const exact::Number scaled = value * exact::Number::power_of_ten(places);
  if (!scaled.is_integer()) return std::nullopt;
  if (exact::Number::power_of_ten(kAmountDigitsMax) < scaled.abs()) return std::nullopt;
  if (const std::optional<std::int64_t> small = scaled.to_int64()) return *small;
  const exact::Number high = (scaled.abs() / exact::Number(kPart)).floor();
  const exact::Number low = scaled.abs() - high * exact::Number(kPart);
  const Amount whole = static_cast<Amount>(*high.to_int64()) * kPart + *low.to_int64();
  return scaled.sign() < 0 ? -whole : whole;
}

exact::Number number_of(Amount amount) {
  if (amount >= INT64_MIN && amount <= INT64_MAX) {
    return static_cast<std::int64_t>(amount);
  }
  const bool negative = amount < 0;
  Amount rest = negative ? -amount : amount;
  exact::Number out;
  exact::Number scale(1);
  while (rest != 0) {
    out += exact::Number(static_cast<std::int64_t>(rest % kPart)) * scale;
    scale *= exact::Number(kPart);
    rest /= kPart;
  }
  return negative ? -out : out;
}

}  // namespace qz::settle
