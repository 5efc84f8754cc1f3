// Parser, properties: any tree printed and parsed is itself again; any bytes end in a tree or in
// one finding whose place lies in the text.

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>

#include "rules/parser.h"
#include "support/expression_text.h"

namespace qz::rules {
namespace {

// Builds a tree from a list of choices; when they run out, what is left becomes plain names.
class TreeMaker {
 public:
  explicit TreeMaker(const std::vector<std::uint8_t>& choices) : choices_(choices) {}

  ExpressionPtr make(int depth) {
    const unsigned choice = depth > 12 ? 0 : next();
    if (choice % 3 != 0) return inner(choice / 3, depth);
    return leaf(choice / 3);
  }

 private:
  unsigned next() { return at_ < choices_.size() ? choices_[at_++] : 0; }

  static ExpressionPtr node(ExpressionKind kind) {
    auto out = std::make_unique<Expression>();
    out->kind = kind;
    return out;
  }

  std::string name() {
    const std::array<const char*, 6> names = {"x", "消耗量", "C_ad", "_2", "not", "Größe"};
    return names[next() % names.size()];
  }

  ExpressionPtr leaf(unsigned choice) {
    switch (choice % 6) {
      case 1: {
        ExpressionPtr out = node(ExpressionKind::kNumber);
        out->number = exact::Number::scaled(static_cast<std::int64_t>(next()), next() % 4);
        const std::array<const char*, 4> units = {"", "t", "tCO2/MWh", "10^4 Nm3"};
        out->unit = units[next() % units.size()];
        return out;
      }
      case 2: {
        ExpressionPtr out = node(ExpressionKind::kText);
        const std::array<const char*, 4> texts = {"", "煤 (a)", "\"", "\\ [x]"};
        out->text = texts[next() % texts.size()];
        return out;
      }
      case 3:
        return node(ExpressionKind::kTrue);
      case 4:
        return node(ExpressionKind::kFalse);
      case 5:
        return node(ExpressionKind::kNull);
      default:
        return reference(100);
    }
  }

  ExpressionPtr inner(unsigned choice, int depth) {
    constexpr std::array kPairs = {
        ExpressionKind::kOr,       ExpressionKind::kAnd,          ExpressionKind::kEqual,
        ExpressionKind::kNotEqual, ExpressionKind::kLess,         ExpressionKind::kLessEqual,
        ExpressionKind::kGreater,  ExpressionKind::kGreaterEqual, ExpressionKind::kAdd,
        ExpressionKind::kSubtract, ExpressionKind::kMultiply,     ExpressionKind::kDivide,
        ExpressionKind::kPower};
    choice %= static_cast<unsigned>(kPairs.size()) + 6;
    if (choice < kPairs.size()) return with_operands(kPairs[choice], 2, depth);
    switch (choice - kPairs.size()) {
      case 0:
        return with_operands(ExpressionKind::kIf, 3, depth);
      case 1:
        return with_operands(ExpressionKind::kBetween, 3, depth);
      case 2:
        return with_operands(ExpressionKind::kIn, 2 + next() % 3, depth);
      case 3:
        return with_operands(ExpressionKind::kNegate, 1, depth);
      default:
        return reference(depth);
    }
  }

  ExpressionPtr with_operands(ExpressionKind kind, unsigned count, int depth) {
    ExpressionPtr out = node(kind);
    for (unsigned i = 0; i < count; ++i) out->operands.push_back(make(depth + 1));
    return out;
  }

  ExpressionPtr reference(int depth) {
    ExpressionPtr out = node(ExpressionKind::kReference);
    const unsigned choice = next();
    if (filters_ > 0 && choice % 4 == 3) {
      out->of_this = true;
      out->column = name();
      return out;
    }
    out->name = name();
    if (choice % 4 == 1) out->column = name();
    if (depth > 12) return out;
    if (calls_ > 0 && choice % 4 == 2) {
      ++filters_;
      out->filter = make(depth + 1);
      --filters_;
    } else if (choice % 2 == 0) {
      out->has_arguments = true;
      ++calls_;
      for (unsigned count = next() % 4; count > 0; --count) {
        out->arguments.push_back(make(depth + 1));
      }
      if (next() % 5 == 4) out->at = with_operands(ExpressionKind::kAdd, 2, depth);
      --calls_;
    }
    return out;
  }

  const std::vector<std::uint8_t>& choices_;
  std::size_t at_ = 0;
  int calls_ = 0;
  int filters_ = 0;
};

TEST(ParserProperties, PrintedTreesParseToThemselves) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& choices) {
    const ExpressionPtr tree = TreeMaker(choices).make(0);
    const std::string text = expression_text(*tree);
    const auto parsed = parse_expression(text, {});
    if (!parsed) RC_FAIL(text + ": " + parsed.failure().message.en);
    RC_ASSERT(expression_text(**parsed) == text);
  }));
}

// Pieces of formulas in any order: far more of them get past the first token than random bytes.
TEST(ParserProperties, AnyPiecesEndInATreeOrAFinding) {
  const std::vector<std::string> pieces = {
      "if ",   "then ", "else ", "and ", "or ", "between ", "in ", "at ", "true ",
      "null ", "this",  ".",     "sum(", "t[",  "x",        "(",   ")",   "]",
      ",",     "**",    "-",     "=",    "<",   "12",       "[t]", "\"",  "\\",
      "（",    "碳",    "\xFF",  " ",    "e3",  "//",       "1.5", "max("};
  EXPECT_TRUE(rc::check([&](const std::vector<std::uint8_t>& choices) {
    std::string text;
    for (const std::uint8_t choice : choices) text += pieces[choice % pieces.size()];
    const auto parsed = parse_expression(text, {"f", 1, 1});
    if (parsed) return;
    RC_ASSERT(parsed.failure().code == "malformed-formula");
    RC_ASSERT(!parsed.failure().message.en.empty());
    RC_ASSERT(!parsed.failure().message.zh.empty());
    RC_ASSERT(parsed.failure().place.column >= 1u);
    RC_ASSERT(parsed.failure().place.column <= text.size() + 1);
  }));
}

TEST(ParserProperties, AnyBytesEndInATreeOrAFinding) {
  EXPECT_TRUE(rc::check([](const std::string& text) {
    const auto parsed = parse_expression(text, {});
    if (!parsed) RC_ASSERT(!parsed.failure().message.en.empty());
    RC_ASSERT(is_name(text) <= bool(parsed));
  }));
}

}  // namespace
}  // namespace qz::rules
