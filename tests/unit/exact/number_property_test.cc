// Number against a second opinion: plain fractions of big integers, reduced after every step.

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "exact/decimal.h"
#include "exact/number.h"
#include "exact/rounding.h"
#include "unit/exact/show.h"

namespace qz::exact {
namespace {

using boost::multiprecision::cpp_int;

constexpr std::size_t kAllDigits = 100000;

struct Plain {
  cpp_int num;
  cpp_int den;

  Plain(cpp_int n, cpp_int d) : num(std::move(n)), den(std::move(d)) {
    const cpp_int common = gcd(num, den);
    num /= common;
    den /= common;
    if (den < 0) {
      num = -num;
      den = -den;
    }
  }
};

// A value both ways, made from the same parts.
struct Pair {
  Number exact;
  Plain plain{0, 1};
};

void showValue(const Pair& pair, std::ostream& out) { out << pair.exact.to_string(200); }

// The representation is the value: equal parts, in lowest terms.
bool agree(const Number& exact, const Plain& plain) {
  return exact.numerator().to_string(kAllDigits) == plain.num.str() &&
         exact.denominator().to_string(kAllDigits) == plain.den.str();
}

// Whole numbers around the edges of 63, 64 and 127 bits, powers of ten, and any other.
rc::Gen<cpp_int> edge_integers() {
  std::vector<cpp_int> edges;
  for (const unsigned bits : {0U, 1U, 31U, 32U, 53U, 62U, 63U, 64U, 126U, 127U, 128U, 200U}) {
    for (int off = -2; off <= 2; ++off) edges.push_back((cpp_int(1) << bits) + off);
  }
  for (const unsigned power : {1U, 2U, 3U, 6U, 18U, 19U, 38U, 39U}) {
    edges.push_back(pow(cpp_int(10), power));
    edges.push_back(pow(cpp_int(10), power) / 2);
  }
  const auto whole =
      rc::gen::map(rc::gen::arbitrary<std::int64_t>(), [](std::int64_t v) { return cpp_int(v); });
  const auto size = rc::gen::oneOf(rc::gen::elementOf(edges), whole);
  return rc::gen::map(
      rc::gen::pair(size, rc::gen::arbitrary<bool>()),
      [](const std::pair<cpp_int, bool>& v) { return v.second ? cpp_int(-v.first) : v.first; });
}

Number number_of(const cpp_int& v) {
  const std::string text = v.str();
  Number out = 0;
  // In pieces, since a literal has at most 100 digits.
  for (const char c : text) {
    if (c != '-') out = out * Number(10) + Number(c - '0');
  }
  return text.starts_with('-') ? -out : out;
}

rc::Gen<Pair> pairs() {
  return rc::gen::map(rc::gen::pair(edge_integers(), edge_integers()),
                      [](const std::pair<cpp_int, cpp_int>& v) {
                        const cpp_int den = v.second == 0 ? cpp_int(1) : v.second;
                        return Pair{number_of(v.first) / number_of(den), Plain(v.first, den)};
                      });
}

RC_GTEST_PROP(NumberProperty, AgreesWithPlainFractions, ()) {
  const Pair a = *pairs();
  const Pair b = *pairs();
  const Plain& x = a.plain;
  const Plain& y = b.plain;
  RC_ASSERT(agree(a.exact, x));
  RC_ASSERT(agree(a.exact + b.exact, Plain(x.num * y.den + y.num * x.den, x.den * y.den)));
  RC_ASSERT(agree(a.exact - b.exact, Plain(x.num * y.den - y.num * x.den, x.den * y.den)));
  RC_ASSERT(agree(a.exact * b.exact, Plain(x.num * y.num, x.den * y.den)));
  if (y.num != 0) RC_ASSERT(agree(a.exact / b.exact, Plain(x.num * y.den, x.den * y.num)));
  RC_ASSERT(agree(-a.exact, Plain(-x.num, x.den)));
  RC_ASSERT(agree(a.exact.abs(), Plain(abs(x.num), x.den)));
  const int order = cpp_int(x.num * y.den).compare(y.num * x.den);
  RC_ASSERT((a.exact < b.exact) == (order < 0));
  RC_ASSERT((a.exact > b.exact) == (order > 0));
  RC_ASSERT((a.exact == b.exact) == (order == 0));
  RC_ASSERT(a.exact.sign() == x.num.sign());
}

RC_GTEST_PROP(NumberProperty, KeepsTheLawsOfAField, ()) {
  const Number a = (*pairs()).exact;
  const Number b = (*pairs()).exact;
  const Number c = (*pairs()).exact;
  RC_ASSERT(a + b == b + a);
  RC_ASSERT(a * b == b * a);
  RC_ASSERT((a + b) + c == a + (b + c));
  RC_ASSERT((a * b) * c == a * (b * c));
  RC_ASSERT(a * (b + c) == a * b + a * c);
  RC_ASSERT((a - a).is_zero());
  RC_ASSERT((a + b) - b == a);
  RC_ASSERT(((a + b) - b).hash() == a.hash());
  if (!b.is_zero()) RC_ASSERT(a / b * b == a);
}

RC_GTEST_PROP(NumberProperty, SumsDoNotDependOnOrder, ()) {
  const auto values = *rc::gen::container<std::vector<Pair>>(pairs());
  Number forward = 0;
  Number backward = 0;
  for (auto it = values.begin(); it != values.end(); ++it) forward += it->exact;
  for (auto it = values.rbegin(); it != values.rend(); ++it) backward += it->exact;
  RC_ASSERT(forward == backward);
}

RC_GTEST_PROP(NumberProperty, FloorIsTheWholeBelow, ()) {
  const Number a = (*pairs()).exact;
  RC_ASSERT(a.floor().is_integer() && a.ceiling().is_integer());
  RC_ASSERT(a.floor() <= a && a < a.floor() + Number(1));
  RC_ASSERT(a.ceiling() >= a && a > a.ceiling() - Number(1));
}

RC_GTEST_PROP(NumberProperty, PowersAreRepeatedProducts, ()) {
  const Number a = (*pairs()).exact;
  const int n = *rc::gen::inRange(0, 12);
  Number product = 1;
  for (int i = 0; i < n; ++i) product *= a;
  RC_ASSERT(a.power(n) == product);
  if (!a.is_zero()) RC_ASSERT(*a.power(-n) * product == Number(1));
}

Number unit_of(int places) { return Number::power_of_ten(-places); }

// What each mode means, said without the code that rounds.
void check_rounding(const Number& value, const Number& out, const Number& step, Rounding mode) {
  RC_ASSERT((out / step).is_integer());
  const Number off = (out - value).abs();
  RC_ASSERT(off < step);
  RC_ASSERT(out.sign() * value.sign() >= 0);
  const bool nearer = off * Number(2) < step;
  const bool tie = off * Number(2) == step;
  const bool even = (out / step / Number(2)).is_integer();
  switch (mode) {
    case Rounding::kDown:
      RC_ASSERT(out.abs() <= value.abs());
      break;
    case Rounding::kUp:
      RC_ASSERT(out.abs() >= value.abs());
      break;
    case Rounding::kHalfUp:
      RC_ASSERT(nearer || (tie && out.abs() > value.abs()));
      break;
    case Rounding::kHalfEven:
      RC_ASSERT(nearer || (tie && even));
      break;
  }
}

rc::Gen<Rounding> modes() {
  return rc::gen::element(Rounding::kHalfEven, Rounding::kHalfUp, Rounding::kDown, Rounding::kUp);
}

RC_GTEST_PROP(RoundingProperty, ObeysItsDefinition, ()) {
  const Number value = (*pairs()).exact;
  const int places = *rc::gen::inRange(-25, 40);
  const Rounding mode = *modes();
  const Number out = round(value, {places, mode});
  check_rounding(value, out, unit_of(places), mode);
  RC_ASSERT(round(out, {places, mode}) == out);
  RC_ASSERT(round(-value, {places, mode}) == -out);
}

// Ties are rare among random numbers, so they are made here.
RC_GTEST_PROP(RoundingProperty, ObeysItsDefinitionOnTies, ()) {
  const Number whole = Number(*rc::gen::arbitrary<std::int64_t>());
  const int places = *rc::gen::inRange(-25, 25);
  const Rounding mode = *modes();
  const Number value = (whole + Number::ratio(1, 2)) * unit_of(places);
  check_rounding(value, round(value, {places, mode}), unit_of(places), mode);
}

RC_GTEST_PROP(RoundingProperty, KeepsSignificantDigits, ()) {
  const Number value = (*pairs()).exact;
  const int digits = *rc::gen::inRange(1, 40);
  const Rounding mode = *modes();
  const RoundingRule rule{digits, mode, true};
  const Number out = round(value, rule);
  if (value.is_zero()) {
    RC_ASSERT(out.is_zero());
    return;
  }
  int exponent = -120;
  while (value.abs() >= Number::power_of_ten(exponent + 1)) ++exponent;
  check_rounding(value, out, unit_of(digits - 1 - exponent), mode);
  const std::string text = decimal_text(out, places_after(out, rule));
  std::string significant;
  for (const char c : text) {
    if (c >= '1' || (c == '0' && !significant.empty())) significant += c;
  }
  const auto wanted = static_cast<std::size_t>(digits);
  RC_ASSERT(significant.size() == wanted || (significant.size() > wanted && out.is_integer()));
}

RC_GTEST_PROP(RoundingProperty, DividesIntegersTheSame, ()) {
  const auto m = *rc::gen::arbitrary<std::int64_t>();
  const auto divisor = *rc::gen::inRange<std::int64_t>(1, std::numeric_limits<std::int64_t>::max());
  const Rounding mode = *modes();
  const Number expected = round(Number::ratio(m, divisor), {0, mode});
  RC_ASSERT(Number(divide_rounded(m, divisor, mode)) == expected);
}

RC_GTEST_PROP(DecimalProperty, ReadsWhatItWrites, ()) {
  const Number value = (*pairs()).exact;
  const int places = *rc::gen::inRange(0, 25);
  const Number rounded = round(value, {places, Rounding::kHalfEven});
  const std::string text = decimal_text(rounded, places);
  const std::optional<Decimal> back = parse_decimal(text);
  RC_ASSERT(back.has_value());
  RC_ASSERT(back->value == rounded);
  RC_ASSERT(back->places == places);
  RC_ASSERT(decimal_text(back->value, back->places) == text);
}

RC_GTEST_PROP(DecimalProperty, ShowsExactlyWhatItIs, ()) {
  const Number value = (*pairs()).exact;
  const std::string text = value.to_string(400);
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    RC_ASSERT(agree(value, Plain(cpp_int(text.substr(0, slash)), cpp_int(text.substr(slash + 1)))));
    return;
  }
  std::string digits = text;
  const std::size_t point = text.find('.');
  const std::size_t places = point == std::string::npos ? 0 : text.size() - point - 1;
  if (point != std::string::npos) digits.erase(point, 1);
  const bool negative = digits.starts_with('-');
  digits.erase(0, digits.find_first_of("123456789"));
  const cpp_int size(digits.empty() ? "0" : digits);
  RC_ASSERT(agree(value, Plain(negative ? cpp_int(-size) : size,
                               pow(cpp_int(10), static_cast<unsigned>(places)))));
}

}  // namespace
}  // namespace qz::exact
