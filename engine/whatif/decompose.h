// Decompose: a difference divided among the changes that made it, exactly.
//
// The Shapley value of a change is the mean, over all orders in which the changes could be made, of
// what it adds to those before it. It needs the figure under every subset of the changes (each in
// the file's order), and its parts sum to the whole. For many changes each one counts on top of
// those before it: a sum that telescopes.

#ifndef QZ_WHATIF_DECOMPOSE_H_
#define QZ_WHATIF_DECOMPOSE_H_

#include <cstdint>
#include <map>
#include <vector>

#include "exact/number.h"
#include "whatif/evaluator.h"
#include "whatif/result.h"

namespace qz::whatif {

// The subsets of `changes` that are computed, as bits; the last one is all of them. None is empty,
// except the one of a scenario without changes. With more than kShapleyMax changes bit sets are
// prefixes and given by their length.
class Decomposition {
 public:
  explicit Decomposition(std::size_t changes);

  Division division() const { return division_; }
  std::size_t subsets() const { return subsets_; }
  // Is change `i` in subset `s`?
  bool contains(std::size_t s, std::size_t i) const;

  // The cell's value (or none) under subset `s`, where it is not as in the base. In any order.
  void add(std::size_t s, const CellRef& cell, const Value& base, const Value& value);

  // The parts of a cell, by change; empty where some subset has no number there. Zero for a cell
  // that never moved.
  std::vector<exact::Number> parts(const CellRef& cell) const;

 private:
  // What one more unit of difference under subset `s` adds to the part of change `i`.
  exact::Number weight(std::size_t s, std::size_t i) const;

  struct Parts {
    std::vector<exact::Number> numbers;
    bool broken = false;  // some subset has no number
  };
  std::size_t changes_;
  std::size_t subsets_ = 1;
  Division division_ = Division::kNone;
  std::vector<exact::Number> weight_in_;   // by size: of a change in the subset
  std::vector<exact::Number> weight_out_;  // of a change that is not
  std::map<CellRef, Parts> cells_;
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_DECOMPOSE_H_
