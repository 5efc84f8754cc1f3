// exp by Taylor's series after halving the argument; ln by the series of atanh, and where many
// bits are wanted by one step of Halley's method on exp for each doubling.
//
// "q bits" below is fixed point: the integer V stands for V × 2^-q. A unit is 2^-q. Each truncated
// operation errs by one unit at most; guard bits keep the sum of those far below what is promised.

#include "exact/detail/transcendental.h"

#include <algorithm>

namespace qz::exact::detail {
namespace {

constexpr std::int64_t kGuardBits = 32;
constexpr std::int64_t kSeriesTermsMax = 250;

Integer one(std::int64_t q) { return Integer(1) << static_cast<unsigned>(q); }

Integer floor_quotient(const Integer& n, const Integer& d) {
  Integer quotient;
  Integer rest;
  divide_qr(n, d, quotient, rest);
  if (rest.sign() < 0) --quotient;
  return quotient;
}

// atanh(1/n).
Integer atanh_of_inverse(std::int64_t n, std::int64_t q) {
  const std::int64_t square = n * n;
  Integer term = one(q) / n;
  Integer sum = term;
  for (std::int64_t k = 3; !term.is_zero(); k += 2) {
    term /= square;
    sum += term / k;
  }
  return sum;
}

// ln 2 within one unit: 18 atanh(1/26) - 2 atanh(1/4801) + 8 atanh(1/8749).
Integer ln_2(std::int64_t q) {
  const std::int64_t w = q + kGuardBits;
  const Integer sum =
      18 * atanh_of_inverse(26, w) - 2 * atanh_of_inverse(4801, w) + 8 * atanh_of_inverse(8749, w);
  return shifted(sum, -kGuardBits);
}

// e^r within two units, 0 <= r < 1. The argument is halved `halvings` times, which are as many
// squarings afterwards; each doubles the error, hence as many guard bits.
Integer exp_reduced(const Integer& r, std::int64_t q) {
  std::int64_t halvings = 4;
  while (halvings * halvings < q) ++halvings;
  const std::int64_t w = q + halvings + kGuardBits;
  const Integer small = shifted(r, w - q - halvings);
  Integer term = one(w);
  Integer sum = term;
  for (std::int64_t i = 1; !term.is_zero(); ++i) {
    term = shifted(term * small, -w) / i;
    sum += term;
  }
  for (std::int64_t i = 0; i < halvings; ++i) sum = shifted(sum * sum, -w);
  return shifted(sum, q - w);
}

// ln y within six units, y between 0.6 and 1.5.
Integer ln_near_one(const Integer& y, std::int64_t q);

// y = (1+z)/(1-z), ln y = 2 atanh z = 2 (z + z^3/3 + z^5/5 + ...).
Integer ln_by_series(const Integer& z, std::int64_t w) {
  const Integer square = shifted(z * z, -w);
  Integer term = z;
  Integer sum = z;
  for (std::int64_t k = 3; !term.is_zero(); k += 2) {
    term = shifted(term * square, -w);
    sum += term / k;
  }
  return 2 * sum;
}

// From half as many bits: with a = ln y and E = e^a, a + 2 (y-E)/(y+E) has three times as many.
Integer ln_by_step(const Integer& y, std::int64_t q) {
  const std::int64_t half = q / 2 + kGuardBits;
  const Integer near = shifted(ln_near_one(shifted(y, half - q), half), q - half);
  const std::optional<Approximation> back = exp_of(shifted(near, exp_input_bits(q) - q), q);
  const Integer e = shifted(back->mantissa, back->exponent + q);
  return near + floor_quotient(shifted(y - e, q + 1), y + e);
}

Integer ln_near_one(const Integer& y, std::int64_t q) {
  const std::int64_t w = q + kGuardBits;
  const Integer top = y - one(q);
  const Integer z = shifted(top.sign() < 0 ? Integer(-top) : top, w) / (y + one(q));
  const std::int64_t zeros =
      std::max<std::int64_t>(w - static_cast<std::int64_t>(bit_length(z)), 1);
  if (w / (2 * zeros) > kSeriesTermsMax) return ln_by_step(y, q);
  const Integer size = shifted(ln_by_series(z, w), -kGuardBits);
  return top.sign() < 0 ? Integer(-size) : size;
}

std::int64_t length(const Integer& v) { return static_cast<std::int64_t>(bit_length(v)); }

// n/d × 2^shift, rounded down.
Integer quotient_shifted(const Integer& n, const Integer& d, std::int64_t shift) {
  return shift >= 0 ? shifted(n, shift) / d : n / shifted(d, -shift);
}

}  // namespace

Integer shifted(const Integer& v, std::int64_t shift) {
  if (shift >= 0) return v << static_cast<unsigned>(shift);
  const auto down = static_cast<unsigned>(-shift);
  if (v.sign() >= 0) return v >> down;
  return -((-v - 1) >> down) - 1;  // towards minus infinity, whatever the library does
}

Integer root_of(const Integer& v) {
  if (v.is_zero()) return 0;
  // Newton's steps fall from above until they would rise.
  Integer root = one((length(v) + 1) / 2);
  for (;;) {
    Integer next = (root + v / root) >> 1U;
    if (next >= root) return root;
    root = std::move(next);
  }
}

std::optional<Approximation> exp_of(const Integer& fixed, std::int64_t p) {
  // e^t = 2^k e^r with r = t - k ln 2; k has 20 bits, so r errs by 2^20 units of q, one of p.
  const std::int64_t q = exp_input_bits(p);
  const Integer ln2 = ln_2(q);
  const auto k = static_cast<std::int64_t>(floor_quotient(fixed, ln2));
  if (k > kLog2Max || k < -kLog2Max) return {};
  const Integer rest = fixed - ln2 * k;
  return Approximation{exp_reduced(shifted(rest, p - q), p), k - p};
}

Approximation ln_of(const Integer& n, const Integer& d, std::int64_t p) {
  // n/d = 2^k y with y between 0.7 and 1.4, so that k ln 2 and ln y never cancel.
  std::int64_t k = length(n) - length(d);
  std::int64_t q = p + kGuardBits;
  Integer y = quotient_shifted(n, d, q - k);
  if (y * 10 > one(q) * 14) {
    ++k;
  } else if (y * 10 < one(q) * 7) {
    --k;
  }
  // The logarithm of a number near 1 is near 0: as many bits more as it has zeros in front.
  if (k == 0) q += std::max<std::int64_t>(length(d) - length(n > d ? n - d : d - n), 0);
  y = quotient_shifted(n, d, q - k);
  Integer sum = ln_near_one(y, q);
  if (k != 0) sum += shifted(ln_2(q + 20) * k, -20);
  return {sum, -q};
}

}  // namespace qz::exact::detail
