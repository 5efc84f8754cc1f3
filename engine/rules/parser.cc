// Parser: recursive descent, one function for each line of the grammar, in its order.
//
// (1) The first thing wrong ends it, and failure_ keeps that; a null ExpressionPtr means "failed".
// (2) Nesting is counted wherever the grammar recurses, so the stack is bounded for any bytes.
// (3) A filter name[…] is taken anywhere inside the brackets of a function, so that
//     sum(t[c].x * t.y) can be written; whether the function takes a list is told later, by type.
//
// Columns count the characters of the decoded text: a JSON escape inside it (\" is two characters
// in the file) moves what follows on that line by one, since the JSON value knows only its start.

#include "rules/parser.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <utility>
#include <vector>

#include "exact/decimal.h"
#include "rules/lexer.h"

namespace qz::rules {
namespace {

constexpr std::array<std::string_view, 12> kKeywords = {
    "if", "then", "else", "and", "or", "between", "in", "at", "true", "false", "null", "this"};

struct Operator {
  std::string_view sign;
  ExpressionKind kind;
};

constexpr std::array<Operator, 6> kComparisons = {{{"=", ExpressionKind::kEqual},
                                                   {"!=", ExpressionKind::kNotEqual},
                                                   {"<", ExpressionKind::kLess},
                                                   {"<=", ExpressionKind::kLessEqual},
                                                   {">", ExpressionKind::kGreater},
                                                   {">=", ExpressionKind::kGreaterEqual}}};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// What stands there, for a message.
base::Bilingual described(const Token& token) {
  switch (token.kind) {
    case TokenKind::kEnd:
      return {"the end of the formula", "公式结尾"};
    case TokenKind::kText:
      return {"the text \"" + token.text + "\"", "文本“" + token.text + "”"};
    case TokenKind::kUnit:
      return {"a unit", "单位"};
    default:
      return {"\"" + token.text + "\"", "“" + token.text + "”"};
  }
}

class Parser {
 public:
  Parser(std::string_view text, const base::Place& origin)
      : origin_(origin), tokens_(tokenize(text)) {}

  base::Result<ExpressionPtr> run() {
    if (token().kind == TokenKind::kEnd) fail("the formula is empty", "公式为空");
    ExpressionPtr tree = failed_ ? nullptr : expression();
    if (tree != nullptr && token().kind != TokenKind::kEnd) fail_at_rest();
    if (failed_ || tree == nullptr) return failure_;
    return tree;
  }

 private:
  using Rule = ExpressionPtr (Parser::*)();

  // Counts one level of nesting for as long as it lives.
  class Level {
   public:
    explicit Level(Parser& parser) : depth_(parser.depth_) {
      if (++depth_ <= kNestingMax) return;
      const std::string most = std::to_string(kNestingMax);
      parser.fail("more than " + most + " levels within one another: give the inner part a column",
                  "嵌套超过 " + most + " 层，请把内层部分另设一列");
    }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    int& depth_;
  };

  // --- tokens ---

  const Token& token() const { return tokens_[at_]; }

  bool peek(std::string_view sign) const {
    const bool fixed = token().kind == TokenKind::kMark || token().kind == TokenKind::kWord;
    return fixed && token().text == sign;
  }

  bool take(std::string_view sign) {
    if (!peek(sign)) return false;
    ++at_;
    return true;
  }

  bool need(std::string_view sign) {
    if (take(sign)) return true;
    const std::string wanted(sign);
    fail_found("expected \"" + wanted + "\"", "此处应为“" + wanted + "”");
    return false;
  }

  // The bracket that closes the one at `open`.
  bool close(std::string_view sign, const Token& open) {
    if (take(sign)) return true;
    const std::string wanted(sign);
    const std::string column = std::to_string(place_of(open).column);
    fail_found("expected \"" + wanted + "\" for the bracket at column " + column,
               "此处应为“" + wanted + "”，与第 " + column + " 列的括号配对");
    return false;
  }

  base::Place place_of(const Token& at) const {
    base::Place out = origin_;
    out.column = std::max<std::uint32_t>(1, origin_.column) + at.offset;
    return out;
  }

  // --- failures ---

  void fail_at(const Token& at, std::string en, std::string zh) {
    if (failed_) return;
    failed_ = true;
    if (at.kind == TokenKind::kBad) std::tie(en, zh) = std::tie(at.message.en, at.message.zh);
    failure_ = base::failure("malformed-formula", place_of(at), std::move(en), std::move(zh));
  }
  void fail(std::string en, std::string zh) { fail_at(token(), std::move(en), std::move(zh)); }
  void fail_found(const std::string& en, const std::string& zh) {
    const base::Bilingual found = described(token());
    fail(en + ", found " + found.en, zh + "，却是" + found.zh);
  }

  // A whole expression has been read and something follows: say what people usually meant.
  void fail_at_rest() {
    const Token& before = tokens_[at_ - 1];
    const std::string word = lower(token().text);
    const bool name = token().kind == TokenKind::kName;
    if (name && is_keyword(word)) {
      return fail("write \"" + word + "\" in small letters", "请用小写“" + word + "”");
    }
    if (name && word == "is") return fail("write \"=\" in place of \"is\"", "请用“=”代替“is”");
    if (before.kind == TokenKind::kName && before.text == "not") {
      return fail_at(before, "\"not\" is a function: write not(…)", "“not”是函数，请写 not(…)");
    }
    if (name && before.kind == TokenKind::kNumber) {
      return fail(
          "write a unit in brackets: " + before.text + "[" + token().text + "]; a product with *",
          "单位请写在方括号中：" + before.text + "[" + token().text + "]；相乘请写 *");
    }
    if (peek(",") && before.kind == TokenKind::kNumber) {
      return fail("a number has no thousands separators, and a list stands in brackets",
                  "数字不用千分位分隔符，多个值须写在括号内");
    }
    if (peek("]") || peek(")")) {
      return fail("nothing is open that " + described(token()).en + " could close",
                  described(token()).zh + "没有对应的左括号");
    }
    if (peek(".")) {
      return fail("a reference has one dot, and a number digits on both sides of it",
                  "引用只有一个点，小数点两侧都要有数字");
    }
    fail_found("expected an operator or the end of the formula", "此处应为运算符或公式结尾");
  }

  // --- trees ---

  ExpressionPtr make(ExpressionKind kind, const Token& at) const {
    auto out = std::make_unique<Expression>();
    out->kind = kind;
    out->place = place_of(at);
    return out;
  }

  // Makes `child` a part of `parent`. False if there is none, or the tree has grown too high.
  bool adopt(Expression& parent, const ExpressionPtr& child) {
    if (child == nullptr) return false;
    parent.height = std::max<std::uint16_t>(parent.height, child->height + 1);
    if (parent.height <= kHeightMax) return true;
    fail("the formula has too many parts: split it into several columns",
         "公式的组成部分过多，请拆成几列");
    return false;
  }

  ExpressionPtr join(ExpressionPtr parent, ExpressionPtr left, ExpressionPtr right) {
    if (!adopt(*parent, left) || !adopt(*parent, right)) return nullptr;
    parent->operands.push_back(std::move(left));
    parent->operands.push_back(std::move(right));
    return parent;
  }

  // operand { sign operand }, grouped from the left.
  ExpressionPtr chain(Rule part, std::initializer_list<Operator> operators) {
    ExpressionPtr left = (this->*part)();
    while (left != nullptr) {
      const auto* found = std::find_if(operators.begin(), operators.end(),
                                       [this](const Operator& o) { return peek(o.sign); });
      if (found == operators.end()) break;
      ExpressionPtr node = make(found->kind, token());
      ++at_;
      left = join(std::move(node), std::move(left), (this->*part)());
    }
    return left;
  }

  // --- the grammar ---

  ExpressionPtr expression() {
    const Level level(*this);
    if (failed_) return nullptr;
    if (!peek("if")) return or_expression();
    ExpressionPtr out = make(ExpressionKind::kIf, token());
    for (const std::string_view word : {"if", "then", "else"}) {
      if (!need(word)) return nullptr;
      ExpressionPtr part = expression();
      if (!adopt(*out, part)) return nullptr;
      out->operands.push_back(std::move(part));
    }
    return out;
  }

  ExpressionPtr or_expression() {
    return chain(&Parser::and_expression, {{"or", ExpressionKind::kOr}});
  }
  ExpressionPtr and_expression() { return chain(&Parser::test, {{"and", ExpressionKind::kAnd}}); }
  ExpressionPtr sum() {
    return chain(&Parser::product, {{"+", ExpressionKind::kAdd}, {"-", ExpressionKind::kSubtract}});
  }
  ExpressionPtr product() {
    return chain(&Parser::power,
                 {{"*", ExpressionKind::kMultiply}, {"/", ExpressionKind::kDivide}});
  }

  const Operator* comparison() const {
    const auto* found = std::find_if(kComparisons.begin(), kComparisons.end(),
                                     [this](const Operator& o) { return peek(o.sign); });
    return found == kComparisons.end() ? nullptr : found;
  }

  ExpressionPtr test() {
    ExpressionPtr left = sum();
    if (left == nullptr) return nullptr;
    const Operator* found = comparison();
    if (found == nullptr && !peek("between") && !peek("in")) return left;
    if (peek("between")) {
      left = between(std::move(left));
    } else if (peek("in")) {
      left = in(std::move(left));
    } else {
      ExpressionPtr node = make(found->kind, token());
      ++at_;
      left = join(std::move(node), std::move(left), sum());
    }
    if (left != nullptr && (comparison() != nullptr || peek("between") || peek("in"))) {
      fail("comparisons do not chain: write a < b and b < c, or put one in brackets",
           "比较不能连写，请写 a < b and b < c，或给其中一个加括号");
      return nullptr;
    }
    return left;
  }

  ExpressionPtr between(ExpressionPtr value) {
    ExpressionPtr out = make(ExpressionKind::kBetween, token());
    ++at_;
    ExpressionPtr low = sum();
    if (low == nullptr || !need("and")) return nullptr;
    out = join(std::move(out), std::move(value), std::move(low));
    if (out == nullptr) return nullptr;
    ExpressionPtr high = sum();
    if (!adopt(*out, high)) return nullptr;
    out->operands.push_back(std::move(high));
    return out;
  }

  ExpressionPtr in(ExpressionPtr value) {
    ExpressionPtr out = make(ExpressionKind::kIn, token());
    ++at_;
    if (!adopt(*out, value)) return nullptr;
    out->operands.push_back(std::move(value));
    const Token& open = token();
    const bool listed = take("(");
    if (!listed && token().kind != TokenKind::kName && !peek("this")) {
      fail_found("expected \"(\" or a name after \"in\"", "“in”之后应为“(”或名称");
      return nullptr;
    }
    do {
      ExpressionPtr choice = listed ? sum() : reference();
      if (!adopt(*out, choice)) return nullptr;
      out->operands.push_back(std::move(choice));
    } while (listed && take(","));
    if (listed && !close(")", open)) return nullptr;
    return out;
  }

  ExpressionPtr power() {
    if (peek("-")) return negation();
    ExpressionPtr base = operand();
    if (base == nullptr || !peek("**")) return base;
    ExpressionPtr out = make(ExpressionKind::kPower, token());
    ++at_;
    out = join(std::move(out), std::move(base), peek("-") ? negated_operand() : operand());
    if (out != nullptr && peek("**")) {
      fail("a ** b ** c is read two ways: write (a ** b) ** c or a ** (b ** c)",
           "a ** b ** c 有两种读法，请写 (a ** b) ** c 或 a ** (b ** c)");
      return nullptr;
    }
    return out;
  }

  ExpressionPtr negated_operand() {
    ExpressionPtr out = make(ExpressionKind::kNegate, token());
    ++at_;
    if (peek("-")) {
      fail("two minus signs: write -(-a)", "连续两个负号请写 -(-a)");
      return nullptr;
    }
    ExpressionPtr value = operand();
    if (!adopt(*out, value)) return nullptr;
    out->operands.push_back(std::move(value));
    return out;
  }

  ExpressionPtr negation() {
    ExpressionPtr out = negated_operand();
    if (out != nullptr && peek("**")) {
      fail("-a ** b is read two ways: write (-a) ** b or -(a ** b)",
           "-a ** b 有两种读法，请写 (-a) ** b 或 -(a ** b)");
      return nullptr;
    }
    return out;
  }

  ExpressionPtr operand() {
    const Token& here = token();
    if (here.kind == TokenKind::kNumber) return number();
    if (here.kind == TokenKind::kName || peek("this")) return reference();
    if (here.kind == TokenKind::kText) {
      ExpressionPtr out = make(ExpressionKind::kText, here);
      out->text = here.text;
      ++at_;
      return out;
    }
    if (take("true")) return make(ExpressionKind::kTrue, here);
    if (take("false")) return make(ExpressionKind::kFalse, here);
    if (take("null")) return make(ExpressionKind::kNull, here);
    if (take("(")) {
      ExpressionPtr inside = expression();
      return inside != nullptr && close(")", here) ? std::move(inside) : nullptr;
    }
    fail_at_operand();
    return nullptr;
  }

  void fail_at_operand() {
    if (peek(".")) return fail("write a digit before the point: 0.5", "小数点前须有数字，如 0.5");
    if (peek("+")) return fail("a value has no sign +: leave it out", "数值前不写正号“+”，请去掉");
    if (peek("if")) {
      return fail("put the \"if\" inside a larger expression in brackets: (if … then … else …)",
                  "较大表达式中的“if”须加括号：(if … then … else …)");
    }
    if (peek("[")) {
      return fail("a unit stands after a number, a filter after a table's name",
                  "单位写在数字之后，筛选条件写在表名之后");
    }
    fail_found("expected a value", "此处应为数值、文本、名称或括号");
  }

  ExpressionPtr number() {
    const Token& here = token();
    exact::DecimalProblem problem = exact::DecimalProblem::kNone;
    const auto decimal = exact::parse_decimal(here.text, &problem);
    if (!decimal) {
      fail("\"" + here.text + "\" " + exact::decimal_advice(here.text, problem),
           "“" + here.text + "”" + exact::decimal_advice(here.text, problem, true));
      return nullptr;
    }
    ExpressionPtr out = make(ExpressionKind::kNumber, here);
    out->number = decimal->value;
    ++at_;
    if (token().kind == TokenKind::kUnit) {
      out->unit = token().text;
      ++at_;
    }
    return out;
  }

  bool name(std::string& out) {
    if (token().kind != TokenKind::kName) {
      fail_found("expected a name", "此处应为名称");
      return false;
    }
    out = token().text;
    ++at_;
    return true;
  }

  bool column(Expression& reference) {
    reference.column_place = place_of(token());
    return name(reference.column);
  }

  ExpressionPtr reference() {
    ExpressionPtr out = make(ExpressionKind::kReference, token());
    if (peek("this")) return this_column(std::move(out));
    if (!name(out->name)) return nullptr;
    if (peek("(") && !arguments(*out)) return nullptr;
    if (!out->has_arguments && peek("[") && !filter(*out)) return nullptr;
    if (take(".") && !column(*out)) return nullptr;
    if (peek("[")) {
      fail("a filter stands after a table's name, once: t[c].x",
           "筛选条件写在表名之后，且只写一次：t[c].x");
      return nullptr;
    }
    return out;
  }

  ExpressionPtr this_column(ExpressionPtr out) {
    if (filters_ == 0) {
      fail(
          "\"this\" belongs inside [ ], where it is the row being computed: here write the "
          "column's "
          "name alone",
          "“this”只用于 [ ] 内，指正在计算的行；此处直接写列名");
      return nullptr;
    }
    ++at_;
    out->of_this = true;
    return need(".") && column(*out) ? std::move(out) : nullptr;
  }

  bool arguments(Expression& call) {
    const Token& open = token();
    ++at_;
    call.has_arguments = true;
    ++calls_;
    if (!peek(")") && !peek("at")) {
      do {
        ExpressionPtr argument = expression();
        if (!adopt(call, argument)) return false;
        call.arguments.push_back(std::move(argument));
      } while (take(","));
    }
    if (take("at")) {
      const Level level(*this);
      call.at = failed_ ? nullptr : sum();
      if (!adopt(call, call.at)) return false;
    }
    --calls_;
    return close(")", open);
  }

  bool filter(Expression& list) {
    const Token& open = token();
    if (calls_ == 0) {
      fail("a list belongs inside an aggregate: write sum(" + list.name + "[…].x) or another one",
           "列表须放在聚合函数内，如 sum(" + list.name + "[…].x)");
      return false;
    }
    ++at_;
    ++filters_;
    list.filter = expression();
    --filters_;
    return adopt(list, list.filter) && close("]", open);
  }

  base::Place origin_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
  int calls_ = 0;    // brackets of functions and tables around here
  int filters_ = 0;  // filters around here
  bool failed_ = false;
  base::Finding failure_;
};

}  // namespace

base::Result<ExpressionPtr> parse_expression(std::string_view text, const base::Place& origin) {
  if (text.size() > kFormulaBytesMax) {
    const std::string most = std::to_string(kFormulaBytesMax);
    return base::failure("malformed-formula", origin,
                         "the formula is longer than " + most + " bytes: split it into columns",
                         "公式超过 " + most + " 字节，请拆成几列");
  }
  return Parser(text, origin).run();
}

bool is_keyword(std::string_view text) {
  return std::find(kKeywords.begin(), kKeywords.end(), text) != kKeywords.end();
}

bool is_name(std::string_view text) {
  const std::vector<Token> tokens = tokenize(text);
  return tokens.size() == 2 && tokens[0].kind == TokenKind::kName && tokens[0].text == text;
}

}  // namespace qz::rules
