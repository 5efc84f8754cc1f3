// Type checker: what a name means, by what stands after it.

#include <algorithm>

#include "base/nearest_name.h"
#include "exact/decimal.h"
#include "rules/type_checker.h"

namespace qz::rules {

using table::Type;

bool TypeChecker::sees(std::int32_t pack_index) const {
  if (pack_index < 0 || pack_index == edition_.pack_index) return true;
  const bool built_in = !packs_.editions.empty() && packs_.editions.front().built_in;
  if (built_in && pack_index == packs_.editions.front().pack_index) return true;
  const auto& needs = edition_.pack->needs;
  return std::find(needs.begin(), needs.end(),
                   packs_.packs[static_cast<std::size_t>(pack_index)]) != needs.end();
}

bool TypeChecker::sees(const CheckedTable& table, const CheckedColumn& column) const {
  if (sees(column.pack_index)) return true;
  const TableDefinition* const own = edition_.pack->table(table.name);
  return own != nullptr &&
         std::any_of(own->columns.begin(), own->columns.end(), [&](const ColumnDefinition& one) {
           return one.open && one.name == column.name;
         });
}

std::optional<std::int32_t> TypeChecker::visible_table(const std::string& name) const {
  const std::optional<std::int32_t> found = packs_.table(name);
  if (!found) return std::nullopt;
  for (const Edition& edition : packs_.editions) {
    if (sees(edition.pack_index) && edition.pack->table(name) != nullptr) return found;
  }
  return std::nullopt;
}

std::vector<std::string> TypeChecker::names_in_reach(std::int32_t table) const {
  std::vector<std::string> out;
  for (const CheckedColumn& one : table_of(table).columns) {
    if (sees(table_of(table), one)) out.push_back(one.name);
  }
  for (const Constant& one : edition_.pack->constants) out.push_back(one.name);
  for (const Parameter& one : edition_.pack->parameters) out.push_back(one.name);
  return out;
}

std::int32_t TypeChecker::visible_column(std::int32_t table, const std::string& name,
                                         const base::Place& place) {
  const CheckedTable& in = table_of(table);
  const std::optional<std::int32_t> found = in.column(name);
  if (found && sees(in, in.columns[static_cast<std::size_t>(*found)])) return *found;
  if (found) {
    const std::string& owner = packs_.packs[static_cast<std::size_t>(
        in.columns[static_cast<std::size_t>(*found)].pack_index)];
    fail("unknown-name", place,
         in.name + "." + name + " belongs to pack " + owner + ": list it in \"needs\"",
         in.name + "." + name + " 属于规则包 " + owner + "，请在 needs 中列出");
  }
  std::vector<std::string> names;
  for (const CheckedColumn& one : in.columns) names.push_back(one.name);
  fail("unknown-name", place,
       "table \"" + in.name + "\" has no column \"" + name + "\"" + base::nearest_hint(name, names),
       "表 \"" + in.name + "\" 没有列 \"" + name + "\"");
}

NodeId TypeChecker::column_node(std::int32_t table, std::int32_t column, Op op, std::int32_t frame,
                                const Expression& from) {
  const CheckedColumn& read = table_of(table).columns[static_cast<std::size_t>(column)];
  Node node;
  node.op = op;
  node.type = read.type;
  node.period = read.period;
  node.unit = read.measure == Measure::kNone ? read.unit
                                             : unit_by_instrument(read, frame, from.column_place);
  node.frame = frame;
  node.table = table;
  node.column = column;
  node.name = op == Op::kColumn ? read.name : table_of(table).name + "." + read.name;
  node.place = from.place;
  if (read.type == Type::kRow)
    node.type = Type::kNumber;  // a record's number reads as a plain number
  return add(std::move(node));
}

NodeId TypeChecker::reference(const Expression& from, const Where& where) {
  if (from.of_this) {
    if (!where.in_filter) {
      fail("this-outside", from.place,
           "\"this\" has a meaning only inside [ ]: write " + from.column, "this 只能用在 [ ] 内");
    }
    return column_node(own_table_, visible_column(own_table_, from.column, from.column_place),
                       Op::kColumn, 0, from);
  }
  if (from.has_arguments) {
    if (from.column.empty()) return function(from, where);
    return row_by_key(from, where);
  }
  if (from.filter && where.list >= 0 && !from.column.empty() &&
      visible_table(from.name) == where.list) {
    // The list's own filter is read once, by open_list; here it only marks the listed column.
    return column_node(where.list, visible_column(where.list, from.column, from.column_place),
                       Op::kColumn, where.list_frame, from);
  }
  if (from.filter) {
    fail("list-outside", from.place,
         "\"" + from.name +
             "[…]\" is a list: put it inside sum, mean, min, max, count, any, all, only or join",
         "\"" + from.name + "[…]\" 是列表，须放在聚合函数内");
  }
  return from.column.empty() ? bare_name(from, where) : qualified_name(from, where);
}

NodeId TypeChecker::bare_name(const Expression& from, const Where& where) {
  const std::int32_t table = frame_table(where.frame);
  const std::optional<std::int32_t> column = table_of(table).column(from.name);
  const bool is_column =
      column && sees(table_of(table), table_of(table).columns[static_cast<std::size_t>(*column)]);
  const Pack& pack = *edition_.pack;
  const auto constant = std::find_if(pack.constants.begin(), pack.constants.end(),
                                     [&](const Constant& one) { return one.name == from.name; });
  const auto parameter = std::find_if(pack.parameters.begin(), pack.parameters.end(),
                                      [&](const Parameter& one) { return one.name == from.name; });
  const bool is_constant = constant != pack.constants.end();
  const bool is_parameter = parameter != pack.parameters.end();
  const bool is_as_of = from.name == "as_of";
  if (is_column + is_constant + is_parameter + is_as_of > 1) {
    fail("shared-name", from.place,
         "\"" + from.name + "\" is both a column and a constant or parameter: rename one",
         "\"" + from.name + "\" 同时是列和常量或参数：请改名");
  }
  if (is_column) return column_node(table, *column, Op::kColumn, where.frame, from);
  Node node;
  node.op = Op::kLiteral;
  node.name = from.name;
  node.place = from.place;
  if (is_as_of) {
    node.type = Type::kDate;
    node.id = packs_.as_of.days();
  } else if (is_constant) {
    node.number = constant->value;
    node.unit = unit(constant->unit.empty() ? "1" : constant->unit, constant->place);
    node.text = constant->text;
  } else if (is_parameter) {
    for (const ParameterValue& value : packs_.parameters) {
      if (value.pack == pack.id && value.name == from.name) node.text = value.value;
    }
    if (parameter->is_number()) {
      node.unit = unit(parameter->unit, parameter->place);
      node.number = exact::parse_ratio(node.text).value_or(exact::Number());
    } else {
      node.type = Type::kText;
    }
  } else {
    std::string hint = base::nearest_hint(from.name, names_in_reach(table));
    if (visible_table(from.name)) {
      hint = ": it is a table; name a column of it (" + from.name + ".…)";
    }
    fail("unknown-name", from.place, "\"" + from.name + "\" is not known here" + hint,
         "未知名称 \"" + from.name + "\"");
  }
  return add(std::move(node));
}

NodeId TypeChecker::qualified_name(const Expression& from, const Where& where) {
  const std::optional<std::int32_t> table = visible_table(from.name);
  if (!table) {
    std::vector<std::string> names;
    for (const CheckedTable& one : packs_.tables) names.push_back(one.name);
    fail("unknown-name", from.place,
         "no table \"" + from.name + "\"" + base::nearest_hint(from.name, names),
         "没有表 \"" + from.name + "\"");
  }
  const std::int32_t column = visible_column(*table, from.column, from.column_place);
  if (where.list == *table) return column_node(*table, column, Op::kColumn, where.list_frame, from);
  const std::int32_t mine = frame_table(where.frame);
  if (*table == mine) return column_node(*table, column, Op::kColumn, where.frame, from);
  if (is_up(packs_, mine, *table)) return column_node(*table, column, Op::kUp, where.frame, from);
  if (where.list >= 0 && is_up(packs_, where.list, *table)) {
    return column_node(*table, column, Op::kUp, where.list_frame, from);
  }
  fail("list-outside", from.place,
       from.name + "." + from.column + " is a list here (many rows of " + from.name +
           " for one of " + table_of(mine).name + "): put it inside sum, mean, min, max, only …",
       from.name + "." + from.column + " 在此处是列表，须放在聚合函数内");
}

NodeId TypeChecker::row_by_key(const Expression& from, const Where& where) {
  const auto& uses = edition_.pack->factors;
  for (std::size_t i = 0; i < uses.size(); ++i) {
    if (uses[i].alias == from.name) return factor_lookup(from, where, i);
  }
  if (const std::optional<std::int32_t> table = visible_table(from.name)) {
    return table_lookup(from, where, *table);
  }
  std::vector<std::string> names;
  names.reserve(uses.size() + packs_.tables.size());
  for (const FactorUse& one : uses) names.push_back(one.alias);
  for (const CheckedTable& one : packs_.tables) names.push_back(one.name);
  fail("unknown-name", from.place,
       "no table or factor table \"" + from.name + "\"" + base::nearest_hint(from.name, names),
       "没有表或因子表 \"" + from.name + "\"");
}

NodeId TypeChecker::table_lookup(const Expression& from, const Where& where, std::int32_t table) {
  const CheckedTable& in = table_of(table);
  if (from.at) fail("type-clash", from.place, "\"at\" is for factor tables", "at 只用于因子表");
  if (from.arguments.size() != in.key_size) {
    fail("argument-count", from.place,
         in.name + "(…) takes its " + std::to_string(in.key_size) + " key values, not " +
             std::to_string(from.arguments.size()),
         in.name + "(…) 需要 " + std::to_string(in.key_size) + " 个键值");
  }
  Node node;
  for (std::size_t i = 0; i < in.key_size; ++i) {
    const CheckedColumn& key = in.columns[i];
    NodeId argument = expression(*from.arguments[i], where);
    if (key.type == Type::kPeriod) as_period(argument, key.period);
    if (key.type == Type::kRow) argument = plain_number(argument, from.place);
    const Node& given = at(argument);
    const bool fits =
        given.is_null || key.type == Type::kRow ||
        (given.type == key.type && (key.type != Type::kPeriod || given.period == key.period));
    if (!fits) {
      fail("type-clash", from.arguments[i]->place,
           "key " + key.name + " of " + in.name + " does not take " + describe(argument),
           in.name + " 的键 " + key.name + " 类型不符");
    }
    node.args.push_back(argument);
  }
  const std::int32_t column = visible_column(table, from.column, from.column_place);
  const auto named = instruments_.find(where.frame);
  const std::vector<std::string> outer =
      named == instruments_.end() ? std::vector<std::string>{} : named->second;
  for (std::size_t i = 0; i < in.key_size; ++i) {  // holding(entity, "X", lot, …): X's unit
    const Expression& key = *from.arguments[i];
    if (in.columns[i].name == "instrument" && key.kind == ExpressionKind::kText)
      instruments_[where.frame] = {key.text};
  }
  const NodeId id = column_node(table, column, Op::kLookup, where.frame, from);
  instruments_[where.frame] = outer;
  at(id).args = std::move(node.args);
  at(id).reach = lookup_reach(at(id), table, where);
  return id;
}

// kBack: the period argument is the row's own period minus a whole number; kSame: the own period.
Reach TypeChecker::lookup_reach(const Node& node, std::int32_t table, const Where& where) const {
  const CheckedTable& in = table_of(table);
  const CheckedTable& mine = table_of(frame_table(where.frame));
  if (!in.period_column || !mine.period_column || mine.period != in.period) return Reach::kOther;
  const auto is_own_period = [&](const Node& one) {
    return one.op == Op::kColumn && one.frame == where.frame && one.column == *mine.period_column &&
           one.table == frame_table(where.frame);
  };
  const Node& argument = typed_.node(node.args[static_cast<std::size_t>(*in.period_column)]);
  if (is_own_period(argument)) return Reach::kSame;
  if (argument.op != Op::kStep || !is_own_period(typed_.node(argument.args[0])))
    return Reach::kOther;
  const Node& step = typed_.node(argument.args[1]);
  if (step.op != Op::kNegate) return Reach::kOther;
  const Node& count = typed_.node(step.args[0]);
  const bool whole = count.op == Op::kLiteral && count.number.is_integer();
  if (!whole || count.number.sign() < 0) return Reach::kOther;
  return count.number.sign() > 0 ? Reach::kBack : Reach::kSame;
}

NodeId TypeChecker::factor_lookup(const Expression& from, const Where& where, std::size_t use) {
  const std::int32_t index = edition_.factors[use];
  const factor::FactorTable& factors = *packs_.factors[static_cast<std::size_t>(index)];
  if (from.arguments.size() != factors.key_fields.size()) {
    fail("argument-count", from.place,
         from.name + "(…) takes its " + std::to_string(factors.key_fields.size()) +
             " key values, not " + std::to_string(from.arguments.size()),
         from.name + "(…) 需要 " + std::to_string(factors.key_fields.size()) + " 个键值");
  }
  std::vector<NodeId> args;
  for (std::size_t i = 0; i < from.arguments.size(); ++i) {
    const factor::Field& key = factors.fields[factors.key_fields[i]];
    NodeId argument = expression(*from.arguments[i], where);
    if (key.type == Type::kPeriod) as_period(argument, key.period);
    if (!at(argument).is_null && at(argument).type != key.type) {
      fail("type-clash", from.arguments[i]->place,
           "key " + key.name + " of " + factors.name() + " does not take " + describe(argument),
           factors.name() + " 的键 " + key.name + " 类型不符");
    }
    if (key.type == Type::kNumber) argument = convert(argument, key.unit, from.arguments[i]->place);
    args.push_back(argument);
  }
  const bool has_day = from.at != nullptr;
  if (has_day) {
    const NodeId day = expression(*from.at, where);
    if (at(day).type != Type::kDate && !at(day).is_null) {
      fail("type-clash", from.at->place, "\"at\" takes a date, not " + describe(day),
           "at 之后应为日期");
    }
    args.push_back(day);
  }
  const std::optional<std::size_t> field = factors.field(from.column);
  if (!field) {
    fail("unknown-name", from.column_place,
         factors.name() + " has no field \"" + from.column + "\"" +
             base::nearest_hint(from.column, factors.value_field_names()),
         factors.name() + " 没有字段 \"" + from.column + "\"");
  }
  const factor::Field& read = factors.fields[*field];
  Node node;
  node.op = Op::kFactor;
  node.type = read.type;
  node.period = read.period;
  node.unit = read.unit;
  node.frame = where.frame;
  node.factor = index;
  node.column = static_cast<std::int32_t>(*field);
  node.args = std::move(args);
  node.has_day = has_day;
  node.name = from.name + "(…)." + from.column;
  node.place = from.place;
  return add(std::move(node));
}

}  // namespace qz::rules
