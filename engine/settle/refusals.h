// Refusals as findings: the move, its rule and the balance it met, in both languages.

#ifndef QZ_SETTLE_REFUSALS_H_
#define QZ_SETTLE_REFUSALS_H_

#include <string>

#include "settle/posting.h"

namespace qz::settle {

// "12000", "0.125": with the decimals of the instrument's step.
std::string amount_text(const InstrumentBook& book, Amount amount);

// Findings of refused moves and of values set aside, in the order of posting; beyond kRefusalsMax
// one that counts the rest.
void report_refusals(const Posted& posted, const read::Moves& moves, Registry& registry,
                     const rules::CheckedPacks& packs, base::Findings& findings);

}  // namespace qz::settle

#endif  // QZ_SETTLE_REFUSALS_H_
