// Big values: the rational operations on Boost's integers, and the way back to small ones.

#include "exact/detail/big.h"

#include <bit>
#include <limits>

#include "base/assert.h"
#include "exact/detail/small.h"

namespace qz::exact {
namespace detail {
namespace {

bool integer_fits(const Integer& v) { return v.is_zero() || bit_length(v) <= 63; }

Integer power_of_ten_ratio(const Integer& v, std::int32_t n) {
  return n > 0 ? Integer(v * ten_power(static_cast<unsigned>(n))) : v;
}

}  // namespace

std::size_t bit_length(const Integer& v) {
  if (v.is_zero()) return 0;
  // msb() refuses negative values, so it is asked of a copy only where there is need.
  return (v.sign() < 0 ? msb(Integer(-v)) : msb(v)) + 1;
}

Integer ten_power(unsigned n) {
  if (n <= static_cast<unsigned>(kTenMax)) return ten_to(static_cast<int>(n));
  return pow(Integer(5), n) << n;
}

Integer rounded_quotient(const Integer& n, const Integer& d, Rounding mode) {
  Integer quotient;
  Integer rest;
  divide_qr(n, d, quotient, rest);
  if (rest.is_zero() || mode == Rounding::kDown) return quotient;
  if (mode == Rounding::kUp) return quotient + 1;
  rest <<= 1;
  const int side = rest.compare(d);
  const bool tie_goes_up = mode == Rounding::kHalfUp || bit_test(quotient, 0);
  if (side > 0 || (side == 0 && tie_goes_up)) ++quotient;
  return quotient;
}

int decimal_exponent(const Integer& n, const Integer& d) {
  const auto twos =
      static_cast<std::int64_t>(bit_length(n)) - static_cast<std::int64_t>(bit_length(d));
  // log10(2) is 0.30103; the estimate is off by one at most, on either side.
  auto e = static_cast<int>((twos * 30103) / 100000);
  const auto reaches = [&](int exponent) {
    return power_of_ten_ratio(n, -exponent) >= power_of_ten_ratio(d, exponent);
  };
  while (!reaches(e)) --e;
  while (reaches(e + 1)) ++e;
  return e;
}

Number rounded_fraction(const Integer& n, const Integer& d, const RoundingRule& rule) {
  if (n.is_zero()) return {};
  const bool negative = n.sign() < 0;
  const Integer size = negative ? Integer(-n) : n;
  const std::int32_t places = rule.significant ? rule.n - 1 - decimal_exponent(size, d) : rule.n;
  Integer whole =
      rounded_quotient(power_of_ten_ratio(size, places), power_of_ten_ratio(d, -places), rule.mode);
  if (negative) whole = -whole;
  const Number out = NumberAccess::number({whole, 1});
  return places == 0 ? out : out * Number::power_of_ten(-places);
}

}  // namespace detail

using detail::Big;
using detail::Fraction;
using detail::Integer;

const Big& NumberAccess::big(const Number& of) { return *std::bit_cast<const Big*>(of.num_); }

Number NumberAccess::number(Fraction lowest) {
  if (detail::integer_fits(lowest.numerator) && detail::integer_fits(lowest.denominator)) {
    return Number(static_cast<std::int64_t>(lowest.numerator),
                  static_cast<std::int64_t>(lowest.denominator));
  }
  return Number(std::bit_cast<std::int64_t>(new Big(std::move(lowest))), 0);
}

Number NumberAccess::reduced(Fraction any) {
  QZ_ASSERT(!any.denominator.is_zero());
  if (any.denominator.sign() < 0) {
    any.numerator = -any.numerator;
    any.denominator = -any.denominator;
  }
  const Integer common = gcd(any.numerator, any.denominator);
  if (common != 1) {
    any.numerator /= common;
    any.denominator /= common;
  }
  return number(std::move(any));
}

// Knuth, The Art of Computer Programming 4.5.1: two gcds of short numbers instead of a long one.
Number NumberAccess::add(const Number& a, const Number& b) {
  const Parts x(a);
  const Parts y(b);
  if (x.den() == y.den()) {
    if (x.den() == 1) return number({x.num() + y.num(), 1});
    return reduced({x.num() + y.num(), x.den()});
  }
  const Integer common = gcd(x.den(), y.den());
  if (common == 1) {
    return number({x.num() * y.den() + y.num() * x.den(), x.den() * y.den()});
  }
  const Integer x_rest = x.den() / common;
  Integer sum = x.num() * (y.den() / common) + y.num() * x_rest;
  const Integer second = gcd(sum, common);
  return number({sum / second, x_rest * (y.den() / second)});
}

Number NumberAccess::multiply(const Number& a, const Number& b) {
  const Parts x(a);
  const Parts y(b);
  const Integer first = y.den() == 1 ? Integer(1) : Integer(gcd(x.num(), y.den()));
  const Integer second = x.den() == 1 ? Integer(1) : Integer(gcd(y.num(), x.den()));
  return number({(x.num() / first) * (y.num() / second), (x.den() / second) * (y.den() / first)});
}

Number NumberAccess::inverse(const Number& of) {
  const Parts x(of);
  QZ_ASSERT(!x.num().is_zero());
  if (x.num().sign() < 0) return number({Integer(-x.den()), Integer(-x.num())});
  return number({x.den(), x.num()});
}

std::strong_ordering NumberAccess::compare(const Number& a, const Number& b) {
  if (const int sa = a.sign(), sb = b.sign(); sa != sb) return sa <=> sb;
  const Parts x(a);
  const Parts y(b);
  if (x.den() == y.den()) return x.num().compare(y.num()) <=> 0;
  return Integer(x.num() * y.den()).compare(y.num() * x.den()) <=> 0;
}

}  // namespace qz::exact
