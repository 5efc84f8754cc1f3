// Across: sorts the headings out once, then files each cell under its key, its period and its name.

#include "read/detail/across.h"

#include <fmt/format.h>

#include <algorithm>

namespace qz::read::detail {

Across::Across(Session& session, TableReader& reader, const TableFile& file,
               std::uint16_t file_index)
    : session_(session), reader_(reader), file_(file), file_index_(file_index) {}

bool Across::is_spread(const std::string& name) const {
  const rules::CheckedTable& table = reader_.table();
  if (base::period_kind(file_.across)) {
    return base::parse_period(table.period, name, session_.packs.cycle).has_value();
  }
  return !name.empty() && std::holds_alternative<HeadingProblem>(reader_.matcher().match(name));
}

void Across::sort_out(const std::string& name, std::size_t position, std::uint32_t line) {
  if (reader_.matcher().is_ignored(name)) return;
  if (is_spread(name)) return spread_.push_back(position);
  const Heading found = reader_.matcher().match(name);
  const auto* target = std::get_if<Target>(&found);
  if (target != nullptr && target->kind == Target::Kind::kKey) return keys_.push_back(position);
  rest_.push_back(position);
  if (rest_.size() < 2 || file_.ignore_rest) return;
  session_.add_problem(
      file_index_, "unknown-column", line, name,
      fmt::format("\"{}\" is neither a {} nor a key, and \"{}\" names the quantities already (name "
                  "it in the job's \"ignore\")",
                  name, file_.across, file_names_[rest_[0]]),
      fmt::format("“{}”既不是 {} 也不是键，而“{}”已是项目名称列（请写入作业的“ignore”）", name,
                  file_.across, file_names_[rest_[0]]));
}

bool Across::headings(const std::vector<std::string>& names, std::uint32_t line) {
  const rules::CheckedTable& table = reader_.table();
  const std::optional<std::int32_t> key = table.column(file_.across);
  if (!key || !table.columns[static_cast<std::size_t>(*key)].is_key || file_.across == "row") {
    std::vector<std::string> known;
    for (std::size_t k = 0; k < table.key_size; ++k) known.push_back(table.columns[k].name);
    const base::Bilingual near = hint(file_.across, known);
    session_.add_problem(
        file_index_, "unknown-column", 0, file_.across,
        fmt::format("the job's \"across\" names no key of table {}{}", table.name, near.en),
        fmt::format("作业的“across”不是表 {} 的键{}", table.name, near.zh));
    return false;
  }
  for (std::size_t i = file_names_.size(); i < names.size(); ++i) {
    file_names_.push_back(names[i]);
    sort_out(names[i], i, line);
  }
  if (spread_.empty()) {
    const std::optional<base::PeriodKind> kind = base::period_kind(file_.across);
    const std::string example(kind ? base::period_example(*kind) : "a value");
    session_.add_problem(file_index_, "missing-key-column", line, file_.across,
                         fmt::format("no heading is a {} (write {})", file_.across, example),
                         fmt::format("没有列名是 {}（请写 {}）", file_.across, example));
    return false;
  }
  for (const std::size_t i : keys_) names_.push_back(file_names_[i]);
  names_.push_back(file_.across);
  if (rest_.empty()) find_quantity(line);
  return reader_.headings(names_, line);
}

// Without a column that names them there is one quantity: that of the job's map, or the only input.
void Across::find_quantity(std::uint32_t line) {
  const rules::CheckedTable& table = reader_.table();
  std::vector<std::string> mapped;
  std::vector<std::string> inputs;
  for (const rules::CheckedColumn& column : table.columns) {
    if (column.is_key || !reader_.matcher().readable_column(column.name)) continue;
    inputs.push_back(column.name);
    if (file_.columns.contains(column.name)) mapped.push_back(column.name);
  }
  const std::vector<std::string>& candidates = mapped.empty() ? inputs : mapped;
  if (candidates.size() == 1) {
    quantities_.emplace("", names_.size());
    names_.push_back(candidates.front());
    return;
  }
  session_.add_problem(
      file_index_, "missing-key-column", line, "",
      fmt::format("table {} has several inputs, and no column says which one a line holds (add a "
                  "column with their names)",
                  table.name),
      fmt::format("表 {} 有多个输入列，但没有一列说明每行是哪一项（请增加项目名称列）",
                  table.name));
}

std::size_t Across::quantity(const std::string& name, std::uint32_t line) {
  const auto [found, is_new] = quantities_.try_emplace(name, names_.size());
  if (is_new) {
    names_.push_back(name);
    reader_.headings(names_, line);
  }
  return found->second;
}

void Across::record(std::uint32_t line, const std::vector<std::string_view>& cells) {
  const auto is_empty = [](std::string_view cell) { return cell.empty(); };
  if (std::all_of(cells.begin(), cells.end(), is_empty)) return;
  if (rest_.empty() && quantities_.empty()) return;
  const std::string name(rest_.empty() ? std::string_view() : cells[rest_[0]]);
  const std::size_t which = quantity(name, line);
  std::string key;
  for (const std::size_t i : keys_) {
    key += std::to_string(cells[i].size()) + ':';
    key += cells[i];
  }
  for (std::size_t i = 0; i < spread_.size(); ++i) put(line, i, key, cells, which);
}

void Across::put(std::uint32_t line, std::size_t spread, const std::string& key,
                 const std::vector<std::string_view>& cells, std::size_t which) {
  const auto [at, is_new] = rows_at_.try_emplace({key, spread}, rows_.size());
  if (is_new) {
    UprightRow row;
    row.line = line;
    for (const std::size_t i : keys_) row.cells.emplace_back(cells[i]);
    row.cells.push_back(file_names_[spread_[spread]]);
    row.lines.assign(row.cells.size(), line);
    rows_.push_back(std::move(row));
  }
  UprightRow& row = rows_[at->second];
  if (row.cells.size() <= which) {
    row.cells.resize(which + 1);
    row.lines.resize(which + 1, 0);
  }
  if (row.lines[which] != 0) {
    if (spread != 0) return;  // once for the line
    session_.add_problem(
        file_index_, "repeated-column", line, names_[which],
        fmt::format("\"{}\" stands already on line {} (keep one)", names_[which], row.lines[which]),
        fmt::format("“{}”与第 {} 行重复（请只保留一行）", names_[which], row.lines[which]));
    return;
  }
  row.cells[which] = cells[spread_[spread]];
  row.lines[which] = line;
}

void Across::finish() {
  for (UprightRow& row : rows_) {
    row.cells.resize(names_.size());
    row.lines.resize(names_.size(), 0);
    for (std::uint32_t& line : row.lines) line = line == 0 ? row.line : line;
    const std::vector<std::string_view> cells(row.cells.begin(), row.cells.end());
    if (!reader_.record(row.line, cells, &row.lines)) return;
  }
}

}  // namespace qz::read::detail
