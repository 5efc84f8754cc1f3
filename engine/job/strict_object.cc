#include "job/strict_object.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest_name.h"

namespace qz::job {
namespace {

std::string_view kind_name(JsonValue::Kind kind) {
  switch (kind) {
    case JsonValue::Kind::kNull:
      return "null";
    case JsonValue::Kind::kBool:
      return "true or false";
    case JsonValue::Kind::kNumber:
      return "a number";
    case JsonValue::Kind::kString:
      return "a text";
    case JsonValue::Kind::kArray:
      return "a list";
    case JsonValue::Kind::kObject:
      return "an object";
  }
  return "something else";
}

void wrong_kind(const Reading& reading, const JsonValue& value, std::string_view what,
                std::string_view wanted_en, std::string_view wanted_zh) {
  reading.problem(value, reading.malformed,
                  fmt::format("{} must be {}, not {}", what, wanted_en, kind_name(value.kind)),
                  fmt::format("{} 应为{}", what, wanted_zh));
}

}  // namespace

void Reading::problem(const JsonValue& at, std::string code, std::string en, std::string zh) const {
  problems.push_back(base::failure(std::move(code), place(at), std::move(en), std::move(zh)));
}

bool read_object(const Reading& reading, const JsonValue& value, std::string_view what,
                 const Members& members) {
  if (!value.is(JsonValue::Kind::kObject)) {
    wrong_kind(reading, value, what, "an object {…}", "对象 {…}");
    return false;
  }
  std::vector<std::string> names;
  for (const auto& [name, unused] : members) names.push_back(name);
  for (const auto& [name, member] : value.members) {
    const auto known =
        std::find_if(members.begin(), members.end(),
                     [&, &wanted = name](const auto& m) { return m.first == wanted; });
    if (known != members.end()) {
      known->second(member);
      continue;
    }
    reading.problem(
        member, "unknown-member",
        fmt::format("{} has no member \"{}\"{}", what, name, base::nearest_hint(name, names)),
        fmt::format("{} 没有成员 \"{}\"{}", what, name, base::nearest_hint(name, names)));
  }
  return true;
}

std::string read_text(const Reading& reading, const JsonValue& value, std::string_view what) {
  if (value.is(JsonValue::Kind::kString) && !value.text.empty()) return value.text;
  if (value.is(JsonValue::Kind::kString)) {
    reading.problem(value, reading.malformed, fmt::format("{} is empty", what),
                    fmt::format("{} 为空", what));
  } else {
    wrong_kind(reading, value, what, "a text \"…\"", "文本 \"…\"");
  }
  return "";
}

base::Bilingual read_bilingual(const Reading& reading, const JsonValue& value,
                               std::string_view what) {
  if (value.is(JsonValue::Kind::kString)) return {value.text, value.text};
  base::Bilingual out;
  read_object(reading, value, what,
              {{"en", [&](const JsonValue& v) { out.en = read_text(reading, v, "en"); }},
               {"zh", [&](const JsonValue& v) { out.zh = read_text(reading, v, "zh"); }}});
  return out;
}

void read_list(const Reading& reading, const JsonValue& value, std::string_view what,
               const std::function<void(const JsonValue&)>& item) {
  if (!value.is(JsonValue::Kind::kArray)) {
    wrong_kind(reading, value, what, "a list […]", "列表 […]");
    return;
  }
  if (value.items.empty()) {
    reading.problem(value, reading.malformed, fmt::format("{} is an empty list", what),
                    fmt::format("{} 是空列表", what));
  }
  for (const JsonValue& element : value.items) item(element);
}

}  // namespace qz::job
