// Cells: what one text says in a column of its type. A cell with a problem counts as missing.

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "exact/decimal.h"
#include "read/detail/cell_notes.h"
#include "read/detail/quick_decimal.h"
#include "read/detail/table_reader.h"

namespace qz::read::detail {

// Texts repeat from row to row more often than not: the last one is looked at first.
std::int32_t TableReader::intern(std::size_t memo, std::string_view text) {
  std::int32_t& last = last_text_[memo];
  if (last < 0 || session_.pool.text(last) != text) last = session_.pool.intern(text);
  return last;
}

void TableReader::read_cell(const Source& source, std::string_view text, const CellRule& rule,
                            Cell& cell) {
  cell.state = table::State::kNull;
  cell.is_scaled = false;
  cell.places = 0;
  cell.unit = source.target.unit ? source.unit : rule.unit;
  if (is_missing(text)) return;
  if (!row_is_context_ && !rule.in_edition) {
    return finding("not-in-edition", source, not_in_edition(text));
  }
  if (!row_is_context_ && !rule.is_input && rule.edition >= 0) {
    const std::string name =
        session_.packs.editions[static_cast<std::size_t>(rule.edition)].pack->name();
    return problem("not-an-input", source.heading,
                   fmt::format("{} computes this value here (leave the cell empty)", name),
                   fmt::format("此处由 {} 计算得出（请留空）", name));
  }
  switch (table_.columns[static_cast<std::size_t>(source.target.column)].type) {
    case table::Type::kNumber:
      return read_number(source, text, rule, cell);
    case table::Type::kText:
      return read_text(source, text, rule, cell);
    case table::Type::kDate:
      return read_date(source, text, cell);
    case table::Type::kBool:
      return read_bool(source, text, cell);
    case table::Type::kPeriod:
      return read_value_period(source, text, cell);
    case table::Type::kRow:
      return;
  }
}

void TableReader::read_number(const Source& source, std::string_view text, const CellRule& rule,
                              Cell& cell) {
  const bool same_unit = source.target.unit ? source.same_unit : rule.same_unit;
  const QuickDecimal quick = quick_decimal(text);
  if (quick.ok && same_unit) {
    cell.is_scaled = true;
    cell.mantissa = quick.mantissa;
    cell.places = quick.places;
  } else {
    exact::DecimalProblem why = exact::DecimalProblem::kNone;
    std::optional<exact::Decimal> decimal = exact::parse_decimal(text, &why);
    if (!decimal) {
      return problem("malformed-number", source.heading,
                     fmt::format("\"{}\" {}", text, exact::decimal_advice(text, why)),
                     fmt::format("“{}”{}", text, exact::decimal_advice(text, why, true)));
    }
    cell.number = std::move(decimal->value);
    if (!same_unit) cell.number *= source.target.unit ? source.factor : rule.factor;
    constexpr std::int32_t kPlacesMax = std::numeric_limits<std::uint8_t>::max();
    cell.places = static_cast<std::uint8_t>(std::clamp(decimal->places, 0, kPlacesMax));
  }
  cell.state = table::State::kValue;
  if (row_is_context_ || rule.definition == nullptr || !rule.definition->decimals) return;
  const std::int32_t allowed = *rule.definition->decimals;
  if (cell.places <= allowed) return;
  finding("too-many-places", source, too_many_places(text, cell.places, allowed));
}

void TableReader::read_text(const Source& source, std::string_view text, const CellRule& rule,
                            Cell& cell) {
  if (rule.definition == nullptr || rule.definition->choices.empty()) {
    cell.id = intern(static_cast<std::size_t>(source.target.column), text);
    cell.state = table::State::kValue;
    return;
  }
  cell.id = rules_.choice(*rule.definition, text);
  if (cell.id >= 0) {
    cell.state = table::State::kValue;
    return;
  }
  std::vector<std::string> codes;
  std::vector<std::string> names;
  for (const rules::Choice& choice : rule.definition->choices) {
    codes.push_back(choice.code);
    names.push_back(choice.code);
    if (!choice.label.en.empty()) names.push_back(choice.label.en);
    if (!choice.label.zh.empty()) names.push_back(choice.label.zh);
  }
  const base::Bilingual near = hint(text, names);
  const std::string list = fmt::format("{}", fmt::join(codes, ", "));
  problem("not-a-choice", source.heading,
          fmt::format("\"{}\" is none of {}{}", text, list, near.en),
          fmt::format("“{}”不在可选值 {} 之中{}", text, list, near.zh));
}

void TableReader::read_date(const Source& source, std::string_view text, Cell& cell) {
  if (const std::optional<base::Date> date = base::Date::parse(text)) {
    cell.id = date->days();
    cell.state = table::State::kValue;
    return;
  }
  problem("malformed-date", source.heading,
          fmt::format("\"{}\" is not a date (write 2022-03-31)", text),
          fmt::format("“{}”不是日期（请写 2022-03-31）", text));
}

void TableReader::read_bool(const Source& source, std::string_view text, Cell& cell) {
  const bool is_true = text == "true" || text == "TRUE";
  if (is_true || text == "false" || text == "FALSE") {
    cell.id = is_true ? 1 : 0;
    cell.state = table::State::kValue;
    return;
  }
  problem("malformed-bool", source.heading,
          fmt::format("\"{}\" is not true or false (write true or false)", text),
          fmt::format("“{}”不是 true 或 false（请写 true 或 false）", text));
}

void TableReader::read_value_period(const Source& source, std::string_view text, Cell& cell) {
  const base::PeriodKind kind =
      table_.columns[static_cast<std::size_t>(source.target.column)].period;
  if (const auto period = base::parse_period(kind, text, session_.packs.cycle)) {
    cell.id = period->index;
    cell.state = table::State::kValue;
    return;
  }
  problem("malformed-period", source.heading,
          fmt::format("\"{}\" is not a {} (write {})", text, base::period_kind_name(kind),
                      base::period_example(kind)),
          fmt::format("“{}”不是有效的时段（请写 {}）", text, base::period_example(kind)));
}

void TableReader::append(Source& source, const Cell& cell) {
  InputColumn& column = out_.columns[static_cast<std::size_t>(source.input)];
  pad(column, out_.rows - 1);
  if (column.cells.type() == table::Type::kNumber) {
    column.places.push_back(cell.places);
    column.written_unit.push_back(cell.unit);
  }
  if (cell.state != table::State::kValue) {
    column.cells.append_state(cell.state);
  } else if (column.cells.type() != table::Type::kNumber) {
    column.cells.append_id(cell.id);
  } else if (cell.is_scaled) {
    column.cells.append_scaled(cell.mantissa, kPowersOfTen[cell.places]);
  } else {
    column.cells.append_number(cell.number);
  }
}

void TableReader::append_companion(Source& source, std::string_view text) {
  if (is_missing(text)) return;
  InputColumn& column = out_.columns[static_cast<std::size_t>(source.input)];
  std::vector<std::int32_t>& ids = column.companions[std::string(source.target.companion)];
  ids.resize(out_.rows, -1);
  const auto* which = std::find(kCompanions.begin(), kCompanions.end(), source.target.companion);
  const auto memo = static_cast<std::size_t>(which - kCompanions.begin() + 1);
  ids.back() =
      intern(static_cast<std::size_t>(source.target.column) + memo * table_.columns.size(), text);
}

void TableReader::finding(const char* code, const Source& source, base::Bilingual message) {
  const auto column = static_cast<std::size_t>(source.target.column);
  base::Finding out = base::failure(code, {session_.out.files[file_index_].name, line_, 0},
                                    std::move(message.en), std::move(message.zh));
  out.severity = base::Severity::kWarning;
  out.table = table_.name;
  out.column = table_.columns[column].name;
  if (!keep_) return;  // the key's problem is what the row is refused for
  out.key = key_of_row();
  session_.findings.push_back(std::move(out));
}

}  // namespace qz::read::detail
