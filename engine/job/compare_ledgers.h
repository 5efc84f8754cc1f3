// Compare ledgers: a ledger file against its recomputation, leaf by leaf.

#ifndef QZ_JOB_COMPARE_LEDGERS_H_
#define QZ_JOB_COMPARE_LEDGERS_H_

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "job/run_job.h"
#include "seal/leaf.h"

namespace qz::job {

struct Difference {
  std::string what;        // "A: unit_year(1, 2022).E", "source input fuel_2021.csv"
  std::string in_ledger;   // "" if the ledger has no such leaf
  std::string recomputed;  // "" if the recomputation has none
};

struct Comparison {
  std::vector<Difference> differences;  // the first ones
  std::size_t count = 0;                // of all
};

// What two headers say differently, sources one by one. The engine's version is not compared: a
// later engine may confirm an earlier ledger.
std::vector<Difference> header_differences(const seal::Header& ledger,
                                           const seal::Header& recomputed);

// Compares the ledger `bytes` (whose seal holds) with `computed`; at most `differences_max` are
// kept.
Comparison compare_with_ledger(const ComputedJob& computed, std::string_view bytes,
                               const std::string& file, std::size_t differences_max);

}  // namespace qz::job

#endif  // QZ_JOB_COMPARE_LEDGERS_H_
