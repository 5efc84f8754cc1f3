// lot_figure: the name of a lot as the number of its only column ("2021" as a vintage).

#ifndef QZ_READ_LOT_NAME_H_
#define QZ_READ_LOT_NAME_H_

#include <optional>
#include <string_view>

#include "exact/number.h"
#include "rules/checked_packs.h"

namespace qz::read {

// In bases; empty where the name is no number ("2019-2020"). Precondition: the column is a number.
std::optional<exact::Number> lot_figure(std::string_view lot, const rules::CheckedColumn& column);

}  // namespace qz::read

#endif  // QZ_READ_LOT_NAME_H_
