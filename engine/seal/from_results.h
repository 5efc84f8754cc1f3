// From results: every reported figure becomes a ledger entry, every finding a leaf, in the ledger's
// order.

#ifndef QZ_SEAL_FROM_RESULTS_H_
#define QZ_SEAL_FROM_RESULTS_H_

#include <string>

#include "base/finding.h"
#include "compute/results.h"
#include "seal/leaf.h"
#include "seal/sealer.h"

namespace qz::seal {

// Walks entities in UTF-8 byte order, each with its entries and findings, then totals and the
// findings of no entity, into `sealer`, without ever holding all entries. `findings` are sorted
// (check::sort_findings). Context rows are passed over. The header is given by the caller; the
// leaves are the same for any number of threads.
void give_leaves(const Header& header, const compute::Results& results,
                 const base::Findings& findings, Sealer& sealer, int threads);

// One cell as its entry would print it (rule's decimals; an input's own digits and unit); the
// entry's table, key, column and rule members too. For explanations and examples.
Entry entry_of(const compute::Results& results, std::int32_t table, std::int32_t column,
               std::uint32_t row);

}  // namespace qz::seal

#endif  // QZ_SEAL_FROM_RESULTS_H_
