// What is worth saying of a cell that is used or set aside as it stands.

#ifndef QZ_READ_DETAIL_CELL_NOTES_H_
#define QZ_READ_DETAIL_CELL_NOTES_H_

#include <cstdint>
#include <string_view>

#include "base/finding.h"

namespace qz::read::detail {

// "too-many-places"
base::Bilingual too_many_places(std::string_view text, std::int32_t places, std::int32_t allowed);
// "not-in-edition"
base::Bilingual not_in_edition(std::string_view text);

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_CELL_NOTES_H_
