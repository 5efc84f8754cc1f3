// Stream: the one pass over tables whose rows nobody keeps.
//
// Threads take pieces of the files; each batch of rows is computed, folded into its groups and
// forgotten. Kept are only rows that something is to be said about: a missing or impossible cell,
// an error, a check that does not hold. They stand in the results like rows of any table, so that
// whoever tells people about rows needs to know nothing of this.

#ifndef QZ_COMPUTE_STREAM_H_
#define QZ_COMPUTE_STREAM_H_

#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "base/finding.h"
#include "compute/results.h"
#include "compute/stream_totals.h"
#include "exact/unit.h"
#include "plan/streams.h"
#include "read/batches.h"

namespace qz::compute {

struct StreamedTable {
  plan::Stream plan;
  std::unique_ptr<read::BatchReader> reader;
  std::vector<read::TableFile> files;  // of the table, with their bytes
};

// What the pass leaves behind, beside the rows in InputTables that were kept.
struct Streamed {
  std::shared_ptr<StreamTotals> totals = std::make_shared<StreamTotals>();
  // By table: a key for each group of rows, which calls for rows as they did. No rows: not
  // streamed.
  std::vector<read::InputTable> callers;
  std::vector<std::int32_t> subjects;  // text ids: who has rows
  std::set<UsedFactor> used_factors;
};

// Reads all `tables`. `inputs`: everything else, with the tables' files listed; it gets row counts
// and the rows that are kept. Empty where a reader declined, or where a number is too long for
// sums in any order: then nothing counts, and the job is to be computed with its rows. `rung`: of
// every formula over the rows.
std::optional<Streamed> pass_streams(const plan::Program& program,
                                     std::vector<StreamedTable>& tables, read::InputTables& inputs,
                                     const std::shared_ptr<table::TextPool>& pool,
                                     const exact::UnitCatalogue& units, int threads, Rung rung,
                                     base::Findings& findings);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STREAM_H_
