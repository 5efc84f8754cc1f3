// Big values: Boost's integers behind Number. Private to exact/; no other header may include it.

#ifndef QZ_EXACT_DETAIL_BIG_H_
#define QZ_EXACT_DETAIL_BIG_H_

#include <atomic>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <optional>
#include <utility>

#include "exact/number.h"
#include "exact/rounding.h"

namespace qz::exact::detail {

using Integer = boost::multiprecision::number<boost::multiprecision::cpp_int_backend<512>,
                                              boost::multiprecision::et_off>;

struct Fraction {
  Integer numerator;
  Integer denominator = 1;
};

// What num_ of a big Number points to. Immutable once made; the count alone changes.
struct Big {
  explicit Big(Fraction f) : fraction(std::move(f)) {}

  std::atomic<std::uint32_t> uses{1};
  const Fraction fraction;
};

// Bits of |v|; 0 for zero.
std::size_t bit_length(const Integer& v);
Integer ten_power(unsigned n);

// n/d >= 0 as a whole number by `mode`. Preconditions: n >= 0, d > 0.
Integer rounded_quotient(const Integer& n, const Integer& d, Rounding mode);

// The exponent of the first significant digit of n/d: 0 for 1 to 9.99, -1 for 0.1.
// Preconditions: n > 0, d > 0.
int decimal_exponent(const Integer& n, const Integer& d);

// n/d (in any terms) rounded by `rule`. Precondition: d > 0.
Number rounded_fraction(const Integer& n, const Integer& d, const RoundingRule& rule);

}  // namespace qz::exact::detail

namespace qz::exact {

struct NumberAccess {
  // A look at a Number's parts as integers: borrowed from a big one, made for a small one.
  class Parts {
   public:
    explicit Parts(const Number& of) {
      if (of.is_small()) made_ = {of.num_, of.den_};
      // NOLINTNEXTLINE(clang-analyzer-core.StackAddressEscape): a big one lies on the heap
      fraction_ = of.is_small() ? &made_ : &big(of).fraction;
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;
    const detail::Integer& num() const { return fraction_->numerator; }
    const detail::Integer& den() const { return fraction_->denominator; }

   private:
    detail::Fraction made_;
    const detail::Fraction* fraction_;
  };

  static bool is_small(const Number& of) { return of.is_small(); }
  static std::int64_t small_num(const Number& of) { return of.num_; }
  static std::int64_t small_den(const Number& of) { return of.den_; }
  static Number small(std::int64_t num, std::int64_t den) { return Number(num, den); }
  static const detail::Big& big(const Number& of);

  // From parts in lowest terms with a positive denominator.
  static Number number(detail::Fraction lowest);
  // From any parts. Precondition: the denominator is not zero.
  static Number reduced(detail::Fraction any);

  static Number add(const Number& a, const Number& b);
  static Number multiply(const Number& a, const Number& b);
  static Number inverse(const Number& of);
  static std::strong_ordering compare(const Number& a, const Number& b);
};

}  // namespace qz::exact

#endif  // QZ_EXACT_DETAIL_BIG_H_
