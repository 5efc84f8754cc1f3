// Registers: a table without a period for which the job gives a file is complete. A row of any
// table that speaks of something which its register lacks is a problem at that row.

#ifndef QZ_READ_DETAIL_REGISTERS_H_
#define QZ_READ_DETAIL_REGISTERS_H_

#include <cstdint>
#include <vector>

#include "read/detail/session.h"

namespace qz::read::detail {

// Looks at every row of every table. Registers whose own files have problems prove nothing and are
// passed over. `files_of_table[i]` lists the files of table i.
void check_registers(Session& session,
                     const std::vector<std::vector<std::uint16_t>>& files_of_table);

// True if some row of `table` lacks its parent, all other tables being read and without problems.
bool any_row_lacks_parent(Session& session, std::int32_t table);

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_REGISTERS_H_
