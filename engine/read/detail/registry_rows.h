// Rows of flow, holding and lot that an example gives: what follows from them is filled in, as it
// would stand there had they come from moves.

#ifndef QZ_READ_DETAIL_REGISTRY_ROWS_H_
#define QZ_READ_DETAIL_REGISTRY_ROWS_H_

#include "read/detail/session.h"

namespace qz::read::detail {

// Numbers are written in each row's instrument's units and are held in bases after this. A price is
// not applicable where the kind has none; a value is quantity × price; the original kind is the
// kind; lots that no row gives begin with the first row that names them.
void complete_registry_rows(Session& session);

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_REGISTRY_ROWS_H_
