// Type checker: the functions that are no aggregates.

#include <map>

#include "base/nearest_name.h"
#include "rules/function_names.h"
#include "rules/type_checker.h"

namespace qz::rules {

using table::Type;

void TypeChecker::want_arguments(const Expression& from, std::size_t min, std::size_t max) {
  const std::size_t n = from.arguments.size();
  if (n >= min && n <= max) return;
  std::string due = std::to_string(min);
  if (max != min) due += max > 1000 ? " or more" : " to " + std::to_string(max);
  fail("argument-count", from.place,
       from.name + " takes " + due + " arguments, not " + std::to_string(n),
       from.name + " 的参数个数不对");
}

NodeId TypeChecker::function(const Expression& from, const Where& where) {
  const std::string& name = from.name;
  if (!is_function_name(name)) {
    const bool table = visible_table(name).has_value();
    fail("unknown-name", from.place,
         table ? name + "(…) is a row: name a column of it, " + name + "(…).column"
               : "no function \"" + name + "\"" + base::nearest_hint(name, function_names()),
         "没有函数 \"" + name + "\"");
  }
  if (from.at) fail("type-clash", from.place, "\"at\" is for factor tables", "at 只用于因子表");
  if ((name == "min" || name == "max") && from.arguments.size() > 1) {
    return many_values(from, where, name == "min" ? Op::kMinOf : Op::kMaxOf);
  }
  if (is_aggregate_name(name)) return aggregate(from, where);
  if (name == "coalesce") return many_values(from, where, Op::kCoalesce);
  if (name == "round" || name == "floor" || name == "ceiling")
    return rounding_function(from, where);
  if (name == "date") return date_literal(from);
  if (name == "not") {
    want_arguments(from, 1, 1);
    return operation(Op::kNot, {condition(*from.arguments[0], where)}, Type::kBool, from);
  }
  if (name == "last") {
    fail(
        "type-clash", from.place,
        "last(n, …) is a list of rows: it stands in an aggregate, as in max(last(3, table.column))",
        "last(n, …) 是列表，只能用在聚合中，例如 max(last(3, 表.列))");
  }
  if (name == "months" || name == "overlap") return span_function(from, where);
  static const std::map<std::string, Op> kPlain = {{"abs", Op::kAbs},
                                                   {"sqrt", Op::kSquareRoot},
                                                   {"ln", Op::kLogarithm},
                                                   {"exp", Op::kExponential}};
  const auto plain = kPlain.find(name);
  return plain != kPlain.end() ? plain_function(from, where, plain->second)
                               : period_function(from, where);
}

NodeId TypeChecker::plain_function(const Expression& from, const Where& where, Op op) {
  want_arguments(from, 1, 1);
  NodeId value = expression(*from.arguments[0], where);
  want_number(value, from.place);
  exact::Unit result = at(value).unit;
  if (op == Op::kLogarithm || op == Op::kExponential) {
    value = plain_number(value, from.place);
    result = exact::Unit{};
  } else if (op == Op::kSquareRoot) {
    // The root of a ratio need not be a fraction: work in the bases, where every ratio is 1.
    const std::optional<exact::Dimension> root = result.dimension.root();
    if (!root) {
      fail("unit-clash", from.place, "the root of " + result.text + " has no unit",
           result.text + " 的平方根没有单位");
    }
    value = convert(value, {result.dimension.to_string(), result.dimension, exact::Number(1)},
                    from.place);
    result = {root->to_string(), *root, exact::Number(1)};
  }
  const NodeId id = operation(op, {value}, Type::kNumber, from);
  at(id).unit = result;
  return id;
}

NodeId TypeChecker::rounding_function(const Expression& from, const Where& where) {
  const bool rounds = from.name == "round";
  want_arguments(from, rounds ? 2 : 1, rounds ? 3 : 2);
  NodeId value = expression(*from.arguments[0], where);
  want_number(value, from.place);
  std::int64_t n = 0;
  if (rounds) {
    const Expression* digits = from.arguments[1].get();
    const bool negative = digits->kind == ExpressionKind::kNegate;
    if (negative) digits = digits->operands[0].get();
    const std::optional<std::int64_t> whole =
        digits->kind == ExpressionKind::kNumber && digits->unit.empty() ? digits->number.to_int64()
                                                                        : std::nullopt;
    if (!whole || *whole > 100) {
      fail("type-clash", from.arguments[1]->place,
           "round takes a whole number of decimals that is written out",
           "round 的小数位数应为写明的整数");
    }
    n = negative ? -*whole : *whole;
  }
  const std::size_t unit_at = rounds ? 2 : 1;
  if (from.arguments.size() > unit_at) {
    const Expression& named = *from.arguments[unit_at];
    if (named.kind != ExpressionKind::kText) {
      fail("type-clash", named.place, "the unit is written as a text: \"GJ\"",
           "单位应写成文本，例如 \"GJ\"");
    }
    value = convert(value, unit(named.text, named.place), named.place);
  } else {
    const Op op = at(value).op;
    const bool lone = op == Op::kLiteral || op == Op::kColumn || op == Op::kUp ||
                      op == Op::kLookup || op == Op::kFactor;
    const exact::Unit& in = at(value).unit;
    const bool plain = in.dimension.is_plain() && in.ratio == exact::Number(1);
    if (!lone && !plain) {
      fail("unit-clash", from.place,
           from.name + " must say in which unit: add it as the last argument, \"" + in.text + "\"",
           from.name + " 须写明单位（最后一个参数）");
    }
  }
  const Op op = rounds ? Op::kRound : (from.name == "floor" ? Op::kFloor : Op::kCeiling);
  const NodeId id = operation(op, {value}, Type::kNumber, from);
  at(id).unit = at(value).unit;
  at(id).rounding = {static_cast<std::int32_t>(n), edition_.pack->rounding, false};
  return id;
}

NodeId TypeChecker::many_values(const Expression& from, const Where& where, Op op) {
  want_arguments(from, op == Op::kCoalesce ? 1 : 2, 10000);
  std::vector<NodeId> args;
  for (const ExpressionPtr& one : from.arguments) args.push_back(expression(*one, where));
  // The first value that is not the bare null tells the type; every other one must fit it.
  std::size_t shape = 0;
  while (shape + 1 < args.size() && at(args[shape]).is_null) ++shape;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (i != shape) unify(args[shape], args[i], from.arguments[i]->place);
  }
  const Type type = at(args[shape]).type;
  if (op != Op::kCoalesce && (type == Type::kText || type == Type::kBool)) {
    fail("type-clash", from.place, from.name + " takes numbers, dates or periods",
         from.name + " 的参数类型不符");
  }
  const exact::Unit in = at(args[shape]).unit;
  const base::PeriodKind period = at(args[shape]).period;
  const bool is_null = at(args[shape]).is_null;
  const NodeId id = operation(op, std::move(args), type, from);
  at(id).unit = in;
  at(id).period = period;
  at(id).is_null = is_null;
  return id;
}

NodeId TypeChecker::date_literal(const Expression& from) {
  want_arguments(from, 1, 1);
  const Expression& text = *from.arguments[0];
  const std::optional<base::Date> day =
      text.kind == ExpressionKind::kText ? base::Date::parse(text.text) : std::nullopt;
  if (!day) {
    fail("malformed-date", text.place, "date takes a day that is written out: date(\"2022-12-31\")",
         "date 的参数应为写明的日期，例如 date(\"2022-12-31\")");
  }
  const NodeId id = operation(Op::kLiteral, {}, Type::kDate, from);
  at(id).id = day->days();
  return id;
}

// months(from, to) and overlap(from, to, from, to), of dates.
NodeId TypeChecker::span_function(const Expression& from, const Where& where) {
  const bool months = from.name == "months";
  want_arguments(from, months ? 2 : 4, months ? 2 : 4);
  std::vector<NodeId> days;
  for (const ExpressionPtr& one : from.arguments) {
    days.push_back(expression(*one, where));
    const Node& day = at(days.back());
    if (day.type != Type::kDate && !day.is_null) {
      fail("type-clash", one->place, from.name + " takes dates, not " + describe(days.back()),
           from.name + " 的参数应为日期");
    }
  }
  const NodeId id =
      operation(months ? Op::kMonthsBetween : Op::kOverlap, std::move(days), Type::kNumber, from);
  if (!months) at(id).unit = unit("d", from.place);
  return id;
}

NodeId TypeChecker::period_function(const Expression& from, const Where& where) {
  want_arguments(from, 1, 1);
  const NodeId value = expression(*from.arguments[0], where);
  const Node& of = at(value);
  const std::string& name = from.name;
  const bool period = of.type == Type::kPeriod;
  const bool dated = of.type == Type::kDate;
  const bool number = name == "year" || name == "month" || name == "days";
  bool fits = period;
  if (name == "year") fits = dated || (period && of.period <= base::PeriodKind::kYear);
  if (name == "month") fits = dated || (period && of.period <= base::PeriodKind::kMonth);
  if (!fits && !of.is_null) {
    fail("type-clash", from.place, name + " does not take " + describe(value),
         name + " 的参数类型不符");
  }
  static const std::map<std::string, Op> kOps = {{"year", Op::kYearOf},
                                                 {"month", Op::kMonthOf},
                                                 {"start", Op::kStartOf},
                                                 {"end", Op::kEndOf},
                                                 {"days", Op::kDaysOf}};
  const NodeId id = operation(kOps.at(name), {value}, number ? Type::kNumber : Type::kDate, from);
  if (name == "days") at(id).unit = unit("d", from.place);
  return id;
}

}  // namespace qz::rules
