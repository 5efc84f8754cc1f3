// Fused: operators to steps, and the states of leaves to those of the root.

#include "compute/fused.h"

#include <algorithm>

#include "compute/detail/batch_terms.h"
#include "compute/kernels.h"

namespace qz::compute {
namespace {

using detail::BatchOp;
using detail::BatchStep;
using detail::BatchSteps;
using detail::Term;
using rules::Node;
using rules::NodeId;
using rules::Op;
using table::Column;
using table::State;

class Tree : detail::BatchTerms {
 public:
  Tree(const rules::Typed& formula, const Variants* variants)
      : formula_(formula), variants_(variants) {}

  std::optional<BatchSteps> run(NodeId root, std::vector<NodeId>& leaves) {
    const Term top = operated(formula_.node(root));
    if (declined_ || !top.whole() || operators_ < 2 || leaves_.empty()) return std::nullopt;
    out_.outputs.push_back(top.value);
    for (std::size_t i = 0; i < leaves_.size(); ++i)
      out_.inputs.push_back(static_cast<std::int32_t>(i));
    out_.demands.resize(leaves_.size());
    give_slots();
    leaves = leaves_;
    return std::move(out_);
  }

 private:
  Term term(NodeId id) {
    const Node& node = formula_.node(id);
    const bool is_known = variants_ != nullptr && variants_->knows(node);
    if (node.op == Op::kLiteral && !is_known) return {constant(node.number), -1};
    if (is_arithmetic(node) && !is_known) return operated(node);
    const auto found = std::find(leaves_.begin(), leaves_.end(), id);
    BatchStep made;
    made.op = BatchOp::kInput;
    made.index = static_cast<std::int32_t>(found - leaves_.begin());
    if (found == leaves_.end()) leaves_.push_back(id);
    return {push(std::move(made)), -1};
  }

  Term operated(const Node& node) {
    ++operators_;
    return arithmetic(node, [&](NodeId arg) { return term(arg); });
  }

  const rules::Typed& formula_;
  const Variants* variants_;
  std::vector<NodeId> leaves_;
  int operators_ = 0;
};

// The first error from left to right, else null if something is missing.
std::vector<State> states_of(const std::vector<const Column*>& leaves, std::size_t n) {
  std::vector<State> out(n, State::kValue);
  for (const Column* leaf : leaves) {
    for (std::size_t i = 0; i < n; ++i) out[i] = both(out[i], leaf->state(i));
  }
  return out;
}

}  // namespace

Fused::Fused(BatchProgram program, std::vector<NodeId> leaves)
    : program_(std::move(program)), scratch_(program_.scratch()), leaves_(std::move(leaves)) {}

std::shared_ptr<Fused> Fused::compile(const rules::Typed& formula, NodeId root,
                                      const Variants* variants) {
  // A change of unit alone leaves a cell not applicable; operators below it do not.
  if (formula.node(root).op == Op::kConvert) return nullptr;
  std::vector<NodeId> leaves;
  std::optional<BatchSteps> steps = Tree(formula, variants).run(root, leaves);
  if (!steps) return nullptr;
  return std::shared_ptr<Fused>(new Fused(BatchProgram(std::move(*steps)), std::move(leaves)));
}

std::optional<Column> Fused::run(const std::vector<const Column*>& leaves, Rung rung) {
  std::vector<BatchInput> inputs;
  const std::size_t n = leaves[0]->size();
  for (const Column* leaf : leaves) {
    if (!leaf->is_scaled()) return std::nullopt;
    BatchInput& one = inputs.emplace_back();
    one.wide = leaf->mantissas();
    one.denominator = leaf->denominator();
    const std::uint64_t largest = exact::largest_magnitude(leaf->mantissas().data(), n);
    if (largest >> 63 != 0) return std::nullopt;
    one.largest = static_cast<std::int64_t>(largest);
  }
  if (!program_.run(n, inputs, rung, *scratch_, out_)) return std::nullopt;
  return Column::from_scaled(std::move(out_[0].mantissas), out_[0].denominator,
                             states_of(leaves, n));
}

}  // namespace qz::compute
