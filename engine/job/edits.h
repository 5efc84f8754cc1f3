// Edits: what a scenario changes of a loaded job: cells, factors, constants, parameters, editions.
// Every edit is a final value; who made it out of which changes is not known here.

#ifndef QZ_JOB_EDITS_H_
#define QZ_JOB_EDITS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "base/place.h"
#include "compute/results.h"
#include "exact/number.h"
#include "job/job.h"
#include "job/loaded_job.h"

namespace qz::job {

// A cell of the base's results, in the column's unit.
struct CellEdit {
  std::int32_t table = 0;
  std::int32_t column = 0;
  std::uint32_t row = 0;
  exact::Number number;
  std::int32_t id = 0;  // of what is no number
};

struct FactorEdit {
  std::string table;  // "id@version"
  std::uint32_t row = 0;
  std::size_t field = 0;
  exact::Number number;  // in the field's unit
};

struct ConstantEdit {
  std::string pack;  // "id@version"
  std::string name;
  exact::Number number;  // in the constant's unit
};

struct Edits {
  std::vector<CellEdit> cells;
  std::vector<FactorEdit> factors;
  std::vector<ConstantEdit> constants;
  std::map<std::pair<std::string, std::string>, std::string> parameters;  // pack, name -> value
  std::vector<Placed> pins;                                               // "id@version"

  bool change_rules() const {
    return !factors.empty() || !constants.empty() || !parameters.empty() || !pins.empty();
  }
};

// A job computed under edits. Its rows need not be those of the base.
struct Recomputed {
  std::shared_ptr<const LoadedRules> rules;  // the results point into it
  seal::Header header;                       // without a source for what made the edits
  compute::Results results;
  base::Findings findings;  // in the ledger's order
};

// Everything that depends on anything is computed again. `base` computed without edits gave
// `results`; `more` is what `base` was loaded with. The failure says what could not be: a cell
// whose row or column a pinned edition lacks, a job that its new packs refuse.
base::Result<Recomputed> recompute(const LoadedJob& base, const compute::Results& results,
                                   const Edits& edits, const RunOptions& run, const MorePack& more);

}  // namespace qz::job

#endif  // QZ_JOB_EDITS_H_
