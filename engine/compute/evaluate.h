// Evaluate: formulas over finished results, for checks, explanations and whoever asks later.

#ifndef QZ_COMPUTE_EVALUATE_H_
#define QZ_COMPUTE_EVALUATE_H_

#include <memory>
#include <vector>

#include "compute/formula.h"

namespace qz::compute {

// Runs formulas over the tables of `results`, which must outlive it. One thread.
class Evaluation {
 public:
  explicit Evaluation(const Results& results);
  ~Evaluation();
  Evaluation(const Evaluation&) = delete;
  Evaluation& operator=(const Evaluation&) = delete;

  // One cell for each of `rows` of `table`, in the unit of the formula's root.
  table::Column cells(const rules::Typed& formula, std::int32_t table,
                      const std::vector<std::uint32_t>& rows);
  // Any node of a formula, for lanes of any frames; for traces.
  table::Column node_cells(const rules::Typed& formula, rules::NodeId node, std::int32_t table,
                           const Lanes& lanes);
  // The rows that a list gives for one lane, after its filter.
  std::vector<std::uint32_t> listed(const rules::Typed& formula, std::int32_t list,
                                    std::int32_t table, const Lanes& lanes);
  // The row of `above` for a row of `from`.
  std::uint32_t up(std::int32_t from, std::uint32_t row, std::int32_t above);
  std::uint32_t find(std::int32_t table, std::span<const std::int32_t> key);

  // Errors that arose in the formulas run since the last call, and the factor rows they used.
  std::vector<FreshError> take_errors();
  std::set<UsedFactor> take_used_factors();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Texts of factor tables and literals, as ids: done before formulas run.
std::vector<std::vector<std::vector<std::int32_t>>> intern_texts(const rules::CheckedPacks& packs,
                                                                 table::TextPool& pool);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_EVALUATE_H_
