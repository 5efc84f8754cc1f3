// Units: expressions, conversion, what a catalogue refuses.

#include "exact/unit.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "exact/decimal.h"

namespace qz::exact {
namespace {

UnitDeclaration declared(const char* code, const char* ratio = "1", const char* of = "") {
  UnitDeclaration out;
  out.code = code;
  out.ratio = parse_ratio(ratio).value();
  out.of = of;
  out.place = {"units.json", 3, 5};
  return out;
}

// Derived units stand before what they need, on purpose.
std::vector<UnitDeclaration> declarations() {
  return {declared("MW", "3.6", "GJ/h"),
          declared("MWh", "1", "MW*h"),
          declared("tce", "29.3076", "GJ"),
          declared("GJ"),
          declared("h"),
          declared("t"),
          declared("kg", "1/1000", "t"),
          declared("g", "1/1000", "kg"),
          declared("tC"),
          declared("tCO2"),
          declared("tCO2e"),
          declared("Nm3"),
          declared("10^4 Nm3", "10000", "Nm3"),
          declared("MJ", "0.001", "GJ"),
          declared("CNY")};
}

UnitCatalogue catalogue() { return UnitCatalogue::from_declarations(declarations()).value(); }

struct ConvertCase {
  const char* name;
  const char* from;
  const char* to;
  const char* factor;  // empty: they do not convert
};

const ConvertCase kConvertCases[] = {
    {"Same", "t", "t", "1"},
    {"KilogramsToTonnes", "kg", "t", "0.001"},
    {"TonnesToGrams", "t", "g", "1000000"},
    {"CoalEquivalent", "tce", "GJ", "29.3076"},
    {"BackIsExact", "GJ", "tce", "2500/73269"},
    {"ElectricityToHeat", "MWh", "GJ", "3.6"},
    {"HeatToElectricity", "GJ", "MWh", "5/18"},
    {"Percent", "%", "1", "0.01"},
    {"ToPercent", "1", "%", "100"},
    {"Intensity", "kg/GJ", "t/MJ", "0.000001"},
    {"FromTheLeft", "t/GJ*h", "h*t/GJ", "1"},
    {"TwiceDivided", "t/GJ/h", "t/MWh*MW/GJ", "1"},
    {"SpacesInsideACode", "10^4 Nm3", "Nm3", "10000"},
    {"SpacesAroundACode", " 10^4Nm3 / h ", "Nm3/h", "10000"},
    {"RatioOfEqualKinds", "kg/t", "1", "0.001"},
    {"CarbonIsNoCarbonDioxide", "tC", "tCO2", ""},
    {"NorItsEquivalent", "tCO2", "tCO2e", ""},
    {"MassIsNoEnergy", "t", "GJ", ""},
    {"PowerIsNoEnergy", "MW", "MWh", ""},
    {"PercentIsNoMass", "%", "t", ""},
    {"Upside", "1/t", "t", ""},
};

class ConvertTest : public testing::TestWithParam<ConvertCase> {};

TEST_P(ConvertTest, IsExactOrImpossible) {
  const ConvertCase& row = GetParam();
  const UnitCatalogue units = catalogue();
  const Unit from = units.parse(row.from).value();
  const Unit to = units.parse(row.to).value();
  EXPECT_EQ(from.converts_to(to), *row.factor != '\0');
  if (from.converts_to(to)) {
    EXPECT_EQ(from.factor_to(to), parse_ratio(row.factor));
  }
}

INSTANTIATE_TEST_SUITE_P(Table, ConvertTest, testing::ValuesIn(kConvertCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct TextCase {
  const char* name;
  const char* text;
  const char* kept;
  const char* dimension;
};

const TextCase kTextCases[] = {
    {"AsWritten", "kg/MWh", "kg/MWh", "t/GJ"},
    {"Trimmed", "  10^4 Nm3/h ", "10^4 Nm3/h", "Nm3/h"},
    {"Plain", "1", "1", "1"},
    {"Percent", "%", "%", "1"},
    {"PerHour", "1/h", "1/h", "1/h"},
    {"Square", "t*t/h/h/h", "t*t/h/h/h", "t^2/h^3"},
    {"ManyBases", "t*CNY/GJ/h", "t*CNY/GJ/h", "CNY*t/GJ/h"},
    {"Day", "t/d", "t/d", "t/d"},
};

class UnitTextTest : public testing::TestWithParam<TextCase> {};

TEST_P(UnitTextTest, KeepsTextAndShowsBases) {
  const TextCase& row = GetParam();
  const Unit unit = catalogue().parse(row.text).value();
  EXPECT_EQ(unit.text, row.kept);
  EXPECT_EQ(unit.dimension.to_string(), row.dimension);
}

INSTANTIATE_TEST_SUITE_P(Table, UnitTextTest, testing::ValuesIn(kTextCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct RefuseCase {
  const char* name;
  const char* text;
  const char* code;
  const char* message_part;
};

const RefuseCase kRefuseCases[] = {
    {"Empty", "", "malformed-unit", "is not a unit"},
    {"Blank", "  ", "malformed-unit", "is not a unit"},
    {"NothingBehind", "t/", "malformed-unit", "\"t/\""},
    {"NothingBefore", "/t", "malformed-unit", "\"/t\""},
    {"TwoSigns", "t//h", "malformed-unit", "\"t//h\""},
    {"Unknown", "tCO3", "unknown-unit", "did you mean \"tCO2\""},
    {"UnknownInside", "t/GW", "unknown-unit", "\"GW\""},
};

class RefusedUnitTest : public testing::TestWithParam<RefuseCase> {};

TEST_P(RefusedUnitTest, SaysWhy) {
  const RefuseCase& row = GetParam();
  const base::Result<Unit> unit = catalogue().parse(row.text);
  ASSERT_FALSE(unit);
  EXPECT_EQ(unit.failure().code, row.code);
  EXPECT_NE(unit.failure().message.en.find(row.message_part), std::string::npos)
      << unit.failure().message.en;
  EXPECT_FALSE(unit.failure().message.zh.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, RefusedUnitTest, testing::ValuesIn(kRefuseCases),
                         [](const auto& row) { return std::string(row.param.name); });

struct CatalogueCase {
  const char* name;
  std::vector<UnitDeclaration> added;
  const char* code;
};

const CatalogueCase kCatalogueCases[] = {
    {"Twice", {declared("t")}, "duplicate-unit"},
    {"TwiceButForSpaces", {declared("10^4Nm3")}, "duplicate-unit"},
    {"UnknownBase", {declared("kt", "1000", "ton")}, "unknown-unit"},
    {"Itself", {declared("x", "2", "x")}, "unit-circle"},
    {"Circle",
     {declared("x", "2", "y/h"), declared("y", "2", "z"), declared("z", "1", "x*h")},
     "unit-circle"},
    {"NoCode", {declared(" ")}, "malformed-unit"},
    {"CodeOfTwo", {declared("t/h")}, "malformed-unit"},
    {"RatioZero", {declared("x", "0", "t")}, "malformed-unit"},
    {"RatioBelowZero", {declared("x", "-1", "t")}, "malformed-unit"},
    {"MalformedOf", {declared("x", "1", "t/")}, "malformed-unit"},
};

class CatalogueTest : public testing::TestWithParam<CatalogueCase> {};

TEST_P(CatalogueTest, RefusesWhatDoesNotReduce) {
  const CatalogueCase& row = GetParam();
  std::vector<UnitDeclaration> all = declarations();
  all.insert(all.end(), row.added.begin(), row.added.end());
  const auto units = UnitCatalogue::from_declarations(all);
  ASSERT_FALSE(units);
  EXPECT_EQ(units.failure().code, row.code);
  EXPECT_EQ(units.failure().place.to_string(), "units.json:3:5");
}

INSTANTIATE_TEST_SUITE_P(Table, CatalogueTest, testing::ValuesIn(kCatalogueCases),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(UnitCatalogue, HasWhatTheLanguageSpeaksOf) {
  const UnitCatalogue units = UnitCatalogue::from_declarations({}).value();
  EXPECT_EQ(units.codes(), (std::vector<std::string>{"%", "1", "d"}));
  EXPECT_NE(units.find("%"), nullptr);
  EXPECT_EQ(units.find("t"), nullptr);
}

TEST(UnitCatalogue, LetsADeclarationOfTheDayComeFirst) {
  const UnitCatalogue units =
      UnitCatalogue::from_declarations({declared("d", "24", "h"), declared("h"), declared("1")})
          .value();
  EXPECT_EQ(units.parse("d").value().factor_to(units.parse("h").value()), Number(24));
}

// A chain as long as a hostile file can make it is resolved without recursion.
TEST(UnitCatalogue, ResolvesALongChain) {
  constexpr int kLength = 20000;
  std::vector<UnitDeclaration> chain{declared("u0")};
  for (int i = 1; i < kLength; ++i) {
    const std::string below = "u" + std::to_string(i - 1);
    chain.push_back(declared(("u" + std::to_string(i)).c_str(), "1", below.c_str()));
  }
  EXPECT_TRUE(UnitCatalogue::from_declarations(chain));
}

// Doubling powers or ratios end in a refusal, not in an overflow.
TEST(UnitCatalogue, BoundsPowersAndRatios) {
  std::vector<UnitDeclaration> powers{declared("u0")};
  std::vector<UnitDeclaration> ratios{declared("r0"), declared("f", "1e90", "1")};
  for (int i = 1; i < 40; ++i) {
    const std::string n = std::to_string(i);
    const std::string below = std::to_string(i - 1);
    powers.push_back(declared(("u" + n).c_str(), "1", ("u" + below + "*u" + below).c_str()));
    ratios.push_back(
        declared(("f" + n).c_str(), "1", i == 1 ? "f*f" : ("f" + below + "*f" + below).c_str()));
  }
  EXPECT_FALSE(UnitCatalogue::from_declarations(powers));
  EXPECT_FALSE(UnitCatalogue::from_declarations(ratios));
}

TEST(Unit, CombinesInsideAFormula) {
  const UnitCatalogue units = catalogue();
  const auto unit = [&](const char* text) { return units.parse(text).value(); };
  const Unit heat = product(unit("t"), unit("GJ/t"));
  EXPECT_EQ(heat.text, "t*GJ/t");
  EXPECT_TRUE(heat.converts_to(unit("GJ")));
  const Unit quot = quotient(unit("tC"), unit("kg/MWh"));
  EXPECT_EQ(quot.text, "tC/kg*MWh");
  EXPECT_EQ(quot.dimension, unit(quot.text.c_str()).dimension);
  EXPECT_EQ(quot.ratio, unit(quot.text.c_str()).ratio);
  EXPECT_EQ(product(unit("1"), unit("kg")).text, "kg");
  EXPECT_EQ(quotient(unit("1"), unit("kg")).text, "1/kg");
  EXPECT_EQ(quotient(unit("kg"), unit("1")).text, "kg");
}

TEST(Unit, TakesPowersAndRoots) {
  const UnitCatalogue units = catalogue();
  const Unit cube = power(units.parse("kg/h").value(), -3);
  EXPECT_EQ(cube.text, "1/kg*h/kg*h/kg*h");
  EXPECT_EQ(cube.dimension.to_string(), "h^3/t^3");
  EXPECT_EQ(cube.ratio, Number(1000000000));
  EXPECT_FALSE(cube.dimension.root().has_value());
  const Unit square = power(units.parse("kg/h").value(), 2);
  EXPECT_EQ(square.dimension.root()->to_string(), "t/h");
  EXPECT_TRUE(power(square, 0).dimension.is_plain());
  EXPECT_TRUE(power_fits(square, 50));
  EXPECT_FALSE(power_fits(square, 51));
  // A plain number has no exponent to bound, only its ratio: growth over a year of days is a power.
  EXPECT_EQ(power(units.parse("1").value(), -365).text, "1");
  EXPECT_EQ(power(units.parse("%").value(), 365).ratio, Number::power_of_ten(-730));
  EXPECT_FALSE(power_fits(units.parse("%").value(), 65536));
}

}  // namespace
}  // namespace qz::exact
