// Stream tables: the tables of a job whose rows pass by, instead of being kept.

#ifndef QZ_JOB_STREAM_TABLES_H_
#define QZ_JOB_STREAM_TABLES_H_

#include <memory>
#include <optional>
#include <vector>

#include "base/finding.h"
#include "compute/stream.h"
#include "exact/unit.h"
#include "plan/program.h"
#include "read/input_tables.h"

namespace qz::job {

// Opens what can pass by among `files`, and marks those files `in_batches`. Empty where a job has
// nothing of the kind.
std::vector<compute::StreamedTable> open_streams(const plan::Program& program,
                                                 std::vector<read::TableFile>& files,
                                                 const exact::UnitCatalogue& units,
                                                 table::TextPool& pool);

// What a job's files come to.
struct ReadJob {
  read::InputTables inputs;
  std::optional<compute::Streamed> streamed;  // what is not in `inputs`
};

// Reads `files`: some tables as a stream unless `keep_rows`, all others whole. Where a stream turns
// out to need its rows, all is read again, whole.
ReadJob read_job(const plan::Program& program, std::vector<read::TableFile>& files,
                 const exact::UnitCatalogue& units, const std::shared_ptr<table::TextPool>& pool,
                 int threads, bool keep_rows, compute::Rung rung, base::Findings& problems,
                 base::Findings& findings);

}  // namespace qz::job

#endif  // QZ_JOB_STREAM_TABLES_H_
