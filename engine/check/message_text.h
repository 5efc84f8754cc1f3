// Message text: a check's message with its placeholders filled from the row.

#ifndef QZ_CHECK_MESSAGE_TEXT_H_
#define QZ_CHECK_MESSAGE_TEXT_H_

#include "compute/evaluate.h"

namespace qz::check {

// {load_factor} prints that cell of the row as the ledger does, {unit.capacity} a cell of the row
// above, {limit} a constant or parameter. What is not known stays as written.
base::Bilingual message_text(const compute::Results& results, compute::Evaluation& evaluation,
                             const rules::CheckedCheck& check, std::uint32_t row);

}  // namespace qz::check

#endif  // QZ_CHECK_MESSAGE_TEXT_H_
