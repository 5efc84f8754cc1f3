// Input cells: editions, ranges and gaps, column by column.

#include "compute/input_cells.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "exact/decimal.h"

namespace qz::compute {
namespace {

using table::Column;
using table::State;
using table::Type;

class InputCells {
 public:
  InputCells(Results& results, base::Findings& findings) : results_(results), findings_(findings) {}

  void run() {
    for (std::size_t t = 0; t < results_.tables.size(); ++t) {
      table_ = static_cast<std::int32_t>(t);
      lacking_.assign(results_.tables[t].rows, 0);
      find_editions();
      const rules::CheckedTable& of = shape();
      for (std::size_t c = of.key_size; c < of.columns.size(); ++c) {
        column_ = static_cast<std::int32_t>(c);
        check_column(of.columns[c]);
      }
      report_missing_rows();
    }
  }

 private:
  const rules::CheckedTable& shape() const {
    return results_.packs->tables[static_cast<std::size_t>(table_)];
  }
  TableRows& rows() { return results_.tables[static_cast<std::size_t>(table_)]; }

  // A rule as it looks at cells of one column. Where the column is scaled and the limits fit, a
  // mantissa from `least` to `most` is known to be in range without a look at its value.
  struct Asked {
    const rules::ColumnRule* rule = nullptr;
    bool is_limited = false;
    bool is_quick = false;
    std::int64_t least = std::numeric_limits<std::int64_t>::min();
    std::int64_t most = std::numeric_limits<std::int64_t>::max();
  };

  static Asked asked(const rules::ColumnRule* rule, const Column& cells) {
    Asked out;
    out.rule = rule;
    if (rule == nullptr || cells.type() != Type::kNumber) return out;
    const rules::ColumnDefinition& of = *rule->definition;
    out.is_limited = of.min || of.max;
    if (!out.is_limited || !cells.is_scaled() || rule->to_column.sign() <= 0) return out;
    const exact::Number scale = rule->to_column * exact::Number(cells.denominator());
    out.is_quick = true;
    if (of.min) {
      const std::optional<std::int64_t> least = (*of.min * scale).ceiling().to_int64();
      out.is_quick = least.has_value();
      out.least = least.value_or(0);
    }
    if (of.max) {
      const std::optional<std::int64_t> most = (*of.max * scale).floor().to_int64();
      out.is_quick = out.is_quick && most.has_value();
      out.most = most.value_or(0);
    }
    return out;
  }

  void check_column(const rules::CheckedColumn& column) {
    const std::vector<std::int32_t>& editions =
        rows().edition[static_cast<std::size_t>(column.pack_index)];
    const std::vector<std::uint8_t>& is_context = rows().is_context;
    Column& cells = rows().columns[static_cast<std::size_t>(column_)];
    if (all_in_order(column, cells)) return;
    std::map<std::int32_t, Asked> of_edition;
    const Asked* now = nullptr;
    std::int32_t edition = -1;  // that `now` is of
    for (std::size_t row = 0; row < rows().rows; ++row) {
      if (is_context[row] != 0) continue;
      const auto at = static_cast<std::uint32_t>(row);
      if (editions[row] < 0) {
        cells.set_state(row, State::kNoEdition);
        report_no_edition(column, at);
        continue;
      }
      if (editions[row] != edition) {
        edition = editions[row];
        auto known = of_edition.find(edition);
        if (known == of_edition.end())
          known = of_edition.emplace(edition, asked(column.rule(edition), cells)).first;
        now = &known->second;
      }
      if (now->rule == nullptr) {
        cells.set_state(row, State::kNotApplicable);
      } else if (now->rule->definition->input != rules::InputKind::kNone) {
        check_cell(*now, cells, at);
      }
    }
  }

  // True where no edition finds anything to say about any cell: the usual case, seen without a look
  // at each row.
  bool all_in_order(const rules::CheckedColumn& column, const Column& cells) const {
    const std::vector<std::int32_t>& editions =
        editions_[static_cast<std::size_t>(column.pack_index)];
    return !editions.empty() &&
           std::all_of(editions.begin(), editions.end(), [&](std::int32_t edition) {
             return in_order(asked(column.rule(edition), cells), cells);
           });
  }

  static bool in_order(const Asked& asked, const Column& cells) {
    if (asked.rule == nullptr) return false;
    const rules::ColumnDefinition& of = *asked.rule->definition;
    if (of.input == rules::InputKind::kNone) return true;
    if (!of.optional && !of.has_formula() && !cells.all_have_values()) return false;
    if (!asked.is_limited) return true;
    if (!asked.is_quick) return false;
    bool out = false;  // a cell without a value has a mantissa too: then rows are looked at
    for (const std::int64_t mantissa : cells.mantissas())
      out |= (mantissa < asked.least) | (mantissa > asked.most);
    return !out;
  }

  // By pack: the editions of the table's rows; none where some row has none or is of context.
  void find_editions() {
    editions_.assign(results_.packs->packs.size(), {});
    const std::vector<std::uint8_t>& is_context = rows().is_context;
    if (std::any_of(is_context.begin(), is_context.end(), [](auto one) { return one != 0; }))
      return;
    for (std::size_t pack = 0; pack < editions_.size(); ++pack) {
      std::vector<std::int32_t>& found = editions_[pack];
      std::int32_t before = -1;
      for (const std::int32_t edition : rows().edition[pack]) {
        if (edition == before && !found.empty()) continue;
        before = edition;
        if (std::find(found.begin(), found.end(), edition) == found.end()) found.push_back(edition);
      }
      if (std::find(found.begin(), found.end(), -1) != found.end()) found.clear();
    }
  }

  void check_cell(const Asked& asked, Column& cells, std::uint32_t row) {
    const rules::ColumnDefinition& of = *asked.rule->definition;
    if (!cells.has_value(row)) {
      if (of.optional || of.has_formula()) return;
      if (rows().input_row[row] == kNoRow) {
        lacking_[row] = 1;
      } else {
        report_missing_value(of, row);
      }
      return;
    }
    if (!asked.is_limited) return;
    if (asked.is_quick) {
      const std::int64_t mantissa = cells.mantissas()[row];
      if (asked.least <= mantissa && mantissa <= asked.most) return;
    }
    const exact::Number value = cells.number(row) / asked.rule->to_column;
    const bool low = of.min && value < *of.min;
    const bool high = of.max && *of.max < value;
    if (!low && !high) return;
    cells.set_state(row, State::kOutOfRange);
    report_out_of_range(of, row, value);
  }

  base::Finding finding(const char* code, std::uint32_t row) const {
    base::Finding out;
    out.code = code;
    out.table = shape().name;
    out.key = results_.key(table_, row);
    out.place = results_.place(table_, row);
    return out;
  }

  void report_missing_value(const rules::ColumnDefinition& of, std::uint32_t row) {
    base::Finding out = finding("missing-value", row);
    out.column = of.name;
    out.cite = of.cite;
    out.message = {
        "the cell is empty and a value is required (write it, or 0 where the reading was zero)",
        "单元格为空，但此处必须填写（若读数为零请填 0）"};
    findings_.push_back(std::move(out));
  }

  void report_out_of_range(const rules::ColumnDefinition& of, std::uint32_t row,
                           const exact::Number& value) {
    base::Finding out = finding("out-of-range", row);
    out.column = of.name;
    out.cite = of.cite;
    const std::string from = of.min ? of.min->to_string() : "",
                      to = of.max ? of.max->to_string() : "";
    const std::string unit = of.unit == "1" ? "" : " " + of.unit;
    const std::string shown = value.to_string() + unit;
    std::string en = shown + " is outside ";
    if (of.min && of.max) {
      en += from + " to " + to + unit;
    } else {
      en += of.min ? "the minimum " + from + unit : "the maximum " + to + unit;
    }
    out.message = {en + " (look at the unit and the decimal point)",
                   shown + " 超出范围 " + from + "～" + to + unit + "（请检查单位和小数点）"};
    findings_.push_back(std::move(out));
  }

  void report_no_edition(const rules::CheckedColumn& column, std::uint32_t row) {
    const rules::CheckedTable& of = shape();
    const std::int32_t period =
        of.period_column ? rows().columns[static_cast<std::size_t>(*of.period_column)].id(row) : 0;
    const int kind = of.period_column ? static_cast<int>(of.period) : -1;
    if (!no_edition_.insert({column.pack_index, kind, period}).second) return;
    const std::string when = of.period_column
                                 ? base::period_text({of.period, period}, results_.packs->cycle)
                                 : results_.packs->cycle.last_day().to_string();
    const std::string& pack = results_.packs->packs[static_cast<std::size_t>(column.pack_index)];
    base::Finding out;
    out.code = "no-edition";
    out.table = of.name;
    out.message = {"no edition of " + pack + " covers " + when +
                       ": install one, or pin one in the job (" + pack + "@version)",
                   "规则包 " + pack + " 没有适用于 " + when + " 的版本：请安装，或在作业中指定 " +
                       pack + "@版本"};
    findings_.push_back(std::move(out));
  }

  void report_missing_rows() {
    if (shape().optional) return;
    const read::InputTable& input = results_.inputs.tables[static_cast<std::size_t>(table_)];
    // A file with a heading only says that there is nothing.
    const auto given = std::count(input.is_context.begin(), input.is_context.end(), 0);
    if (input.given && given == 0) return;
    std::string files;
    for (const read::FileSummary& file : results_.inputs.files) {
      if (file.table == shape().name && !file.context)
        files += (files.empty() ? "" : ", ") + file.name;
    }
    for (std::size_t row = 0; row < lacking_.size(); ++row) {
      if (lacking_[row] == 0) continue;
      base::Finding out = finding("missing-row", static_cast<std::uint32_t>(row));
      out.place = {};
      std::string key;
      for (const auto& [name, value] : out.key)
        key += (key.empty() ? "" : ", ") + name + " " + value;
      const std::string where =
          input.given ? files : "no file of table " + shape().name + " is given";
      out.message = {"no row for " + key + " in " + where +
                         " (add it; an idle period has its own row with zero)",
                     "缺少 " + key + " 的行：" +
                         (input.given ? files : "未提供表 " + shape().name + " 的文件") +
                         "（请补充；停运期间也应有填零的行）"};
      findings_.push_back(std::move(out));
    }
  }

  Results& results_;
  base::Findings& findings_;
  std::int32_t table_ = 0;
  std::int32_t column_ = 0;
  std::vector<std::vector<std::int32_t>> editions_;
  std::vector<std::uint8_t> lacking_;  // added rows whose edition requires an input
  std::set<std::tuple<std::int32_t, int, std::int32_t>> no_edition_;
};

}  // namespace

void check_input_cells(Results& results, base::Findings& findings) {
  InputCells(results, findings).run();
}

}  // namespace qz::compute
