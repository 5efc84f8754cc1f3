// nearest_name: the known name that somebody probably meant.

#ifndef QZ_BASE_NEAREST_NAME_H_
#define QZ_BASE_NEAREST_NAME_H_

#include <string>
#include <string_view>
#include <vector>

namespace qz::base {

// The candidate with the smallest edit distance to `name` (in bytes, letter case ignored), if that
// distance is at most a third of the longer one (at least 1) or one contains the other; else empty.
// Ties go to the candidate that comes first.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

// ' (did you mean "x"?)' or "".
std::string nearest_hint(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace qz::base

#endif  // QZ_BASE_NEAREST_NAME_H_
