// Job reader: the bytes of job.json to a Job.

#ifndef QZ_JOB_JOB_READER_H_
#define QZ_JOB_JOB_READER_H_

#include <optional>
#include <string>
#include <string_view>

#include "base/finding.h"
#include "job/job.h"

namespace qz::job {

// Every problem goes to `problems` in one pass, with line and column: unknown members with the
// nearest known name, wrong kinds, years that do not follow one another, paths that leave the
// job's folder. Empty result if there were any. `file` is the path as the user named it.
std::optional<Job> read_job(std::string_view bytes, const std::string& file,
                            base::Findings& problems);

}  // namespace qz::job

#endif  // QZ_JOB_JOB_READER_H_
