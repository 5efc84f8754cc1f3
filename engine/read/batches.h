// Batches: the rows of one table, some thousand at a time, for tables whose rows nobody keeps.
//
// A file is cut into pieces at line ends; pieces are read by any number of threads, each piece
// once. What is read, refused and reported is the same as with read_tables(), to the byte; only
// that no row outlives its batch.

#ifndef QZ_READ_BATCHES_H_
#define QZ_READ_BATCHES_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/finding.h"
#include "exact/unit.h"
#include "read/input_tables.h"
#include "rules/checked_packs.h"
#include "table/column.h"
#include "table/text_pool.h"

namespace qz::read {

inline constexpr std::size_t kBatchRows = 2048;

// Column i is CheckedTable::columns[i]: keys, then the inputs that were asked for, in the column's
// unit; ids of texts are those of the job's pool. Columns that were not asked for, that no file has
// and a key `row` are empty (size 0). All rows of a batch are of one piece and in its order.
struct Batch {
  std::size_t piece = 0;
  std::size_t first = 0;  // number of the batch's first record within its piece, from 0
  std::size_t rows = 0;
  std::vector<table::Column> columns;
  std::vector<std::uint32_t> lines;  // by row, counted from the piece's first line as 0
};

class BatchReader {
 public:
  // What one thread keeps from batch to batch: dictionaries, the batch's arrays.
  class Worker;

  virtual ~BatchReader() = default;

  virtual std::size_t pieces() const = 0;
  virtual std::unique_ptr<Worker> worker() = 0;
  // Gives the batches of `piece` to `take`, in order. Any thread; each piece once.
  virtual void read(std::size_t piece, Worker& worker,
                    const std::function<void(const Batch&)>& take) = 0;
  // After all pieces: record number (the key `row`, from 1, through the table's files) and place of
  // a record.
  virtual std::uint32_t row_number(std::size_t piece, std::size_t record) const = 0;
  virtual base::Place place(std::size_t piece, std::uint32_t line) const = 0;
  // After all pieces: problems and findings in file order, as read_tables() would give them, and
  // the row counts of InputTables::files.
  virtual void finish(InputTables& out, base::Findings& problems, base::Findings& findings) = 0;
};

class BatchReader::Worker {
 public:
  virtual ~Worker() = default;
};

// A reader of `files`, which are all the files of `table`; `wanted[i]`: somebody reads column i
// (the others are checked and forgotten). Null where a file needs the general reader: another form
// than CSV, another encoding, `across`, context rows. `pool` is shared: workers take turns.
std::unique_ptr<BatchReader> open_batches(const std::vector<TableFile>& files, std::int32_t table,
                                          const std::vector<bool>& wanted,
                                          const rules::CheckedPacks& packs,
                                          const exact::UnitCatalogue& units, table::TextPool& pool);

}  // namespace qz::read

#endif  // QZ_READ_BATCHES_H_
