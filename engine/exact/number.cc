// Number: small fractions by 128-bit steps; where those do not fit, exact/detail/big.cc.

#include "exact/number.h"

#include <algorithm>
#include <bit>
#include <functional>

#include "base/assert.h"
#include "exact/detail/big.h"
#include "exact/detail/small.h"

namespace qz::exact {
namespace {

using detail::fits_small;
using detail::Int128;
using detail::Integer;
using detail::magnitude;
using Access = NumberAccess;
using Parts = NumberAccess::Parts;

constexpr int kTenPowerMax = 100000;

// num/den in lowest terms, den > 0.
Number from_wide(Int128 num, Int128 den) {
  if (fits_small(num) && fits_small(den)) {
    return Access::small(static_cast<std::int64_t>(num), static_cast<std::int64_t>(den));
  }
  return Access::number({Integer(num), Integer(den)});
}

// n1/d1 + n2/d2; Knuth 4.5.1. Sums of products stay below 2^127 because small values have 63 bits.
Number add_small(std::int64_t n1, std::int64_t d1, std::int64_t n2, std::int64_t d2) {
  std::int64_t common = d1;
  std::int64_t rest1 = 1;
  std::int64_t rest2 = 1;
  if (d1 != d2) {
    common = static_cast<std::int64_t>(detail::gcd_of_denominators(static_cast<std::uint64_t>(d1),
                                                                   static_cast<std::uint64_t>(d2)));
    rest1 = common == 1 ? d1 : d1 / common;
    rest2 = common == 1 ? d2 : d2 / common;
  }
  const Int128 sum = Int128{n1} * rest2 + Int128{n2} * rest1;
  const auto second =
      static_cast<std::int64_t>(detail::gcd(magnitude(sum), static_cast<std::uint64_t>(common)));
  if (second == 1) return from_wide(sum, Int128{rest1} * d2);
  if (fits_small(sum)) {
    return from_wide(static_cast<std::int64_t>(sum) / second, Int128{rest1} * (d2 / second));
  }
  return from_wide(sum / second, Int128{rest1} * (d2 / second));
}

Number multiply_small(std::int64_t n1, std::int64_t d1, std::int64_t n2, std::int64_t d2) {
  if (d2 != 1) {
    const auto common =
        static_cast<std::int64_t>(detail::gcd(magnitude(n1), static_cast<std::uint64_t>(d2)));
    if (common != 1) {
      n1 /= common;
      d2 /= common;
    }
  }
  if (d1 != 1) {
    const auto common =
        static_cast<std::int64_t>(detail::gcd(magnitude(n2), static_cast<std::uint64_t>(d1)));
    if (common != 1) {
      n2 /= common;
      d1 /= common;
    }
  }
  return from_wide(Int128{n1} * n2, Int128{d1} * d2);
}

// Whether base^n may be within 2^kBitsMax, judged by its bits alone; never wrongly false.
bool power_may_fit(const Integer& base, std::uint64_t n) {
  const std::size_t bits = detail::bit_length(base);
  return bits <= 1 || n <= Number::kBitsMax / (bits - 1);
}

bool above_limit(const Integer& v) {
  const std::size_t bits = detail::bit_length(v);
  if (bits != Number::kBitsMax + 1) return bits > Number::kBitsMax;
  return lsb(v.sign() < 0 ? Integer(-v) : v) != Number::kBitsMax;
}

Integer floor_quotient(const Integer& n, const Integer& d) {
  Integer quotient;
  Integer rest;
  divide_qr(n, d, quotient, rest);
  if (rest.sign() < 0) --quotient;
  return quotient;
}

}  // namespace

void Number::become_least() {
  *this = Access::number({Integer(std::numeric_limits<std::int64_t>::min()), 1});
}

void Number::retain() const noexcept {
  std::bit_cast<detail::Big*>(num_)->uses.fetch_add(1, std::memory_order_relaxed);
}

void Number::release() noexcept {
  auto* big = std::bit_cast<detail::Big*>(num_);
  if (big->uses.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  delete big;  // NOLINT(clang-analyzer-cplusplus.NewDelete): den_ is 0, so num_ is a pointer
}

Number Number::ratio(std::int64_t numerator, std::int64_t denominator) {
  QZ_ASSERT(denominator != 0);
  const std::uint64_t common = detail::gcd(magnitude(numerator), magnitude(denominator));
  const Int128 sign = denominator < 0 ? -1 : 1;
  return from_wide(sign * numerator / static_cast<Int128>(common),
                   sign * denominator / static_cast<Int128>(common));
}

Number Number::power_of_ten(int n) {
  QZ_ASSERT(n >= -kTenPowerMax && n <= kTenPowerMax);
  if (n >= 0 && n <= detail::kTenMax) return Number(detail::ten_to(n), 1);
  if (n < 0 && n >= -detail::kTenMax) return Number(1, detail::ten_to(-n));
  const Integer power = detail::ten_power(static_cast<unsigned>(std::abs(n)));
  return n > 0 ? Access::number({power, 1}) : Access::number({1, power});
}

// Powers of ten have the factors 2 and 5 alone, which are cheaper to take out than by a gcd.
Number Number::scaled(std::int64_t coefficient, int scale) {
  if (scale <= 0 || scale > detail::kTenMax || !fits_small(coefficient) || coefficient == 0) {
    return Number(coefficient) * power_of_ten(-scale);
  }
  const int twos = std::min(std::countr_zero(magnitude(coefficient)), scale);
  std::int64_t num = coefficient / (std::int64_t{1} << twos);
  std::int64_t den = detail::ten_to(scale) >> twos;
  for (int fives = 0; fives < scale && num % 5 == 0; ++fives) {
    num /= 5;
    den /= 5;
  }
  return {num, den};
}

Number Number::operator-() const {
  if (is_small()) return {-num_, den_};
  const detail::Fraction& f = Access::big(*this).fraction;
  return Access::number({Integer(-f.numerator), f.denominator});
}

Number operator+(const Number& a, const Number& b) {
  if (a.den_ == 1 && b.den_ == 1) {
    std::int64_t sum = 0;
    if (!__builtin_add_overflow(a.num_, b.num_, &sum)) return sum;
  } else if (a.is_small() && b.is_small()) {
    return add_small(a.num_, a.den_, b.num_, b.den_);
  }
  return Access::add(a, b);
}

Number operator-(const Number& a, const Number& b) {
  if (a.den_ == 1 && b.den_ == 1) {
    std::int64_t difference = 0;
    if (!__builtin_sub_overflow(a.num_, b.num_, &difference)) return difference;
  } else if (a.is_small() && b.is_small()) {
    return add_small(a.num_, a.den_, -b.num_, b.den_);
  }
  return Access::add(a, -b);
}

Number operator*(const Number& a, const Number& b) {
  if (a.is_small() && b.is_small()) return multiply_small(a.num_, a.den_, b.num_, b.den_);
  return Access::multiply(a, b);
}

Number operator/(const Number& a, const Number& b) {
  QZ_ASSERT(!b.is_zero());
  if (a.is_small() && b.is_small()) {
    const bool negative = b.num_ < 0;
    return multiply_small(a.num_, a.den_, negative ? -b.den_ : b.den_, negative ? -b.num_ : b.num_);
  }
  return Access::multiply(a, Access::inverse(b));
}

bool operator==(const Number& a, const Number& b) {
  if (a.num_ == b.num_ && a.den_ == b.den_) return true;
  if (a.is_small() || b.is_small()) return false;
  const detail::Fraction& x = Access::big(a).fraction;
  const detail::Fraction& y = Access::big(b).fraction;
  return x.numerator == y.numerator && x.denominator == y.denominator;
}

std::strong_ordering operator<=>(const Number& a, const Number& b) {
  if (!a.is_small() || !b.is_small()) return Access::compare(a, b);
  if (a.den_ == b.den_) return a.num_ <=> b.num_;
  const Int128 x = Int128{a.num_} * b.den_;
  const Int128 y = Int128{b.num_} * a.den_;
  if (x == y) return std::strong_ordering::equal;
  return x < y ? std::strong_ordering::less : std::strong_ordering::greater;
}

int Number::sign() const {
  if (is_small()) return (num_ > 0) - (num_ < 0);
  return Access::big(*this).fraction.numerator.sign();
}

bool Number::is_integer() const {
  return is_small() ? den_ == 1 : Access::big(*this).fraction.denominator == 1;
}

Number Number::abs() const { return sign() < 0 ? -*this : *this; }

Number Number::floor() const {
  if (den_ == 1) return *this;
  if (is_small()) return num_ / den_ - (num_ < 0 ? 1 : 0);  // den_ > 1: there is a rest
  const Parts parts(*this);
  return Access::number({floor_quotient(parts.num(), parts.den()), 1});
}

Number Number::ceiling() const { return -(-*this).floor(); }

Number Number::numerator() const {
  return is_small() ? Number(num_, 1) : Access::number({Access::big(*this).fraction.numerator, 1});
}

Number Number::denominator() const {
  return is_small() ? Number(den_, 1)
                    : Access::number({Access::big(*this).fraction.denominator, 1});
}

std::optional<Number> Number::power(std::int64_t n) const {
  const Parts parts(*this);
  const std::uint64_t times = magnitude(n);
  QZ_ASSERT(n >= 0 || !is_zero());
  if (n == 0) return Number(1);
  if (detail::bit_length(parts.num()) <= 1 && parts.den() == 1) {  // -1, 0, 1
    return times % 2 == 0 ? abs() : *this;
  }
  if (!power_may_fit(parts.num(), times) || !power_may_fit(parts.den(), times)) return {};
  const auto short_times = static_cast<unsigned>(times);
  Number out = Access::number({pow(parts.num(), short_times), pow(parts.den(), short_times)});
  if (out.too_long()) return {};
  return n < 0 ? Access::inverse(out) : out;
}

std::optional<std::int64_t> Number::to_int64() const { return scaled_by(1); }

std::optional<std::int64_t> Number::scaled_by(std::int64_t denominator) const {
  QZ_ASSERT(denominator > 0);
  if (is_small()) {
    if (den_ == denominator) return num_;
    if (denominator % den_ != 0) return {};
    std::int64_t out = 0;
    if (__builtin_mul_overflow(num_, denominator / den_, &out)) return {};
    return out;
  }
  const detail::Fraction& f = Access::big(*this).fraction;
  const Integer wanted(denominator);
  if (!Integer(wanted % f.denominator).is_zero()) return {};
  const Integer out = f.numerator * (wanted / f.denominator);
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  if (out > detail::kSmallMax || out < kLeast) return {};
  return out == kLeast ? kLeast : static_cast<std::int64_t>(out);
}

bool Number::too_long() const {
  if (is_small()) return false;
  const detail::Fraction& f = Access::big(*this).fraction;
  return above_limit(f.numerator) || above_limit(f.denominator);
}

std::size_t Number::bits() const {
  const Parts parts(*this);
  return std::max(detail::bit_length(parts.num()), detail::bit_length(parts.den()));
}

std::size_t Number::hash() const {
  std::size_t num = static_cast<std::size_t>(num_);
  std::size_t den = static_cast<std::size_t>(den_);
  if (!is_small()) {
    const detail::Fraction& f = Access::big(*this).fraction;
    num = hash_value(f.numerator);
    den = hash_value(f.denominator);
  }
  // Fibonacci hashing spreads the short integers that keys are made of.
  return (num * 0x9E3779B97F4A7C15U) ^ std::rotl(den * 0xC2B2AE3D27D4EB4FU, 29);
}

}  // namespace qz::exact
