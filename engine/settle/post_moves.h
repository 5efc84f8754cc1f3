// Post moves: the registry by double entry. Each move is posted whole or refused alone.

#ifndef QZ_SETTLE_POST_MOVES_H_
#define QZ_SETTLE_POST_MOVES_H_

#include "base/finding.h"
#include "read/input_tables.h"
#include "read/moves.h"
#include "rules/checked_packs.h"
#include "table/text_pool.h"

namespace qz::settle {

// Refused moves that are told one by one; the rest is one more finding that counts them.
inline constexpr std::size_t kRefusalsMax = 100'000;

// Posts the moves up to packs.as_of in order of date, time, seq and id, and fills `inputs` with
// what formulas read (flow, holding, and lot where the job gives no file for it) and with the
// positions of the ledger. `inputs` holds the job's tables: the subject's table, where given, says
// who has accounts, the table lot which lots there are. Every refused move is a finding (error)
// with its rule and the balance that it met; moves after as_of are one finding (info).
void post_moves(const rules::CheckedPacks& packs, const read::Moves& moves, table::TextPool& pool,
                read::InputTables& inputs, base::Findings& findings);

}  // namespace qz::settle

#endif  // QZ_SETTLE_POST_MOVES_H_
