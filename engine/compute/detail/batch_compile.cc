// Batch compile: rules to steps. What it does not know, it declines: the general evaluator has it.

#include <algorithm>
#include <map>

#include "compute/detail/batch_terms.h"

namespace qz::compute::detail {
namespace {

using exact::Number;
using rules::Node;
using rules::Op;
using table::Type;

class Compiler : BatchTerms {
 public:
  Compiler(const Data& data, std::int32_t table, std::int32_t edition)
      : data_(data),
        table_(table),
        edition_(edition),
        shape_(data.packs.tables[static_cast<std::size_t>(table)]) {}

  std::optional<BatchSteps> run(const BatchWanted& wanted) {
    for (const std::int32_t column : wanted.columns) {
      if (type_of(column) != Type::kNumber) decline();
      give(this->column(column), false);
    }
    for (const RowShare& one : wanted.shares) {
      const Term found = share(one);
      give(found, !declined_ && tells_missing(one));
    }
    for (const std::int32_t column : wanted.sound) sound(column);
    for (const rules::CheckedCheck* check : wanted.checks) holds(*check);
    demand();
    if (declined_) return std::nullopt;
    give_slots();
    return std::move(out_);
  }

 private:
  // ---- where something is looked at

  std::int32_t within(BatchGuard::Kind kind, std::int32_t step) {
    out_.guards.push_back({kind, guard_, step});
    return static_cast<std::int32_t>(out_.guards.size()) - 1;
  }

  Term guarded(std::int32_t guard, const rules::Typed& formula, rules::NodeId id) {
    const std::int32_t before = guard_;
    guard_ = guard;
    const Term out = node(formula, id);
    guard_ = before;
    return out;
  }

  // ---- what is wanted

  Type type_of(std::int32_t column) const {
    return shape_.columns[static_cast<std::size_t>(column)].type;
  }

  void give(const Term& what, bool may_miss) {
    if (declined_ || !what.whole()) {
      decline();
      return;
    }
    out_.outputs.push_back(what.value);
    out_.may_miss.push_back(may_miss ? 1 : 0);
  }

  // Whether a share that is null is one whose value, weight or filter is null: not a value that
  // does not apply, and no filter of any() or all(), for which the two are not the same.
  bool tells_missing(const RowShare& what) const {
    const bool truths = what.kind == RowShare::Kind::kTrue || what.kind == RowShare::Kind::kFalse;
    if (truths && what.where) return false;
    if (!what.value) return true;
    const rules::Typed& formula = *what.value->formula;
    const Node* node = &formula.node(what.value->node);
    while (node->op == Op::kConvert) node = &formula.node(node->args[0]);
    return node->op == Op::kColumn ? !may_pass_on(node->column) : !may_not_apply(formula, *node);
  }

  // Whether a formula of the column may pass on that another column does not apply.
  bool may_pass_on(std::int32_t id) const {
    const rules::ColumnRule* rule = shape_.columns[static_cast<std::size_t>(id)].rule(edition_);
    if (rule == nullptr) return true;
    return std::any_of(rule->cases.begin(), rule->cases.end(), [&](const rules::CheckedCase& one) {
      return may_not_apply(one.formula, one.formula.top());
    });
  }

  bool may_not_apply(const rules::Typed& formula, const Node& node) const {
    switch (node.op) {
      case Op::kLiteral:
      case Op::kNullLiteral:
      case Op::kFactor:
      case Op::kAdd:
      case Op::kSubtract:
      case Op::kMultiply:
      case Op::kDivide:
        return false;
      case Op::kColumn:
        return applies_.contains(node.column) || may_pass_on(node.column);
      case Op::kUp:
        return true;
      default:
        return std::any_of(node.args.begin(), node.args.end(), [&](rules::NodeId arg) {
          return may_not_apply(formula, formula.node(arg));
        });
    }
  }

  void sound(std::int32_t column) {
    const rules::ColumnRule* rule = shape_.columns[static_cast<std::size_t>(column)].rule(edition_);
    if (rule == nullptr || rule->cases.empty()) return;
    const Term found = this->column(column);
    if (!declined_ && at(found.value).may_fail) out_.sound.push_back(found.value);
  }

  void holds(const rules::CheckedCheck& check) {
    const auto required = [&] { return node(check.require, check.require.root); };
    const auto nothing = [&] { return typed(one_, Type::kBool); };
    Term out = nothing();
    if (check.when) {
      out = chosen(node(*check.when, check.when->root).value, required, nothing);
    } else {
      out = required();
    }
    if (!declined_) out_.holds.push_back(as_truth(out.value, true));
  }

  Term of(const RowFormula& what) {
    const std::int32_t before = frame_;
    frame_ = what.frame;
    const Term out = node(*what.formula, what.node);
    frame_ = before;
    return out;
  }

  Term share(const RowShare& what) {
    const Term zero{constant(Number(0)), -1};
    std::int32_t where = what.where ? as_truth(of(*what.where).value, true) : -1;
    const std::int32_t applied = what.value ? applies(*what.value) : -1;
    // A weight is looked at wherever the filter holds, and may name factors there.
    if (what.weight && applied >= 0 && names_factor(*what.weight)) return decline();
    if (where >= 0 && applied >= 0) {
      where = step(BatchOp::kAnd, where, applied);
    } else if (applied >= 0) {
      where = applied;
    }
    if (where < 0) return share_of_all(what);
    return chosen(
        where, [&] { return share_of_all(what); }, [&] { return zero; });
  }

  static bool names_factor(const RowFormula& what) {
    const Node& node = what.formula->node(what.node);
    return node.op == Op::kFactor ||
           std::any_of(node.args.begin(), node.args.end(), [&](rules::NodeId arg) {
             return names_factor({what.formula, arg, what.frame});
           });
  }

  Term share_of_all(const RowShare& what) {
    switch (what.kind) {
      case RowShare::Kind::kOne:
        return {one_, -1};
      case RowShare::Kind::kValue:
        return of(*what.value);
      case RowShare::Kind::kProduct: {
        const Term value = of(*what.value);
        return times(value, of(*what.weight));
      }
      case RowShare::Kind::kWeight:
        return of(*what.weight);
      default:
        break;
    }
    const std::int32_t truth = as_truth(of(*what.value).value, true);
    const bool is = what.kind == RowShare::Kind::kTrue;
    return {as_number(is ? truth : step(BatchOp::kNot, truth)), -1};
  }

  // Where a column that stands by itself applies: truth values, -1 if everywhere. What is not found
  // here is missing in the column, and then a row of it is out of the ordinary.
  std::int32_t applies(const RowFormula& what) {
    const Node* node = &what.formula->node(what.node);
    while (node->op == Op::kConvert) node = &what.formula->node(node->args[0]);
    if (node->op != Op::kColumn || node->frame != what.frame || node->table != table_) return -1;
    column(node->column);
    const auto known = applies_.find(node->column);
    return declined_ || known == applies_.end() ? -1 : known->second;
  }

  // ---- columns

  Term input(std::int32_t column) {
    const auto found = std::find(out_.inputs.begin(), out_.inputs.end(), column);
    BatchStep made;
    made.op = BatchOp::kInput;
    made.index = static_cast<std::int32_t>(found - out_.inputs.begin());
    if (found == out_.inputs.end()) {
      if (shape_.columns[static_cast<std::size_t>(column)].type == Type::kRow) return decline();
      out_.inputs.push_back(column);
    }
    return typed(push(std::move(made)), shape_.columns[static_cast<std::size_t>(column)].type);
  }

  Term typed(std::int32_t id, Type type) {
    return {type == Type::kBool ? step(BatchOp::kTruth, id) : id, -1};
  }

  Term column(std::int32_t id) {
    const auto known = columns_.find(id);
    if (known != columns_.end()) return known->second ? *known->second : decline();
    columns_[id] = std::nullopt;  // a loop comes back here
    const rules::CheckedColumn& of = shape_.columns[static_cast<std::size_t>(id)];
    if (of.is_key) return *(columns_[id] = input(id));
    const rules::ColumnRule* rule = of.rule(edition_);
    if (rule == nullptr || of.type == Type::kRow) return decline();
    const std::int32_t before = guard_;
    const std::int32_t frame = frame_;
    guard_ = -1;  // a column is computed for all rows, whoever reads it
    frame_ = 0;
    const bool has_input = rule->definition->input != rules::InputKind::kNone;
    Term out = has_input ? input(id) : Term{one_, -1};
    if (!rule->cases.empty()) {
      std::int32_t given = -1;
      if (has_input) given = guard_ = within(BatchGuard::Kind::kNull, out.value);
      Conditions conditions;
      const Term computed = formula(*rule, conditions);
      if (!computed.whole()) decline();
      note_where(id, given < 0 ? -1 : out.value, conditions);
      out = given < 0 ? computed : Term{step(BatchOp::kCoalesce, out.value, computed.value), -1};
    }
    guard_ = before;
    frame_ = frame;
    if (declined_) return {one_, -1};
    columns_[id] = out;
    return out;
  }

  // What decides whether a column applies to a row: its condition, and those of its cases.
  struct Conditions {
    std::int32_t when = -1;
    std::vector<std::int32_t> cases;
    bool has_last = false;  // a case without a condition
  };

  // Keeps where the column `id` applies; `input`: where something is given, it does.
  void note_where(std::int32_t id, std::int32_t input, const Conditions& of) {
    if (declined_) return;
    std::int32_t where = -1;
    for (std::size_t k = 0; k < of.cases.size() && !of.has_last; ++k)
      where = k == 0 ? of.cases[k] : step(BatchOp::kOr, where, of.cases[k]);
    if (of.when >= 0) where = where < 0 ? of.when : step(BatchOp::kAnd, of.when, where);
    if (where < 0) return;
    if (input >= 0) where = step(BatchOp::kOr, step(BatchOp::kIsNotNull, input), where);
    applies_[id] = where;
  }

  Term formula(const rules::ColumnRule& rule, Conditions& conditions) {
    if (!rule.when) return cases(rule, 0, conditions);
    conditions.when = as_truth(node(*rule.when, rule.when->root).value, true);
    return chosen(
        conditions.when, [&] { return cases(rule, 0, conditions); }, [&] { return nothing(rule); });
  }

  Term nothing(const rules::ColumnRule& rule) {
    return {missing(rule.cases[0].formula.top().type == Type::kBool), -1};
  }

  Term cases(const rules::ColumnRule& rule, std::size_t c, Conditions& conditions) {
    if (c == rule.cases.size()) return nothing(rule);
    const rules::CheckedCase& one = rule.cases[c];
    if (!one.when) {
      conditions.has_last = true;
      return value(rule, one);
    }
    const std::int32_t when = as_truth(node(*one.when, one.when->root).value, true);
    conditions.cases.push_back(when);
    return chosen(
        when, [&] { return value(rule, one); }, [&] { return cases(rule, c + 1, conditions); });
  }

  Term value(const rules::ColumnRule& rule, const rules::CheckedCase& one) {
    Term out = node(one.formula, one.formula.root);
    if (rule.definition->round) out = rounded(out, rule.definition->round->rule);
    if (!(rule.to_column == Number(1))) out.value = scaled(out.value, rule.to_column);
    return out;
  }

  template <class Yes, class No>
  Term chosen(std::int32_t test, const Yes& yes, const No& no) {
    test = as_truth(test, true);
    const std::int32_t before = guard_;
    const std::int32_t held = within(BatchGuard::Kind::kTrue, test);
    const std::int32_t failed = within(BatchGuard::Kind::kFalse, test);
    guard_ = held;
    const Term a = yes();
    guard_ = failed;
    const Term b = no();
    guard_ = before;
    if (!a.whole() || !b.whole()) return decline();
    return {step(BatchOp::kChoose, a.value, b.value, test), -1};
  }

  // Inputs that every row must have, or within limits: all of this edition, read or not.
  void demand() {
    for (std::size_t c = shape_.key_size; c < shape_.columns.size(); ++c) {
      const rules::CheckedColumn& of = shape_.columns[c];
      const rules::ColumnRule* rule = of.rule(edition_);
      if (rule == nullptr || rule->definition->input == rules::InputKind::kNone) continue;
      const rules::ColumnDefinition& as = *rule->definition;
      const bool limited = of.type == Type::kNumber && (as.min || as.max);
      const bool required = !as.optional && !as.has_formula();
      const auto column = static_cast<std::int32_t>(c);
      if (!limited && !required) continue;
      if (std::find(out_.inputs.begin(), out_.inputs.end(), column) == out_.inputs.end())
        out_.inputs.push_back(column);
      const auto index = static_cast<std::size_t>(
          std::find(out_.inputs.begin(), out_.inputs.end(), column) - out_.inputs.begin());
      if (out_.demands.size() <= index) out_.demands.resize(index + 1);
      InputDemand& asked = out_.demands[index];
      asked.present = required;
      if (of.type == Type::kNumber && as.min) asked.least = *as.min * rule->to_column;
      if (of.type == Type::kNumber && as.max) asked.most = *as.max * rule->to_column;
    }
    out_.demands.resize(out_.inputs.size() + out_.ups.size());
    // Inputs of rows above were numbered from the end, before it was known how many there are.
    for (BatchStep& one : out_.steps) {
      if (one.op == BatchOp::kInput && one.index >= kUpFirst)
        one.index += static_cast<std::int32_t>(out_.inputs.size()) - kUpFirst;
    }
  }

  // ---- nodes

  Term node(const rules::Typed& formula, rules::NodeId id);
  Term literal(const Node& node);
  Term up(const Node& node);
  Term factor(const rules::Typed& formula, const Node& node);
  Term logic(const rules::Typed& formula, const Node& node);
  Term coalesced(const rules::Typed& formula, const Node& node);
  Term one_of(const rules::Typed& formula, const Node& node);
  Term extreme(const rules::Typed& formula, const Node& node);

  static constexpr std::int32_t kUpFirst = 1 << 20;
  const Data& data_;
  std::int32_t table_;
  std::int32_t edition_;
  const rules::CheckedTable& shape_;
  std::int32_t guard_ = -1;
  std::int32_t frame_ = 0;  // of the row, in the formula at hand
  std::map<std::int32_t, std::optional<Term>> columns_;
  std::map<std::int32_t, std::int32_t> applies_;  // by column that does not apply to every row
};

Term Compiler::node(const rules::Typed& formula, rules::NodeId id) {
  if (declined_) return {one_, -1};
  const Node& what = formula.node(id);
  switch (what.op) {
    case Op::kLiteral:
      return literal(what);
    case Op::kNullLiteral:
      return {missing(what.type == Type::kBool), -1};
    case Op::kColumn:
      return what.frame == frame_ && what.table == table_ ? column(what.column) : decline();
    case Op::kUp:
      return up(what);
    case Op::kFactor:
      return factor(formula, what);
    case Op::kIf:
      return chosen(
          node(formula, what.args[0]).value, [&] { return node(formula, what.args[1]); },
          [&] { return node(formula, what.args[2]); });
    case Op::kOr:
    case Op::kAnd:
    case Op::kNot:
      return logic(formula, what);
    case Op::kCoalesce:
      return coalesced(formula, what);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
      return compared(node(formula, what.args[0]), node(formula, what.args[1]), what.op);
    case Op::kBetween: {
      const Term value = node(formula, what.args[0]), low = node(formula, what.args[1]),
                 high = node(formula, what.args[2]);
      return {step(BatchOp::kEach, compared(value, low, Op::kGreaterEqual).value,
                   compared(value, high, Op::kLessEqual).value),
              -1};
    }
    case Op::kIn:
      return one_of(formula, what);
    case Op::kIsNull:
    case Op::kIsNotNull: {
      const Term value = node(formula, what.args[0]);
      if (!value.whole()) return decline();
      return {step(what.op == Op::kIsNull ? BatchOp::kIsNull : BatchOp::kIsNotNull, value.value),
              -1};
    }
    case Op::kMinOf:
    case Op::kMaxOf:
      return extreme(formula, what);
    default:
      return arithmetic(what, [&](rules::NodeId arg) { return node(formula, arg); });
  }
}

Term Compiler::literal(const Node& node) {
  switch (node.type) {
    case Type::kNumber:
      return {constant(node.number), -1};
    case Type::kText:
      return {constant(Number(data_.pool.find(node.text))), -1};
    case Type::kRow:
      return decline();
    case Type::kBool: {  // not of a constant 0, which is a 1 with a scale
      const std::int32_t yes = step(BatchOp::kTruth, one_);
      return {node.id != 0 ? yes : step(BatchOp::kNot, yes), -1};
    }
    default:
      return {constant(Number(node.id)), -1};
  }
}

Term Compiler::up(const Node& node) {
  if (node.frame != frame_) return decline();
  const rules::CheckedColumn& of = data_.packs.tables[static_cast<std::size_t>(node.table)]
                                       .columns[static_cast<std::size_t>(node.column)];
  if (of.type == Type::kRow) return decline();
  const auto found = std::find_if(out_.ups.begin(), out_.ups.end(), [&](const UpRead& one) {
    return one.table == node.table && one.column == node.column;
  });
  BatchStep made;
  made.op = BatchOp::kInput;
  made.index = kUpFirst + static_cast<std::int32_t>(found - out_.ups.begin());
  if (found == out_.ups.end()) out_.ups.push_back({node.table, node.column});
  return typed(push(std::move(made)), of.type);
}

Term Compiler::factor(const rules::Typed& formula, const Node& node) {
  const factor::FactorTable& factors = *data_.packs.factors[static_cast<std::size_t>(node.factor)];
  base::Date day = data_.packs.cycle.last_day();
  std::optional<PeriodInput> period;
  std::size_t keys = node.args.size();
  if (node.has_day) {
    const Node& at_day = formula.node(node.args.back());
    if (at_day.op != Op::kLiteral) return decline();
    day = base::Date(at_day.id);
    --keys;
  } else if (factors.dated && shape_.period_column) {
    const Term of_row = column(*shape_.period_column);
    if (declined_) return decline();
    period = PeriodInput{at(of_row.value).index, shape_.period};
  }
  if (node.frame != frame_) return decline();
  std::vector<std::int32_t> inputs;
  for (std::size_t k = 0; k < keys; ++k) {
    const Node& arg = formula.node(node.args[k]);
    if (arg.op != Op::kColumn || arg.frame != frame_ || arg.type != Type::kText) return decline();
    const Term text = column(arg.column);
    if (declined_ || at(text.value).op != BatchOp::kInput) return decline();
    inputs.push_back(at(text.value).index);
  }
  std::size_t key = 0;
  for (; key < out_.keys.size(); ++key) {
    const FactorKey& one = out_.keys[key];
    bool same = one.factor == node.factor && one.day == day &&
                one.parts.size() == inputs.size() + (period ? 1 : 0);
    for (std::size_t k = 0; same && k < inputs.size(); ++k) same = one.parts[k].input == inputs[k];
    if (same) break;
  }
  if (key == out_.keys.size()) {
    std::optional<FactorKey> made = factor_key(data_, node.factor, inputs, day, period);
    if (!made) return decline();
    out_.keys.push_back(std::move(*made));
  }
  std::size_t read = 0;
  while (read < out_.reads.size() && (out_.reads[read].key != static_cast<std::int32_t>(key) ||
                                      out_.reads[read].field != node.column))
    ++read;
  if (read == out_.reads.size()) {
    std::optional<FactorCells> cells = factor_cells(data_, out_.keys[key], node.column);
    if (!cells) return decline();
    out_.reads.push_back({static_cast<std::int32_t>(key), node.column, std::move(*cells), {}});
  }
  out_.reads[read].guards.insert(guard_);
  BatchStep made;
  made.op = BatchOp::kFactor;
  made.index = static_cast<std::int32_t>(read);
  return {push(std::move(made)), -1};
}

Term Compiler::logic(const rules::Typed& formula, const Node& node) {
  const std::int32_t a = this->node(formula, node.args[0]).value;
  if (declined_) return {one_, -1};
  const std::int32_t left = as_truth(a, true);
  if (node.op == Op::kNot) return {step(BatchOp::kNot, left), -1};
  const bool both = node.op == Op::kAnd;
  const std::int32_t open =
      within(both ? BatchGuard::Kind::kNotFalse : BatchGuard::Kind::kNotTrue, left);
  const std::int32_t b = guarded(open, formula, node.args[1]).value;
  if (declined_) return {one_, -1};
  return {step(both ? BatchOp::kAnd : BatchOp::kOr, left, as_truth(b, true)), -1};
}

Term Compiler::coalesced(const rules::Typed& formula, const Node& node) {
  Term out = this->node(formula, node.args[0]);
  std::int32_t guard = guard_;
  const std::int32_t before = guard_;
  for (std::size_t k = 1; k < node.args.size(); ++k) {
    guard_ = guard;
    guard = within(BatchGuard::Kind::kNull, out.value);
    guard_ = before;
    const Term next = guarded(guard, formula, node.args[k]);
    if (declined_ || !out.whole() || !next.whole()) return decline();
    out = {step(BatchOp::kCoalesce, out.value, next.value), -1};
  }
  return out;
}

Term Compiler::one_of(const rules::Typed& formula, const Node& node) {
  const Node& value = formula.node(node.args[0]);
  const Term a = this->node(formula, node.args[0]);
  std::int32_t out = -1;
  for (std::size_t k = 1; k < node.args.size(); ++k) {
    const Node& choice = formula.node(node.args[k]);
    const bool lies_in = choice.type == Type::kPeriod &&
                         (value.type == Type::kDate || value.period != choice.period);
    if (lies_in) return decline();
    const std::int32_t same = compared(a, this->node(formula, node.args[k]), Op::kEqual).value;
    out = out < 0 ? same : step(BatchOp::kEither, out, same);
  }
  return out < 0 ? decline() : Term{out, -1};
}

Term Compiler::extreme(const rules::Typed& formula, const Node& node) {
  Term out = this->node(formula, node.args[0]);
  for (std::size_t k = 1; k < node.args.size(); ++k) {
    const Term next = this->node(formula, node.args[k]);
    if (declined_ || !out.whole() || !next.whole()) return decline();
    out = {
        step(node.op == Op::kMinOf ? BatchOp::kSmaller : BatchOp::kLarger, out.value, next.value),
        -1};
  }
  return out;
}

}  // namespace

std::optional<BatchSteps> compile_batch(const Data& data, std::int32_t table, std::int32_t edition,
                                        const BatchWanted& wanted) {
  return Compiler(data, table, edition).run(wanted);
}

}  // namespace qz::compute::detail
