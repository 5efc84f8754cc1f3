// Select editions: which packs, and which editions of them, serve a job.

#ifndef QZ_RULES_SELECT_EDITIONS_H_
#define QZ_RULES_SELECT_EDITIONS_H_

#include <memory>
#include <vector>

#include "base/finding.h"
#include "rules/checked_packs.h"

namespace qz::rules {

// Fills `packs` and `editions` of `checked`: the packs asked for and those that they need, each
// with the editions whose `applies` meets the cycle (or the one that is pinned). Refused: an
// unknown pack or version, editions that overlap, packs that need each other in a circle.
bool select_editions(const std::vector<std::shared_ptr<const Pack>>& installed,
                     const PackRequest& request, CheckedPacks& checked, base::Findings& problems);

}  // namespace qz::rules

#endif  // QZ_RULES_SELECT_EDITIONS_H_
