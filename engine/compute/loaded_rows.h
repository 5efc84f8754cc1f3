// Loaded rows: the rows of a table that could pass by, held in the narrowest arrays, so that they
// are computed again and again under changed rules, parameters or factors without being read.
//
// A batch keeps its own width for each column: one byte where all ids fit, two, four or eight; a
// mask only where something is missing; and the number of each row's group, for each way in which
// rows are grouped.

#ifndef QZ_COMPUTE_LOADED_ROWS_H_
#define QZ_COMPUTE_LOADED_ROWS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "compute/formula.h"
#include "compute/stream.h"
#include "compute/stream_quick.h"
#include "table/key_index.h"

namespace qz::compute {

// What one recalculation gives.
struct Recalculated {
  std::vector<table::Column> cells;  // by fold: its cell by group, see LoadedRows::groups()
  std::set<UsedFactor> used_factors;
};

class LoadedRows {
 public:
  // Reads all rows of `table`, grouped as its folds ask. Empty where the reader declines, where a
  // number has no mantissa or a row is in no group: then the job is for the general way.
  static std::optional<LoadedRows> load(const rules::CheckedPacks& packs,
                                        const StreamedTable& table, int threads);
  ~LoadedRows();
  LoadedRows(LoadedRows&&) noexcept;
  LoadedRows& operator=(LoadedRows&&) noexcept;

  std::size_t rows() const;
  std::size_t bytes() const;  // of the rows' arrays
  // The groups of `list`: what its rows agree on, in no order of meaning; null if the rows were not
  // grouped so.
  const table::KeyIndex* groups(const rules::CheckedPacks& packs, const rules::List& list) const;
  // The folds of `stream` over all rows, by the packs, parameters and factors of `data`: the same
  // cells as if the rows had passed by, for any number of threads. Empty where a batch is out of
  // the ordinary (see batch_program.h), a column was not loaded or rows are grouped otherwise.
  // Preconditions: the table has the columns, texts and cycle with which it was loaded.
  std::optional<Recalculated> recalculate(const Data& data, const plan::Stream& stream,
                                          int threads) const;

 private:
  struct Rows;
  explicit LoadedRows(std::unique_ptr<Rows> rows);
  std::unique_ptr<Rows> rows_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_LOADED_ROWS_H_
