// Figures: the reported cells of a job, and those of another job that differ from them.

#ifndef QZ_WHATIF_FIGURES_H_
#define QZ_WHATIF_FIGURES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/finding.h"
#include "compute/results.h"
#include "exact/unit.h"
#include "table/row_index.h"
#include "whatif/evaluator.h"

namespace qz::whatif {

// Cell `i` of a column.
Value value_of(const table::Column& cells, std::size_t i);

class Figures {
 public:
  // `base` must outlive it.
  explicit Figures(const compute::Results& base);

  // Reported columns of the base, each with its rows that are not of context.
  struct Reported {
    std::int32_t table = 0;
    std::int32_t column = 0;
    std::vector<std::uint32_t> rows;
  };
  const std::vector<Reported>& reported() const { return reported_; }

  // The reported cells of `other`, computed apart with the same pool of texts, that are not as in
  // the base: found by table, key and column, in the base's units.
  void compare(const compute::Results& other, std::vector<Moved>& out);

  const ForeignCell& foreign(std::uint32_t at) const { return foreign_[at]; }
  Value base_value(const CellRef& cell) const;

 private:
  void compare_table(const compute::Results& other, std::size_t table,
                     std::map<CellRef, bool>& seen, std::vector<Moved>& out);
  std::uint32_t foreign_cell(ForeignCell cell);
  const table::RowIndex& index(std::int32_t table);

  const compute::Results& base_;
  std::vector<Reported> reported_;
  std::map<std::int32_t, std::unique_ptr<table::RowIndex>> indexes_;
  std::vector<ForeignCell> foreign_;
  std::map<std::string, std::uint32_t> foreign_names_;
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_FIGURES_H_
