// Pack reader, what stands beside the tables: checks and worked examples.

#include <algorithm>
#include <utility>

#include "rules/detail/written_pack.h"

namespace qz::rules::detail {
namespace {

using text::JsonValue;
using Kind = JsonValue::Kind;

const std::vector<std::string> kSeverities = {"error", "warning", "info"};

base::Severity severity(const std::string& name) {
  if (name == "info") return base::Severity::kInfo;
  return name == "warning" ? base::Severity::kWarning : base::Severity::kError;
}

void read_check(MemberReader& reader, const JsonValue& value, WrittenPack& out) {
  CheckDefinition check;
  check.place = reader.place(value);
  bool remove = false;
  reader.read(value, "remove", remove);
  if (!reader.require(value, "id") || !reader.read(value, "id", check.id)) return;
  const MemberReader::Step step(reader, "(" + check.id + ")");
  reader.check_id(check.id, *value.find("id"));
  if (remove) {
    reader.refuse_unknown(value, {"id", "remove"});
    out.checks_removed.push_back({check.id, check.place});
    return;
  }
  reader.refuse_unknown(
      value, {"id", "table", "severity", "when", "require", "message", "cite", "remove"});
  for (const char* name : {"table", "severity", "require", "message"}) reader.require(value, name);
  if (reader.read(value, "table", check.table)) {
    reader.check_name(check.table, *value.find("table"));
  }
  std::string name;
  if (reader.read_word(value, "severity", kSeverities, name)) check.severity = severity(name);
  reader.read(value, "when", check.when);
  std::optional<Formula> require;
  if (reader.read(value, "require", require)) check.require = std::move(*require);
  reader.read(value, "message", check.message);
  reader.read(value, "cite", check.cite);
  const auto same = std::find_if(out.pack.checks.begin(), out.pack.checks.end(),
                                 [&](const CheckDefinition& one) { return one.id == check.id; });
  if (same != out.pack.checks.end()) {
    reader.problem(value, "two checks have this id", "两个检查的标识相同");
    return;
  }
  out.pack.checks.push_back(std::move(check));
}

// A cell as a file would hold it; empty and a problem for lists and objects.
std::optional<ExampleCell> read_cell(MemberReader& reader, const std::string& name,
                                     const JsonValue& value) {
  ExampleCell out;
  out.column = name;
  out.place = reader.place(value);
  if (value.is(Kind::kNull)) return out;
  if (value.is(Kind::kBool)) {
    out.text = value.boolean ? "true" : "false";
  } else if (value.is(Kind::kNumber) || value.is(Kind::kString)) {
    out.text = value.text;
  } else {
    reader.refuse_kind(value, "a cell: a text, a number, true, false or null",
                       "单元格：文本、数字、true、false 或 null");
    return std::nullopt;
  }
  return out;
}

void read_rows(MemberReader& reader, const JsonValue& example, const char* member,
               std::map<std::string, std::vector<ExampleRow>>& out) {
  const JsonValue* tables = example.find(member);
  if (tables == nullptr) return;
  const MemberReader::Step step(reader, member);
  if (!reader.expect(*tables, Kind::kObject)) return;
  reader.each_member(*tables, [&](const std::string& table, const JsonValue& rows) {
    reader.check_name(table, rows);
    if (!reader.expect(rows, Kind::kArray)) return;
    std::vector<ExampleRow>& read = out[table];
    reader.each_item(rows, [&](const JsonValue& row) {
      if (!reader.expect(row, Kind::kObject)) return;
      ExampleRow one;
      one.place = reader.place(row);
      reader.each_member(row, [&](const std::string& column, const JsonValue& value) {
        auto cell = read_cell(reader, column, value);
        if (cell) one.cells.push_back(std::move(*cell));
      });
      read.push_back(std::move(one));
    });
  });
}

std::optional<int> read_year(MemberReader& reader, const JsonValue& value) {
  if (!reader.expect_number(value)) return std::nullopt;
  const auto year = base::parse_period(base::PeriodKind::kYear, value.text, {});
  if (year) return year->index;
  reader.problem(value, "\"" + value.text + "\" is not a year (write 2022)",
                 "“" + value.text + "”不是年份（请写 2022）");
  return std::nullopt;
}

void read_cycle(MemberReader& reader, const JsonValue& value, Example& out) {
  const MemberReader::Step step(reader, "cycle");
  if (!reader.expect(value, Kind::kObject)) return;
  reader.refuse_unknown(value, {"id", "years"});
  base::Cycle cycle;
  cycle.id = "cycle";
  reader.read(value, "id", cycle.id);
  const JsonValue* years = value.find("years");
  if (!reader.require(value, "years")) return;
  const MemberReader::Step inner(reader, "years");
  if (!reader.expect(*years, Kind::kArray)) return;
  if (years->items.empty()) return reader.problem(*years, "no year is listed", "未列出年份");
  int before = 0;
  reader.each_item(*years, [&](const JsonValue& item) {
    const auto year = read_year(reader, item);
    if (!year) return;
    if (before != 0 && *year != before + 1) {
      reader.problem(item, "the years of a cycle are consecutive", "履约周期的年份须连续");
    }
    if (before == 0) cycle.year_first = *year;
    cycle.year_last = before = *year;
  });
  out.cycle = std::move(cycle);
}

void read_settings(MemberReader& reader, const JsonValue& value, Example& out) {
  const MemberReader::Step step(reader, "parameters");
  if (!reader.expect(value, Kind::kObject)) return;
  reader.each_member(value, [&](const std::string& name, const JsonValue& setting) {
    if (!setting.is(Kind::kNumber) && !setting.is(Kind::kString)) {
      reader.refuse_kind(setting, "a text or a number", "文本或数字");
      return;
    }
    out.parameters[name] = setting.text;
  });
}

void read_example(MemberReader& reader, const JsonValue& value, WrittenPack& out) {
  Example example;
  example.place = reader.place(value);
  if (!reader.expect(value, Kind::kObject)) return;
  reader.refuse_unknown(
      value, {"name", "source", "given", "expect", "findings", "cycle", "as_of", "parameters"});
  reader.require(value, "name");
  reader.read(value, "name", example.name);
  reader.read(value, "source", example.source);
  if (const JsonValue* cycle = value.find("cycle"); cycle != nullptr) {
    read_cycle(reader, *cycle, example);
  }
  reader.read(value, "as_of", example.as_of);
  if (const JsonValue* settings = value.find("parameters"); settings != nullptr) {
    read_settings(reader, *settings, example);
  }
  read_rows(reader, value, "given", example.given);
  read_rows(reader, value, "expect", example.expect);
  reader.read(value, "findings", example.findings);
  if (value.find("expect") == nullptr && value.find("findings") == nullptr) {
    reader.problem(value, "expects nothing: give \"expect\" or \"findings\"",
                   "没有预期结果：请写“expect”或“findings”");
  }
  out.pack.examples.push_back(std::move(example));
}

}  // namespace

void read_checks(MemberReader& reader, const JsonValue& checks, WrittenPack& out) {
  if (!reader.expect(checks, Kind::kArray)) return;
  reader.each_item(checks, [&](const JsonValue& value) {
    if (reader.expect(value, Kind::kObject)) read_check(reader, value, out);
  });
}

void read_examples(MemberReader& reader, const JsonValue& examples, WrittenPack& out) {
  if (!reader.expect(examples, Kind::kArray)) return;
  reader.each_item(examples, [&](const JsonValue& value) { read_example(reader, value, out); });
}

}  // namespace qz::rules::detail
