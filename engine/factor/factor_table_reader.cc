// Factor tables from a datapackage.json and its CSV: every cell checked, every problem told at
// once.

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>
#include <map>
#include <set>

#include "base/nearest_name.h"
#include "exact/decimal.h"
#include "factor/detail/package.h"
#include "factor/library.h"
#include "text/encoding.h"
#include "text/records.h"

namespace qz::factor {
namespace {

constexpr std::size_t kProblemsMax = 1000;  // of the rows of one table

std::optional<Status> parse_status(std::string_view text) {
  for (const Status one :
       {Status::kVerified, Status::kSecondary, Status::kRecalled, Status::kDraft}) {
    if (status_name(one) == text) return one;
  }
  return std::nullopt;
}

}  // namespace

class FactorTableBuilder : public text::RecordSink {
 public:
  FactorTableBuilder(const std::string& file, FactorTable& table, base::Findings& problems)
      : file_(file), table_(table), problems_(problems) {}

  bool headings(const std::vector<std::string>& names, std::uint32_t line) override {
    std::vector<std::string> known;
    for (const Field& field : table_.fields) known.push_back(field.name);
    std::set<std::size_t> seen;
    for (const std::string& name : names) {
      const std::optional<std::size_t> field = table_.field(name);
      if (!field) {
        add("unknown-column", line, name,
            fmt::format("the schema has no field \"{}\"{}", name, base::nearest_hint(name, known)),
            fmt::format("表结构中没有字段“{}”", name));
      } else if (!seen.insert(*field).second) {
        add("repeated-column", line, name, "this column stands twice in the heading",
            "表头中该列重复出现");
      }
      positions_.push_back(field);
    }
    for (std::size_t i = 0; i < table_.fields.size(); ++i) {
      if (seen.count(i) != 0) continue;
      add("missing-column", line, table_.fields[i].name, "the file lacks this column of the schema",
          "文件缺少表结构中的此列");
    }
    return problems_.empty();
  }

  bool record(const text::Record& record) override {
    line_ = record.line;
    std::vector<FactorTable::Cell> cells(table_.fields.size());
    for (std::size_t i = 0; i < record.cells.size() && i < positions_.size(); ++i) {
      read_cell(table_.fields[*positions_[i]], record.cells[i], cells[*positions_[i]]);
    }
    read_validity(cells);
    const std::string& source = cells[*table_.field("source")].written;
    if (source.empty()) {
      add("missing-source", line_, "source",
          "every row needs a source (write the document and clause)",
          "每行都要有来源（请写文件名称和条款）");
    }
    table_.sources_.push_back(source);
    table_.statuses_.push_back(read_status(cells[*table_.field("status")].written));
    table_.lines_.push_back(record.line);
    table_.cells_.push_back(std::move(cells));
    return problems_.size() < kProblemsMax;
  }

  void problem(base::Finding finding) override { problems_.push_back(std::move(finding)); }

  // Sorts the rows for lookup and looks for rows that could answer the same question.
  void finish() {
    table_.build_index();
    if (!problems_.empty()) return;
    for (const FactorTable::Pattern& pattern : table_.patterns_) check_spans(pattern);
    for (std::size_t a = 0; a < table_.patterns_.size(); ++a) {
      for (std::size_t b = a + 1; b < table_.patterns_.size(); ++b) {
        check_ties(table_.patterns_[a], table_.patterns_[b]);
      }
    }
    // The groups stand in a hash map: only their lines give the messages an order.
    std::stable_sort(problems_.begin(), problems_.end(),
                     [](const auto& a, const auto& b) { return a.place.line < b.place.line; });
    if (problems_.size() > kProblemsMax) problems_.resize(kProblemsMax);
  }

 private:
  void add(const char* code, std::uint32_t line, const std::string& column, std::string en,
           std::string zh) {
    base::Finding finding = base::failure(code, {file_, line, 0}, std::move(en), std::move(zh));
    finding.column = column;
    problems_.push_back(std::move(finding));
  }

  void read_cell(const Field& field, std::string_view text, FactorTable::Cell& cell) {
    cell.written = text;
    if (text.empty()) {
      if (!field.is_key) return;
      return add("empty-key", line_, field.name, "a key cell is empty", "键单元格为空");
    }
    cell.state = table::State::kValue;
    switch (field.type) {
      case table::Type::kNumber:
        return read_number(field, text, cell);
      case table::Type::kDate:
        return read_date(field, text, cell);
      case table::Type::kBool:
        return read_bool(field, text, cell);
      case table::Type::kPeriod:
        return read_period(field, text, cell);
      case table::Type::kText:
      case table::Type::kRow:
        return;
    }
  }

  void read_number(const Field& field, std::string_view text, FactorTable::Cell& cell) {
    exact::DecimalProblem why = exact::DecimalProblem::kNone;
    if (std::optional<exact::Decimal> number = exact::parse_decimal(text, &why)) {
      cell.number = std::move(number->value);
      return;
    }
    add("malformed-number", line_, field.name,
        fmt::format("\"{}\" {}", text, exact::decimal_advice(text, why)),
        fmt::format("“{}”{}", text, exact::decimal_advice(text, why, true)));
  }

  void read_date(const Field& field, std::string_view text, FactorTable::Cell& cell) {
    if (const std::optional<base::Date> date = base::Date::parse(text)) {
      cell.id = date->days();
      return;
    }
    add("malformed-date", line_, field.name,
        fmt::format("\"{}\" is not a date (write 2022-03-31)", text),
        fmt::format("“{}”不是日期（请写 2022-03-31）", text));
  }

  void read_bool(const Field& field, std::string_view text, FactorTable::Cell& cell) {
    cell.id = text == "true" || text == "TRUE" ? 1 : 0;
    if (cell.id == 1 || text == "false" || text == "FALSE") return;
    add("malformed-bool", line_, field.name, fmt::format("\"{}\" is not true or false", text),
        fmt::format("“{}”不是 true 或 false", text));
  }

  void read_period(const Field& field, std::string_view text, FactorTable::Cell& cell) {
    if (const auto period = base::parse_period(field.period, text, {})) {
      cell.id = period->index;
      return;
    }
    const std::string_view example = base::period_example(field.period);
    add("malformed-period", line_, field.name,
        fmt::format("\"{}\" is not a {} (write {})", text, field.name, example),
        fmt::format("“{}”不是有效的 {}（请写 {}）", text, field.name, example));
  }

  void read_validity(const std::vector<FactorTable::Cell>& cells) {
    const auto date = [&](const char* name) -> std::optional<base::Date> {
      const std::optional<std::size_t> field = table_.field(name);
      if (!field || cells[*field].state != table::State::kValue) return std::nullopt;
      return base::Date(cells[*field].id);
    };
    table_.validity_.emplace_back(date("valid_from"), date("valid_to"));
    const auto& [from, to] = table_.validity_.back();
    if (!from || !to || *from <= *to) return;
    add("reversed-validity", line_, "valid_to",
        fmt::format("valid_to {} lies before valid_from {}", to->to_string(), from->to_string()),
        fmt::format("valid_to {} 早于 valid_from {}", to->to_string(), from->to_string()));
  }

  Status read_status(const std::string& text) {
    if (const std::optional<Status> status = parse_status(text)) return *status;
    add("unknown-status", line_, "status",
        fmt::format("\"{}\" is no status (write verified, secondary, recalled or draft)", text),
        fmt::format("“{}”不是有效状态（请写 verified、secondary、recalled 或 draft）", text));
    return Status::kDraft;
  }

  bool overlap(std::uint32_t a, std::uint32_t b) const {
    const auto& [a_from, a_to] = table_.validity_[a];
    const auto& [b_from, b_to] = table_.validity_[b];
    return (!a_from || !b_to || *a_from <= *b_to) && (!b_from || !a_to || *b_from <= *a_to);
  }

  bool same_numbers(std::uint32_t a, std::uint32_t b) const {
    return std::all_of(table_.number_keys_.begin(), table_.number_keys_.end(),
                       [&](std::size_t key) {
                         return table_.key_cell(a, key).number == table_.key_cell(b, key).number;
                       });
  }

  // Rows of one key stand side by side, the earlier first: neighbours are all that need a look.
  void check_spans(const FactorTable::Pattern& pattern) {
    for (const auto& [key, rows] : pattern.groups) {
      for (std::size_t i = 1; i < rows.size(); ++i) {
        const auto [first, second] = std::minmax(rows[i - 1], rows[i]);
        if (!same_numbers(first, second) || !overlap(first, second)) continue;
        const std::string name = table_.row_name(second);
        const std::uint32_t line = table_.lines_[first];
        if (table_.dated) {
          add("overlapping-validity", table_.lines_[second], "",
              fmt::format("{}: the validity overlaps that of line {}", name, line),
              fmt::format("{}：有效期与第 {} 行重叠", name, line));
        } else {
          add("duplicate-key", table_.lines_[second], "",
              fmt::format("{}: the key stands already on line {}", name, line),
              fmt::format("{}：键与第 {} 行重复", name, line));
        }
      }
    }
  }

  // Rows with equally many "*" in different keys tie where one question fits both. The text keys
  // are settled before the number keys, so these do not tell such rows apart.
  void check_ties(const FactorTable::Pattern& a, const FactorTable::Pattern& b) {
    if (std::popcount(a.stars) != std::popcount(b.stars)) return;
    const std::uint64_t open = a.stars | b.stars;
    std::map<std::string, std::vector<const FactorTable::RowList*>> by_common;
    for (const auto& [key, rows] : a.groups) {
      by_common[table_.row_group(rows[0], open)].push_back(&rows);
    }
    for (const auto& [key, rows] : b.groups) {
      const auto found = by_common.find(table_.row_group(rows[0], open));
      if (found == by_common.end()) continue;
      for (const FactorTable::RowList* others : found->second) {
        if (problems_.size() >= kProblemsMax) return;
        check_tie(*others, rows);
      }
    }
  }

  void check_tie(const FactorTable::RowList& a, const FactorTable::RowList& b) {
    const FactorTable::RowList* both = rows_for_both(a[0], b[0]);
    for (const std::uint32_t one : a) {
      for (const std::uint32_t other : b) {
        if (!overlap(one, other) || (both != nullptr && covers(*both, one, other))) continue;
        const auto [first, second] = std::minmax(one, other);
        const std::string name = table_.row_name(second);
        const std::string first_name = table_.row_name(first);
        const std::uint32_t line = table_.lines_[first];
        return add(
            "ambiguous-wildcard", table_.lines_[second], "",
            fmt::format("{}: ties with line {} ({}): both have as many \"*\" (write a row for "
                        "what fits both)",
                        name, line, first_name),
            fmt::format("{}：与第 {} 行（{}）的“*”同样多，无法取舍（请为两行都适用的情形另写一行）",
                        name, line, first_name));
      }
    }
  }

  // The rows with fewer "*" that answer every question which fits both rows; nullptr if there are
  // none. Each text key of theirs is that of the row which has no "*" there.
  const FactorTable::RowList* rows_for_both(std::uint32_t a, std::uint32_t b) const {
    std::vector<KeyValue> key;
    std::uint64_t stars = 0;
    for (std::size_t i = 0; i < table_.key_fields.size(); ++i) {
      const FactorTable::Cell& one = table_.key_cell(a, i);
      const FactorTable::Cell& other = table_.key_cell(b, i);
      const Field& field = table_.fields[table_.key_fields[i]];
      if (field.type == table::Type::kText) {
        const std::string_view settled = one.written == "*" ? other.written : one.written;
        if (settled == "*") stars |= std::uint64_t{1} << i;
        key.emplace_back(settled);
      } else {
        key.emplace_back(base::Period{field.period, one.id});
      }
    }
    for (const FactorTable::Pattern& pattern : table_.patterns_) {
      if (pattern.stars != stars) continue;
      const auto rows = pattern.groups.find(table_.asked_group(key, stars));
      if (rows != pattern.groups.end()) return &rows->second;
    }
    return nullptr;
  }

  // True if on every day on which both rows hold one of `rows` holds too.
  bool covers(const FactorTable::RowList& rows, std::uint32_t a, std::uint32_t b) const {
    const base::Date first_of_all(std::numeric_limits<std::int32_t>::min());
    const base::Date last_of_all(std::numeric_limits<std::int32_t>::max());
    const auto from = [&](std::uint32_t row) {
      return table_.validity_[row].first.value_or(first_of_all);
    };
    const auto to = [&](std::uint32_t row) {
      return table_.validity_[row].second.value_or(last_of_all);
    };
    base::Date day = std::max(from(a), from(b));
    const base::Date end = std::min(to(a), to(b));
    for (bool moved = true; moved;) {
      moved = false;
      for (const std::uint32_t row : rows) {
        if (from(row) > day || to(row) < day) continue;
        if (to(row) >= end) return true;
        day = to(row).plus_days(1);
        moved = true;
      }
    }
    return false;
  }

  const std::string& file_;
  FactorTable& table_;
  base::Findings& problems_;
  std::vector<std::optional<std::size_t>> positions_;  // of each heading: its field
  std::uint32_t line_ = 0;
};

std::optional<FactorTable> read_factor_table(const TableFiles& files,
                                             const exact::UnitCatalogue& units,
                                             base::Findings& problems) {
  FactorTable table;
  table.file = files.csv_file;
  table.sha256 = files.sha256;
  base::Findings found;
  detail::read_package(files.package_file, files.package_bytes, units, table, found);
  base::Result<std::string> utf8 = text::to_utf8(files.csv_bytes, files.csv_file);
  if (!utf8) found.push_back(utf8.failure());
  // Without a schema the rows mean nothing: their problems would only repeat the schema's.
  if (found.empty()) {
    FactorTableBuilder builder(files.csv_file, table, found);
    text::read_csv(*utf8, files.csv_file, builder);
    if (found.empty()) builder.finish();
  }
  const bool ok = found.empty();
  problems.insert(problems.end(), std::make_move_iterator(found.begin()),
                  std::make_move_iterator(found.end()));
  if (!ok) return std::nullopt;
  return table;
}

}  // namespace qz::factor
