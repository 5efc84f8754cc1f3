// Run before: the columns that rows above must have before a table passes by.

#ifndef QZ_COMPUTE_RUN_BEFORE_H_
#define QZ_COMPUTE_RUN_BEFORE_H_

#include <memory>
#include <vector>

#include "compute/results.h"

namespace qz::compute {

// All tables with the rows that `inputs` and calls among them give, and the columns of `steps`.
// Findings come when the whole program runs.
std::vector<TableRows> run_before(const plan::Program& program, read::InputTables inputs,
                                  const std::shared_ptr<table::TextPool>& pool,
                                  const std::vector<plan::Step>& steps, int threads, Rung rung);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_RUN_BEFORE_H_
