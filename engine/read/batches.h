// Batches: the rows of one table, some thousand at a time, for tables whose rows nobody keeps.
//
// A file is cut into pieces at line ends; pieces are read by any number of threads, each piece
// once. What is read and reported is the same as with read_tables(), to the byte; only that no row
// outlives its batch. Whatever would be refused, and whatever needs the general reader, makes the
// batch reader decline: then all batches given so far count for nothing, and the caller reads the
// files with read_tables(), which has the messages.

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
#include "text/csv_index.h"

namespace qz::read {

inline constexpr std::size_t kBatchRows = 2048;

// Column i is CheckedTable::columns[i]: the keys and inputs that were asked for, in the column's
// unit; ids of texts are those of the job's pool; states are kValue and kNull only. Columns that
// were not asked for (keys too), that no file has and a key `row` are empty (size 0). All rows of a
// batch are of one piece and in its order. Arrays are reused: a batch is read within take().
struct Batch {
  std::size_t piece = 0;
  std::size_t first = 0;  // number of the batch's first record within its piece, from 0
  std::size_t rows = 0;
  std::vector<table::Column> columns;
  std::vector<std::int64_t> largest;  // by column: the largest |mantissa| of a scaled one
  std::vector<std::uint32_t> lines;   // by row, counted from the piece's first line as 0
};

class BatchReader {
 public:
  // What one thread keeps from batch to batch: dictionaries, the batch's arrays.
  class Worker;

  virtual ~BatchReader() = default;

  virtual std::size_t pieces() const = 0;
  virtual std::unique_ptr<Worker> worker() = 0;
  // Gives the batches of `piece` to `take`, in order. Any thread; each piece once. Gives nothing
  // more once a piece has declined.
  virtual void read(std::size_t piece, Worker& worker,
                    const std::function<void(const Batch&)>& take) = 0;
  // True once a piece had something in it that needs read_tables(); never turns false again.
  virtual bool declined() const = 0;
  // After all pieces: record number (the key `row`, from 1, through the table's files) and place of
  // a record.
  virtual std::uint32_t row_number(std::size_t piece, std::size_t record) const = 0;
  virtual base::Place place(std::size_t piece, std::uint32_t line) const = 0;
  // After all pieces. `out` is what read_tables() made of the job's files, those of this table with
  // `in_batches` set: gets their row counts; registers in it are looked up for the rows. Findings
  // are those that read_tables() would give. False: declined, and nothing is changed.
  virtual bool finish(InputTables& out, base::Findings& findings) = 0;
};

class BatchReader::Worker {
 public:
  virtual ~Worker() = default;
};

// How files are cut; the tests take small pieces.
struct BatchOptions {
  std::size_t piece_bytes = std::size_t{4} << 20;
  std::size_t stretch_bytes = std::size_t{16} << 10;  // indexed at once; stays in the nearest cache
  text::ScanForm scan = text::best_scan();
};

// A reader of `files`, which are all the files of `table`; `wanted[i]`: somebody reads column i
// (the others are checked and forgotten). Null where a file needs the general reader: another form
// than CSV, another encoding, `across`, context rows, a key that does not end in `row`, a heading
// with a problem. `pool` is shared: workers take turns.
std::unique_ptr<BatchReader> open_batches(const std::vector<TableFile>& files, std::int32_t table,
                                          const std::vector<bool>& wanted,
                                          const rules::CheckedPacks& packs,
                                          const exact::UnitCatalogue& units, table::TextPool& pool,
                                          const BatchOptions& options = {});

}  // namespace qz::read

#endif  // QZ_READ_BATCHES_H_
