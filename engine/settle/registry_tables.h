// Registry tables: flow, holding and lot as formulas read them, and the ledger's positions.

#ifndef QZ_SETTLE_REGISTRY_TABLES_H_
#define QZ_SETTLE_REGISTRY_TABLES_H_

#include "settle/posting.h"
#include "settle/registry_reads.h"

namespace qz::settle {

// Fills the three tables of `inputs`, those that some formula or check reads, with the columns that
// it reads, and its positions and holders.
void fill_tables(const rules::CheckedPacks& packs, const Posted& posted, const read::Moves& moves,
                 Registry& registry, const RegistryReads& reads, table::TextPool& pool,
                 read::InputTables& inputs);

}  // namespace qz::settle

#endif  // QZ_SETTLE_REGISTRY_TABLES_H_
