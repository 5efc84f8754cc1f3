// Pack reader, tables: keys, the rows that a table calls for, and its columns by name.

#include <algorithm>
#include <utility>

#include "rules/detail/written_pack.h"
#include "rules/parser.h"

namespace qz::rules::detail {
namespace {

using text::JsonValue;
using Kind = JsonValue::Kind;

const std::vector<std::string> kPeriods = {"hour", "day", "month", "quarter", "year", "cycle"};

void check_key_column(MemberReader& reader, const std::vector<std::string>& key,
                      const std::string& name, bool last, const JsonValue& item) {
  if (!reader.check_name(name, item)) return;
  if (name == "row" && !last) {
    reader.problem(item, "\"row\" is the record's number and stands last in a key",
                   "“row”是记录序号，只能排在键的最后");
  }
  if (!base::period_kind(name)) return;
  for (const std::string& before : key) {
    if (!base::period_kind(before)) continue;
    reader.problem(item, "a key has at most one period: \"" + before + "\" is one already",
                   "键中最多一个时段列，已有“" + before + "”");
  }
}

std::vector<std::string> read_key(MemberReader& reader, const JsonValue& value) {
  std::vector<std::string> out;
  if (!reader.expect(value, Kind::kArray)) return out;
  reader.each_item(value, [&](const JsonValue& item) {
    const auto name = reader.text(item);
    if (!name) return;
    if (std::find(out.begin(), out.end(), *name) != out.end()) {
      reader.problem(item, "\"" + *name + "\" is listed twice", "“" + *name + "”重复");
      return;
    }
    check_key_column(reader, out, *name, &item == &value.items.back(), item);
    out.push_back(*name);
  });
  return out;
}

// "unit.started": a table and one of its date inputs.
std::optional<std::pair<std::string, std::string>> read_date_column(MemberReader& reader,
                                                                    const JsonValue& every,
                                                                    const char* name) {
  std::string written;
  if (!reader.read(every, name, written)) return std::nullopt;
  const std::size_t dot = written.find('.');
  if (dot != std::string::npos && is_name(written.substr(0, dot)) &&
      is_name(written.substr(dot + 1))) {
    return std::pair(written.substr(0, dot), written.substr(dot + 1));
  }
  const MemberReader::Step step(reader, name);
  reader.problem(*every.find(name), "\"" + written + "\" is not a column of a table (unit.started)",
                 "“" + written + "”不是某表的列（如 unit.started）");
  return std::nullopt;
}

std::optional<EveryDefinition> read_every(MemberReader& reader, const JsonValue& table) {
  const JsonValue* value = table.find("every");
  if (value == nullptr) return std::nullopt;
  EveryDefinition out;
  out.place = reader.place(*value);
  std::string period;
  if (value->is(Kind::kString)) {
    if (!reader.read_word(table, "every", kPeriods, period)) return std::nullopt;
  } else {
    const MemberReader::Step step(reader, "every");
    if (!value->is(Kind::kObject)) {
      reader.problem(*value, "expected a period or {\"period\": …, \"from\": …, \"to\": …}",
                     "应为时段名或 {\"period\": …, \"from\": …, \"to\": …}");
      return std::nullopt;
    }
    reader.refuse_unknown(*value, {"period", "from", "to"});
    reader.require(*value, "period");
    out.from = read_date_column(reader, *value, "from");
    out.to = read_date_column(reader, *value, "to");
    if (!reader.read_word(*value, "period", kPeriods, period)) return std::nullopt;
  }
  out.period = *base::period_kind(period);
  return out;
}

void read_columns(MemberReader& reader, const JsonValue& columns, WrittenTable& out) {
  const MemberReader::Step step(reader, "columns");
  if (!reader.expect(columns, Kind::kObject)) return;
  reader.each_member(columns, [&](const std::string& name, const JsonValue& value) {
    if (value.is(Kind::kNull)) {
      out.columns_removed.push_back({name, reader.place(value)});
    } else {
      out.columns.push_back(read_column(reader, name, value));
    }
  });
}

std::optional<std::vector<std::string>> read_names(MemberReader& reader, const JsonValue& table,
                                                   const char* member) {
  std::vector<std::string> out;
  if (!reader.read(table, member, out)) return std::nullopt;
  const MemberReader::Step step(reader, member);
  reader.each_item(*table.find(member), [&](const JsonValue& item) {
    if (item.is(Kind::kString) && !item.text.empty()) reader.check_name(item.text, item);
  });
  return out;
}

WrittenTable read_table(MemberReader& reader, const std::string& name, const JsonValue& value) {
  WrittenTable out;
  out.name = name;
  out.place = reader.place(value);
  reader.check_name(name, value);
  if (!reader.expect(value, Kind::kObject)) return out;
  reader.refuse_unknown(value, {"key", "every", "cross", "unique", "optional", "label", "columns"});
  if (const JsonValue* key = value.find("key"); key != nullptr) {
    const MemberReader::Step step(reader, "key");
    out.key = read_key(reader, *key);
  }
  out.every = read_every(reader, value);
  out.cross = read_names(reader, value, "cross");
  out.unique = read_names(reader, value, "unique");
  bool optional = false;
  if (reader.read(value, "optional", optional)) out.optional = optional;
  base::Bilingual label;
  if (reader.read(value, "label", label)) out.label = std::move(label);
  if (const JsonValue* columns = value.find("columns"); columns != nullptr) {
    read_columns(reader, *columns, out);
  }
  return out;
}

}  // namespace

void read_tables(MemberReader& reader, const JsonValue& tables, WrittenPack& out) {
  if (!reader.expect(tables, Kind::kObject)) return;
  reader.each_member(tables, [&](const std::string& name, const JsonValue& value) {
    if (value.is(Kind::kNull)) {
      out.tables_removed.push_back({name, reader.place(value)});
    } else {
      out.tables.push_back(read_table(reader, name, value));
    }
  });
}

}  // namespace qz::rules::detail
