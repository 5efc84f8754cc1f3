// Stream worker: what one thread does with the batches of one table.

#ifndef QZ_COMPUTE_STREAM_WORKER_H_
#define QZ_COMPUTE_STREAM_WORKER_H_

#include <cstdint>
#include <deque>
#include <set>
#include <vector>

#include "compute/formula.h"
#include "compute/stream_folds.h"
#include "compute/stream_groups.h"
#include "compute/stream_quick.h"
#include "plan/streams.h"
#include "read/batches.h"

namespace qz::compute {

// A record that is read again when all are counted.
struct KeptRecord {
  static constexpr std::uint32_t kToTheEnd = 0xffffffffu;
  std::size_t piece = 0;
  std::size_t record = 0;               // within the piece
  std::uint32_t line = 0;               // within the piece
  std::uint32_t next_line = kToTheEnd;  // of the record behind it; else it is the piece's last
};

class StreamWorker {
 public:
  // `tables`: rows above that are computed already; the stream's own is empty.
  StreamWorker(const rules::CheckedPacks& packs, table::TextPool& pool, const plan::Stream& stream,
               const StreamShape& shape, std::vector<TableRows> tables,
               const std::vector<std::vector<std::vector<std::int32_t>>>& factor_texts, Rung rung);

  void take(const read::Batch& batch);
  const StreamQuick& quick() const { return quick_; }

  std::vector<StreamGroups> groups;  // by grouping
  std::deque<StreamFold> folds;      // by fold
  std::vector<KeptRecord> kept;
  std::set<UsedFactor> used_factors;
  // By piece that this worker read: the line of its first record.
  std::vector<std::pair<std::size_t, std::uint32_t>> first_lines;

 private:
  void set_rows(const read::Batch& batch);
  void check_inputs();
  void check_column(std::size_t column);
  void compute_columns();
  void compute_column(std::int32_t column);
  void fold(std::size_t index);
  void run_checks();
  void keep(const read::Batch& batch);
  std::vector<std::uint32_t> rows_of(std::int32_t pack, std::int32_t edition) const;
  const rules::CheckedTable& shape() const {
    return packs_.tables[static_cast<std::size_t>(stream_.table)];
  }
  TableRows& rows() { return tables_[static_cast<std::size_t>(stream_.table)]; }

  const rules::CheckedPacks& packs_;
  const plan::Stream& stream_;
  const StreamShape& plan_;
  std::vector<TableRows> tables_;
  Relations relations_;
  Data data_;
  FormulaRunner runner_;
  StreamQuick quick_;
  std::vector<std::uint8_t> told_;  // by row of the batch: something is to be said about it
  std::vector<std::uint32_t> all_;  // 0, 1, 2 …
  std::vector<ByPeriod<std::int32_t>> editions_;  // by pack
  std::size_t open_ = 0;  // kept records whose next line is not known yet begin here
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STREAM_WORKER_H_
