// Cell text: digits by rule, or as written.

#include "compute/cell_text.h"

#include "exact/decimal.h"
#include "exact/rounding.h"

namespace qz::compute {
namespace {

constexpr std::int32_t kShownDigits = 34;
constexpr int kPlacesTried = 40;

// Digits after the point if the expansion ends within kPlacesTried; −1 otherwise.
int places_of(const exact::Number& value) {
  for (int places = 0; places <= kPlacesTried; ++places) {
    if ((value * exact::Number::power_of_ten(places)).is_integer()) return places;
  }
  return -1;
}

std::string ruled_text(const exact::Number& value, const rules::ColumnRule& rule) {
  const rules::ColumnDefinition& of = *rule.definition;
  if (of.shown) {
    const exact::RoundingRule shown{*of.shown, of.round ? of.round->rule.mode : rule.shown_mode,
                                    false};
    return exact::decimal_text(exact::round(value, shown), *of.shown);
  }
  // An input over a formula keeps the digits that it has.
  const bool is_rounded = of.round && exact::round(value, of.round->rule) == value;
  if (!is_rounded) return number_text(value);
  return exact::decimal_text(value, exact::places_after(value, of.round->rule));
}

}  // namespace

std::string number_text(const exact::Number& value) {
  const int places = places_of(value);
  if (places >= 0) return exact::decimal_text(value, places);
  const exact::RoundingRule rule{kShownDigits, exact::Rounding::kHalfEven, true};
  const exact::Number rounded = exact::round(value, rule);
  return exact::decimal_text(rounded, exact::places_after(rounded, rule));
}

const rules::ColumnRule* rule_of(const Results& results, std::int32_t table, std::int32_t column,
                                 std::uint32_t row) {
  const rules::CheckedColumn& of = results.packs->tables[static_cast<std::size_t>(table)]
                                       .columns[static_cast<std::size_t>(column)];
  if (of.pack_index < 0) return nullptr;
  const auto& editions = results.tables[static_cast<std::size_t>(table)]
                             .edition[static_cast<std::size_t>(of.pack_index)];
  return editions.empty() || editions[row] < 0 ? nullptr : of.rule(editions[row]);
}

const read::InputColumn* input_of(const Results& results, std::int32_t table, std::int32_t column) {
  for (const read::InputColumn& one :
       results.inputs.tables[static_cast<std::size_t>(table)].columns) {
    if (one.column == column) return &one;
  }
  return nullptr;
}

CellText cell_text(const Results& results, std::int32_t table, std::int32_t column,
                   std::uint32_t row) {
  const rules::CheckedColumn& of = results.packs->tables[static_cast<std::size_t>(table)]
                                       .columns[static_cast<std::size_t>(column)];
  const TableRows& rows = results.tables[static_cast<std::size_t>(table)];
  const table::Column& cells = rows.columns[static_cast<std::size_t>(column)];
  CellText out;
  out.state = cells.state(row);
  if (of.type != table::Type::kNumber) {
    if (cells.has_value(row)) out.value = results.id_text(table, column, row);
    return out;
  }
  const rules::ColumnRule* rule = rule_of(results, table, column, row);
  out.unit = rule != nullptr ? rule->unit.text : of.unit.text;
  if (!cells.has_value(row)) return out;
  const std::vector<std::uint8_t>& cases = rows.cases[static_cast<std::size_t>(column)];
  const bool is_input = cases.empty() || cases[row] == kCaseInput;
  const std::uint32_t input_row = rows.input_row[row];
  const read::InputColumn* input =
      is_input && input_row != kNoRow ? input_of(results, table, column) : nullptr;
  if (input != nullptr) {
    const exact::Unit& written = results.inputs.units[input->written_unit[input_row]];
    out.unit = written.text;
    const bool is_unwritten = input->places[input_row] == read::kPlacesUnwritten;
    if (of.measure != rules::Measure::kNone || is_unwritten) {  // may have no end of digits
      out.value = number_text(cells.number(row) * of.unit.factor_to(written));
      return out;
    }
    out.value = exact::decimal_text(cells.number(row) * of.unit.factor_to(written),
                                    input->places[input_row]);
    return out;
  }
  out.value = value_text(results, table, column, row, cells.number(row));
  return out;
}

std::string value_text(const Results& results, std::int32_t table, std::int32_t column,
                       std::uint32_t row, const exact::Number& value) {
  const rules::ColumnRule* const rule = rule_of(results, table, column, row);
  return rule != nullptr ? ruled_text(value / rule->to_column, *rule) : number_text(value);
}

}  // namespace qz::compute
