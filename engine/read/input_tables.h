// InputTables: what the job's files say, as typed columns. Nothing is computed yet.
//
// Rows stand in the order of the files; line and file of each row are kept, and the digits as
// written, so that a message or the ledger can show them.

#ifndef QZ_READ_INPUT_TABLES_H_
#define QZ_READ_INPUT_TABLES_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/finding.h"
#include "exact/unit.h"
#include "rules/checked_packs.h"
#include "table/column.h"
#include "table/key_index.h"
#include "table/text_pool.h"

namespace qz::read {

// One file of one table, as the job names it. Bytes are given; this layer opens nothing.
struct TableFile {
  std::string table;
  std::string name;   // as the job writes it: "fuel_2021.csv"
  base::Bytes bytes;  // raw
  bool context = false;
  bool in_batches = false;  // its rows come through read/batches.h: read_tables() only lists it
  // The long form of a job's table entry:
  std::map<std::string, std::string> with;     // column -> value for every row
  std::string across;                          // key column whose values are headings; "" if none
  std::map<std::string, std::string> columns;  // our column -> the file's heading
  bool ignore_rest = false;                    // "ignore": "rest"
  std::vector<std::string> ignore;             // headings to pass over
  std::vector<std::string> missing;            // cell texts that mean "missing"
  std::string skip;  // rows whose first cell contains this are passed over
  // "hours": "1-24": the hour written T24 begins at 23. Otherwise an hour is named by its
  // beginning.
  bool hours_by_end = false;
};

// What is read of a file for its `sources` line.
struct FileSummary {
  std::string table;
  std::string name;
  std::size_t rows = 0;
  bool context = false;
};

// Companion cells (FC@mode, FC@source, FC@evidence, FC@by) of one input column: text ids, -1 if
// none.
struct Companions {
  std::vector<std::int32_t> mode, source, evidence,
      by;  // by row; empty where no file has the column
};

// InputColumn::places of a value that nobody wrote: a scenario made it.
inline constexpr std::uint8_t kPlacesUnwritten = 255;

struct InputColumn {
  std::int32_t column = -1;                 // index in CheckedTable::columns
  table::Column cells;                      // numbers in the column's unit
  std::vector<std::uint8_t> places;         // of numbers: digits after the point as written
  std::vector<std::uint16_t> written_unit;  // of numbers: index in InputTables::units
  std::map<std::string, std::vector<std::int32_t>>
      companions;  // "mode" … -> text ids by row, -1 none
};

struct InputTable {
  std::int32_t table = -1;  // index in CheckedPacks::tables
  bool given = false;       // the job gives at least one file for it (not context)
  std::size_t rows = 0;
  std::vector<table::Column> keys;       // in key order
  std::vector<InputColumn> columns;      // input columns that some file has
  std::vector<std::uint16_t> file;       // by row: index in InputTables::files
  std::vector<std::uint32_t> line;       // by row
  std::vector<std::uint8_t> is_context;  // by row
  // From a key, as it stands in `keys`, to its row: what the search for duplicates leaves behind.
  // Null where the key ends in `row`, and where two texts of keys differ only as folded_key() does.
  std::shared_ptr<const table::KeyIndex> index;
};

// What a holder has of one lot in one state on the job's date: of the ledger's positions.
struct Position {
  std::string entity;
  std::string instrument;
  std::string lot;
  std::string state;
  std::string quantity;  // with the decimals of the instrument's step
  std::string unit;
};

struct InputTables {
  std::vector<InputTable> tables;  // one for each CheckedPacks::tables entry, same order
  std::vector<FileSummary> files;
  std::vector<exact::Unit> units;    // that cells were written in
  std::vector<Position> positions;   // by entity, instrument, lot, state; from the registry
  std::vector<std::string> holders;  // who had a move, sorted: entities of the ledger too
};

// Reads every file. Problems of form (a malformed number, an unknown column, a duplicate key, a
// period outside the cycle, …) go to `problems`, in file order, and mean that the job is refused;
// `findings` gets what is worth saying but stops nothing (more places than `decimals`). A missing
// cell is no problem here: check/ knows which cells are required.
InputTables read_tables(const std::vector<TableFile>& files, const rules::CheckedPacks& packs,
                        const exact::UnitCatalogue& units, table::TextPool& pool,
                        base::Findings& problems, base::Findings& findings);

// An example's rows, read by the same rules.
InputTables read_example(const std::map<std::string, std::vector<rules::ExampleRow>>& given,
                         const std::string& file, const rules::CheckedPacks& packs,
                         const exact::UnitCatalogue& units, table::TextPool& pool,
                         base::Findings& problems, base::Findings& findings);

}  // namespace qz::read

#endif  // QZ_READ_INPUT_TABLES_H_
