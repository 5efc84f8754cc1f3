// expression_text: a formula's tree in one canonical, fully bracketed form, for tests.
//
// The form is itself a formula of the grammar, and parsing it gives the same tree.

#ifndef QZ_TESTS_SUPPORT_EXPRESSION_TEXT_H_
#define QZ_TESTS_SUPPORT_EXPRESSION_TEXT_H_

#include <string>

#include "rules/expression.h"

namespace qz::rules {

inline const char* operator_sign(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::kOr:
      return " or ";
    case ExpressionKind::kAnd:
      return " and ";
    case ExpressionKind::kEqual:
      return " = ";
    case ExpressionKind::kNotEqual:
      return " != ";
    case ExpressionKind::kLess:
      return " < ";
    case ExpressionKind::kLessEqual:
      return " <= ";
    case ExpressionKind::kGreater:
      return " > ";
    case ExpressionKind::kGreaterEqual:
      return " >= ";
    case ExpressionKind::kAdd:
      return " + ";
    case ExpressionKind::kSubtract:
      return " - ";
    case ExpressionKind::kMultiply:
      return " * ";
    case ExpressionKind::kDivide:
      return " / ";
    case ExpressionKind::kPower:
      return " ** ";
    default:
      return nullptr;
  }
}

std::string expression_text(const Expression& tree);

inline std::string quoted_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

inline std::string reference_text(const Expression& tree) {
  if (tree.of_this) return "this." + tree.column;
  std::string out = tree.name;
  if (tree.has_arguments) {
    out += '(';
    for (const ExpressionPtr& argument : tree.arguments) {
      if (out.back() != '(') out += ", ";
      out += expression_text(*argument);
    }
    if (tree.at != nullptr) out += (out.back() == '(' ? "at " : " at ") + expression_text(*tree.at);
    out += ')';
  }
  if (tree.filter != nullptr) out += "[" + expression_text(*tree.filter) + "]";
  if (!tree.column.empty()) out += "." + tree.column;
  return out;
}

inline std::string choices_text(const Expression& tree) {
  std::string out;
  for (std::size_t i = 1; i < tree.operands.size(); ++i) {
    out += (i == 1 ? "" : ", ") + expression_text(*tree.operands[i]);
  }
  return out;
}

inline std::string expression_text(const Expression& tree) {
  const auto part = [&](std::size_t i) { return expression_text(*tree.operands.at(i)); };
  switch (tree.kind) {
    case ExpressionKind::kNumber:
      return tree.number.to_string() + (tree.unit.empty() ? "" : "[" + tree.unit + "]");
    case ExpressionKind::kText:
      return quoted_text(tree.text);
    case ExpressionKind::kTrue:
      return "true";
    case ExpressionKind::kFalse:
      return "false";
    case ExpressionKind::kNull:
      return "null";
    case ExpressionKind::kIf:
      return "(if " + part(0) + " then " + part(1) + " else " + part(2) + ")";
    case ExpressionKind::kBetween:
      return "(" + part(0) + " between " + part(1) + " and " + part(2) + ")";
    case ExpressionKind::kIn:
      return "(" + part(0) + " in (" + choices_text(tree) + "))";
    case ExpressionKind::kNegate:
      return "(-" + part(0) + ")";
    case ExpressionKind::kReference:
      return reference_text(tree);
    default:
      return "(" + part(0) + operator_sign(tree.kind) + part(1) + ")";
  }
}

}  // namespace qz::rules

#endif  // QZ_TESTS_SUPPORT_EXPRESSION_TEXT_H_
