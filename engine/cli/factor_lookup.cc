#include "cli/factor_lookup.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/nearest_name.h"
#include "exact/decimal.h"
#include "exact/number.h"

namespace qz::cli {
namespace {

// The value of a key field in its own type; empty if `text` is of another form.
std::optional<factor::KeyValue> key_value(const factor::Field& field, const std::string& text) {
  switch (field.type) {
    case table::Type::kText:
      return std::string_view(text);
    case table::Type::kNumber:
      if (const auto number = exact::parse_decimal(text)) return number->value;
      return std::nullopt;
    case table::Type::kPeriod:
      if (const auto period = base::parse_period(field.period, text, {})) return *period;
      return std::nullopt;
    case table::Type::kDate:
      if (const auto date = base::Date::parse(text)) return *date;
      return std::nullopt;
    case table::Type::kBool:
      if (text == "true" || text == "TRUE") return true;
      if (text == "false" || text == "FALSE") return false;
      return std::nullopt;
    case table::Type::kRow:
      break;
  }
  return std::nullopt;
}

// What a key field takes: "size [MW]", "month such as 2022-03".
std::string field_form(const factor::Field& field) {
  if (field.type == table::Type::kNumber) return field.name + " [" + field.unit_text + "]";
  if (field.type == table::Type::kPeriod) {
    return fmt::format("{} ({})", field.name, base::period_example(field.period));
  }
  return field.name;
}

std::string key_form(const factor::FactorTable& table) {
  std::string out;
  for (const std::size_t i : table.key_fields) {
    out += (out.empty() ? "" : ", ") + field_form(table.fields[i]);
  }
  return out;
}

std::optional<std::map<std::string, std::string>> read_pairs(const factor::FactorTable& table,
                                                             const std::vector<std::string>& pairs,
                                                             const Options& options) {
  std::vector<std::string> known;
  for (const std::size_t i : table.key_fields) known.push_back(table.fields[i].name);
  std::map<std::string, std::string> out;
  for (const std::string& pair : pairs) {
    const std::size_t equals = pair.find('=');
    const std::string name = pair.substr(0, equals);
    if (equals != std::string::npos && std::find(known.begin(), known.end(), name) != known.end()) {
      out[name] = pair.substr(equals + 1);
      continue;
    }
    const std::string hint = base::nearest_hint(name, known);
    fail(kExitUsage, options.zh()
                         ? fmt::format("{}：请写 字段=值，主键为 {}{}", pair, key_form(table), hint)
                         : fmt::format("{}: write field=value; the key of {} is {}{}", pair,
                                       table.name(), key_form(table), hint));
    return std::nullopt;
  }
  return out;
}

bool read_day(const factor::FactorTable& table, const std::string& day, const Options& options,
              Lookup& out) {
  if (day.empty()) {
    if (!table.dated) return true;
    fail(kExitUsage, options.zh()
                         ? fmt::format("{} 按日期生效：请给出 --on 日期", table.name())
                         : fmt::format("{} holds by date: give --on 2022-12-31", table.name()));
    return false;
  }
  const auto date = base::Date::parse(day);
  if (!date) {
    fail(kExitUsage, options.zh() ? fmt::format("--on {}：不是日期（请写 2022-12-31）", day)
                                  : fmt::format("--on {}: not a date (write 2022-12-31)", day));
    return false;
  }
  out.day = *date;
  out.written += (out.written.empty() ? "on " : " on ") + day;
  return true;
}

// A number of the row found: the cell as written, or what lies between the neighbours.
std::string found_cell(const factor::FactorTable& table, const factor::Found& found,
                       std::size_t field) {
  if (found.rows.size() == 1) return table.written(found.rows.front().row, field);
  if (table.fields[field].type != table::Type::kNumber) return "";
  exact::Number value;
  for (const factor::WeightedRow& weighted : found.rows) {
    if (table.state(weighted.row, field) != table::State::kValue) return "";
    value += weighted.weight * table.number(weighted.row, field);
  }
  return value.to_string();
}

std::string row_text(const factor::FactorTable& table, std::uint32_t row, const Options& options) {
  return fmt::format("{}  {}:{}  {}  {}\n", options.say("row     ", "行      "), table.file,
                     table.line(row), factor::status_name(table.status(row)), table.source(row));
}

}  // namespace

std::optional<Lookup> read_lookup(const factor::FactorTable& table,
                                  const std::vector<std::string>& pairs, const std::string& day,
                                  const Options& options) {
  const auto given = read_pairs(table, pairs, options);
  if (!given) return std::nullopt;
  Lookup out;
  for (const std::size_t i : table.key_fields) {
    const factor::Field& field = table.fields[i];
    const auto found = given->find(field.name);
    if (found == given->end()) {
      fail(kExitUsage, options.zh() ? fmt::format("缺少主键 {}", field_form(field))
                                    : fmt::format("the key of {} is {}: {} is not given",
                                                  table.name(), key_form(table), field.name));
      return std::nullopt;
    }
    out.texts.push_back(found->second);
    const auto value = key_value(field, out.texts.back());
    if (!value) {
      fail(kExitUsage, options.zh() ? fmt::format("{}=\"{}\"：应为 {}", field.name, found->second,
                                                  field_form(field))
                                    : fmt::format("{}=\"{}\": expected {}", field.name,
                                                  found->second, field_form(field)));
      return std::nullopt;
    }
    out.key.push_back(*value);
    out.written += (out.written.empty() ? "" : ", ") + field.name + "=" + found->second;
  }
  if (!read_day(table, day, options, out)) return std::nullopt;
  return out;
}

factor::Found find_row(const factor::FactorTable& table, const Lookup& lookup) {
  return table.find(lookup.key, lookup.day);
}

std::string not_found_text(table::State state, const Lookup& lookup, const Options& options) {
  const bool out_of_range = state == table::State::kOutOfRange;
  if (options.zh()) {
    return fmt::format("{}：{}", lookup.written, out_of_range ? "超出表的范围" : "没有对应的行");
  }
  return fmt::format("{} {}", out_of_range ? "the table does not reach to" : "no row for",
                     lookup.written);
}

Listing rows_listing(const factor::FactorTable& table, const std::vector<std::uint32_t>& rows) {
  std::vector<Listing::Heading> headings;
  for (const factor::Field& field : table.fields) {
    const std::string unit =
        field.unit_text.empty() || field.unit_text == "1" ? "" : " [" + field.unit_text + "]";
    headings.push_back({field.name, {field.name + unit, field.name + unit}});
  }
  Listing out(std::move(headings));
  for (const std::uint32_t row : rows) {
    Listing::Row cells;
    for (std::size_t field = 0; field < table.fields.size(); ++field) {
      cells.push_back(table.written(row, field));
    }
    out.add(std::move(cells));
  }
  return out;
}

std::string found_text(const factor::FactorTable& table, const factor::Found& found,
                       const Options& options) {
  if (options.format != "text") {
    std::vector<std::uint32_t> rows;
    for (const factor::WeightedRow& weighted : found.rows) rows.push_back(weighted.row);
    return rows_listing(table, rows).in(options.format, options.language);
  }
  std::string out = table.name() + "\n";
  std::size_t width = 0;
  for (const factor::Field& field : table.fields) width = std::max(width, field.name.size());
  for (std::size_t field = 0; field < table.fields.size(); ++field) {
    const std::string value = found_cell(table, found, field);
    if (value.empty()) continue;
    const factor::Field& f = table.fields[field];
    out += fmt::format("  {:<{}}  {}{}\n", f.name, width, value,
                       f.unit_text.empty() || f.unit_text == "1" ? "" : " " + f.unit_text);
  }
  for (const factor::WeightedRow& weighted : found.rows) {
    if (found.rows.size() > 1) {
      out +=
          fmt::format("{}  {}\n", options.say("weight  ", "权重    "), weighted.weight.to_string());
    }
    out += row_text(table, weighted.row, options);
  }
  return out;
}

}  // namespace qz::cli
