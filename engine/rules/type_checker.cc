// Type checker: operators, and the helpers that every subject shares.

#include "rules/type_checker.h"

#include <algorithm>

namespace qz::rules {

using table::Type;

namespace {

const char* type_name(Type type) {
  switch (type) {
    case Type::kNumber:
      return "a number";
    case Type::kText:
      return "a text";
    case Type::kBool:
      return "true or false";
    case Type::kDate:
      return "a date";
    case Type::kPeriod:
      return "a period";
    case Type::kRow:
      return "a row number";
  }
  return "";
}

Op comparison_op(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::kEqual:
      return Op::kEqual;
    case ExpressionKind::kNotEqual:
      return Op::kNotEqual;
    case ExpressionKind::kLess:
      return Op::kLess;
    case ExpressionKind::kLessEqual:
      return Op::kLessEqual;
    case ExpressionKind::kGreater:
      return Op::kGreater;
    default:
      return Op::kGreaterEqual;
  }
}

}  // namespace

std::optional<Typed> check_formula(const CheckScope& scope, const Formula& formula,
                                   const Wanted& wanted, base::Findings& problems) {
  return TypeChecker(scope, problems).check(formula, &wanted);
}

std::optional<Typed> infer_formula(const CheckScope& scope, const Formula& formula,
                                   base::Findings& problems) {
  return TypeChecker(scope, problems).check(formula, nullptr);
}

TypeChecker::TypeChecker(const CheckScope& scope, base::Findings& problems)
    : packs_(*scope.packs),
      units_(*scope.units),
      edition_(scope.packs->editions[static_cast<std::size_t>(scope.edition)]),
      own_table_(scope.table),
      problems_(problems),
      frames_{scope.table},
      instruments_{{0, scope.instruments}} {}

std::optional<Typed> TypeChecker::check(const Formula& formula, const Wanted* wanted) {
  typed_.text = formula.text;
  typed_.place = formula.place;
  try {
    NodeId root = expression(*formula.expression, {});
    const Node& top = at(root);
    if (!top.is_null && wanted != nullptr) {
      if (top.type != wanted->type.type ||
          (top.type == Type::kPeriod && top.period != wanted->type.period)) {
        fail("type-clash", formula.expression->place,
             std::string("the formula gives ") + describe(root) + " where " +
                 type_name(wanted->type.type) + " is due",
             "公式结果类型不符");
      }
      if (top.type == Type::kNumber) root = convert(root, wanted->unit, formula.expression->place);
    }
    typed_.root = root;
    return std::move(typed_);
  } catch (const Stop&) {
    return std::nullopt;
  }
}

void TypeChecker::fail(const char* code, const base::Place& place, std::string en, std::string zh) {
  base::Place shown = place;
  if (shown.file.empty()) shown = typed_.place;
  problems_.push_back(base::failure(code, std::move(shown), std::move(en), std::move(zh)));
  throw Stop{};
}

NodeId TypeChecker::add(Node node) {
  typed_.nodes.push_back(std::move(node));
  return static_cast<NodeId>(typed_.nodes.size() - 1);
}

NodeId TypeChecker::operation(Op op, std::vector<NodeId> args, Type type, const Expression& from) {
  Node node;
  node.op = op;
  node.type = type;
  node.args = std::move(args);
  node.place = from.place;
  return add(std::move(node));
}

std::string TypeChecker::describe(NodeId id) {
  const Node& node = at(id);
  if (node.type == Type::kNumber) return "a number in " + node.unit.text;
  if (node.type == Type::kPeriod) return "a " + std::string(base::period_kind_name(node.period));
  return type_name(node.type);
}

exact::Unit TypeChecker::unit(const std::string& text, const base::Place& place) {
  base::Result<exact::Unit> parsed = units_.parse(text);
  if (!parsed)
    fail("unknown-unit", place, parsed.failure().message.en, parsed.failure().message.zh);
  return parsed.value();
}

NodeId TypeChecker::convert(NodeId id, const exact::Unit& to, const base::Place& place) {
  const exact::Unit from = at(id).unit;
  if (!from.converts_to(to)) {
    fail("unit-clash", place,
         from.text + " is not " + to.text + " (" + from.dimension.to_string() + " against " +
             to.dimension.to_string() + ")",
         "单位量纲不符：" + from.text + " 与 " + to.text);
  }
  if (from.ratio == to.ratio) {
    at(id).unit = to;
    return id;
  }
  const exact::Number factor = from.factor_to(to);
  if (at(id).op == Op::kLiteral && at(id).name.empty()) {
    at(id).number = at(id).number * factor;
    at(id).unit = to;
    return id;
  }
  Node node;
  node.op = Op::kConvert;
  node.number = factor;
  node.unit = to;
  node.args = {id};
  node.place = place;
  return add(std::move(node));
}

bool TypeChecker::as_period(NodeId id, base::PeriodKind kind) {
  Node& node = at(id);
  if (node.op != Op::kLiteral || node.type != Type::kText || !node.name.empty()) return false;
  const std::optional<base::Period> period = base::parse_period(kind, node.text, packs_.cycle);
  if (!period) {
    fail("malformed-period", node.place,
         "\"" + node.text + "\" is not a " + std::string(base::period_kind_name(kind)) +
             " (write " + std::string(base::period_example(kind)) + ")",
         "\"" + node.text + "\" 不是有效期间（应写作 " + std::string(base::period_example(kind)) +
             "）");
  }
  node.type = Type::kPeriod;
  node.period = kind;
  node.id = period->index;
  return true;
}

void TypeChecker::unify(NodeId& a, NodeId& b, const base::Place& place) {
  if (at(a).is_null || at(b).is_null) return;
  if (at(a).type == Type::kPeriod && as_period(b, at(a).period)) return;
  if (at(b).type == Type::kPeriod && as_period(a, at(b).period)) return;
  const Node& one = at(a);
  const Node& other = at(b);
  if (one.type != other.type || (one.type == Type::kPeriod && one.period != other.period)) {
    const auto year = [](const Node& side) {
      return side.type == Type::kPeriod && side.period == base::PeriodKind::kYear;
    };
    const auto word = [](const Node& side) { return side.type == Type::kText; };
    const bool advise = (year(one) && word(other)) || (word(one) && year(other));
    fail("type-clash", place,
         describe(a) + " does not go with " + describe(b) +
             (advise ? " (declare the column as a number and compare it with year(…))" : ""),
         std::string("两侧类型不一致") + (advise ? "（请把该列声明为数值，与 year(…) 比较）" : ""));
  }
  if (one.type == Type::kNumber) b = convert(b, exact::Unit(one.unit), place);
}

void TypeChecker::want_number(NodeId id, const base::Place& place) {
  if (at(id).type == Type::kNumber || at(id).is_null) return;
  fail("type-clash", place, "a number is due here, not " + describe(id), "此处应为数值");
}

NodeId TypeChecker::plain_number(NodeId id, const base::Place& place) {
  want_number(id, place);
  return convert(id, exact::Unit{}, place);
}

NodeId TypeChecker::expression(const Expression& from, const Where& where) {
  switch (from.kind) {
    case ExpressionKind::kNumber:
    case ExpressionKind::kText:
    case ExpressionKind::kTrue:
    case ExpressionKind::kFalse:
    case ExpressionKind::kNull:
      return literal(from);
    case ExpressionKind::kIf:
      return if_then_else(from, where);
    case ExpressionKind::kOr:
    case ExpressionKind::kAnd: {
      const NodeId left = condition(*from.operands[0], where);
      const NodeId right = condition(*from.operands[1], where);
      const Op op = from.kind == ExpressionKind::kOr ? Op::kOr : Op::kAnd;
      return operation(op, {left, right}, Type::kBool, from);
    }
    case ExpressionKind::kBetween:
      return between(from, where);
    case ExpressionKind::kIn:
      return in_choices(from, where);
    case ExpressionKind::kAdd:
    case ExpressionKind::kSubtract:
      return sum_or_difference(from, where);
    case ExpressionKind::kMultiply:
    case ExpressionKind::kDivide:
      return product_or_quotient(from, where);
    case ExpressionKind::kPower:
      return power_of(from, where);
    case ExpressionKind::kNegate: {
      const NodeId value = expression(*from.operands[0], where);
      want_number(value, from.place);
      const NodeId id = operation(Op::kNegate, {value}, Type::kNumber, from);
      at(id).unit = at(value).unit;
      return id;
    }
    case ExpressionKind::kReference:
      return reference(from, where);
    default:
      return comparison(from, where);
  }
}

NodeId TypeChecker::literal(const Expression& from) {
  Node node;
  node.op = Op::kLiteral;
  node.place = from.place;
  switch (from.kind) {
    case ExpressionKind::kNumber:
      node.number = from.number;
      node.unit = from.unit.empty() ? exact::Unit{} : unit(from.unit, from.place);
      break;
    case ExpressionKind::kText:
      node.type = Type::kText;
      node.text = from.text;
      break;
    case ExpressionKind::kNull:
      node.op = Op::kNullLiteral;
      node.is_null = true;
      break;
    default:
      node.type = Type::kBool;
      node.id = from.kind == ExpressionKind::kTrue ? 1 : 0;
  }
  return add(std::move(node));
}

NodeId TypeChecker::condition(const Expression& from, const Where& where) {
  const NodeId id = expression(from, where);
  if (at(id).type != Type::kBool && !at(id).is_null) {
    fail("type-clash", from.place, "true or false is due here, not " + describe(id),
         "此处应为逻辑值（true 或 false）");
  }
  return id;
}

NodeId TypeChecker::if_then_else(const Expression& from, const Where& where) {
  const NodeId test = condition(*from.operands[0], where);
  NodeId yes = expression(*from.operands[1], where);
  NodeId no = expression(*from.operands[2], where);
  unify(yes, no, from.operands[2]->place);
  const NodeId shape = at(yes).is_null ? no : yes;
  const NodeId id = operation(Op::kIf, {test, yes, no}, at(shape).type, from);
  at(id).unit = at(shape).unit;
  at(id).period = at(shape).period;
  at(id).is_null = at(yes).is_null && at(no).is_null;
  return id;
}

NodeId TypeChecker::comparison(const Expression& from, const Where& where) {
  const bool equality =
      from.kind == ExpressionKind::kEqual || from.kind == ExpressionKind::kNotEqual;
  const Expression& left = *from.operands[0];
  const Expression& right = *from.operands[1];
  if (left.kind == ExpressionKind::kNull || right.kind == ExpressionKind::kNull) {
    if (!equality) {
      fail("type-clash", from.place, "null has no order: use = null or != null",
           "null 只能用 = 或 != 比较");
    }
    const NodeId value = expression(left.kind == ExpressionKind::kNull ? right : left, where);
    const Op op = from.kind == ExpressionKind::kEqual ? Op::kIsNull : Op::kIsNotNull;
    return operation(op, {value}, Type::kBool, from);
  }
  NodeId a = expression(left, where);
  NodeId b = expression(right, where);
  unify(a, b, from.place);
  want_known_word(a, b, right.place);
  want_known_word(b, a, left.place);
  const Type type = at(a).is_null ? at(b).type : at(a).type;
  if (!equality && (type == Type::kText || type == Type::kBool)) {
    fail("type-clash", from.place,
         std::string(type_name(type)) + " has no order: use = or !=", "文本和逻辑值不能比较大小");
  }
  return operation(comparison_op(from.kind), {a, b}, Type::kBool, from);
}

NodeId TypeChecker::between(const Expression& from, const Where& where) {
  NodeId value = expression(*from.operands[0], where);
  NodeId low = expression(*from.operands[1], where);
  NodeId high = expression(*from.operands[2], where);
  unify(value, low, from.operands[1]->place);
  unify(value, high, from.operands[2]->place);
  const Type type = at(value).type;
  if (type == Type::kText || type == Type::kBool) {
    fail("type-clash", from.place, std::string(type_name(type)) + " has no order",
         "文本和逻辑值不能比较大小");
  }
  return operation(Op::kBetween, {value, low, high}, Type::kBool, from);
}

NodeId TypeChecker::in_choices(const Expression& from, const Where& where) {
  NodeId value = expression(*from.operands[0], where);
  std::vector<NodeId> args = {value};
  for (std::size_t i = 1; i < from.operands.size(); ++i) {
    NodeId choice = expression(*from.operands[i], where);
    const bool timed = at(value).type == Type::kDate || at(value).type == Type::kPeriod;
    const bool lies = timed && at(choice).type == Type::kPeriod &&
                      (at(value).type == Type::kDate || at(value).period < at(choice).period);
    if (!lies) unify(value, choice, from.operands[i]->place);
    want_known_word(value, choice, from.operands[i]->place);
    args.push_back(choice);
  }
  args[0] = value;
  return operation(Op::kIn, std::move(args), Type::kBool, from);
}

NodeId TypeChecker::period_step(NodeId period, NodeId count, bool back, const Expression& from) {
  count = plain_number(count, from.place);
  const Node& steps = at(count);
  if (steps.op == Op::kLiteral && !steps.number.is_integer()) {
    fail("type-clash", from.place, "periods step by whole numbers", "期间只能加减整数");
  }
  if (back) {
    count = operation(Op::kNegate, {count}, Type::kNumber, from);
  }
  const NodeId id = operation(Op::kStep, {period, count}, Type::kPeriod, from);
  at(id).period = at(period).period;
  return id;
}

NodeId TypeChecker::sum_or_difference(const Expression& from, const Where& where) {
  const bool minus = from.kind == ExpressionKind::kSubtract;
  NodeId a = expression(*from.operands[0], where);
  NodeId b = expression(*from.operands[1], where);
  if (at(a).type == Type::kPeriod && at(b).type == Type::kNumber) {
    if (at(a).period == base::PeriodKind::kCycle) {
      fail("type-clash", from.place, "a job has one cycle: it has no steps", "履约周期不能加减");
    }
    return period_step(a, b, minus, from);
  }
  if (at(a).type == Type::kDate && (at(b).type == Type::kNumber || at(b).type == Type::kDate)) {
    const exact::Unit day = unit("d", from.place);
    if (at(b).type == Type::kDate) {
      if (!minus) fail("type-clash", from.place, "two dates cannot be added", "日期不能相加");
      const NodeId id = operation(Op::kDateDifference, {a, b}, Type::kNumber, from);
      at(id).unit = day;
      return id;
    }
    b = convert(b, day, from.place);
    if (minus) {
      b = operation(Op::kNegate, {b}, Type::kNumber, from);
      at(b).unit = day;
    }
    return operation(Op::kDateStep, {a, b}, Type::kDate, from);
  }
  want_number(a, from.operands[0]->place);
  want_number(b, from.operands[1]->place);
  unify(a, b, from.place);
  const NodeId id = operation(minus ? Op::kSubtract : Op::kAdd, {a, b}, Type::kNumber, from);
  at(id).unit = at(at(a).is_null ? b : a).unit;
  return id;
}

NodeId TypeChecker::product_or_quotient(const Expression& from, const Where& where) {
  const bool divide = from.kind == ExpressionKind::kDivide;
  const NodeId a = expression(*from.operands[0], where);
  const NodeId b = expression(*from.operands[1], where);
  want_number(a, from.operands[0]->place);
  want_number(b, from.operands[1]->place);
  const NodeId id = operation(divide ? Op::kDivide : Op::kMultiply, {a, b}, Type::kNumber, from);
  at(id).unit =
      divide ? exact::quotient(at(a).unit, at(b).unit) : exact::product(at(a).unit, at(b).unit);
  return id;
}

NodeId TypeChecker::power_of(const Expression& from, const Where& where) {
  NodeId base = expression(*from.operands[0], where);
  want_number(base, from.place);
  const Expression* exponent = from.operands[1].get();
  const bool negative = exponent->kind == ExpressionKind::kNegate;
  if (negative) exponent = exponent->operands[0].get();
  const bool whole = exponent->kind == ExpressionKind::kNumber && exponent->unit.empty() &&
                     exponent->number.is_integer();
  if (!at(base).unit.dimension.is_plain() && !whole) {
    fail("unit-clash", from.place,
         at(base).unit.text + " can only be raised to a whole number that is written out",
         "有单位的量只能取整数次幂");
  }
  if (whole) {
    const std::optional<std::int64_t> n = exponent->number.to_int64();
    const bool large = !n || *n > kWholePowerMax;
    if (large && at(base).unit.dimension.is_plain()) return general_power(base, from, where);
    if (large) {
      fail("number-too-long", exponent->place, "the exponent is too large", "指数过大");
    }
    const auto power = static_cast<std::int32_t>(negative ? -*n : *n);
    if (!exact::power_fits(at(base).unit, power)) {
      fail("unit-clash", exponent->place, "no unit has so high a power", "单位的幂次过高");
    }
    const NodeId id = operation(Op::kPower, {base}, Type::kNumber, from);
    at(id).whole = power;
    at(id).has_whole = true;
    at(id).unit = exact::power(at(base).unit, power);
    return id;
  }
  return general_power(base, from, where);
}

NodeId TypeChecker::general_power(NodeId base, const Expression& from, const Where& where) {
  const NodeId left = plain_number(base, from.place);
  const NodeId right = plain_number(expression(*from.operands[1], where), from.operands[1]->place);
  return operation(Op::kPower, {left, right}, Type::kNumber, from);
}

}  // namespace qz::rules
