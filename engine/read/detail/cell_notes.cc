#include "read/detail/cell_notes.h"

#include <fmt/format.h>

namespace qz::read::detail {

base::Bilingual too_many_places(std::string_view text, std::int32_t places, std::int32_t allowed) {
  return {
      fmt::format("\"{}\" has {} decimals, the rule asks for at most {} (it is used as it stands)",
                  text, places, allowed),
      fmt::format("“{}”有 {} 位小数，规则要求最多 {} 位（按原值采用）", text, places, allowed)};
}

base::Bilingual not_in_edition(std::string_view text) {
  return {fmt::format("the edition that holds here has no such column: \"{}\" is set aside", text),
          fmt::format("此处适用的版本没有该列：“{}”不予采用", text)};
}

}  // namespace qz::read::detail
