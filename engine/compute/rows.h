// Rows: every table gets the rows of its files and the rows that are called for, in key order.

#ifndef QZ_COMPUTE_ROWS_H_
#define QZ_COMPUTE_ROWS_H_

#include <map>
#include <vector>

#include "compute/results.h"
#include "table/key_index.h"

namespace qz::compute {

// Values of link columns that have a formula, by key of their table: known only after computing, so
// rows are made again with them until nothing is new.
using ComputedLinks = std::map<plan::ColumnRef, std::map<std::vector<std::int32_t>, std::int32_t>>;

// Keys, input cells and editions of all tables; formula columns are empty (null) yet. Empty where
// more than kAddedRowsMax rows would have to be added; `crowded` then names the table. With `take`,
// keys and cells of `inputs` are given up (its lines, places and units stay). `callers`: by table,
// keys that call for rows in place of the table's own (no rows: its own do); may be null.
std::vector<TableRows> make_rows(const plan::Program& program, read::InputTables& inputs,
                                 const table::TextPool& pool, const ComputedLinks& links, bool take,
                                 const std::vector<read::InputTable>* callers,
                                 std::string& crowded);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_ROWS_H_
