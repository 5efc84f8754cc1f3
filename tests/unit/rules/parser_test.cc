// Parser: formulas to trees, shown fully bracketed; and what is no formula, with message and place.

#include "rules/parser.h"

#include <gtest/gtest.h>

#include "support/expression_text.h"

namespace qz::rules {
namespace {

const base::Place kOrigin{"pack.json", 7, 20};

struct TreeCase {
  const char* name;
  const char* formula;
  const char* tree;
};

const TreeCase kTrees[] = {
    // Operands.
    {"Number", "12", "12"},
    {"Decimal", "0.2500", "0.25"},
    {"Exponent", "1.5e3", "1500"},
    {"NumberWithUnit", "12 [ t/GJ ]", "12[t/GJ]"},
    {"Text", R"("a \"b\" \\")", R"("a \"b\" \\")"},
    {"Words", "true = false", "(true = false)"},
    {"Null", "x != null", "(x != null)"},
    {"Brackets", "((x))", "x"},
    // References.
    {"Name", "消耗量", "消耗量"},
    {"ColumnOfTable", "unit . capacity", "unit.capacity"},
    {"Call", "max(a, b + 1)", "max(a, (b + 1))"},
    {"CallOfNothing", "now()", "now()"},
    {"Lookup", "fuels(fuel).carbon", "fuels(fuel).carbon"},
    {"At", "regime(\"late\" at deadline + 1[d]).low", "regime(\"late\" at (deadline + 1[d])).low"},
    {"AtAlone", "grid(at start(year)).factor", "grid(at start(year)).factor"},
    {"Filter", "sum(t[c].x)", "sum(t[c].x)"},
    {"FilterWithoutColumn", "count(t[a = 1])", "count(t[(a = 1)])"},
    {"FilterInsideArithmetic", "sum(t[c].x * t.y)", "sum((t[c].x * t.y))"},
    {"FilterInBrackets", "sum((t[c].x))", "sum(t[c].x)"},
    {"FilterInFilter", "sum(t[any(u[k = 1].b)].x)", "sum(t[any(u[(k = 1)].b)].x)"},
    {"This", "sum(t[m between this.m - 11 and this.m].E)",
     "sum(t[(m between (this.m - 11) and this.m)].E)"},
    {"ThisInCallInFilter", "sum(t[a < max(this.b, 2)].E)", "sum(t[(a < max(this.b, 2))].E)"},
    {"WeightedMean", "mean(t[x != null].x, t.w)", "mean(t[(x != null)].x, t.w)"},
    {"RowOfTable", "unit_year(entity, unit, year - 1).emissions",
     "unit_year(entity, unit, (year - 1)).emissions"},
    // Grouping.
    {"SumFromTheLeft", "a - b + c", "((a - b) + c)"},
    {"ProductFromTheLeft", "a / b * c", "((a / b) * c)"},
    {"ProductBeforeSum", "a + b * c", "(a + (b * c))"},
    {"PowerBeforeProduct", "a * b ** 2", "(a * (b ** 2))"},
    {"NegativeExponent", "a ** -2", "(a ** (-2))"},
    {"MinusBindsOneOperand", "-a * b", "((-a) * b)"},
    {"MinusAfterSign", "a * -b - -c", "((a * (-b)) - (-c))"},
    {"MinusOfBrackets", "-(-a)", "(-(-a))"},
    {"PowerOfBrackets", "(-a) ** 2", "((-a) ** 2)"},
    {"ComparisonOfSums", "a + 1 <= b - 1", "((a + 1) <= (b - 1))"},
    {"AndBeforeOr", "a or b and c or d", "((a or (b and c)) or d)"},
    {"BetweenTakesItsAnd", "x between 1 and 2 and y", "((x between 1 and 2) and y)"},
    {"InList", "x in (1, 2, 3 + 4)", "(x in (1, 2, (3 + 4)))"},
    {"InReference", "date in this_year", "(date in (this_year))"},
    {"InColumn", "day in unit.season", "(day in (unit.season))"},
    {"InThis", "any(t[month in this.year].b)", "any(t[(month in (this.year))].b)"},
    {"ComparisonInBrackets", "(a < b) = c", "((a < b) = c)"},
    {"If", "if a then b else c", "(if a then b else c)"},
    {"ElseTakesAll", "if a then b else c + d or e", "(if a then b else ((c + d) or e))"},
    {"ElseIf", "if a then 1 else if b then 2 else 3", "(if a then 1 else (if b then 2 else 3))"},
    {"IfInThen", "if a then if b then 1 else 2 else 3", "(if a then (if b then 1 else 2) else 3)"},
    {"NoSpaces", "a+b*-c", "(a + (b * (-c)))"},
    {"LineBreaks", "a\n + b", "(a + b)"},
};

class Trees : public testing::TestWithParam<TreeCase> {};

TEST_P(Trees, AreBuilt) {
  const auto tree = parse_expression(GetParam().formula, kOrigin);
  ASSERT_TRUE(tree) << tree.failure().message.en;
  EXPECT_EQ(expression_text(**tree), GetParam().tree);
}

TEST_P(Trees, PrintAndParseToThemselves) {
  const auto tree = parse_expression(GetParam().tree, kOrigin);
  ASSERT_TRUE(tree) << tree.failure().message.en;
  EXPECT_EQ(expression_text(**tree), GetParam().tree);
}

INSTANTIATE_TEST_SUITE_P(Table, Trees, testing::ValuesIn(kTrees),
                         [](const auto& row) { return std::string(row.param.name); });

struct RefusalCase {
  const char* name;
  const char* formula;
  std::uint32_t column;  // from 1, in the formula
  const char* message;
};

const RefusalCase kRefusals[] = {
    {"Empty", "", 1, "the formula is empty"},
    {"Blank", "  ", 3, "the formula is empty"},
    {"Unfinished", "a +", 4, "expected a value, found the end of the formula"},
    {"TwoOperators", "a + * b", 5, "expected a value, found \"*\""},
    {"PlusSign", "+a", 1, "a value has no sign +: leave it out"},
    {"NoDigitBeforePoint", ".5", 1, "write a digit before the point: 0.5"},
    {"NoDigitAfterPoint", "1. + 2", 2,
     "a reference has one dot, and a number digits on both sides of it"},
    {"TwoDots", "a.b.c", 4, "a reference has one dot, and a number digits on both sides of it"},
    {"OpenBracket", "(a + b", 7,
     "expected \")\" for the bracket at column 20, found the end of the formula"},
    {"StrayBracket", "a + b)", 6, "nothing is open that \")\" could close"},
    {"TrailingComma", "max(a, )", 8, "expected a value, found \")\""},
    {"Thousands", "1,000", 2,
     "a number has no thousands separators, and a list stands in brackets"},
    {"TwoValues", "a b", 3, "expected an operator or the end of the formula, found \"b\""},
    {"UnitWithoutBrackets", "12 t", 4, "write a unit in brackets: 12[t]; a product with *"},
    {"TooManyDigits", "1e999", 1, nullptr},
    // What people read two ways.
    {"MinusAndPower", "-a ** 2", 4, "-a ** b is read two ways: write (-a) ** b or -(a ** b)"},
    {"PowerOfPower", "a ** b ** c", 8,
     "a ** b ** c is read two ways: write (a ** b) ** c or a ** (b ** c)"},
    {"TwoMinuses", "--a", 2, "two minus signs: write -(-a)"},
    {"ChainedComparison", "a < b < c", 7,
     "comparisons do not chain: write a < b and b < c, or put one in brackets"},
    {"ChainedIn", "a in (b) = c", 10,
     "comparisons do not chain: write a < b and b < c, or put one in brackets"},
    // Words.
    {"NoThen", "if a else b", 6, "expected \"then\", found \"else\""},
    {"NoElse", "if a then b", 12, "expected \"else\", found the end of the formula"},
    {"IfInside", "1 + if a then b else c", 5,
     "put the \"if\" inside a larger expression in brackets: (if … then … else …)"},
    {"BetweenWithoutAnd", "x between 1, 2", 12, "expected \"and\", found \",\""},
    {"InNumber", "x in 3", 6, "expected \"(\" or a name after \"in\", found \"3\""},
    {"KeywordAsName", "then", 1, "expected a value, found \"then\""},
    {"KeywordAsColumn", "t.in", 3, "expected a name, found \"in\""},
    {"CapitalAnd", "a AND b", 3, "write \"and\" in small letters"},
    {"Is", "a is null", 3, "write \"=\" in place of \"is\""},
    {"NotWithoutBrackets", "not a", 1, "\"not\" is a function: write not(…)"},
    // Lists and rows.
    {"ListOutside", "t[c].x + 1", 2,
     "a list belongs inside an aggregate: write sum(t[…].x) or another one"},
    {"ThisOutside", "this.month", 1, nullptr},
    {"ThisInArguments", "sum(this.month)", 5, nullptr},
    {"ThisAlone", "sum(t[this].x)", 11, "expected \".\", found \"]\""},
    {"FilterAfterColumn", "sum(t.x[c])", 8, "a filter stands after a table's name, once: t[c].x"},
    {"TwoFilters", "sum(t[a][b].x)", 9, "a filter stands after a table's name, once: t[c].x"},
    {"FilterAfterLookup", "sum(t(a)[b].x)", 9,
     "a filter stands after a table's name, once: t[c].x"},
    {"FilterAlone", "[a]", 1, "a unit stands after a number, a filter after a table's name"},
    {"OpenFilter", "sum(t[a)", 8, "expected \"]\" for the bracket at column 25, found \")\""},
    {"AtTwice", "f(a at b at c)", 10, "expected \")\" for the bracket at column 21, found \"at\""},
    // The lexer's sentence stands where its token is met, not before.
    {"EarlierProblemFirst", "a b ！", 3,
     "expected an operator or the end of the formula, found \"b\""},
    {"BadToken", "碳 == b", 3, "\"==\" is no sign of a formula: write ="},
};

class Refusals : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refusals, SayWhatAndWhere) {
  const RefusalCase& row = GetParam();
  const auto tree = parse_expression(row.formula, kOrigin);
  ASSERT_FALSE(tree);
  const base::Finding& found = tree.failure();
  EXPECT_EQ(found.code, "malformed-formula");
  EXPECT_EQ(found.place.file, "pack.json");
  EXPECT_EQ(found.place.line, 7u);
  EXPECT_EQ(found.place.column, 19 + row.column);
  if (row.message != nullptr) {
    EXPECT_EQ(found.message.en, row.message);
  }
  EXPECT_FALSE(found.message.en.empty());
  EXPECT_FALSE(found.message.zh.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, Refusals, testing::ValuesIn(kRefusals),
                         [](const auto& row) { return std::string(row.param.name); });

std::string repeated(std::string_view text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

TEST(ParserLimits, NestingIsBounded) {
  const auto nested = [](int n) { return repeated("(", n) + "a" + repeated(")", n); };
  EXPECT_TRUE(parse_expression(nested(kNestingMax - 1), kOrigin));
  EXPECT_FALSE(parse_expression(nested(kNestingMax), kOrigin));
  EXPECT_FALSE(parse_expression(repeated("(", 60000), kOrigin));
  EXPECT_FALSE(parse_expression(repeated("f(", 30000), kOrigin));
  EXPECT_FALSE(parse_expression(repeated("f(at ", 12000), kOrigin));
  EXPECT_FALSE(parse_expression(repeated("if ", 20000), kOrigin));
  EXPECT_FALSE(parse_expression(repeated("-(", 30000), kOrigin));
  EXPECT_FALSE(parse_expression("sum(" + repeated("t[", 30000), kOrigin));
  EXPECT_FALSE(parse_expression(repeated("a in b(", 9000), kOrigin));
}

TEST(ParserLimits, ChainsAreBounded) {
  const auto chain = [](int n) { return "a" + repeated("+a", n); };
  const auto tree = parse_expression(chain(kHeightMax - 1), kOrigin);
  ASSERT_TRUE(tree);
  EXPECT_EQ((*tree)->height, kHeightMax);
  const auto refused = parse_expression(chain(kHeightMax), kOrigin);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().message.en,
            "the formula has too many parts: split it into several columns");
  EXPECT_FALSE(parse_expression(chain(30000), kOrigin));
}

TEST(ParserLimits, LengthIsBounded) {
  EXPECT_TRUE(parse_expression("a" + std::string(kFormulaBytesMax - 1, ' '), kOrigin));
  EXPECT_FALSE(parse_expression("a" + std::string(kFormulaBytesMax, ' '), kOrigin));
}

TEST(ParserPlaces, PointAtNamesAndSigns) {
  const auto tree = parse_expression("碳 + fuels(fuel).carbon", kOrigin);
  ASSERT_TRUE(tree);
  EXPECT_EQ((*tree)->place.column, 22u);
  EXPECT_EQ((*tree)->operands[0]->place.column, 20u);
  EXPECT_EQ((*tree)->operands[1]->place.column, 24u);
  EXPECT_EQ((*tree)->operands[1]->arguments[0]->place.column, 30u);
  EXPECT_EQ((*tree)->operands[1]->column_place.column, 36u);
}

TEST(ParserPlaces, CountFromOneWhereTheOriginIsUnknown) {
  const auto tree = parse_expression("a +", {});
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.failure().place.column, 4u);
}

struct NameCase {
  const char* text;
  bool name;
};

const NameCase kNames[] = {
    {"a", true},    {"_", true},     {"消耗量", true}, {"C_ad2", true}, {"", false},
    {"2a", false},  {"a b", false},  {" a", false},    {"a ", false},   {"a-b", false},
    {"if", false},  {"this", false}, {"If", true},     {"not", true},   {"a.b", false},
    {"a\"", false}, {"\xFF", false}, {"ａ", true},     {"a（", false},  {"CO₂", false},
};

TEST(Names, AreWordsOfLetters) {
  for (const NameCase& row : kNames) EXPECT_EQ(is_name(row.text), row.name) << row.text;
}

}  // namespace
}  // namespace qz::rules
