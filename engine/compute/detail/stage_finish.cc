// Stage compile: the end. What no output needs goes, products go into the roundings after them, and
// arrays get their places.

#include "compute/detail/stage_compile.h"

namespace qz::compute::detail {

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
