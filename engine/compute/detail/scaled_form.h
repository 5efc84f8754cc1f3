// Scaled form: exact cells over one denominator, where they have one. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_SCALED_FORM_H_
#define QZ_COMPUTE_DETAIL_SCALED_FORM_H_

#include <optional>

#include "table/column.h"

namespace qz::compute::detail {

// The same cells, scaled; empty where no denominator of moderate size serves them all.
std::optional<table::Column> scaled_form(const table::Column& cells);

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_SCALED_FORM_H_
