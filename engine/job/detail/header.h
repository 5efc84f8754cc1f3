// Header: what a ledger says about where it came from: sources with digests, parameters, pins.

#ifndef QZ_JOB_DETAIL_HEADER_H_
#define QZ_JOB_DETAIL_HEADER_H_

#include <string>
#include <vector>

#include "job/installation.h"
#include "job/job.h"
#include "read/input_tables.h"
#include "rules/checked_packs.h"
#include "seal/leaf.h"

namespace qz::job::detail {

struct HeaderParts {
  const Job& job;
  const Installation& installation;
  const LoadedRules& rules;
  const rules::CheckedPacks& packs;
  const read::InputTables& inputs;
  const std::vector<std::string>& digests;  // of inputs.files, in their order
  const std::string& previous;              // root; "" if none
};

// Sources stand in this order: packs (with those that they extend), tables, units, then the job's
// files in the job's order.
seal::Header header_of(const HeaderParts& parts);

}  // namespace qz::job::detail

#endif  // QZ_JOB_DETAIL_HEADER_H_
