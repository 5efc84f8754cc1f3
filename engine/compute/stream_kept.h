// Stream kept: records that are read again, because something is to be said about them.

#ifndef QZ_COMPUTE_STREAM_KEPT_H_
#define QZ_COMPUTE_STREAM_KEPT_H_

#include <vector>

#include "compute/stream.h"
#include "compute/stream_worker.h"

namespace qz::compute {

// Puts the records `kept` of `table` into its InputTable, with digits, units, lines and record
// numbers as read_tables() gives them for the whole files. `first_lines`: by piece, the line of its
// first record. False if the records cannot be found again, which no file should bring about.
bool read_kept(const StreamedTable& table, std::vector<KeptRecord> kept,
               const std::vector<std::pair<std::size_t, std::uint32_t>>& first_lines,
               const rules::CheckedPacks& packs, const exact::UnitCatalogue& units,
               table::TextPool& pool, read::InputTables& inputs);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STREAM_KEPT_H_
