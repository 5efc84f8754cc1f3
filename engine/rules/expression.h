// Expression: a formula as written, parsed but not yet resolved: names are still names.
//
// The tree follows the grammar of docs/reference/packs.md; every node knows its place, so that a
// message about a name points at that name.

#ifndef QZ_RULES_EXPRESSION_H_
#define QZ_RULES_EXPRESSION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/place.h"
#include "exact/number.h"

namespace qz::rules {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

enum class ExpressionKind : std::uint8_t {
  kNumber,  // number, unit (text in brackets, "" if none)
  kText,    // text
  kTrue,
  kFalse,
  kNull,
  kIf,  // operands: condition, then, else
  kOr,  // operands: left, right
  kAnd,
  kEqual,  // operands: left, right; likewise the comparisons below
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kBetween,  // operands: value, low, high
  kIn,       // operands: value, choices…  ("in (a, b)", or "in reference": one choice)
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kPower,      // operands: base, exponent (a kNegate around the exponent where written)
  kNegate,     // operand
  kReference,  // name, or table.column, or name(arguments), or name(arguments).column,
               // or name[filter], or name[filter].column, or this.column
};

struct Expression {
  ExpressionKind kind = ExpressionKind::kNull;
  base::Place place;  // of an operator its sign, otherwise the first character
  // Levels of the tree from here down, at most kHeightMax of parser.h: who walks a tree may
  // recurse.
  std::uint16_t height = 1;
  std::vector<ExpressionPtr> operands;

  exact::Number number;  // kNumber
  std::string unit;      // kNumber: the unit in brackets, as written
  std::string text;      // kText

  // kReference
  bool of_this = false;        // this.column: `column` holds the name
  std::string name;            // the first name
  bool has_arguments = false;  // name(…): function, factor table or table row
  std::vector<ExpressionPtr> arguments;
  ExpressionPtr at;      // name(… at date)
  ExpressionPtr filter;  // name[…]; only as (part of) an argument of a function
  std::string column;    // after the dot; empty if none
  base::Place column_place;
};

}  // namespace qz::rules

#endif  // QZ_RULES_EXPRESSION_H_
