// Number: the exact value of a formula, a rational.
//
// Invariants: (1) lowest terms, denominator positive, so equal values are equal representations;
// (2) a value whose numerator and denominator fit 63 bits lies in the object itself, without
// allocation; larger ones are shared, immutable big integers. Number arithmetic never rounds, so
// neither grouping nor order can change a total, and 44/12*12 is 44. The only way from a Number to
// digits is round() in rounding.h, which takes the rule it obeys.

#ifndef QZ_EXACT_NUMBER_H_
#define QZ_EXACT_NUMBER_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qz::exact {

class Number {
 public:
  Number() = default;                                 // zero
  Number(std::int64_t integer);                       // NOLINT: implicit, an integer is exact
  Number(const Number&);
  Number(Number&&) noexcept;
  Number& operator=(const Number&);
  Number& operator=(Number&&) noexcept;
  ~Number();

  // numerator / denominator. Precondition: denominator != 0.
  static Number ratio(std::int64_t numerator, std::int64_t denominator);
  // 10^n for any n, also negative. Precondition: |n| <= 100000.
  static Number power_of_ten(int n);
  // coefficient × 10^-scale.
  static Number scaled(std::int64_t coefficient, int scale) {
    return Number(coefficient) * power_of_ten(-scale);
  }

  Number operator-() const;
  friend Number operator+(const Number& a, const Number& b);
  friend Number operator-(const Number& a, const Number& b);
  friend Number operator*(const Number& a, const Number& b);
  // Precondition: b is not zero.
  friend Number operator/(const Number& a, const Number& b);
  Number& operator+=(const Number& other) { return *this = *this + other; }
  Number& operator*=(const Number& other) { return *this = *this * other; }

  friend bool operator==(const Number& a, const Number& b);
  friend std::strong_ordering operator<=>(const Number& a, const Number& b);

  int sign() const;  // -1, 0, 1
  bool is_zero() const { return sign() == 0; }
  bool is_integer() const;
  Number abs() const;
  Number floor() const;
  Number ceiling() const;
  Number numerator() const;    // with the sign
  Number denominator() const;  // positive

  // this^n, exact; n may be negative. Precondition: not (zero and n < 0). Empty if the result
  // would be longer than kBitsMax, found without computing it.
  std::optional<Number> power(std::int64_t n) const;

  // The value as int64 where it is an integer that fits.
  std::optional<std::int64_t> to_int64() const;

  // If value = m / denominator with an int64 m, that m. Precondition: denominator > 0.
  // The bridge to columns that hold scaled integers; no allocation for small values.
  std::optional<std::int64_t> scaled_by(std::int64_t denominator) const;

  // Numerator or denominator above 2^kBitsMax: rule-language §7's "number too long".
  static constexpr std::size_t kBitsMax = 65536;
  bool too_long() const;
  // Bits of the larger of numerator and denominator.
  std::size_t bits() const;

  // "44/3", "-2.5" where the decimal expansion ends (no exponent), "12". For traces and messages;
  // reports use rounding.h. Cut with "…" beyond `digits_max` digits.
  std::string to_string(std::size_t digits_max = 60) const;

  std::size_t hash() const;

 private:
  friend struct NumberAccess;  // exact/detail/big.h: the only door to the big integers
  // den_ > 0: num_/den_ in lowest terms. den_ == 0: num_ is a pointer to a reference-counted Big.
  std::int64_t num_ = 0;
  std::int64_t den_ = 1;
};

}  // namespace qz::exact

#endif  // QZ_EXACT_NUMBER_H_
