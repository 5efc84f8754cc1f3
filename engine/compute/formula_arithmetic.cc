// Formula: operators on numbers, a whole tree of them at once where that can be proven.

#include <algorithm>

#include "compute/formula.h"
#include "compute/fused.h"

namespace qz::compute {

using rules::Node;
using rules::Op;
using table::Column;

namespace {

// Below this many rows, making ready for many costs more than it saves.
constexpr std::size_t kFusedLanesMin = 512;

}  // namespace

Column FormulaRunner::arithmetic(rules::NodeId id, const Lanes& lanes) {
  LeafCells leaves;
  if (std::optional<Column> quick = fused(id, lanes, leaves)) return std::move(*quick);
  const LeafCells* const before = leaves_;
  if (!leaves.empty()) leaves_ = &leaves;
  Column out = operated(at(id), lanes);
  leaves_ = before;
  return out;
}

std::optional<Column> FormulaRunner::fused(rules::NodeId id, const Lanes& lanes,
                                           LeafCells& leaves) {
  const bool few = data_.rung == Rung::kAuto && lanes.size < kFusedLanesMin;
  if (few || data_.rung == Rung::kExact || leaves_ != nullptr) return std::nullopt;
  const auto [found, made] = fused_.try_emplace({formula_, id});
  if (made) found->second = Fused::compile(*formula_, id, data_.variants);
  const std::shared_ptr<Fused> tree = found->second;
  if (!tree) return std::nullopt;
  std::vector<const Column*> cells;
  for (const rules::NodeId leaf : tree->leaves()) {
    if (!leaves.contains(leaf)) leaves.emplace(leaf, node(leaf, lanes));
    cells.push_back(&leaves.at(leaf));
  }
  return tree->run(cells, data_.rung);
}

Column FormulaRunner::operated(const Node& node, const Lanes& lanes) {
  const Column a = this->node(node.args[0], lanes);
  if (node.args.size() == 2) {
    const Column b = this->node(node.args[1], lanes);
    Cells cells;
    switch (node.op) {
      case Op::kAdd:
        cells = add(a, b);
        break;
      case Op::kSubtract:
        cells = subtract(a, b);
        break;
      case Op::kMultiply:
        cells = multiply(a, b);
        break;
      case Op::kDivide:
        cells = divide(a, b);
        break;
      default:
        cells = power(a, b);
    }
    return noted(std::move(cells), lanes, {&a, &b}, node);
  }
  Cells cells;
  switch (node.op) {
    case Op::kConvert:
      cells = scale(a, node.number);
      break;
    case Op::kNegate:
      cells = negate(a);
      break;
    case Op::kAbs:
      cells = absolute(a);
      break;
    case Op::kFloor:
      cells = floor(a);
      break;
    case Op::kCeiling:
      cells = ceiling(a);
      break;
    case Op::kRound:
      cells = round(a, node.rounding);
      break;
    case Op::kSquareRoot:
      cells = apply(a, exact::square_root);
      break;
    case Op::kLogarithm:
      cells = apply(a, exact::natural_logarithm);
      break;
    case Op::kExponential:
      cells = apply(a, exact::exponential);
      break;
    case Op::kPower:
      cells = power(a, node.whole);
      break;
    default:
      QZ_ASSERT(false);
  }
  return noted(std::move(cells), lanes, {&a}, node);
}

Column FormulaRunner::noted(Cells cells, const Lanes& lanes,
                            const std::vector<const Column*>& operands, const Node& node) {
  if (!cells.fresh) return std::move(cells.column);
  for (std::size_t i = 0; i < lanes.size; ++i) {
    if (!table::is_error(cells.column.state(i))) continue;
    const bool carried = std::any_of(operands.begin(), operands.end(), [&](const Column* operand) {
      return table::is_error(operand->state(i));
    });
    if (carried) continue;
    FreshError error;
    error.row = lanes.frames[0][i];
    error.state = cells.column.state(i);
    const std::string code(table::error_code(error.state));
    error.detail_en = code + " in: " + formula_->text;
    error.detail_zh = code + "，公式：" + formula_->text;
    (void)node;
    errors.push_back(std::move(error));
  }
  return std::move(cells.column);
}

}  // namespace qz::compute
