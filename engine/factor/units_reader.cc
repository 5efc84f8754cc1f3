// Units files: JSON to declarations. What the declarations reduce to is the catalogue's own matter.

#include <fmt/format.h>

#include <array>

#include "base/nearest_name.h"
#include "exact/decimal.h"
#include "factor/library.h"
#include "text/encoding.h"
#include "text/json.h"

namespace qz::factor {
namespace {

using text::JsonValue;

base::Place place_of(const std::string& file, const JsonValue& value) {
  return {file, value.line, value.column};
}

base::Finding wrong_member(const std::string& file, const std::string& code, const JsonValue& value,
                           const std::string& member, const char* en, const char* zh) {
  return base::failure("malformed-unit", place_of(file, value),
                       fmt::format("unit \"{}\": \"{}\" must be {}", code, member, en),
                       fmt::format("单位“{}”：“{}”应为{}", code, member, zh));
}

// The ratio, a decimal or a/b above zero; empty if it is neither.
std::optional<exact::Number> ratio_of(const JsonValue& value) {
  if (!value.is(JsonValue::Kind::kString) && !value.is(JsonValue::Kind::kNumber))
    return std::nullopt;
  std::optional<exact::Number> ratio = exact::parse_ratio(value.text);
  if (!ratio || ratio->sign() <= 0) return std::nullopt;
  return ratio;
}

bool read_label(const JsonValue& value, base::Bilingual& label) {
  if (value.is(JsonValue::Kind::kString)) {
    label.en = value.text;
    return true;
  }
  if (!value.is(JsonValue::Kind::kObject)) return false;
  for (const auto& [language, name] : value.members) {
    if (!name.is(JsonValue::Kind::kString)) return false;
    if (language == "en") label.en = name.text;
    if (language == "zh") label.zh = name.text;
  }
  return true;
}

// Reads one member into the declaration; the failure if it is unknown or of the wrong form.
std::optional<base::Finding> read_member(const std::string& file, const std::string& member,
                                         const JsonValue& value, exact::UnitDeclaration& unit) {
  const bool is_text = value.is(JsonValue::Kind::kString);
  if (member == "kind" || member == "of") {
    if (!is_text || value.text.empty()) {
      return wrong_member(file, unit.code, value, member, "a text that is not empty", "非空文本");
    }
    (member == "kind" ? unit.kind : unit.of) = value.text;
  } else if (member == "ratio") {
    const std::optional<exact::Number> ratio = ratio_of(value);
    if (!ratio) {
      return wrong_member(file, unit.code, value, member,
                          "a number or \"a/b\" above zero (write \"29.3076\" or \"1/1000\")",
                          "大于零的数或“a/b”（如“29.3076”或“1/1000”）");
    }
    unit.ratio = *ratio;
  } else if (member == "label") {
    if (!read_label(value, unit.label)) {
      return wrong_member(file, unit.code, value, member, "a text or {\"en\": …, \"zh\": …}",
                          "文本或 {\"en\": …, \"zh\": …}");
    }
  } else if (member != "note" && member != "cite" && member != "source") {
    const std::vector<std::string> known = {"kind", "ratio", "of",    "label",
                                            "note", "cite",  "source"};
    return base::failure("unknown-member", place_of(file, value),
                         fmt::format("unit \"{}\": unknown member \"{}\"{}", unit.code, member,
                                     base::nearest_hint(member, known)),
                         fmt::format("单位“{}”：未知成员“{}”", unit.code, member));
  }
  return std::nullopt;
}

std::optional<base::Finding> read_declaration(const std::string& file, const std::string& code,
                                              const JsonValue& value,
                                              std::vector<exact::UnitDeclaration>& out) {
  exact::UnitDeclaration unit;
  unit.code = code;
  unit.place = place_of(file, value);
  if (!value.is(JsonValue::Kind::kObject)) {
    return base::failure("malformed-unit", unit.place,
                         fmt::format("unit \"{}\" must be an object with \"kind\"", code),
                         fmt::format("单位“{}”应为含“kind”的对象", code));
  }
  for (const auto& [member, inner] : value.members) {
    if (auto problem = read_member(file, member, inner, unit)) return problem;
  }
  if (unit.kind.empty()) {
    return base::failure(
        "malformed-unit", unit.place,
        fmt::format("unit \"{}\" has no \"kind\" (write \"kind\": \"mass\")", code),
        fmt::format("单位“{}”缺少“kind”（如 \"kind\": \"mass\"）", code));
  }
  if (unit.of.empty() && value.find("ratio") != nullptr) {
    return base::failure("malformed-unit", unit.place,
                         fmt::format("unit \"{}\" has a \"ratio\" but no \"of\"", code),
                         fmt::format("单位“{}”有“ratio”但没有“of”", code));
  }
  out.push_back(std::move(unit));
  return std::nullopt;
}

}  // namespace

base::Result<exact::UnitCatalogue> read_units(const std::vector<UnitFile>& files) {
  std::vector<exact::UnitDeclaration> declarations;
  for (const UnitFile& file : files) {
    base::Result<std::string> utf8 = text::to_utf8(file.bytes, file.file);
    if (!utf8) return utf8.failure();
    const base::Result<JsonValue> json = text::parse_json(*utf8, file.file);
    if (!json) return json.failure();
    const JsonValue* units = json->find("units");
    if (units == nullptr || !units->is(JsonValue::Kind::kObject)) {
      return base::failure("malformed-unit", place_of(file.file, *json),
                           "a units file is an object with \"units\": {code: {…}}",
                           "单位文件应为含 \"units\": {代码: {…}} 的对象");
    }
    for (const auto& [code, value] : units->members) {
      if (auto problem = read_declaration(file.file, code, value, declarations)) return *problem;
    }
  }
  return exact::UnitCatalogue::from_declarations(std::move(declarations));
}

}  // namespace qz::factor
