// Number: the exact value of a formula, a rational.
//
// Invariants: (1) lowest terms, denominator positive, so equal values are equal representations;
// (2) a value whose numerator and denominator fit 63 bits lies in the object itself, without
// allocation; larger ones are shared, immutable big integers. Number arithmetic never rounds, so
// neither grouping nor order can change a total, and 44/12*12 is 44. The only way from a Number to
// digits is round() in rounding.h, which takes the rule it obeys. Values may be shared by threads.

#ifndef QZ_EXACT_NUMBER_H_
#define QZ_EXACT_NUMBER_H_

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace qz::exact {

class Number {
 public:
  Number() = default;  // zero
  // NOLINTNEXTLINE(google-explicit-constructor): an integer is exact
  Number(std::int64_t integer) : num_(integer) {
    if (integer == std::numeric_limits<std::int64_t>::min()) become_least();
  }
  Number(const Number& other) noexcept : num_(other.num_), den_(other.den_) {
    if (den_ == 0) retain();
  }
  Number(Number&& other) noexcept : num_(other.num_), den_(other.den_) {
    other.num_ = 0;
    other.den_ = 1;
  }
  Number& operator=(const Number& other) noexcept {
    Number copy(other);
    swap(copy);
    return *this;
  }
  Number& operator=(Number&& other) noexcept {
    swap(other);
    return *this;
  }
  ~Number() {
    if (den_ == 0) release();
  }
  void swap(Number& other) noexcept {
    std::swap(num_, other.num_);
    std::swap(den_, other.den_);
  }

  // numerator / denominator. Precondition: denominator != 0.
  static Number ratio(std::int64_t numerator, std::int64_t denominator);
  // 10^n for any n, also negative. Precondition: |n| <= 100000.
  static Number power_of_ten(int n);
  // coefficient × 10^-scale. Precondition: |scale| <= 100000.
  static Number scaled(std::int64_t coefficient, int scale);

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

  // this^n, exact; n may be negative; 0^0 is 1. Precondition: not (zero and n < 0). Empty if the
  // result would be longer than kBitsMax, found without computing it.
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
  // Already in lowest terms, and no numerator of -2^63, which is big so that negation is safe.
  Number(std::int64_t num, std::int64_t den) noexcept : num_(num), den_(den) {}
  bool is_small() const { return den_ != 0; }
  void become_least();  // -2^63
  void retain() const noexcept;
  void release() noexcept;

  // den_ > 0: num_/den_ in lowest terms. den_ == 0: num_ is a pointer to a reference-counted Big.
  std::int64_t num_ = 0;
  std::int64_t den_ = 1;
};

}  // namespace qz::exact

#endif  // QZ_EXACT_NUMBER_H_
