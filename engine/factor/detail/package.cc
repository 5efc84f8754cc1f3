// Reads the schema member by member; what Frictionless allows and nobody here needs is passed over.

#include "factor/detail/package.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest_name.h"
#include "factor/library.h"
#include "text/encoding.h"
#include "text/json.h"

namespace qz::factor {
namespace {

using text::JsonValue;
using Kind = JsonValue::Kind;

const std::vector<std::string> kFieldMembers = {
    "name",       "type",        "unit",          "match",      "title",
    "label",      "description", "constraints",   "example",    "format",
    "bareNumber", "groupChar",   "decimalChar",   "trueValues", "note",
    "rdfType",    "falseValues", "missingValues", "categories"};

const std::vector<std::string> kMatches = {"from", "upto", "linear"};

class PackageReader {
 public:
  PackageReader(const std::string& file, const exact::UnitCatalogue& units, FactorTable& table,
                base::Findings& problems)
      : file_(file), units_(units), table_(table), problems_(problems) {}

  void read(const JsonValue& package) {
    if (!package.is(Kind::kObject)) {
      return problem(package, "a datapackage.json is an object", "datapackage.json 应为对象");
    }
    table_.id = needed_text(package, "name");
    table_.version = needed_text(package, "version");
    if (const JsonValue* title = package.find("title")) read_bilingual(*title, table_.title);
    const JsonValue* schema = find_schema(package);
    if (schema == nullptr) return;
    read_fields(*schema);
    read_key(*schema);
  }

 private:
  void problem(const JsonValue& at, std::string en, std::string zh,
               const char* code = "malformed-factor-table") {
    problems_.push_back(
        base::failure(code, {file_, at.line, at.column}, std::move(en), std::move(zh)));
  }

  std::string needed_text(const JsonValue& object, const char* member) {
    const JsonValue* value = object.find(member);
    if (value != nullptr && value->is(Kind::kString) && !value->text.empty()) return value->text;
    problem(value != nullptr ? *value : object,
            fmt::format("\"{}\" must be a text that is not empty", member),
            fmt::format("“{}”应为非空文本", member));
    return {};
  }

  void read_bilingual(const JsonValue& value, base::Bilingual& out) {
    if (value.is(Kind::kString)) out.en = value.text;
    for (const auto& [language, inner] : value.members) {
      if (language == "en") out.en = inner.text;
      if (language == "zh") out.zh = inner.text;
    }
  }

  const JsonValue* find_schema(const JsonValue& package) {
    const JsonValue* resources = package.find("resources");
    if (resources == nullptr || !resources->is(Kind::kArray) || resources->items.size() != 1) {
      problem(resources != nullptr ? *resources : package,
              "\"resources\" must be a list of exactly one table",
              "“resources”应为恰含一张表的列表");
      return nullptr;
    }
    const JsonValue* schema = resources->items[0].find("schema");
    if (schema != nullptr && schema->is(Kind::kObject)) return schema;
    problem(resources->items[0], "the resource has no \"schema\" with \"fields\"",
            "资源缺少含“fields”的“schema”");
    return nullptr;
  }

  void read_fields(const JsonValue& schema) {
    const JsonValue* fields = schema.find("fields");
    if (fields == nullptr || !fields->is(Kind::kArray) || fields->items.empty() ||
        fields->items.size() > detail::kFieldsMax) {
      problem(fields != nullptr ? *fields : schema,
              fmt::format("\"fields\" must be a list of 1 to {} fields", detail::kFieldsMax),
              fmt::format("“fields”应为 1 至 {} 个字段的列表", detail::kFieldsMax));
      return;
    }
    for (const JsonValue& entry : fields->items) {
      Field field;
      field.name = needed_text(entry, "name");
      if (field.name.empty()) continue;
      if (table_.field(field.name)) {
        problem(entry, fmt::format("field \"{}\" is declared twice", field.name),
                fmt::format("字段“{}”重复声明", field.name));
        continue;
      }
      read_field(entry, field);
      table_.fields.push_back(std::move(field));
    }
    for (const char* text_field : {"source", "status"}) check_text_field(schema, text_field);
    for (const char* date_field : {"valid_from", "valid_to"}) check_date_field(*fields, date_field);
  }

  void check_text_field(const JsonValue& schema, const char* name) {
    const std::optional<std::size_t> found = table_.field(name);
    if (found && table_.fields[*found].type == table::Type::kText) return;
    problem(schema, fmt::format("the schema needs a field \"{}\" of type \"string\"", name),
            fmt::format("表结构需要“string”类型的字段“{}”", name));
  }

  void check_date_field(const JsonValue& fields, const char* name) {
    const std::optional<std::size_t> found = table_.field(name);
    if (!found) return;
    table_.dated = true;
    if (table_.fields[*found].type == table::Type::kDate) return;
    problem(fields, fmt::format("field \"{}\" must be of type \"date\"", name),
            fmt::format("字段“{}”的类型应为“date”", name));
  }

  void read_field(const JsonValue& entry, Field& field) {
    for (const auto& [member, value] : entry.members) {
      if (std::find(kFieldMembers.begin(), kFieldMembers.end(), member) == kFieldMembers.end()) {
        problem(value,
                fmt::format("field \"{}\": unknown member \"{}\"{}", field.name, member,
                            base::nearest_hint(member, kFieldMembers)),
                fmt::format("字段“{}”：未知成员“{}”", field.name, member), "unknown-member");
      }
    }
    for (const char* label : {"description", "title", "label"}) {
      if (const JsonValue* value = entry.find(label)) read_bilingual(*value, field.label);
    }
    read_type(entry, field);
    read_unit(entry, field);
    read_match(entry, field);
  }

  void read_type(const JsonValue& entry, Field& field) {
    const JsonValue* type = entry.find("type");
    const std::string name = type == nullptr ? "string" : type->text;
    if (name == "string" || name == "year" || name == "yearmonth") {
      field.type = table::Type::kText;
    } else if (name == "number" || name == "integer") {
      field.type = table::Type::kNumber;
    } else if (name == "date") {
      field.type = table::Type::kDate;
    } else if (name == "boolean") {
      field.type = table::Type::kBool;
    } else {
      const std::vector<std::string> known = {"string",  "number", "integer",  "date",
                                              "boolean", "year",   "yearmonth"};
      problem(*type,
              fmt::format("field \"{}\": unknown type \"{}\"{}", field.name, name,
                          base::nearest_hint(name, known)),
              fmt::format("字段“{}”：未知类型“{}”", field.name, name), "unknown-type");
    }
  }

  void read_unit(const JsonValue& entry, Field& field) {
    const JsonValue* unit = entry.find("unit");
    const bool is_period_key = base::period_kind(field.name).has_value();
    if (field.type != table::Type::kNumber) {
      if (unit != nullptr && !is_period_key) {
        problem(*unit, fmt::format("field \"{}\" is no number and has no unit", field.name),
                fmt::format("字段“{}”不是数值，不应有单位", field.name));
      }
      return;
    }
    if (unit == nullptr || !unit->is(Kind::kString)) {
      // A key that bears a period's name needs none; read_key() looks at the others again.
      if (is_period_key) return;
      problem(
          unit != nullptr ? *unit : entry,
          fmt::format("field \"{}\" is a number without a unit (write \"unit\": \"1\" for none)",
                      field.name),
          fmt::format("数值字段“{}”缺少单位（无量纲请写 \"unit\": \"1\"）", field.name));
      return;
    }
    field.unit_text = unit->text;
    const base::Result<exact::Unit> parsed = units_.parse(unit->text);
    if (!parsed) {
      const base::Bilingual& why = parsed.failure().message;
      return problem(*unit, fmt::format("field \"{}\": {}", field.name, why.in("en")),
                     fmt::format("字段“{}”：{}", field.name, why.in("zh")), "unknown-unit");
    }
    field.unit = *parsed;
  }

  void read_match(const JsonValue& entry, Field& field) {
    const JsonValue* match = entry.find("match");
    if (match == nullptr) return;
    const auto known = std::find(kMatches.begin(), kMatches.end(), match->text);
    if (known == kMatches.end() || field.type != table::Type::kNumber) {
      return problem(
          *match,
          fmt::format("field \"{}\": \"match\" is \"from\", \"upto\" or \"linear\", and "
                      "only for number keys",
                      field.name),
          fmt::format("字段“{}”：“match”只能是“from”“upto”或“linear”，且仅用于数值键", field.name));
    }
    field.match = static_cast<Match>(1 + (known - kMatches.begin()));
  }

  void read_key(const JsonValue& schema) {
    const JsonValue* key = schema.find("primaryKey");
    if (key == nullptr) return;
    std::vector<const JsonValue*> names;
    if (key->is(Kind::kString)) names.push_back(key);
    for (const JsonValue& item : key->items) names.push_back(&item);
    for (const JsonValue* name : names) read_key_name(*name);
    const auto is_linear = [&](std::size_t i) { return table_.fields[i].match == Match::kLinear; };
    const auto linear = static_cast<std::size_t>(
        std::count_if(table_.key_fields.begin(), table_.key_fields.end(), is_linear));
    if (table_.key_fields.size() > detail::kKeysMax || linear > detail::kLinearKeysMax) {
      problem(*key,
              fmt::format("a key has at most {} fields, {} of them \"linear\"", detail::kKeysMax,
                          detail::kLinearKeysMax),
              fmt::format("键最多 {} 个字段，其中“linear”最多 {} 个", detail::kKeysMax,
                          detail::kLinearKeysMax));
    }
    for (const Field& field : table_.fields) {
      if (field.match == Match::kExact || field.is_key) continue;
      problem(*key, fmt::format("field \"{}\" has a \"match\" but is no key", field.name),
              fmt::format("字段“{}”有“match”但不是键", field.name));
    }
  }

  void read_key_name(const JsonValue& name) {
    const std::optional<std::size_t> found = table_.field(name.text);
    if (!name.is(Kind::kString) || !found) {
      std::vector<std::string> known;
      for (const Field& field : table_.fields) known.push_back(field.name);
      return problem(name,
                     fmt::format("the key \"{}\" is no field{}", name.text,
                                 base::nearest_hint(name.text, known)),
                     fmt::format("键“{}”不是字段", name.text));
    }
    if (name.text == "valid_from" || name.text == "valid_to") return;
    Field& field = table_.fields[*found];
    if (field.is_key || field.name == "source" || field.name == "status") {
      return problem(name, fmt::format("\"{}\" cannot stand in the key here", name.text),
                     fmt::format("“{}”不能作为此处的键", name.text));
    }
    field.is_key = true;
    table_.key_fields.push_back(*found);
    if (const std::optional<base::PeriodKind> period = base::period_kind(field.name)) {
      make_period(name, *period, field);
    }
  }

  // A period key is a period whatever type the file gives it ("2022" is also a number).
  void make_period(const JsonValue& name, base::PeriodKind period, Field& field) {
    if (period == base::PeriodKind::kCycle || field.match != Match::kExact) {
      return problem(
          name,
          fmt::format("the key \"{}\" is a period: it has no \"match\", and it cannot be "
                      "a cycle, whose ids belong to jobs",
                      field.name),
          fmt::format("键“{}”是时段：不能有“match”，也不能是 cycle（其编号属于作业）", field.name));
    }
    field.type = table::Type::kPeriod;
    field.period = period;
    field.unit_text.clear();
    field.unit = {};
  }

  const std::string& file_;
  const exact::UnitCatalogue& units_;
  FactorTable& table_;
  base::Findings& problems_;
};

// True if the path stays in the folder of the package, whatever the system's separator.
bool stays_inside(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.find_first_of("\\:") != std::string::npos ||
      path.find('\0') != std::string::npos) {
    return false;
  }
  return ("/" + path + "/").find("/../") == std::string::npos;
}

}  // namespace

void detail::read_package(const std::string& file, const std::string& bytes,
                          const exact::UnitCatalogue& units, FactorTable& table,
                          base::Findings& problems) {
  const base::Result<std::string> utf8 = text::to_utf8(bytes, file);
  if (!utf8) return problems.push_back(utf8.failure());
  const base::Result<JsonValue> json = text::parse_json(*utf8, file);
  if (!json) return problems.push_back(json.failure());
  PackageReader(file, units, table, problems).read(*json);
}

base::Result<std::string> csv_path(const std::string& package_file,
                                   const std::string& package_bytes) {
  const base::Result<std::string> utf8 = text::to_utf8(package_bytes, package_file);
  if (!utf8) return utf8.failure();
  const base::Result<JsonValue> json = text::parse_json(*utf8, package_file);
  if (!json) return json.failure();
  const JsonValue* resources = json->find("resources");
  const JsonValue* path = nullptr;
  if (resources != nullptr && !resources->items.empty()) path = resources->items[0].find("path");
  if (path != nullptr && path->is(Kind::kString) && stays_inside(path->text)) return path->text;
  return base::failure(
      "malformed-factor-table",
      {package_file, path != nullptr ? path->line : json->line,
       path != nullptr ? path->column : json->column},
      "the resource's \"path\" must name a CSV in the same folder (write \"path\": \"table.csv\")",
      "资源的“path”应为同一文件夹内的 CSV（如 \"path\": \"table.csv\"）");
}

}  // namespace qz::factor
