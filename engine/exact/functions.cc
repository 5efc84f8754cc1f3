// Functions: Ziv's strategy. An approximation with a known error is rounded at both ends; where the
// ends differ, it is made again with twice the bits.
//
// The ends can differ for ever only where the truth is a tie, a number of exactly 35 digits that
// ends in 5. A logarithm or exponential of a rational other than 1 and 0 is transcendental
// (Lindemann), never a tie; a power may be one, which is then proven in integers.

#include "exact/functions.h"

#include <algorithm>

#include "exact/detail/big.h"
#include "exact/detail/small.h"
#include "exact/detail/transcendental.h"

namespace qz::exact {
namespace {

using detail::Approximation;
using detail::Integer;
using Parts = NumberAccess::Parts;

constexpr RoundingRule kRule{34, Rounding::kHalfEven, true};
constexpr RoundingRule kTieRule{35, Rounding::kHalfEven, true};
constexpr std::int64_t kBitsStart = 160;  // 113 for 34 digits, and some to be certain
// A rational of b bits comes no nearer to a tie than some 2^-b, so this is beyond what any Number
// within kBitsMax can ask; it bounds the time of one who tries.
constexpr std::int64_t kBitsEnd = 163840;
constexpr std::int64_t kTieBitsMax = 1 << 22;

FunctionResult checked(Number value) {
  if (value.too_long()) return {{}, FunctionProblem::kTooLong};
  return {std::move(value)};
}

Number rounded(const Integer& mantissa, std::int64_t exponent, const RoundingRule& rule) {
  if (exponent >= 0) return detail::rounded_fraction(detail::shifted(mantissa, exponent), 1, rule);
  return detail::rounded_fraction(mantissa, detail::shifted(1, -exponent), rule);
}

// The rounded value if both ends of the error agree.
std::optional<Number> certain(const Approximation& near) {
  Number low = rounded(near.mantissa - detail::kErrorUnits, near.exponent, kRule);
  const Number high = rounded(near.mantissa + detail::kErrorUnits, near.exponent, kRule);
  return low == high ? std::optional(std::move(low)) : std::nullopt;
}

// `approximate(p)` is an optional<Approximation>, empty where the value is too long; `tie(near)`
// gives the value if it is provably a tie.
template <class Approximate, class Tie>
FunctionResult found(const Approximate& approximate, const Tie& tie) {
  for (std::int64_t p = kBitsStart;; p *= 2) {
    const std::optional<Approximation> near = approximate(p);
    if (!near) return {{}, FunctionProblem::kTooLong};
    if (auto value = certain(*near)) return checked(*std::move(value));
    if (p == kBitsStart) {
      if (const std::optional<Number> value = tie(*near)) return checked(round(*value, kRule));
    }
    if (p >= kBitsEnd) return checked(rounded(near->mantissa, near->exponent, kRule));
  }
}

std::optional<Number> no_tie(const Approximation&) { return {}; }

bool is_one(const Number& x) { return x == Number(1); }

std::int64_t length(const Integer& v) { return static_cast<std::int64_t>(detail::bit_length(v)); }

// x^n == y^m without powers that no tie can need.
bool powers_agree(const Integer& x, std::int64_t n, const Integer& y, std::int64_t m) {
  if (x == 1 || y == 1) return x == y;
  if (length(x) > kTieBitsMax / n || length(y) > kTieBitsMax / m) return false;
  // (bits - 1) * n is a lower bound of the bits of a power, bits * n an upper one.
  if ((length(x) - 1) * n > length(y) * m || (length(y) - 1) * m > length(x) * n) return false;
  return pow(x, static_cast<unsigned>(n)) == pow(y, static_cast<unsigned>(m));
}

// The tie that `near` is near to, if x^(a/b) is just that; a, b > 0.
std::optional<Number> power_tie(const Approximation& near, const Number& x, const Number& y) {
  const std::optional<std::int64_t> a = y.numerator().to_int64();
  const std::optional<std::int64_t> b = y.denominator().to_int64();
  if (!a || !b) return {};
  Number tie = rounded(near.mantissa, near.exponent, kTieRule);
  const Parts t(tie);
  const Parts base(x);
  if (!powers_agree(t.num(), *b, base.num(), *a)) return {};
  if (!powers_agree(t.den(), *b, base.den(), *a)) return {};
  return tie;
}

// x^y by e^(y ln x), x > 0 and not 1, y > 0.
std::optional<Approximation> power_near(const Parts& x, const Parts& y, std::int64_t p) {
  // ln x carries 18 bits more for those of y ln x before the point, and some for its own error.
  const Approximation ln = detail::ln_of(x.num(), x.den(), p + 48);
  const std::int64_t size = length(ln.mantissa) + ln.exponent + length(y.num()) - length(y.den());
  if (size > 18) return {};  // |y ln x| > 2^17
  const Integer product = ln.mantissa * y.num();
  const std::int64_t shift = ln.exponent + detail::exp_input_bits(p);
  Integer fixed = shift >= 0 ? detail::shifted(product, shift) / y.den()
                             : product / detail::shifted(y.den(), -shift);
  return detail::exp_of(fixed, p);
}

FunctionResult fractional_power(const Number& x, const Number& y) {
  if (x.sign() < 0) return {{}, FunctionProblem::kNoRealValue};
  if (x.is_zero()) {
    return y.sign() < 0 ? FunctionResult{{}, FunctionProblem::kDivisionByZero} : FunctionResult{};
  }
  if (is_one(x)) return {Number(1)};
  if (y.sign() < 0) return fractional_power(Number(1) / x, -y);
  const Parts base(x);
  const Parts exponent(y);
  return found([&](std::int64_t p) { return power_near(base, exponent, p); },
               [&](const Approximation& near) { return power_tie(near, x, y); });
}

FunctionResult whole_power(const Number& x, const Number& y) {
  if (x.is_zero() && y.sign() < 0) return {{}, FunctionProblem::kDivisionByZero};
  if (const auto n = y.to_int64()) {
    if (auto out = x.power(*n)) return {*std::move(out)};
    return {{}, FunctionProblem::kTooLong};
  }
  if (x.is_zero() || is_one(x)) return {x};
  if (x == Number(-1)) return {Number(bit_test(Parts(y.abs()).num(), 0) ? -1 : 1)};
  return {{}, FunctionProblem::kTooLong};
}

}  // namespace

FunctionResult square_root(const Number& x) {
  if (x.sign() < 0) return {{}, FunctionProblem::kNoRealValue};
  if (x.is_zero()) return {};
  // The whole root of x × 10^2places has 36 digits or more; a last digit 1 stands for any rest.
  const Parts parts(x);
  const int exponent = detail::decimal_exponent(parts.num(), parts.den());
  const int places = 36 - (exponent - (exponent < 0 ? 1 : 0)) / 2;
  const Integer power = detail::ten_power(static_cast<unsigned>(2 * std::abs(places)));
  Integer whole;
  Integer rest;
  divide_qr(places >= 0 ? Integer(parts.num() * power) : parts.num(),
            places >= 0 ? parts.den() : Integer(parts.den() * power), whole, rest);
  const Integer root = detail::root_of(whole);
  const bool exact = rest.is_zero() && root * root == whole;
  const Number digits = NumberAccess::number({root * 10 + (exact ? 0 : 1), 1});
  return checked(round(digits, kRule) * Number::power_of_ten(-places - 1));
}

FunctionResult natural_logarithm(const Number& x) {
  if (x.sign() <= 0) return {{}, FunctionProblem::kNoRealValue};
  if (is_one(x)) return {};
  const Parts parts(x);
  return found(
      [&](std::int64_t p) { return std::optional(detail::ln_of(parts.num(), parts.den(), p)); },
      no_tie);
}

FunctionResult exponential(const Number& x) {
  if (x.is_zero()) return {Number(1)};
  constexpr std::int64_t kArgumentMax = 50000;  // e^50000 is above 2^72000
  if (x.abs() > Number(kArgumentMax)) return {{}, FunctionProblem::kTooLong};
  const Parts parts(x);
  return found(
      [&](std::int64_t p) {
        const Integer fixed = detail::shifted(parts.num(), detail::exp_input_bits(p)) / parts.den();
        return detail::exp_of(fixed, p);
      },
      no_tie);
}

FunctionResult power(const Number& x, const Number& y) {
  return y.is_integer() ? whole_power(x, y) : fractional_power(x, y);
}

}  // namespace qz::exact
