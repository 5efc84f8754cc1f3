#include "read/lot_name.h"

#include "exact/decimal.h"

namespace qz::read {

std::optional<exact::Number> lot_figure(std::string_view lot, const rules::CheckedColumn& column) {
  exact::DecimalProblem why = exact::DecimalProblem::kNone;
  const std::optional<exact::Decimal> decimal = exact::parse_decimal(lot, &why);
  if (!decimal) return std::nullopt;
  return decimal->value * column.rules.front().to_column;
}

}  // namespace qz::read
