// The functions of the rule language by name.

#ifndef QZ_RULES_FUNCTION_NAMES_H_
#define QZ_RULES_FUNCTION_NAMES_H_

#include <string>
#include <string_view>
#include <vector>

namespace qz::rules {

// Over a list: sum mean min max any all count only join (min and max also over values).
bool is_aggregate_name(std::string_view name);
// Every function, sorted; for hints, and because a table may not have a function's name.
const std::vector<std::string>& function_names();
bool is_function_name(std::string_view name);

}  // namespace qz::rules

#endif  // QZ_RULES_FUNCTION_NAMES_H_
