// Stage compile: columns, conditions and cases, and what operators make of values and states.

#include "compute/detail/stage_compile.h"

#include <algorithm>
#include <span>

#include "compute/detail/scaled_form.h"
#include "plan/reads.h"

namespace qz::compute::detail {

using rules::Node;
using rules::NodeId;
using rules::Op;
using table::Type;

namespace {

// A segment with fewer rows is computed for all variations at once, where a scalar is an array.
constexpr std::uint32_t kOneByOneRows = 128;

}  // namespace

StageCompiler::StageCompiler(const Basis& basis, const Cone& cone, const KnownCells& known,
                             std::int32_t table, std::size_t segment)
    : basis_(basis),
      cone_(cone),
      known_(known),
      table_(table),
      segment_(segment),
      stack_(cone.stacks.at(table)),
      one_by_one_(stack_.segments[segment].size() >= kOneByOneRows) {}

StageCompiler::Answer StageCompiler::take(std::int32_t column) {
  before_ = {*this, inputs_.size(), states_.size(), pairs_.size(), column};
  is_after_others_ = false;
  const Maybe found = this->column(column);
  if (found && !declined_) {
    columns_[column] = *found;
    return Answer::kTaken;
  }
  give_back();
  return is_after_others_ ? Answer::kAfterOthers : Answer::kBeyond;
}

void StageCompiler::give_back() {
  static_cast<BatchTerms&>(*this) = before_.terms;
  inputs_.resize(before_.inputs);
  states_.resize(before_.states);
  pairs_.resize(before_.pairs);
  columns_.erase(before_.column);
}

// ---- columns

// Whether some cell of the segment is an input, or may become one.
bool StageCompiler::is_given(std::int32_t column) const {
  const plan::ColumnRef ref{table_, column};
  for (const Target& one : basis_.targets) {
    if (one.kind == Target::Kind::kCell && one.column == ref) return true;
  }
  const std::vector<std::uint8_t>& cases =
      basis_.data.tables[static_cast<std::size_t>(table_)].cases[static_cast<std::size_t>(column)];
  for (std::uint32_t slot = segment().begin; slot < segment().end; ++slot) {
    if (cases[stack_.base_rows[slot]] == kCaseInput) return true;
  }
  return false;
}

StageCompiler::Maybe StageCompiler::column(std::int32_t column) {
  const rules::CheckedColumn& of = shape().columns[static_cast<std::size_t>(column)];
  if (of.type != Type::kNumber && of.type != Type::kBool) return std::nullopt;
  const std::int32_t edition = segment().editions[static_cast<std::size_t>(of.pack_index)];
  const rules::ColumnRule* rule = edition < 0 ? nullptr : of.rule(edition);
  if (rule == nullptr || rule->cases.empty()) return own(column);
  at_ = {nullptr, table_, edition};
  const Maybe computed = formula(*rule);
  const bool may_be_given = rule->definition->input != rules::InputKind::kNone && is_given(column);
  if (!computed || !may_be_given) return computed;
  const Maybe given = own(column);
  if (!given || given->is_truth != computed->is_truth) return std::nullopt;
  if (given->state < 0) return given;
  Value out =
      merged(BatchOp::kCoalesce, *given, *computed, -1, state(StateOp::kOpen, given->state));
  out.state = state(StateOp::kGiven, given->state, computed->state);
  return out;
}

StageCompiler::Maybe StageCompiler::formula(const rules::ColumnRule& rule) {
  if (!rule.when) return cases(rule, 0);
  const Maybe test = root(*rule.when);
  if (!test || !test->is_truth) return std::nullopt;
  const Maybe yes = cases(rule, 0);
  Maybe no = not_applicable(*test);
  if (yes && !yes->is_truth) no->term = {one_, -1};
  if (yes) no->is_truth = yes->is_truth;
  return chosen(*test, yes, no);
}

// Not applicable everywhere; the truth of `test` stands for one that nobody looks at.
StageCompiler::Maybe StageCompiler::not_applicable(const Value& test) {
  return Value{{test.term.value, -1}, state(StateOp::kNotApplicable), true};
}

StageCompiler::Maybe StageCompiler::cases(const rules::ColumnRule& rule, std::size_t first) {
  const rules::CheckedCase& one = rule.cases[first];
  if (!one.when) return value(rule, one);
  const Maybe test = root(*one.when);
  if (!test || !test->is_truth) return std::nullopt;
  const Maybe yes = value(rule, one);
  if (!yes) return std::nullopt;
  if (first + 1 < rule.cases.size()) return chosen(*test, yes, cases(rule, first + 1));
  Maybe no = not_applicable(*test);
  if (!yes->is_truth) no->term = {one_, -1};
  no->is_truth = yes->is_truth;
  return chosen(*test, yes, no);
}

// A cell is not applicable where its formula's is, whatever becomes of the number.
StageCompiler::Maybe StageCompiler::value(const rules::ColumnRule& rule,
                                          const rules::CheckedCase& one) {
  Maybe out = root(one.formula);
  if (!out) return std::nullopt;
  if (out->is_truth) return out;
  if (rule.definition->round) {
    if (rule.definition->round->rule.significant) return std::nullopt;
    out->term = rounded(out->term, rule.definition->round->rule);
  }
  if (!(rule.to_column == exact::Number(1)))
    out->term.value = scaled(out->term.value, rule.to_column);
  return out;
}

// One of two, lane by lane; of fractions also their divisors. The state is still to come.
StageCompiler::Value StageCompiler::merged(BatchOp op, const Value& a, const Value& b,
                                           std::int32_t c, std::int32_t index) {
  const auto one_of_two = [&](std::int32_t x, std::int32_t y, bool is_truth) {
    BatchStep made;
    made.op = op;
    made.a = x;
    made.b = y;
    made.c = c;
    made.index = index;
    made.is_truth = is_truth;
    return push(std::move(made));
  };
  Value out;
  out.is_truth = a.is_truth;
  out.term.value = one_of_two(a.term.value, b.term.value, a.is_truth);
  if (!a.term.whole() || !b.term.whole())
    out.term.divisor = one_of_two(a.term.whole() ? one_ : a.term.divisor,
                                  b.term.whole() ? one_ : b.term.divisor, false);
  return out;
}

StageCompiler::Maybe StageCompiler::chosen(const Value& test, const Maybe& yes, const Maybe& no) {
  if (!yes || !no || !test.is_truth || yes->is_truth != no->is_truth) return std::nullopt;
  Value out = merged(BatchOp::kChoose, *yes, *no, test.term.value, -1);
  if (test.state >= 0 || yes->state >= 0 || no->state >= 0)
    out.state = state(StateOp::kChoose, yes->state, no->state, test.state, test.term.value);
  return out;
}

// ---- nodes

StageCompiler::Maybe StageCompiler::root(const rules::Typed& formula) {
  const FormulaAt before = at_;
  at_.formula = &formula;
  Maybe out = node(formula.root);
  at_ = before;
  return out;
}

StageCompiler::Maybe StageCompiler::node(NodeId id) {
  if (declined_) return std::nullopt;
  Maybe out = operated(id);
  return out ? out : leaf(id);
}

// Whether a part of the formula reads a column that is taken: then it cannot be computed before.
bool StageCompiler::reads_taken(NodeId id) const {
  std::vector<NodeId> open = {id};
  while (!open.empty()) {
    const Node& one = at_.formula->node(open.back());
    open.pop_back();
    const bool reads = one.op == Op::kColumn || one.op == Op::kUp || one.op == Op::kLookup;
    if (reads && one.table == table_ && columns_.contains(one.column)) return true;
    open.insert(open.end(), one.args.begin(), one.args.end());
    if (one.list < 0) continue;
    const NodeId filter = at_.formula->lists[static_cast<std::size_t>(one.list)].filter;
    if (filter >= 0) open.push_back(filter);
  }
  return false;
}

// A part of a formula that somebody else computes for all lanes before.
StageCompiler::Maybe StageCompiler::leaf(NodeId id) {
  const Node& one = at_.formula->node(id);
  if (one.type != Type::kNumber && one.type != Type::kBool) return std::nullopt;
  if (one.is_null) return std::nullopt;
  StageInput given;
  const auto found = known_.cells.find(&one);
  if (found != known_.cells.end()) {
    if (one.type == Type::kNumber && !found->second.by_slot.is_scaled()) return std::nullopt;
    given.kind = StageInput::Kind::kKnown;
    given.known = &found->second;
    return input(std::move(given), one.type);
  }
  if (reads_taken(id)) {
    is_after_others_ = true;
    return std::nullopt;
  }
  const std::span<const std::uint32_t> slots(stack_.base_rows);
  const auto some = slots.subspan(segment().begin, segment().size());
  const Lanes own{some.size(), {{some.begin(), some.end()}}};
  FormulaRunner runner(basis_.data);
  if (!is_usable(runner.run_node(*at_.formula, id, at_.table, own))) return std::nullopt;
  given.kind = StageInput::Kind::kNode;
  given.formula = at_;
  given.node = id;
  return input(std::move(given), one.type);
}

StageCompiler::Maybe StageCompiler::operated(NodeId id) {
  const Node& what = at_.formula->node(id);
  if (known_.cells.contains(&what)) return std::nullopt;
  const auto constant = known_.constants.find(&what);
  if (constant != known_.constants.end()) {
    StageInput given;
    given.kind = StageInput::Kind::kConstant;
    given.target = constant->second.target;
    given.is_scalar = true;
    return input(std::move(given), Type::kNumber);
  }
  switch (what.op) {
    case Op::kLiteral:
      if (what.type != Type::kNumber) return std::nullopt;
      return Value{{this->constant(what.number), -1}, -1, false};
    case Op::kNullLiteral:
      return Value{{one_, -1}, state(StateOp::kMissing), false};
    case Op::kColumn: {
      if (what.frame != 0 || what.table != table_) return std::nullopt;
      const auto taken = columns_.find(what.column);
      return taken != columns_.end() ? Maybe(taken->second) : own(what.column);
    }
    case Op::kUp:
      return up(what);
    case Op::kIf: {
      const Maybe test = node(what.args[0]);
      if (!test) return std::nullopt;
      const Maybe yes = node(what.args[1]), no = node(what.args[2]);
      return chosen(*test, yes, no);
    }
    case Op::kOr:
    case Op::kAnd:
    case Op::kNot:
      return logic(what);
    case Op::kCoalesce:
      return coalesced(what);
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual: {
      if (at_.formula->node(what.args[0]).type != Type::kNumber) return std::nullopt;
      const Maybe a = node(what.args[0]), b = node(what.args[1]);
      return a && b ? compared(*a, *b, what.op) : std::nullopt;
    }
    case Op::kBetween:
      return between(what);
    case Op::kIn:
      return one_of(what);
    case Op::kIsNull:
    case Op::kIsNotNull:
      return null_test(what);
    case Op::kMinOf:
    case Op::kMaxOf:
      return extreme(what);
    default:
      return is_arithmetic(what) ? arithmetic(what) : std::nullopt;
  }
}

StageCompiler::Maybe StageCompiler::arithmetic(const Node& what) {
  std::vector<Value> args;
  for (const NodeId arg : what.args) {
    const Maybe one = node(arg);
    if (!one || one->is_truth) return std::nullopt;
    args.push_back(*one);
  }
  const bool divides = what.op == Op::kDivide;
  if (divides && !args[1].term.whole()) return std::nullopt;
  if (what.op == Op::kAbs && !args[0].term.whole()) return std::nullopt;
  Value out;
  if (what.op == Op::kConvert) {
    out.state = args[0].state;
  } else {
    out.state = args.size() == 1 ? one(args[0].state) : both(args[0].state, args[1].state);
  }
  if (divides) {
    const auto by = constant_of(args[1].term.value);
    if (by && by->is_zero()) return std::nullopt;
    if (!by) out.state = state(StateOp::kZero, out.state, -1, -1, args[1].term.value);
  }
  std::size_t next = 0;
  out.term = BatchTerms::arithmetic(what, [&](NodeId) { return args[next++].term; });
  return out;
}

StageCompiler::Maybe StageCompiler::logic(const Node& what) {
  const Maybe a = node(what.args[0]);
  if (!a || !a->is_truth) return std::nullopt;
  if (what.op == Op::kNot)
    return Value{{truth(BatchOp::kNot, a->term.value, -1, -1), -1}, one(a->state), true};
  const Maybe b = node(what.args[1]);
  if (!b || !b->is_truth) return std::nullopt;
  pairs_.emplace_back(a->state, b->state);
  Value out{{truth(what.op == Op::kOr ? BatchOp::kOr : BatchOp::kAnd, a->term.value, b->term.value,
                   static_cast<std::int32_t>(pairs_.size() - 1)),
             -1},
            -1,
            true};
  if (a->state >= 0 || b->state >= 0) {
    out.state = state(StateOp::kLogic, a->state, b->state, -1, a->term.value, b->term.value);
    states_.back().is_or = what.op == Op::kOr;
  }
  return out;
}

StageCompiler::Maybe StageCompiler::coalesced(const Node& what) {
  Maybe out = node(what.args[0]);
  for (std::size_t k = 1; out && k < what.args.size() && out->state >= 0; ++k) {
    const Maybe next = node(what.args[k]);
    if (!next || next->is_truth != out->is_truth) return std::nullopt;
    const std::int32_t before = out->state;
    out = merged(BatchOp::kCoalesce, *out, *next, -1, state(StateOp::kOpen, before));
    out->state = state(StateOp::kCoalesce, before, next->state);
  }
  if (out && what.args.size() == 1) out->state = one(out->state);
  return out;
}

StageCompiler::Maybe StageCompiler::compared(const Value& a, const Value& b, Op op) {
  if (a.is_truth || b.is_truth || !a.term.whole() || !b.term.whole()) return std::nullopt;
  return Value{BatchTerms::compared(a.term, b.term, op), both(a.state, b.state), true};
}

StageCompiler::Maybe StageCompiler::between(const Node& what) {
  if (at_.formula->node(what.args[0]).type != Type::kNumber) return std::nullopt;
  const Maybe value = node(what.args[0]), low = node(what.args[1]), high = node(what.args[2]);
  if (!value || !low || !high) return std::nullopt;
  const Maybe above = compared(*value, *low, Op::kGreaterEqual);
  const Maybe below = compared(*value, *high, Op::kLessEqual);
  if (!above || !below) return std::nullopt;
  return Value{{truth(BatchOp::kEach, above->term.value, below->term.value, -1), -1},
               both(above->state, high->state),
               true};
}

StageCompiler::Maybe StageCompiler::one_of(const Node& what) {
  if (at_.formula->node(what.args[0]).type != Type::kNumber) return std::nullopt;
  const Maybe value = node(what.args[0]);
  if (!value || what.args.size() < 2) return std::nullopt;
  Maybe out;
  std::int32_t all = one(value->state);
  for (std::size_t k = 1; k < what.args.size(); ++k) {
    const Maybe choice = node(what.args[k]);
    if (!choice) return std::nullopt;
    const Maybe same = compared(*value, *choice, Op::kEqual);
    if (!same) return std::nullopt;
    all = both(all, choice->state);
    out =
        out ? Value{{truth(BatchOp::kEither, out->term.value, same->term.value, -1), -1}, -1, true}
            : *same;
  }
  out->state = all;
  return out;
}

StageCompiler::Maybe StageCompiler::extreme(const Node& what) {
  if (what.type != Type::kNumber) return std::nullopt;
  Maybe out = node(what.args[0]);
  if (!out || out->is_truth) return std::nullopt;
  out->state = one(out->state);
  for (std::size_t k = 1; k < what.args.size(); ++k) {
    const Maybe next = node(what.args[k]);
    if (!next || next->is_truth || !out->term.whole() || !next->term.whole()) return std::nullopt;
    out->term = {step(what.op == Op::kMinOf ? BatchOp::kSmaller : BatchOp::kLarger, out->term.value,
                      next->term.value),
                 -1};
    out->state = both(out->state, next->state);
  }
  return out;
}

StageCompiler::Maybe StageCompiler::null_test(const Node& what) {
  const Maybe value = node(what.args[0]);
  if (!value) return std::nullopt;
  const BatchOp op = what.op == Op::kIsNull ? BatchOp::kIsNull : BatchOp::kIsNotNull;
  pairs_.emplace_back(value->state, -1);
  return Value{{truth(op, -1, -1, static_cast<std::int32_t>(pairs_.size() - 1)), -1},
               value->state < 0 ? -1 : state(StateOp::kTested, value->state),
               true};
}

// ---- inputs and steps

StageCompiler::Value StageCompiler::input(StageInput given, Type type) {
  given.is_truth = type == Type::kBool;
  BatchStep made;
  made.op = BatchOp::kInput;
  made.is_truth = given.is_truth;
  made.index = static_cast<std::int32_t>(inputs_.size());
  const bool may_lack =
      given.kind != StageInput::Kind::kConstant &&
      !(given.kind == StageInput::Kind::kKnown && given.known->by_slot.all_have_values());
  inputs_.push_back(std::move(given));
  Value out{{push(std::move(made)), -1}, -1, inputs_.back().is_truth};
  if (may_lack)
    out.state = state(StateOp::kInput, -1, -1, -1, static_cast<std::int32_t>(inputs_.size() - 1));
  return out;
}

// What the base has is taken for what variations will have: cells that have no one denominator are
// better left to who computes them one by one.
bool StageCompiler::is_usable(const table::Column& cells) const {
  return cells.type() != Type::kNumber || scaled_form(cells).has_value();
}

// The cells of a column as they stand before the stage.
StageCompiler::Maybe StageCompiler::own(std::int32_t column) {
  const Type type = shape().columns[static_cast<std::size_t>(column)].type;
  if (type != Type::kNumber && type != Type::kBool) return std::nullopt;
  const table::Column& base = basis_.data.tables[static_cast<std::size_t>(table_)]
                                  .columns[static_cast<std::size_t>(column)];
  const std::span<const std::uint32_t> slots(stack_.base_rows);
  if (!base.is_scaled() &&
      !is_usable(base.picked(slots.subspan(segment().begin, segment().size()))))
    return std::nullopt;
  StageInput given;
  given.kind = StageInput::Kind::kOwn;
  given.column = {table_, column};
  return input(std::move(given), type);
}

StageCompiler::Maybe StageCompiler::up(const Node& what) {
  const Type type = basis_.data.packs.tables[static_cast<std::size_t>(what.table)]
                        .columns[static_cast<std::size_t>(what.column)]
                        .type;
  const bool fits = type == Type::kNumber || type == Type::kBool;
  const auto above = cone_.stacks.find(what.table);
  if (what.frame != 0 || !fits || what.table == table_ || above == cone_.stacks.end())
    return std::nullopt;
  StageInput given;
  given.kind = StageInput::Kind::kUp;
  given.column = {what.table, what.column};
  const std::vector<std::uint32_t>& up = basis_.data.relations.up(table_, what.table);
  given.is_scalar = true;
  for (std::uint32_t slot = segment().begin; slot < segment().end; ++slot) {
    const std::uint32_t row = stack_.base_rows[slot];
    const std::uint32_t row_above = up[row];
    given.above.push_back(row_above == kNoRow ? kNoRow : above->second.slot_of[row_above]);
    given.why.push_back(row_above == kNoRow
                            ? basis_.data.relations.up_state(table_, row, what.table)
                            : table::State::kValue);
    if (given.why.back() == table::State::kValue && given.above.back() == kNoRow)
      return std::nullopt;
    if (!table::is_error(given.why.back()) && row_above == kNoRow)
      given.why.back() = table::State::kNull;
    given.is_scalar = given.is_scalar && given.above.back() != kNoRow &&
                      given.above.back() == given.above.front();
  }
  return input(std::move(given), type);
}

std::int32_t StageCompiler::state(StateOp op, std::int32_t a, std::int32_t b, std::int32_t c,
                                  std::int32_t value, std::int32_t other) {
  states_.push_back({op, a, b, c, value, other, false, out_.steps.size(), false});
  return static_cast<std::int32_t>(states_.size() - 1);
}

std::int32_t StageCompiler::truth(BatchOp op, std::int32_t a, std::int32_t b, std::int32_t index) {
  BatchStep made;
  made.op = op;
  made.a = a;
  made.b = b;
  made.index = index;
  made.is_truth = true;
  return push(std::move(made));
}

// ---- the end

StageProgram StageCompiler::finish(const std::set<std::int32_t>& stored) {
  StageProgram out;
  out.one_by_one = one_by_one_;
  for (const std::int32_t column : stored) {
    const auto found = columns_.find(column);
    if (found == columns_.end()) continue;
    const Value& value = found->second;
    out.outputs.push_back(
        {column, value.term.value, value.term.divisor, value.state, value.is_truth});
  }
  out.inputs = std::move(inputs_);
  out.states = std::move(states_);
  out.state_pairs = std::move(pairs_);
  keep_needed(out);
  fuse(out);
  // Divisors are looked at beside the steps: their arrays stay.
  const std::size_t numbers = out_.outputs.size();
  for (const StateStep& one : out.states)
    if (one.needed && one.op == StateOp::kZero) out_.outputs.push_back(one.value);
  give_slots();
  out_.outputs.resize(numbers);
  out.steps = std::move(out_);
  return out;
}

// Steps and states that no output needs go: their numbers would count in the proofs.
void StageCompiler::keep_needed(StageProgram& out) {
  std::vector<std::uint8_t> needed(out_.steps.size(), 0);
  const auto need = [&](std::int32_t id) {
    if (id >= 0) needed[static_cast<std::size_t>(id)] = 1;
  };
  const auto need_state = [&](std::int32_t id) {
    if (id >= 0) out.states[static_cast<std::size_t>(id)].needed = true;
  };
  need(one_);
  for (const StageOutput& one : out.outputs) {
    need(one.value);
    need(one.divisor);
    need_state(one.state);
  }
  // Both lists stand in the order in which they were made, and `after` says how they interlock.
  std::size_t s = out.states.size();
  for (std::size_t i = out_.steps.size() + 1; i-- > 0;) {
    for (; s > 0 && out.states[s - 1].after >= i; --s) {
      const StateStep& one = out.states[s - 1];
      if (!one.needed) continue;
      need_state(one.a);
      need_state(one.b);
      need_state(one.c);
      if (one.op == StateOp::kInput) continue;
      need(one.value);
      need(one.other);
    }
    if (i == 0 || needed[i - 1] == 0) continue;
    const BatchStep& one = out_.steps[i - 1];
    need(one.a);
    need(one.b);
    need(one.c);
    need(one.root);
    if (one.op == BatchOp::kCoalesce) need_state(one.index);
    if (one.op == BatchOp::kAnd || one.op == BatchOp::kOr || one.op == BatchOp::kIsNull ||
        one.op == BatchOp::kIsNotNull) {
      const auto& pair = out.state_pairs[static_cast<std::size_t>(one.index)];
      need_state(pair.first);
      need_state(pair.second);
    }
  }
  std::vector<std::int32_t> place(out_.steps.size() + 1, -1);
  std::vector<BatchStep> kept;
  std::vector<std::size_t> before(out_.steps.size() + 1, 0);
  for (std::size_t i = 0; i < out_.steps.size(); ++i) {
    before[i] = kept.size();
    if (needed[i] == 0) continue;
    BatchStep one = out_.steps[i];
    place[i] = static_cast<std::int32_t>(kept.size());
    for (std::int32_t* id : {&one.a, &one.b, &one.c, &one.root})
      if (*id >= 0) *id = place[static_cast<std::size_t>(*id)];
    kept.push_back(std::move(one));
  }
  before.back() = kept.size();
  const auto moved = [&](std::int32_t& id) {
    if (id >= 0) id = place[static_cast<std::size_t>(id)];
  };
  for (StateStep& one : out.states) {
    one.after = before[one.after];
    if (one.op == StateOp::kInput) continue;
    moved(one.value);
    moved(one.other);
  }
  for (StageOutput& one : out.outputs) {
    moved(one.value);
    moved(one.divisor);
    if (!one.is_truth) out_.outputs.push_back(one.value);
    if (one.divisor >= 0) out_.outputs.push_back(one.divisor);
  }
  out_.steps = std::move(kept);
}

// A product with a scalar that one rounding alone takes is made by it.
void StageCompiler::fuse(StageProgram& out) {
  std::vector<BatchStep>& steps = out_.steps;
  out.is_fused.assign(steps.size(), 0);
  if (!out.one_by_one) return;
  std::vector<int> uses(steps.size(), 0);
  const auto use = [&](std::int32_t id) {
    if (id >= 0) ++uses[static_cast<std::size_t>(steps[static_cast<std::size_t>(id)].root)];
  };
  for (const BatchStep& one : steps) {
    if (one.op == BatchOp::kScale) continue;
    use(one.a);
    use(one.b);
    use(one.c);
  }
  for (const StateStep& one : out.states) {
    if (one.op == StateOp::kInput || !one.needed) continue;
    use(one.value);
    use(one.other);
  }
  for (const std::int32_t output : out_.outputs) use(output);
  const auto scalar = [&](std::int32_t id) {
    const BatchStep& one = steps[static_cast<std::size_t>(id)];
    return one.op == BatchOp::kInput && out.inputs[static_cast<std::size_t>(one.index)].is_scalar
               ? one.index
               : -1;
  };
  for (BatchStep& one : steps) {
    if (one.op != BatchOp::kRound) continue;
    one.index = -1;
    const auto root = static_cast<std::size_t>(steps[static_cast<std::size_t>(one.a)].root);
    const BatchStep& product = steps[root];
    if (product.op != BatchOp::kMultiply || uses[root] != 1) continue;
    const std::int32_t a = scalar(product.a), b = scalar(product.b);
    if ((a < 0) == (b < 0)) continue;
    one.index = a >= 0 ? a : b;
    one.c = a >= 0 ? product.b : product.a;
    out.is_fused[root] = 1;
  }
}

}  // namespace qz::compute::detail
