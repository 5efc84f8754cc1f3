#include "whatif/detail/written_members.h"

#include <fmt/format.h>

#include <utility>

namespace qz::whatif::detail {

using job::Reading;
using text::JsonValue;

void problem(const Reading& reading, const JsonValue& at, std::string en, std::string zh) {
  reading.problem(at, reading.malformed, std::move(en), std::move(zh));
}

void too_many(const Reading& reading, const JsonValue& at, std::string_view what,
              std::size_t most) {
  problem(reading, at, fmt::format("{}: at most {} are allowed", what, most),
          fmt::format("{}：最多 {} 个", what, most));
}

void need(const Reading& reading, const JsonValue& value, std::string_view what,
          std::initializer_list<const char*> names) {
  if (!value.is(JsonValue::Kind::kObject)) return;
  for (const char* name : names) {
    if (value.find(name) != nullptr) continue;
    problem(reading, value, fmt::format("{} has no member \"{}\"", what, name),
            fmt::format("{} 缺少成员 \"{}\"", what, name));
  }
}

}  // namespace qz::whatif::detail
