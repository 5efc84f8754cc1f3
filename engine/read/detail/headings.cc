// Headings: the rules of matching, and a message for each way in which it fails.

#include "read/detail/headings.h"

#include <fmt/format.h>

#include <algorithm>

namespace qz::read::detail {
namespace {

// A unit's brackets. The square ones are what the manual asks for; spreadsheets bring the others.
struct Brackets {
  std::string_view open;
  std::string_view close;
  bool certain;  // square: what stands inside is meant as a unit
};
constexpr Brackets kBrackets[] = {
    {"[", "]", true}, {"［", "］", true}, {"(", ")", false}, {"（", "）", false}};

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

struct NameAndUnit {
  std::string name;
  std::string_view unit;
  bool certain = false;
};

// "FC [t]" as "FC" and "t"; empty if the heading does not end in brackets.
std::optional<NameAndUnit> split_unit(std::string_view heading) {
  for (const Brackets& brackets : kBrackets) {
    if (!heading.ends_with(brackets.close)) continue;
    const std::size_t open = heading.rfind(brackets.open);
    if (open == std::string_view::npos || open == 0) continue;
    const std::string_view name = trimmed(heading.substr(0, open));
    heading.remove_suffix(brackets.close.size());
    return NameAndUnit{std::string(name), trimmed(heading.substr(open + brackets.open.size())),
                       brackets.certain};
  }
  return std::nullopt;
}

}  // namespace

HeadingMatcher::HeadingMatcher(const Session& session, const rules::CheckedTable& table,
                               const TableFile& file, Form form, bool any_column)
    : session_(session), table_(table), file_(file), form_(form), any_column_(any_column) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    for (const rules::ColumnRule& rule : table.columns[i].rules) {
      if (rule.definition == nullptr) continue;
      const base::Bilingual& label = rule.definition->label;
      for (const std::string* one : {&label.en, &label.zh}) {
        std::vector<std::int32_t>& columns = labels_[*one];
        const auto column = static_cast<std::int32_t>(i);
        if (!one->empty() && (columns.empty() || columns.back() != column)) {
          columns.push_back(column);
        }
      }
    }
  }
}

bool HeadingMatcher::is_readable(std::int32_t column) const {
  const rules::CheckedColumn& one = table_.columns[static_cast<std::size_t>(column)];
  if (one.is_key) return one.type != table::Type::kRow;
  return any_column_ || one.has_input || !one.has_formula;
}

std::optional<std::int32_t> HeadingMatcher::readable_column(const std::string& code) const {
  const std::optional<std::int32_t> column = table_.column(code);
  if (!column || !is_readable(*column)) return std::nullopt;
  return column;
}

bool HeadingMatcher::is_ignored(const std::string& name) const {
  return std::find(file_.ignore.begin(), file_.ignore.end(), name) != file_.ignore.end();
}

std::vector<std::string> HeadingMatcher::known_names() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < table_.columns.size(); ++i) {
    if (is_readable(static_cast<std::int32_t>(i))) out.push_back(table_.columns[i].name);
  }
  const std::size_t codes = out.size();
  for (const auto& [label, columns] : labels_) {
    if (!label.empty() && is_readable(columns.front())) out.push_back(label);
  }
  // The labels stand in a hash map; a hint must not depend on its order.
  std::sort(out.begin() + static_cast<std::ptrdiff_t>(codes), out.end());
  return out;
}

std::vector<std::int32_t> HeadingMatcher::named(const std::string& name) const {
  for (const auto& [code, heading] : file_.columns) {
    if (heading != name) continue;
    if (const std::optional<std::int32_t> column = table_.column(code)) return {*column};
  }
  if (const std::optional<std::int32_t> column = table_.column(name)) return {*column};
  if (form_ != Form::kCsv) return {};
  const auto label = labels_.find(name);
  if (label == labels_.end() || name.empty()) return {};
  std::vector<std::int32_t> out = label->second;
  // A label that an input shares with a computed column is the input's.
  if (out.size() > 1) std::erase_if(out, [this](std::int32_t one) { return !is_readable(one); });
  return out.empty() ? label->second : out;
}

Heading HeadingMatcher::target(std::int32_t column,
                               std::optional<std::string_view> unit_text) const {
  const rules::CheckedColumn& one = table_.columns[static_cast<std::size_t>(column)];
  Target out;
  out.kind = one.is_key ? Target::Kind::kKey : Target::Kind::kInput;
  out.column = column;
  if (!is_readable(column)) {
    if (file_.ignore_rest) return Target{};
    if (one.is_key) {
      return HeadingProblem{"not-an-input",
                            {"the number of a record is counted, not read (leave the column out)",
                             "记录序号由系统计数，不从文件读取（请删除此列）"}};
    }
    return HeadingProblem{"not-an-input",
                          {fmt::format("{} is computed, not read (leave the column out)", one.name),
                           fmt::format("{} 由规则计算，不从文件读取（请删除此列）", one.name)}};
  }
  if (!unit_text) return out;
  if (one.type != table::Type::kNumber) {
    return HeadingProblem{
        "unit-without-number",
        {fmt::format("{} is no number and has no unit (write {})", one.name, one.name),
         fmt::format("{} 不是数值，没有单位（请写 {}）", one.name, one.name)},
        column};
  }
  const base::Result<exact::Unit> unit = session_.units.parse(*unit_text);
  if (!unit) return HeadingProblem{"wrong-unit", unit.failure().message};
  if (!unit->converts_to(one.unit)) {
    return HeadingProblem{
        "wrong-unit",
        {fmt::format("[{}] cannot be converted to {}'s unit {}: they are different "
                     "kinds of quantity (convert the figures first, then write "
                     "[{}])",
                     *unit_text, one.name, one.unit.text, one.unit.text),
         fmt::format("[{}] 与 {} 的单位 {} 不是同一种量，不能换算（请先换算数值，再写 [{}]）",
                     *unit_text, one.name, one.unit.text, one.unit.text)}};
  }
  out.unit = *unit;
  return out;
}

std::optional<Heading> HeadingMatcher::match_name(const std::string& name,
                                                  std::optional<std::string_view> unit_text) const {
  const std::vector<std::int32_t> columns = named(name);
  if (columns.empty()) return std::nullopt;
  if (columns.size() == 1) return target(columns.front(), unit_text);
  std::vector<std::string> codes;
  codes.reserve(columns.size());
  for (const std::int32_t column : columns) {
    codes.push_back(table_.columns[static_cast<std::size_t>(column)].name);
  }
  const std::string list = fmt::format("{}", fmt::join(codes, ", "));
  return HeadingProblem{
      "ambiguous-column",
      {fmt::format("\"{}\" is a label of several columns (write one of the codes {})", name, list),
       fmt::format("“{}”是多个列的名称（请写代码之一：{}）", name, list)}};
}

std::optional<Heading> HeadingMatcher::match_with_unit(const std::string& name) const {
  if (form_ != Form::kCsv) return std::nullopt;
  const std::optional<NameAndUnit> parts = split_unit(name);
  if (!parts) return std::nullopt;
  // Round brackets may be part of a name: they hold a unit only if they hold a known one.
  if (!parts->certain && !session_.units.parse(parts->unit)) return std::nullopt;
  return match_name(parts->name, parts->unit);
}

std::optional<Heading> HeadingMatcher::match_companion(const std::string& name) const {
  // An XML name cannot hold "@".
  const std::size_t at = name.rfind(form_ == Form::kXml ? '.' : '@');
  if (at == std::string::npos) return std::nullopt;
  const std::string_view kind = std::string_view(name).substr(at + 1);
  const auto* companion = std::find(kCompanions.begin(), kCompanions.end(), kind);
  std::string base_name(trimmed(std::string_view(name).substr(0, at)));
  std::optional<Heading> of = match_name(base_name, std::nullopt);
  if (!of) of = match_with_unit(base_name);
  if (!of) return std::nullopt;
  if (companion == kCompanions.end()) {
    return HeadingProblem{
        "unknown-column",
        {fmt::format(
             "\"{}\" is no companion of a column (write {}@mode, @source, @evidence or @by)", kind,
             base_name),
         fmt::format("“{}”不是列的附属项（请写 {}@mode、@source、@evidence 或 @by）", kind,
                     base_name)}};
  }
  const auto* target = std::get_if<Target>(&*of);
  if (target == nullptr || target->kind == Target::Kind::kIgnored) return of;
  if (target->kind == Target::Kind::kKey) {
    return HeadingProblem{
        "unknown-column",
        {"a key column has no companions (only inputs have)", "键列没有附属项（仅输入列有）"}};
  }
  Target out;
  out.kind = Target::Kind::kCompanion;
  out.column = target->column;
  out.companion = *companion;
  return out;
}

Heading HeadingMatcher::unknown(const std::string& name) const {
  if (name.empty()) {
    return HeadingProblem{"unknown-column",
                          {"a column has no heading (write its code, or delete the column)",
                           "有一列没有列名（请写列代码，或删除该列）"}};
  }
  const auto label = labels_.find(name);
  if (label != labels_.end()) {
    const std::string& code = table_.columns[static_cast<std::size_t>(label->second.front())].name;
    return HeadingProblem{
        "unknown-column",
        {fmt::format("\"{}\" is a label; JSON and XML name columns by code (write \"{}\")", name,
                     code),
         fmt::format("“{}”是列的名称，JSON 和 XML 以代码为列名（请写“{}”）", name, code)}};
  }
  const std::optional<NameAndUnit> parts = split_unit(name);
  const base::Bilingual near = hint(parts ? parts->name : name, known_names());
  const bool guessed = !near.en.empty();
  return HeadingProblem{
      "unknown-column",
      {fmt::format("table {} has no column \"{}\"{}", table_.name, name,
                   guessed ? near.en : " (delete the column, or name it in the job's \"ignore\")"),
       fmt::format("表 {} 没有列“{}”{}", table_.name, name,
                   guessed ? near.zh : "（请删除该列，或在作业文件的 ignore 中列出）")}};
}

Heading HeadingMatcher::match(const std::string& name) const {
  if (is_ignored(name)) return Target{};
  if (std::optional<Heading> found = match_name(name, std::nullopt)) return *found;
  if (std::optional<Heading> found = match_with_unit(name)) return *found;
  if (std::optional<Heading> found = match_companion(name)) return *found;
  if (file_.ignore_rest) return Target{};
  return unknown(name);
}

}  // namespace qz::read::detail
