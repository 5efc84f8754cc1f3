// UnitCatalogue: declarations resolved in the order of their dependence, without recursion.
//
// Codes are compared without their spaces ("10^4 Nm3" is "10^4Nm3"); messages show them as written.

#include <algorithm>
#include <deque>

#include "base/nearest_name.h"
#include "exact/unit.h"

namespace qz::exact {
namespace {

using base::Result;

constexpr std::size_t kFactorsMax = 100;  // codes in one unit: also the bound of every exponent

std::string without_spaces(std::string_view text) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c != ' ' && c != '\t'; });
  return out;
}

struct Factor {
  std::string code;
  bool divides = false;
};

// "t/GJ*h" as t, /GJ, *h; empty if a code is missing or there are too many.
std::vector<Factor> factors_of(std::string_view text) {
  const std::string plain = without_spaces(text);
  std::vector<Factor> out;
  std::size_t start = 0;
  bool divides = false;
  while (start <= plain.size() && out.size() <= kFactorsMax) {
    const std::size_t end = std::min(plain.find_first_of("*/", start), plain.size());
    if (end == start) return {};
    out.push_back({plain.substr(start, end - start), divides});
    divides = end < plain.size() && plain[end] == '/';
    start = end + 1;
  }
  return out.size() > kFactorsMax ? std::vector<Factor>() : out;
}

base::Finding malformed(std::string_view text, const base::Place& place) {
  const std::string quoted = "\"" + std::string(text) + "\"";
  return base::failure("malformed-unit", place, quoted + " is not a unit (write t, or tC/GJ)",
                       quoted + " 不是计量单位（请写 t 或 tC/GJ）");
}

base::Finding unknown(const std::string& code, const std::vector<std::string>& known,
                      const base::Place& place) {
  const std::string near = base::nearest_name(code, known);
  return base::failure(
      "unknown-unit", place, "unknown unit \"" + code + "\"" + base::nearest_hint(code, known),
      "未知的计量单位 \"" + code + "\"" + (near.empty() ? "" : "（是否应为 \"" + near + "\"？）"));
}

UnitDeclaration derived(std::string code, const char* kind, Number ratio, std::string of) {
  UnitDeclaration out;
  out.code = std::move(code);
  out.kind = kind;
  out.ratio = std::move(ratio);
  out.of = std::move(of);
  return out;
}

// A declaration on its way to a Unit.
struct Pending {
  UnitDeclaration declaration;
  std::vector<Factor> factors;       // of `of`
  std::vector<std::string> waiting;  // codes that need this one
  std::size_t missing = 0;           // factors that are not resolved yet
};

using Pendings = std::map<std::string, Pending, std::less<>>;
using Units = std::map<std::string, std::pair<UnitDeclaration, Unit>, std::less<>>;

// `lookup` gives the Unit of a known code.
template <class Lookup>
Unit product_of(const std::vector<Factor>& factors, const Lookup& lookup) {
  Unit out;
  for (const Factor& factor : factors) {
    const Unit& next = lookup(factor.code);
    out = factor.divides ? quotient(out, next) : product(out, next);
  }
  return out;
}

// What the language itself speaks of. "%" and "d" give way to a declaration of their own.
void add_built_in(std::vector<UnitDeclaration>& declarations) {
  std::erase_if(declarations, [](const UnitDeclaration& d) { return d.code == "1"; });
  const auto declared = [&](const char* code) {
    return std::any_of(declarations.begin(), declarations.end(),
                       [&](const UnitDeclaration& d) { return without_spaces(d.code) == code; });
  };
  if (!declared("%")) declarations.push_back(derived("%", "ratio", Number::ratio(1, 100), "1"));
  if (!declared("d")) declarations.push_back(derived("d", "time", Number(1), ""));
}

base::Finding twice(const UnitDeclaration& d) {
  return base::failure("duplicate-unit", d.place, "unit \"" + d.code + "\" is declared twice",
                       "计量单位 \"" + d.code + "\" 重复定义");
}

// `repeats` gets declarations of a code that another file has declared already: a folder of one's
// own may bring the units it needs, as long as they mean the same.
Result<Pendings> collected(std::vector<UnitDeclaration> declarations,
                           std::vector<UnitDeclaration>& repeats) {
  add_built_in(declarations);
  Pendings out;
  for (UnitDeclaration& d : declarations) {
    const std::string code = without_spaces(d.code);
    if (code.empty() || code.find_first_of("*/") != std::string::npos) {
      return malformed(d.code, d.place);
    }
    if (const auto known = out.find(code); known != out.end()) {
      if (known->second.declaration.place.file == d.place.file) return twice(d);
      repeats.push_back(std::move(d));
      continue;
    }
    if (d.ratio.sign() <= 0) {
      return base::failure("malformed-unit", d.place,
                           "the ratio of unit \"" + d.code + "\" is not greater than 0",
                           "计量单位 \"" + d.code + "\" 的比值应大于 0");
    }
    Pending pending;
    if (!d.of.empty()) {
      pending.factors = factors_of(d.of);
      if (pending.factors.empty()) return malformed(d.of, d.place);
    }
    pending.declaration = std::move(d);
    out.emplace(code, std::move(pending));
  }
  return out;
}

// Fills `waiting` and `missing`.
std::optional<base::Finding> link(Pendings& pendings) {
  std::vector<std::string> known{"1"};
  for (const auto& [code, pending] : pendings) known.push_back(code);
  for (auto& [code, pending] : pendings) {
    for (const Factor& factor : pending.factors) {
      if (factor.code == "1") continue;
      const auto needed = pendings.find(factor.code);
      if (needed == pendings.end()) {
        return unknown(factor.code, known, pending.declaration.place);
      }
      needed->second.waiting.push_back(code);
      ++pending.missing;
    }
  }
  return {};
}

Unit resolved(const std::string& code, const Pending& pending, const Units& units) {
  if (pending.factors.empty()) return {pending.declaration.code, Dimension(code), Number(1)};
  Unit out = product_of(pending.factors,
                        [&](const std::string& c) -> const Unit& { return units.at(c).second; });
  out.ratio *= pending.declaration.ratio;
  out.text = pending.declaration.code;
  return out;
}

std::optional<base::Finding> beyond_limits(const Unit& unit, const base::Place& place) {
  if (!unit.ratio.too_long() && unit.dimension.exponent_max() <= kUnitPowerMax) return {};
  return base::failure("malformed-unit", place,
                       "unit \"" + unit.text + "\" reduces to too long a ratio or power",
                       "计量单位 \"" + unit.text + "\" 换算后的比值或幂次过大");
}

// True if declaring `repeat` once more changes nothing: the same ratio to the same bases. A base
// says nothing of ratios, so another file may begin from another unit of the same kind.
bool means_the_same(const UnitDeclaration& repeat, const UnitCatalogue& catalogue) {
  const UnitDeclaration& known = *catalogue.find(repeat.code);
  if (repeat.of.empty()) return known.of.empty() || known.kind == repeat.kind;
  const base::Result<Unit> of = catalogue.parse(repeat.of);
  const base::Result<Unit> own = catalogue.parse(repeat.code);
  return of && own && of->dimension == own->dimension && of->ratio * repeat.ratio == own->ratio;
}

base::Finding another_meaning(const UnitDeclaration& d) {
  return base::failure(
      "duplicate-unit", d.place,
      "unit \"" + d.code + "\" has another meaning in another units file (give it another code)",
      "计量单位 \"" + d.code + "\" 与另一单位文件的定义不一致（请改用其他代码）");
}

}  // namespace

Result<UnitCatalogue> UnitCatalogue::from_declarations(std::vector<UnitDeclaration> declarations) {
  std::vector<UnitDeclaration> repeats;
  Result<Pendings> collection = collected(std::move(declarations), repeats);
  if (!collection) return collection.failure();
  Pendings& pendings = *collection;
  if (auto problem = link(pendings)) return *std::move(problem);
  UnitCatalogue out;
  out.units_.emplace("1", std::pair(derived("1", "plain", Number(1), ""), Unit()));
  std::deque<std::string> ready;
  for (const auto& [code, pending] : pendings) {
    if (pending.missing == 0) ready.push_back(code);
  }
  while (!ready.empty()) {
    const std::string code = std::move(ready.front());
    ready.pop_front();
    const Pending& pending = pendings.at(code);
    Unit unit = resolved(code, pending, out.units_);
    if (auto problem = beyond_limits(unit, pending.declaration.place)) return *std::move(problem);
    out.units_.emplace(code, std::pair(pending.declaration, std::move(unit)));
    for (const std::string& next : pending.waiting) {
      if (--pendings.at(next).missing == 0) ready.push_back(next);
    }
  }
  for (const auto& [code, pending] : pendings) {
    if (pending.missing == 0) continue;
    const UnitDeclaration& d = pending.declaration;
    return base::failure("unit-circle", d.place, "unit \"" + d.code + "\" is declared by itself",
                         "计量单位 \"" + d.code + "\" 由自身定义");
  }
  for (const UnitDeclaration& repeat : repeats) {
    if (!means_the_same(repeat, out)) return another_meaning(repeat);
  }
  return out;
}

Result<Unit> UnitCatalogue::parse(std::string_view text) const {
  const std::vector<Factor> factors = factors_of(text);
  if (factors.empty()) return malformed(text, {});
  for (const Factor& factor : factors) {
    if (!units_.contains(factor.code)) return unknown(factor.code, codes(), {});
  }
  Unit out = product_of(factors, [&](const std::string& code) -> const Unit& {
    return units_.find(code)->second.second;
  });
  const std::size_t start = text.find_first_not_of(" \t");
  out.text = text.substr(start, text.find_last_not_of(" \t") - start + 1);
  if (auto problem = beyond_limits(out, {})) return *std::move(problem);
  return out;
}

const UnitDeclaration* UnitCatalogue::find(std::string_view code) const {
  const auto found = units_.find(without_spaces(code));
  return found == units_.end() ? nullptr : &found->second.first;
}

std::vector<std::string> UnitCatalogue::codes() const {
  std::vector<std::string> out;
  for (const auto& [code, unit] : units_) out.push_back(code);
  return out;
}

}  // namespace qz::exact
