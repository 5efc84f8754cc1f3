// Job: what a job.json asks for, read strictly and not yet acted on.

#ifndef QZ_JOB_JOB_H_
#define QZ_JOB_JOB_H_

#include <map>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/finding.h"
#include "base/period.h"
#include "base/place.h"
#include "read/input_tables.h"

namespace qz::job {

// A name with the place where the job says it, for messages about it.
struct Placed {
  std::string name;
  base::Place place;
};

// A file of a table; its bytes are empty until the job is loaded.
struct JobFile {
  read::TableFile table;
  base::Place place;
};

struct Job {
  std::string file;    // job.json as the user named it
  std::string folder;  // where its paths start
  std::string name;
  base::Bilingual title;
  base::Cycle cycle;
  std::vector<std::string> years;  // of the cycle, as written
  base::Date as_of;                // the cycle's last day where the job does not say
  std::string subject = "entity";
  std::vector<Placed> packs;     // "id" or "id@version"
  std::vector<JobFile> files;    // in the job's order, context last
  std::vector<Placed> registry;  // files of moves, in the job's order
  std::map<std::string, std::map<std::string, std::string>> parameters;
  Placed previous;  // path of the previous ledger; empty name: none
};

}  // namespace qz::job

#endif  // QZ_JOB_JOB_H_
