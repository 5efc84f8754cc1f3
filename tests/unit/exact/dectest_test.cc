// Conformance: Cowlishaw's decimal cases, read from $QZ_FIXTURES/decimal; skipped where absent.
//
// A case of those files computes in a context of limited precision. Here the operation is exact and
// round() then gives the context's digits, so a case applies if its operands are finite, its answer
// owes nothing to a limited exponent, and its rounding mode is one of ours or does not matter.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "exact/decimal.h"
#include "exact/number.h"
#include "exact/rounding.h"
#include "unit/exact/show.h"

namespace qz::exact {
namespace {

struct Context {
  int precision = 9;
  std::string rounding = "half_up";
};

struct Case {
  std::string id;
  std::string operation;
  std::vector<std::string> operands;
  std::string result;
  std::vector<std::string> conditions;

  bool has(const std::string& condition) const {
    return std::find(conditions.begin(), conditions.end(), condition) != conditions.end();
  }
};

// A finite operand, which may lack digits on one side of the point; empty if it is not finite, or
// of an exponent that only a floating format can hold.
struct Operand {
  Number value;
  int exponent = 0;
};

std::optional<Operand> operand(std::string text) {
  const std::size_t e = std::min(text.find_first_of("eE"), text.size());
  std::string digits = text.substr(0, e);
  int exponent = 0;
  if (e < text.size()) {
    if (text.size() - e > 7) return {};
    exponent = std::atoi(text.c_str() + e + 1);
  }
  const std::size_t point = digits.find('.');
  if (point != std::string::npos) {
    exponent -= static_cast<int>(digits.size() - point - 1);
    digits.erase(point, 1);
  }
  const std::optional<Decimal> coefficient = parse_decimal(digits);
  if (!coefficient || std::abs(exponent) > 20000) return {};
  return Operand{coefficient->value * Number::power_of_ten(exponent), exponent};
}

std::optional<Rounding> mode_of(const std::string& name) {
  std::string ours = name;
  std::replace(ours.begin(), ours.end(), '_', '-');
  return parse_rounding(ours);
}

std::vector<std::string> tokens_of(const std::string& line) {
  std::vector<std::string> out;
  std::size_t i = 0;
  while (i < line.size()) {
    if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
      ++i;
    } else if (line.compare(i, 2, "--") == 0) {
      break;
    } else if (line[i] == '\'' || line[i] == '"') {
      const std::size_t end = line.find(line[i], i + 1);
      out.push_back(line.substr(i + 1, end - i - 1));
      i = end == std::string::npos ? line.size() : end + 1;
    } else {
      const std::size_t end = std::min(line.find_first_of(" \t\r", i), line.size());
      out.push_back(line.substr(i, end - i));
      i = end;
    }
  }
  return out;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::optional<Case> case_of(const std::vector<std::string>& tokens) {
  const auto arrow = std::find(tokens.begin(), tokens.end(), "->");
  if (arrow == tokens.end() || arrow + 1 == tokens.end() || arrow - tokens.begin() < 3) return {};
  return Case{tokens[0],
              lower(tokens[1]),
              {tokens.begin() + 2, arrow},
              arrow[1],
              {arrow + 2, tokens.end()}};
}

// The exact result, and the rule that the case rounds it by.
struct Outcome {
  Number exact;
  RoundingRule rule;
};

std::optional<Outcome> outcome(const Case& row, const Context& context) {
  std::vector<Operand> given;
  for (const std::string& text : row.operands) {
    const std::optional<Operand> next = operand(text);
    if (!next) return {};
    given.push_back(*next);
  }
  Outcome out;
  out.rule = {context.precision, Rounding::kDown, true};
  const Number& a = given.front().value;
  const Number& b = given.back().value;
  const std::string& op = row.operation;
  if (op == "add") {
    out.exact = a + b;
  } else if (op == "subtract") {
    out.exact = a - b;
  } else if (op == "multiply") {
    out.exact = a * b;
  } else if (op == "divide" && !b.is_zero()) {
    out.exact = a / b;
  } else if (op == "compare") {
    out.exact = (a > b ? 1 : 0) - (a < b ? 1 : 0);
  } else if (op == "plus" || op == "reduce") {
    out.exact = a;
  } else if (op == "minus") {
    out.exact = -a;
  } else if (op == "abs") {
    out.exact = a.abs();
  } else if (op == "quantize") {
    out.exact = a;
    out.rule = {-given.back().exponent, Rounding::kDown, false};
  } else {
    return {};
  }
  return out;
}

constexpr const char* kOfLimitedExponents[] = {"Overflow", "Underflow", "Subnormal", "Clamped"};

// True if the case applied; checks it then.
bool check(const Case& row, const Context& context) {
  for (const char* condition : kOfLimitedExponents) {
    if (row.has(condition)) return false;
  }
  const std::optional<Operand> expected = operand(row.result);
  std::optional<Outcome> out = outcome(row, context);
  if (!expected || !out) return false;
  const std::optional<Rounding> mode = mode_of(context.rounding);
  const bool inexact = round(out->exact, out->rule) != out->exact;
  if (inexact && !mode) return false;
  out->rule.mode = mode.value_or(Rounding::kDown);
  const Number rounded = round(out->exact, out->rule);
  EXPECT_EQ(rounded, expected->value) << row.id << " " << out->rule.to_string();
  EXPECT_EQ(inexact, row.has("Inexact")) << row.id;
  if (row.operation == "quantize" && expected->exponent <= 0) {
    std::string text = row.result;
    if (text.find_first_of("eE") == std::string::npos && !rounded.is_zero()) {
      EXPECT_EQ(decimal_text(rounded, places_after(rounded, out->rule)), text) << row.id;
    }
  }
  return true;
}

struct FileCase {
  const char* name;
  int applied_min;
};

class DecTest : public testing::TestWithParam<FileCase> {};

TEST_P(DecTest, GivesTheSameDigits) {
  const char* const fixtures = std::getenv("QZ_FIXTURES");
  if (fixtures == nullptr) GTEST_SKIP() << "QZ_FIXTURES is not set";
  const std::filesystem::path path =
      std::filesystem::path(fixtures) / "decimal" / (std::string(GetParam().name) + ".decTest");
  std::ifstream file(path);
  if (!file) GTEST_SKIP() << path << " is absent";
  Context context;
  int cases = 0;
  int applied = 0;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> tokens = tokens_of(line);
    if (tokens.size() >= 2 && lower(tokens[0]) == "precision:") {
      context.precision = std::atoi(tokens[1].c_str());
    } else if (tokens.size() >= 2 && lower(tokens[0]) == "rounding:") {
      context.rounding = lower(tokens[1]);
    } else if (const std::optional<Case> row = case_of(tokens)) {
      ++cases;
      if (check(*row, context)) ++applied;
    }
  }
  std::cout << GetParam().name << ": " << applied << " of " << cases << " cases apply\n";
  RecordProperty("applied", applied);
  EXPECT_GE(applied, GetParam().applied_min);
}

constexpr FileCase kFiles[] = {
    {"add", 300},      {"compare", 300}, {"divide", 300},   {"multiply", 200},
    {"quantize", 300}, {"reduce", 100},  {"rounding", 300}, {"subtract", 300},
};

INSTANTIATE_TEST_SUITE_P(Files, DecTest, testing::ValuesIn(kFiles),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace qz::exact
