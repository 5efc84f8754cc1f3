// Units: dimensions as sorted lists of bases, expressions read from the left.

#include "exact/unit.h"

#include <algorithm>

#include "base/assert.h"

namespace qz::exact {
namespace {

using Exponents = std::vector<std::pair<std::string, int>>;

constexpr std::size_t kTextMax = 200;  // of the made-up name of a product

bool is_plain_text(std::string_view text) { return text == "1"; }

// "/x*y" to put behind a unit that is divided by "x*y" is "/x/y"; by "x/y" it is "/x*y".
std::string behind(std::string_view text, bool divide) {
  std::string out(1, divide ? '/' : '*');
  for (const char c : text) {
    const bool turn = divide && (c == '/' || c == '*');
    out += turn ? (c == '/' ? '*' : '/') : c;
  }
  return out;
}

std::string joined(const Unit& a, const Unit& b, bool divide, const Dimension& dimension) {
  if (is_plain_text(b.text)) return a.text;
  if (is_plain_text(a.text) && !divide) return b.text;
  std::string out = a.text + behind(b.text, divide);
  return out.size() <= kTextMax ? out : dimension.to_string();
}

std::string base_text(const std::pair<std::string, int>& base) {
  const int n = std::abs(base.second);
  return n == 1 ? base.first : base.first + "^" + std::to_string(n);
}

}  // namespace

Dimension Dimension::times(const Dimension& other) const {
  Dimension out;
  auto a = exponents_.begin();
  auto b = other.exponents_.begin();
  while (a != exponents_.end() || b != other.exponents_.end()) {
    if (b == other.exponents_.end() || (a != exponents_.end() && a->first < b->first)) {
      out.exponents_.push_back(*a++);
    } else if (a == exponents_.end() || b->first < a->first) {
      out.exponents_.push_back(*b++);
    } else {
      int sum = 0;
      QZ_ASSERT(!__builtin_add_overflow(a->second, b->second, &sum));
      if (sum != 0) out.exponents_.emplace_back(a->first, sum);
      ++a;
      ++b;
    }
  }
  return out;
}

Dimension Dimension::power(int n) const {
  if (n == 0) return {};
  Dimension out = *this;
  for (auto& [base, exponent] : out.exponents_) {
    QZ_ASSERT(!__builtin_mul_overflow(exponent, n, &exponent));
  }
  return out;
}

std::optional<Dimension> Dimension::root() const {
  Dimension out = *this;
  for (auto& [base, exponent] : out.exponents_) {
    if (exponent % 2 != 0) return {};
    exponent /= 2;
  }
  return out;
}

std::string Dimension::to_string() const {
  std::string out;
  for (const auto& base : exponents_) {
    if (base.second > 0) out += (out.empty() ? "" : "*") + base_text(base);
  }
  if (out.empty()) out = "1";
  for (const auto& base : exponents_) {
    if (base.second < 0) out += "/" + base_text(base);
  }
  return out;
}

int Dimension::exponent_max() const {
  int out = 0;
  for (const auto& [base, exponent] : exponents_) out = std::max(out, std::abs(exponent));
  return out;
}

Unit product(const Unit& a, const Unit& b) {
  Unit out;
  out.dimension = a.dimension.times(b.dimension);
  out.ratio = a.ratio * b.ratio;
  out.text = joined(a, b, false, out.dimension);
  return out;
}

Unit quotient(const Unit& a, const Unit& b) {
  Unit out;
  out.dimension = a.dimension.times(b.dimension.power(-1));
  out.ratio = a.ratio / b.ratio;
  out.text = joined(a, b, true, out.dimension);
  return out;
}

bool power_fits(const Unit& a, int n) {
  const auto exponent = std::int64_t{n} * a.dimension.exponent_max();
  return std::abs(exponent) <= kUnitPowerMax && a.ratio.power(n).has_value();
}

Unit power(const Unit& a, int n) {
  QZ_ASSERT(power_fits(a, n));
  Unit out;
  const int times = is_plain_text(a.text) ? 0 : std::abs(n);
  for (int i = 0; i < times && out.text.size() <= kTextMax; ++i) {
    out.text = i == 0 ? a.text : out.text + behind(a.text, false);
  }
  if (n < 0 && !is_plain_text(out.text)) out.text = "1" + behind(out.text, true);
  out.dimension = a.dimension.power(n);
  if (out.text.size() > kTextMax) out.text = out.dimension.to_string();
  out.ratio = *a.ratio.power(n);
  return out;
}

}  // namespace qz::exact
