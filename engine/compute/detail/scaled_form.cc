// Scaled form: a column starts scaled and turns exact by itself where it must.

#include "compute/detail/scaled_form.h"

namespace qz::compute::detail {

std::optional<table::Column> scaled_form(const table::Column& cells) {
  if (cells.is_scaled()) return cells;
  if (cells.type() != table::Type::kNumber) return std::nullopt;
  table::Column out(table::Type::kNumber, cells.size(), table::State::kNull);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!cells.has_value(i)) {
      out.set_state(i, cells.state(i));
      continue;
    }
    out.set_number(i, cells.number(i));
    if (!out.is_scaled()) return std::nullopt;
  }
  return out;
}

}  // namespace qz::compute::detail
