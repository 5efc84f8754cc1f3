// Fused: a tree of arithmetic operators over columns, run as one batch program.

#ifndef QZ_COMPUTE_FUSED_H_
#define QZ_COMPUTE_FUSED_H_

#include <memory>
#include <optional>
#include <vector>

#include "compute/batch_program.h"
#include "compute/rung.h"
#include "compute/variants.h"
#include "rules/typed.h"
#include "table/column.h"

namespace qz::compute {

class Fused {
 public:
  // The largest tree of operators with `root` on top; null where that is one operator or none.
  // Nodes that `variants` (may be null) knows are leaves.
  static std::shared_ptr<Fused> compile(const rules::Typed& formula, rules::NodeId root,
                                        const Variants* variants);

  // What the tree stands on, each node once, from left to right.
  const std::vector<rules::NodeId>& leaves() const { return leaves_; }
  // The cells of the root, with the states that the operators one by one would give. Empty where a
  // leaf is not scaled, no proof covers the figures, or an operator fails in some row.
  std::optional<table::Column> run(const std::vector<const table::Column*>& leaves, Rung rung);

 private:
  Fused(BatchProgram program, std::vector<rules::NodeId> leaves);

  BatchProgram program_;
  std::unique_ptr<BatchProgram::Scratch> scratch_;
  std::vector<rules::NodeId> leaves_;
  std::vector<BatchOutput> out_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_FUSED_H_
