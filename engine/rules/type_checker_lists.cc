// Type checker: aggregates, the lists that they run over, and what a filter settles.

#include <algorithm>
#include <map>
#include <set>

#include "rules/function_names.h"
#include "rules/type_checker.h"

namespace qz::rules {

using table::Type;

namespace {

bool is_bare_name(const Expression& from) {
  return from.kind == ExpressionKind::kReference && !from.of_this && !from.has_arguments &&
         !from.filter && from.column.empty();
}

bool is_aggregate_call(const Expression& from) {
  return from.kind == ExpressionKind::kReference && from.has_arguments && from.column.empty() &&
         is_aggregate_name(from.name);
}

bool contains_this(const Expression& from) {
  if (from.kind == ExpressionKind::kReference && from.of_this) return true;
  const auto any = [](const std::vector<ExpressionPtr>& all) {
    return std::any_of(all.begin(), all.end(),
                       [](const ExpressionPtr& one) { return contains_this(*one); });
  };
  return any(from.operands) || any(from.arguments) || (from.at && contains_this(*from.at)) ||
         (from.filter && contains_this(*from.filter));
}

// References of an aggregate's argument that may name its list; filters and inner aggregates have
// lists of their own.
void collect_references(const Expression& from, std::vector<const Expression*>& out) {
  if (from.kind == ExpressionKind::kReference && !from.of_this && !from.has_arguments) {
    out.push_back(&from);
    return;
  }
  if (is_aggregate_call(from) && from.arguments.size() == 1) return;
  for (const ExpressionPtr& one : from.operands) collect_references(*one, out);
  for (const ExpressionPtr& one : from.arguments) collect_references(*one, out);
}

// n for "this.<period> - n" (0 for "this.<period>" alone); empty for anything else.
std::optional<std::int64_t> steps_back(const Expression& from, const std::string& period) {
  if (from.kind == ExpressionKind::kReference && from.of_this && from.column == period) return 0;
  if (from.kind != ExpressionKind::kSubtract) return std::nullopt;
  const Expression& left = *from.operands[0];
  const Expression& right = *from.operands[1];
  if (!left.of_this || left.column != period || right.kind != ExpressionKind::kNumber)
    return std::nullopt;
  const std::optional<std::int64_t> n = right.number.to_int64();
  return n && *n >= 0 ? n : std::nullopt;
}

// Where a filter part on the period key leads, written with the key on the left side.
Reach reach_of(ExpressionKind kind, const Expression& bound, const std::string& period) {
  const std::optional<std::int64_t> n = steps_back(bound, period);
  if (!n) return Reach::kOther;
  switch (kind) {
    case ExpressionKind::kLess:
      return Reach::kBack;
    case ExpressionKind::kEqual:
    case ExpressionKind::kLessEqual:
    case ExpressionKind::kBetween:
      return *n > 0 ? Reach::kBack : Reach::kSame;
    default:
      return Reach::kOther;
  }
}

ExpressionKind mirrored(ExpressionKind kind) {
  switch (kind) {
    case ExpressionKind::kLess:
      return ExpressionKind::kGreater;
    case ExpressionKind::kLessEqual:
      return ExpressionKind::kGreaterEqual;
    case ExpressionKind::kGreater:
      return ExpressionKind::kLess;
    case ExpressionKind::kGreaterEqual:
      return ExpressionKind::kLessEqual;
    default:
      return kind;
  }
}

bool is_comparison(ExpressionKind kind) {
  return kind >= ExpressionKind::kEqual && kind <= ExpressionKind::kGreaterEqual;
}

Op aggregate_op(const std::string& name) {
  static const std::map<std::string, Op> kOps = {
      {"sum", Op::kSum},     {"mean", Op::kMean},     {"min", Op::kMin},
      {"max", Op::kMax},     {"any", Op::kAny},       {"all", Op::kAll},
      {"count", Op::kCount}, {"only", Op::kOnly},     {"join", Op::kJoin},
      {"rank", Op::kRank},   {"latest", Op::kLatest}, {"percentile", Op::kPercentile}};
  return kOps.at(name);
}

// How many arguments an aggregate takes at least and at most.
std::pair<std::size_t, std::size_t> argument_counts(Op op) {
  if (op == Op::kPercentile || op == Op::kRank || op == Op::kLatest) return {2, 2};
  return {1, op == Op::kMean ? 2 : 1};
}

// Where an aggregate's list stands among its arguments: rank(x, t.x) names it last.
std::size_t list_argument(Op op) { return op == Op::kRank ? 1 : 0; }

bool is_last(const Expression& from) {
  return from.kind == ExpressionKind::kReference && from.has_arguments && from.column.empty() &&
         from.name == "last" && from.arguments.size() == 2;
}

// What an aggregate runs over: its list, out of last(n, …) where it stands in one.
const Expression& listed_value(const Expression& call, Op op) {
  const Expression& list = *call.arguments[list_argument(op)];
  return is_last(list) ? *list.arguments[1] : list;
}

// The conditions that `and` joins, as written.
void and_parts(const Expression& from, std::vector<const Expression*>& out) {
  if (from.kind != ExpressionKind::kAnd) {
    out.push_back(&from);
    return;
  }
  and_parts(*from.operands[0], out);
  and_parts(*from.operands[1], out);
}

bool others_contain_this(const Expression& part, std::size_t self) {
  for (std::size_t i = 0; i < part.operands.size(); ++i) {
    if (i != self && contains_this(*part.operands[i])) return true;
  }
  return false;
}

}  // namespace

std::int32_t TypeChecker::list_table(const Expression& call, const Where& where,
                                     const Expression** filtered) {
  std::vector<const Expression*> references;
  const Op op = aggregate_op(call.name);
  const bool own_second = op == Op::kPercentile || op == Op::kRank;  // of the row that lists
  for (const ExpressionPtr& one : call.arguments) {
    if (own_second && one != call.arguments[list_argument(op)]) continue;
    collect_references(*one, references);
  }
  const std::int32_t mine = frame_table(where.frame);
  std::set<std::int32_t> lists, ups;
  for (const Expression* one : references) {
    if (one->column.empty() && !one->filter && call.name != "count") continue;
    const std::optional<std::int32_t> table = visible_table(one->name);
    if (!table) {
      if (!one->column.empty()) qualified_name(*one, where);  // fails with the right words
      continue;
    }
    if (one->filter) {
      if (*filtered != nullptr) {
        fail("two-filters", one->place,
             "one filter holds for the whole aggregate: write it once, at the first column",
             "一个聚合只能写一个筛选条件");
      }
      *filtered = one;
    }
    (is_up(packs_, mine, *table) ? ups : lists).insert(*table);
  }
  if (*filtered != nullptr) return *visible_table((*filtered)->name);
  for (const std::int32_t one : lists) {
    const bool reads_others = std::all_of(
        lists.begin(), lists.end(), [&](std::int32_t other) { return is_up(packs_, one, other); });
    if (reads_others) return one;
  }
  if (lists.size() > 1) {
    fail("two-lists", call.place,
         call.name + " runs over one list: these columns belong to several",
         call.name + " 只能对一个列表求值");
  }
  if (!ups.empty()) return *ups.begin();
  fail(
      "no-list", call.place,
      call.name + " needs a list: a column of another table, as in " + call.name + "(table.column)",
      call.name + " 需要列表参数，例如 " + call.name + "(table.column)");
}

NodeId TypeChecker::aggregate(const Expression& from, const Where& where) {
  const Op op = aggregate_op(from.name);
  if (where.list >= 0 && where.list_frame >= 0) {
    // An aggregate inside another's argument would read two lists at once.
    fail("two-lists", from.place,
         "an aggregate inside another's argument: give it a column of its own",
         "聚合不能嵌套在另一聚合的参数中：请单独设列");
  }
  const auto [least, most] = argument_counts(op);
  want_arguments(from, least, most);
  const Expression* filtered = nullptr;
  List list;
  const std::int32_t table = list_table(from, where, &filtered);
  std::vector<std::string> settled;
  open_list(where, table, list);
  if (filtered != nullptr) read_filter(*filtered->filter, list, settled);
  if (!list.key_settled && is_up(packs_, list.mine_table, table)) {
    fail("no-list", from.place,
         table_of(table).name + " is one row here, not a list: write its column without " +
             from.name,
         "此处 " + table_of(table).name + " 只有一行，不是列表：请直接引用其列，不必使用 " +
             from.name);
  }
  agree(from, settled, list);
  list.last = rows_from_end(*from.arguments[list_argument(op)]);
  typed_.lists.push_back(list);
  const auto index = static_cast<std::int32_t>(typed_.lists.size() - 1);
  Where inner = where;
  inner.list = table;
  inner.list_frame = list.frame;
  return aggregate_node(op, from, inner, index);
}

// n of last(n, …), a whole number that is written out; 0 where the list is taken whole.
std::int64_t TypeChecker::rows_from_end(const Expression& list) {
  if (!is_last(list)) return 0;
  const Expression& count = *list.arguments[0];
  const std::optional<std::int64_t> n = count.kind == ExpressionKind::kNumber && count.unit.empty()
                                            ? count.number.to_int64()
                                            : std::nullopt;
  if (!n || *n < 1 || *n > kLastMax) {
    fail("type-clash", count.place,
         "last takes a whole number from 1 to " + std::to_string(kLastMax) + " that is written out",
         "last 的行数应为写明的 1 至 " + std::to_string(kLastMax) + " 的整数");
  }
  return *n;
}

void TypeChecker::open_list(const Where& where, std::int32_t table, List& list) {
  list.table = table;
  list.mine_frame = where.frame;
  list.mine_table = frame_table(where.frame);
  list.frame = static_cast<std::int32_t>(frames_.size());
  frames_.push_back(table);
}

void TypeChecker::read_filter(const Expression& filter, List& list,
                              std::vector<std::string>& settled) {
  Where inside;
  inside.frame = list.frame;
  inside.in_filter = true;
  instruments_[list.frame] = named_instruments(filter);
  list.reach = Reach::kOther;
  // Parts that settle a key come first: what else a filter asks is not looked at in rows that they
  // leave out, such as later ones in a loop.
  std::vector<const Expression*> parts, first, rest;
  and_parts(filter, parts);
  for (const Expression* part : parts) {
    const std::size_t before = settled.size();
    settle_by_filter(*part, list, settled);
    (settled.size() > before ? first : rest).push_back(part);
  }
  first.insert(first.end(), rest.begin(), rest.end());
  list.filter = condition(*first[0], inside);
  for (std::size_t i = 1; i < first.size(); ++i) {
    const NodeId right = condition(*first[i], inside);
    list.filter = operation(Op::kAnd, {list.filter, right}, Type::kBool, *first[i]);
  }
}

// A key that stands alone on one side, with `this` on the other, need not agree any more.
void TypeChecker::settle_by_filter(const Expression& part, List& list,
                                   std::vector<std::string>& settled) {
  const bool comparison = is_comparison(part.kind);
  if (!comparison && part.kind != ExpressionKind::kBetween && part.kind != ExpressionKind::kIn)
    return;
  const bool lies_in = part.kind == ExpressionKind::kIn && part.operands.size() == 2;
  for (std::size_t side = 0; side < (comparison || lies_in ? 2u : 1u); ++side) {
    const Expression& key = *part.operands[side];
    if (!is_bare_name(key) || !others_contain_this(part, side)) continue;
    const CheckedTable& listed = table_of(list.table);
    const std::optional<std::int32_t> column = listed.column(key.name);
    if (!column) continue;
    const CheckedColumn& found = listed.columns[static_cast<std::size_t>(*column)];
    if (!found.is_key && !found.is_link) continue;
    settled.push_back(key.name);
    list.key_settled = true;
    if (found.type != Type::kPeriod) continue;
    list.period_settled = true;
    const bool two = comparison || lies_in;
    const Expression& bound = *part.operands[two ? 1 - side : part.operands.size() - 1];
    const Reach reach = reach_of(side == 0 ? part.kind : mirrored(part.kind), bound, key.name);
    if (reach == Reach::kBack || (reach == Reach::kSame && list.reach == Reach::kOther))
      list.reach = reach;
  }
}

// Which names must be equal. Two links of one name do not make rows agree (a generator's meter is
// not its heat line's): one of the two must be a key.
void TypeChecker::agree(const Expression& call, const std::vector<std::string>& settled,
                        List& list) {
  const CheckedTable& mine = table_of(list.mine_table);
  const CheckedTable& listed = table_of(list.table);
  const auto is_settled = [&](const std::string& name) {
    return std::find(settled.begin(), settled.end(), name) != settled.end();
  };
  const auto is_key = [](const CheckedTable& table, const std::string& name) {
    const std::optional<std::int32_t> column = table.column(name);
    return column && table.columns[static_cast<std::size_t>(*column)].is_key;
  };
  bool shares = false;
  for (const auto& [name, how] : listed.settled) {
    (void)how;
    if (!mine.settled.contains(name) || (!is_key(mine, name) && !is_key(listed, name))) continue;
    shares = true;
    if (!is_settled(name)) list.names.push_back(name);
  }
  const bool both_periods = mine.period_column && listed.period_column;
  list.periods_agree = both_periods && !list.period_settled;
  if (list.periods_agree) list.reach = mine.period == listed.period ? Reach::kSame : Reach::kOther;
  if (!both_periods && !list.period_settled) list.reach = Reach::kOther;
  if (shares || both_periods || list.key_settled) return;
  if (mine.key_size == 0 || listed.key_size == 0) return;
  if (list.filter >= 0 &&
      std::any_of(call.arguments.begin(), call.arguments.end(),
                  [](const ExpressionPtr& one) { return contains_this(*one); })) {
    return;
  }
  fail("shares-nothing", call.place,
       "tables " + mine.name + " and " + listed.name +
           " share no key: nothing says which rows belong together",
       "表 " + mine.name + " 与 " + listed.name + " 没有共同的键");
}

NodeId TypeChecker::aggregate_node(Op op, const Expression& from, const Where& inner,
                                   std::int32_t list) {
  Node node;
  node.op = op;
  node.list = list;
  node.frame = inner.frame;
  node.place = from.place;
  node.name = from.name;
  if (op == Op::kCount) {
    const Expression& counted = *from.arguments[0];
    if (counted.kind != ExpressionKind::kReference || counted.has_arguments ||
        !counted.column.empty()) {
      fail("type-clash", counted.place,
           "count takes a table: count(table) or count(table[condition])",
           "count 的参数应为表：count(table[条件])");
    }
    return add(std::move(node));
  }
  const NodeId value = expression(listed_value(from, op), inner);
  node.args = {value};
  const Node& of = at(value);
  node.type = of.type;
  node.unit = of.unit;
  node.period = of.period;
  const bool timed = of.type == Type::kDate || of.type == Type::kPeriod;
  const bool numeric = op == Op::kSum || op == Op::kMean || op == Op::kPercentile;
  const bool ordered = op == Op::kMin || op == Op::kMax || op == Op::kRank;
  const bool logical = op == Op::kAny || op == Op::kAll;
  if ((numeric && of.type != Type::kNumber) || (ordered && of.type != Type::kNumber && !timed) ||
      (logical && of.type != Type::kBool) || (op == Op::kJoin && of.type != Type::kText)) {
    fail("type-clash", from.arguments[0]->place, from.name + " does not take " + describe(value),
         from.name + " 的参数类型不符");
  }
  if (op == Op::kPercentile || op == Op::kRank) {
    take_own_value(from, inner, node);
  } else if (op == Op::kLatest) {
    node.args.push_back(expression(*from.arguments[1], inner));
    const Type by = at(node.args[1]).type;
    if (by != Type::kNumber && by != Type::kDate && by != Type::kPeriod) {
      fail("type-clash", from.arguments[1]->place,
           "latest is told by a number, a date or a period, not " + describe(node.args[1]),
           "latest 的第二个参数应为数字、日期或期间");
    }
  } else if (from.arguments.size() == 2) {
    const NodeId weight = expression(*from.arguments[1], inner);
    want_number(weight, from.arguments[1]->place);
    node.args.push_back(weight);
  }
  return add(std::move(node));
}

// The argument of percentile and rank that the row that lists gives, not the listed one.
void TypeChecker::take_own_value(const Expression& from, const Where& inner, Node& node) {
  Where outer = inner;
  outer.list = -1;
  outer.list_frame = -1;
  const Expression& written = *from.arguments[node.op == Op::kRank ? 0 : 1];
  NodeId own = expression(written, outer);
  if (node.op == Op::kPercentile) {
    own = plain_number(own, written.place);
  } else {
    unify(node.args[0], own, written.place);
    node.type = Type::kNumber;
    node.unit = exact::Unit{};
  }
  node.args.push_back(own);
}

}  // namespace qz::rules
