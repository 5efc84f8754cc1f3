// Unit: a written unit ("tC/t"), what it reduces to, and the exact ratio. Dimension: the bases
// alone.
//
// Two units convert when they reduce to the same bases; kinds that the regulations keep apart
// (tC, tCO2, tCO2e) are bases of their own. No unit has an offset.

#ifndef QZ_EXACT_UNIT_H_
#define QZ_EXACT_UNIT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "base/result.h"
#include "exact/number.h"

namespace qz::exact {

// Base code -> exponent; no zero exponents. The empty dimension is a plain number.
class Dimension {
 public:
  Dimension() = default;
  explicit Dimension(std::string base) { exponents_.emplace_back(std::move(base), 1); }

  bool is_plain() const { return exponents_.empty(); }
  Dimension times(const Dimension& other) const;
  Dimension power(int n) const;
  // The square root; empty if an exponent is odd.
  std::optional<Dimension> root() const;
  // "tCO2/MWh", "m^2/s", "1" for plain.
  std::string to_string() const;
  // The largest |exponent|, 0 for plain.
  int exponent_max() const;
  bool operator==(const Dimension&) const = default;

 private:
  std::vector<std::pair<std::string, int>> exponents_;  // sorted by base code
};

struct Unit {
  std::string text = "1";  // as written; made up ("GJ*tC/GJ") for products inside a formula
  Dimension dimension;
  Number ratio = Number(1);  // one of this unit is `ratio` of its bases

  bool converts_to(const Unit& other) const { return dimension == other.dimension; }
  // Multiply a value in this unit by this to have it in `other`. Precondition: converts_to(other).
  Number factor_to(const Unit& other) const { return ratio / other.ratio; }
};

Unit product(const Unit& a, const Unit& b);
Unit quotient(const Unit& a, const Unit& b);
// Exponents of a unit stay within this, so that no pack can make a unit long to write or to
// compute.
inline constexpr int kUnitPowerMax = 100;
// Whether a^n is within kUnitPowerMax and its ratio within Number::kBitsMax.
bool power_fits(const Unit& a, int n);
// Precondition: power_fits(a, n).
Unit power(const Unit& a, int n);

// A unit as units.json declares it.
struct UnitDeclaration {
  std::string code;
  std::string kind;
  base::Bilingual label;
  Number ratio = Number(1);
  std::string of;  // a unit expression; empty for a base
  base::Place place;
};

class UnitCatalogue {
 public:
  // Resolves declarations in any order; a duplicate code, an unknown `of` or a circle is refused.
  // "1" and "%" exist always, and so does the day, "d", which the language's dates speak of;
  // a declaration of "%" or "d" comes first, one of "1" is left out.
  static base::Result<UnitCatalogue> from_declarations(std::vector<UnitDeclaration> declarations);

  // `text` = code { ("/" | "*") code }, read from the left ("t/GJ*h" is (t/GJ)*h). Spaces around
  // and inside codes ("10^4 Nm3") are ignored. The failure names the unknown code and the nearest
  // known.
  base::Result<Unit> parse(std::string_view text) const;

  const UnitDeclaration* find(std::string_view code) const;
  std::vector<std::string> codes() const;  // sorted

 private:
  std::map<std::string, std::pair<UnitDeclaration, Unit>, std::less<>> units_;
};

}  // namespace qz::exact

#endif  // QZ_EXACT_UNIT_H_
