// Batch terms: each operation as steps, the same steps only once.

#include "compute/detail/batch_terms.h"

#include <algorithm>

namespace qz::compute::detail {

using exact::Number;
using rules::Op;

namespace {

constexpr std::size_t kStepsMax = 2000;
constexpr std::int32_t kPlacesMax = 40;
constexpr std::int32_t kPowerMax = 8;

}  // namespace

Term BatchTerms::decline() {
  declined_ = true;
  return {one_, -1};
}

std::int32_t BatchTerms::push(BatchStep step) {
  const auto key = std::make_tuple(step.op, step.a, step.b, step.c, step.index, step.places,
                                   step.mode, step.order, step.number);
  const auto known = known_.find(key);
  if (known != known_.end()) return known->second;
  const auto id = static_cast<std::int32_t>(out_.steps.size());
  if (out_.steps.size() >= kStepsMax) {
    declined_ = true;
    return 0;
  }
  for (const std::int32_t operand : {step.a, step.b, step.c})
    step.may_fail = step.may_fail || (operand >= 0 && at(operand).may_fail);
  step.may_fail = step.may_fail || step.op == BatchOp::kFactor || step.op == BatchOp::kQuotient;
  step.root = step.op == BatchOp::kScale ? at(step.a).root : id;
  out_.steps.push_back(std::move(step));
  known_.emplace(key, id);
  return id;
}

std::int32_t BatchTerms::step(BatchOp op, std::int32_t a, std::int32_t b, std::int32_t c) {
  BatchStep made;
  made.op = op;
  made.a = a;
  made.b = b;
  made.c = c;
  made.is_truth = op >= BatchOp::kTruth;
  if (op == BatchOp::kCoalesce || op == BatchOp::kChoose) {
    made.is_truth = at(a).is_truth || at(b).is_truth;
    made.a = as_truth(a, made.is_truth);
    made.b = as_truth(b, made.is_truth);
  }
  return push(std::move(made));
}

// A null that stands where truth values stand.
std::int32_t BatchTerms::as_truth(std::int32_t id, bool truth) {
  if (at(id).is_truth == truth) return id;
  if (at(id).op != BatchOp::kMissing) declined_ = true;
  return missing(truth);
}

std::int32_t BatchTerms::missing(bool truth) {
  BatchStep made;
  made.op = BatchOp::kMissing;
  made.index = truth ? 1 : 0;
  made.is_truth = truth;
  return push(std::move(made));
}

std::int32_t BatchTerms::as_number(std::int32_t id) {
  return at(id).is_truth ? step(BatchOp::kChoose, one_, constant(Number(0)), id) : id;
}

std::int32_t BatchTerms::scaled(std::int32_t a, const Number& by) {
  if (by == Number(1)) return a;
  BatchStep made;
  made.op = BatchOp::kScale;
  made.a = at(a).op == BatchOp::kScale ? at(a).a : a;
  made.number = at(a).op == BatchOp::kScale ? at(a).number * by : by;
  return push(std::move(made));
}

std::int32_t BatchTerms::constant(const Number& value) { return scaled(one_, value); }

// The value of a step that is the same in every row.
std::optional<exact::Number> BatchTerms::constant_of(std::int32_t id) const {
  if (at(id).root != one_) return std::nullopt;
  return at(id).op == BatchOp::kScale ? at(id).number : Number(1);
}

std::int32_t BatchTerms::product(std::int32_t a, std::int32_t b) {
  if (const auto by = constant_of(a)) return scaled(b, *by);
  if (const auto by = constant_of(b)) return scaled(a, *by);
  // The scales go outside, so that x·2·y and x·y·2 are one product.
  const Number scale = (at(a).op == BatchOp::kScale ? at(a).number : Number(1)) *
                       (at(b).op == BatchOp::kScale ? at(b).number : Number(1));
  const std::int32_t x = at(a).root, y = at(b).root;
  return scaled(step(BatchOp::kMultiply, std::min(x, y), std::max(x, y)), scale);
}

std::int32_t BatchTerms::sum(std::int32_t a, std::int32_t b) {
  const auto x = constant_of(a), y = constant_of(b);
  if (x && y) return constant(*x + *y);
  if (x && x->is_zero()) return b;
  if (y && y->is_zero()) return a;
  return step(BatchOp::kAdd, a, b);
}

Term BatchTerms::times(const Term& a, const Term& b) {
  Term out;
  out.value = product(a.value, b.value);
  if (!a.whole() && !b.whole()) {
    out.divisor = product(a.divisor, b.divisor);
  } else {
    out.divisor = a.whole() ? b.divisor : a.divisor;
  }
  return out;
}

Term BatchTerms::divided(const Term& a, const Term& b) {
  if (!b.whole()) return decline();
  const auto by = constant_of(b.value);
  if (by && by->is_zero()) return decline();
  if (by) return {scaled(a.value, Number(1) / *by), a.divisor};
  return {a.value, a.whole() ? b.value : product(a.divisor, b.value)};
}

Term BatchTerms::added(const Term& a, const Term& b) {
  if (a.whole() && b.whole()) return {sum(a.value, b.value), -1};
  const std::int32_t x = b.whole() ? a.value : product(a.value, b.divisor);
  const std::int32_t y = a.whole() ? b.value : product(b.value, a.divisor);
  Term out{sum(x, y), a.whole() ? b.divisor : a.divisor};
  if (!a.whole() && !b.whole()) out.divisor = product(a.divisor, b.divisor);
  return out;
}

Term BatchTerms::rounded(const Term& a, std::int32_t places, exact::LaneRounding mode) {
  if (places > kPlacesMax || places < -kPlacesMax) return decline();
  BatchStep made;
  made.op = a.whole() ? BatchOp::kRound : BatchOp::kQuotient;
  made.a = a.value;
  made.b = a.divisor;
  made.places = places;
  made.mode = mode;
  return {push(std::move(made)), -1};
}

Term BatchTerms::rounded(const Term& a, const exact::RoundingRule& rule) {
  if (rule.significant) return decline();
  return rounded(a, rule.n, exact::lane_rounding(rule.mode));
}

Term BatchTerms::power(const Term& base, std::int32_t whole) {
  if (whole < 1 || whole > kPowerMax) return decline();
  Term out = base;
  for (std::int32_t i = 1; i < whole; ++i) out = times(out, base);
  return out;
}

Term BatchTerms::compared(const Term& a, const Term& b, Op op) {
  if (declined_ || !a.whole() || !b.whole()) return decline();
  const bool truths = at(a.value).is_truth || at(b.value).is_truth;
  const std::int32_t x = as_number(truths ? as_truth(a.value, true) : a.value);
  const std::int32_t y = as_number(truths ? as_truth(b.value, true) : b.value);
  const bool turned = op == Op::kGreater || op == Op::kGreaterEqual;
  BatchStep made;
  made.op = BatchOp::kCompare;
  made.is_truth = true;
  made.a = turned ? y : x;
  made.b = turned ? x : y;
  switch (op) {
    case Op::kEqual:
      made.order = exact::LaneOrder::kEqual;
      break;
    case Op::kNotEqual:
      made.order = exact::LaneOrder::kNotEqual;
      break;
    case Op::kLess:
    case Op::kGreater:
      made.order = exact::LaneOrder::kLess;
      break;
    default:
      made.order = exact::LaneOrder::kLessEqual;
  }
  return {push(std::move(made)), -1};
}

bool BatchTerms::is_arithmetic(const rules::Node& node) {
  switch (node.op) {
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kNegate:
    case Op::kConvert:
    case Op::kAbs:
    case Op::kFloor:
    case Op::kCeiling:
      return true;
    case Op::kRound:
      return !node.rounding.significant;
    case Op::kPower:
      return node.args.size() == 1 && node.whole >= 1 && node.whole <= kPowerMax;
    default:
      return false;
  }
}

Term BatchTerms::arithmetic(const rules::Node& node,
                            const std::function<Term(rules::NodeId)>& operand) {
  if (declined_ || !is_arithmetic(node)) return decline();
  const Term a = operand(node.args[0]);
  switch (node.op) {
    case Op::kAdd:
      return added(a, operand(node.args[1]));
    case Op::kSubtract: {
      Term b = operand(node.args[1]);
      b.value = scaled(b.value, Number(-1));
      return added(a, b);
    }
    case Op::kMultiply:
      return times(a, operand(node.args[1]));
    case Op::kDivide:
      return divided(a, operand(node.args[1]));
    case Op::kPower:
      return power(a, node.whole);
    case Op::kNegate:
      return {scaled(a.value, Number(-1)), a.divisor};
    case Op::kConvert:
      return {scaled(a.value, node.number), a.divisor};
    case Op::kAbs:
      return a.whole() ? Term{step(BatchOp::kAbsolute, a.value), -1} : decline();
    case Op::kRound:
      return rounded(a, node.rounding);
    case Op::kFloor:
      return rounded(a, 0, exact::LaneRounding::kFloor);
    default:
      return rounded(a, 0, exact::LaneRounding::kCeiling);
  }
}

// Arrays of numbers take turns in as few places as will do, so that they stay in the nearest cache.
void BatchTerms::give_slots() {
  std::vector<BatchStep>& steps = out_.steps;
  std::vector<std::size_t> last(steps.size(), 0);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    for (const std::int32_t operand : {steps[i].a, steps[i].b, steps[i].c}) {
      if (operand >= 0) last[static_cast<std::size_t>(at(operand).root)] = i;
    }
  }
  for (const std::int32_t output : out_.outputs)
    last[static_cast<std::size_t>(at(output).root)] = steps.size();
  std::vector<std::int32_t> free;
  std::vector<std::vector<std::int32_t>> freed(steps.size() + 1);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    BatchStep& one = steps[i];
    if (one.op == BatchOp::kScale) {
      one.slot = steps[static_cast<std::size_t>(one.root)].slot;
    } else if (!one.is_truth) {
      if (free.empty()) free.push_back(static_cast<std::int32_t>(out_.slots++));
      one.slot = free.back();
      free.pop_back();
      freed[std::max(last[i], i)].push_back(one.slot);
    }
    free.insert(free.end(), freed[i].begin(), freed[i].end());
  }
}

}  // namespace qz::compute::detail
