// Figure text: cells and values as results print them.

#ifndef QZ_WHATIF_FIGURE_TEXT_H_
#define QZ_WHATIF_FIGURE_TEXT_H_

#include <string>

#include "exact/number.h"
#include "whatif/base_job.h"
#include "whatif/change.h"
#include "whatif/evaluator.h"
#include "whatif/result.h"

namespace qz::whatif {

// Exact: "12.5", or "44/3" where the digits have no end.
std::string exact_text(const exact::Number& value);

// A reported cell beside its base.
Figure figure_of(const BaseJob& base, const Evaluator& evaluator, const CellRef& cell,
                 const Value& value);
// A target beside its base, called by its name.
Figure target_figure(const BaseJob& base, std::size_t target, const Value& before,
                     const Value& value);
// A difference in the column's unit as the figure of that cell prints it.
std::string difference_text(const BaseJob& base, const CellRef& cell,
                            const exact::Number& difference);

inline constexpr std::size_t kTouchedShown = 3;
// What `selection` touches: all, or the first kTouchedShown.
ChangeResult change_result(const BaseJob& base, const Selection& selection, const Written* target,
                           std::string action, std::string amount, bool all);
ChangeResult change_result(const BaseJob& base, const Change& change, const WrittenChange& written,
                           bool all);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_FIGURE_TEXT_H_
