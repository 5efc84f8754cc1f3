// What a cell's entry says apart from key and value depends on the row's edition, the case, the
// state and the unit it was written in: one frame for each that occurs, made by entry_of().

#include "seal/figure_source.h"

#include <charconv>

#include "base/assert.h"
#include "compute/cell_text.h"
#include "seal/from_results.h"

namespace qz::seal {
namespace {

constexpr std::uint32_t kNoUnit = UINT32_MAX;

}  // namespace

FigureSource::OneTable& FigureSource::table_of(std::size_t table) {
  while (tables_.size() <= table) {
    const auto number = static_cast<std::uint32_t>(tables_.size());
    tables_.emplace_back().key.number = number;
  }
  OneTable& out = tables_[table];
  if (out.ready) return out;
  out.ready = true;
  const rules::CheckedTable& of = results_.packs->tables[table];
  const compute::TableRows& rows = results_.tables[table];
  for (std::size_t c = 0; c < of.columns.size(); ++c) {
    const auto column = static_cast<std::int32_t>(c);
    const rules::CheckedColumn& one = of.columns[c];
    if (c < of.key_size) {
      if (one.name == results_.packs->subject) continue;
      out.key.names.push_back(one.name);
      out.key_columns.push_back(column);
      continue;
    }
    if (!one.report) continue;
    OneColumn& reported = out.columns.emplace_back();
    reported.column = column;
    reported.cells = &rows.columns[c];
    reported.cases = &rows.cases[c];
    reported.input = compute::input_of(results_, static_cast<std::int32_t>(table), column);
    if (one.pack_index >= 0) {
      const auto& editions = rows.edition[static_cast<std::size_t>(one.pack_index)];
      if (!editions.empty()) reported.editions = &editions;
    }
  }
  out.ids.resize(of.columns.size());
  return out;
}

FigureSource::Variant& FigureSource::variant_of(std::size_t table, OneColumn& of,
                                                std::uint32_t row) {
  const std::int32_t edition = of.editions == nullptr ? -1 : (*of.editions)[row];
  const bool no_cases = of.cases->empty();
  const std::uint8_t how = no_cases ? compute::kCaseInput : (*of.cases)[row];
  const table::State state = of.cells->state(row);
  std::uint32_t unit = kNoUnit;
  if (of.input != nullptr && how == compute::kCaseInput && state == table::State::kValue &&
      of.cells->type() == table::Type::kNumber) {
    const std::uint32_t input_row = results_.tables[table].input_row[row];
    if (input_row != compute::kNoRow) unit = of.input->written_unit[input_row];
  }
  const auto is_it = [&](const Variant& one) {
    return one.edition == edition && one.how == how && one.state == state &&
           one.written_unit == unit;
  };
  if (of.last != nullptr && is_it(*of.last)) return *of.last;
  for (Variant& one : of.variants) {
    if (is_it(one)) return *(of.last = &one);
  }
  Variant& out = of.variants.emplace_back();
  of.last = &out;
  out.edition = edition;
  out.how = how;
  out.state = state;
  out.written_unit = unit;
  const auto t = static_cast<std::int32_t>(table);
  const rules::ColumnRule* rule = compute::rule_of(results_, t, of.column, row);
  out.reported =
      state != table::State::kNotApplicable && (rule == nullptr || rule->definition->report);
  if (!out.reported) return out;
  Frame& frame = frames_.emplace_back();
  frame.number = static_cast<std::uint32_t>(frames_.size() - 1);
  frame.shared = entry_of(results_, t, of.column, row);
  frame.shared.key.clear();
  if (frame.shared.value) frame.shared.value->clear();
  frame.key = &tables_[table].key;
  out.frame = &frame;
  return out;
}

void FigureSource::add_row(std::size_t table, std::uint32_t row, Figures& out) {
  OneTable& in = table_of(table);
  const std::size_t key = out.keys.size();
  bool keyed = false;
  for (OneColumn& column : in.columns) {
    Variant& variant = variant_of(table, column, row);
    if (!variant.reported) continue;
    if (!keyed) {
      keyed = true;
      for (const std::int32_t part : in.key_columns) {
        const std::size_t begin = out.texts.size();
        append_id(table, in, part, row, out.texts);
        out.keys.push_back(out.text_from(begin));
      }
    }
    Figure& figure = out.figures.emplace_back();
    figure.frame = variant.frame;
    figure.key = key;
    if (!variant.frame->shared.value) continue;
    const std::size_t begin = out.texts.size();
    append_value(table, in, column, variant, row, out.texts);
    figure.value = out.text_from(begin);
  }
}

void FigureSource::append_value(std::size_t table, OneTable& in, OneColumn& of, Variant& variant,
                                std::uint32_t row, std::string& out) {
  if (of.cells->type() != table::Type::kNumber) return append_id(table, in, of.column, row, out);
  if (of.cells->is_scaled()) {
    const std::size_t places = variant.written_unit == kNoUnit
                                   ? 0
                                   : of.input->places[results_.tables[table].input_row[row]];
    if (places >= variant.digits.size()) variant.digits.resize(places + 1);
    auto& digits = variant.digits[places];
    if (!digits) digits = digits_of(table, of, variant, row);
    if (*digits && (*digits)->append(out, of.cells->mantissas()[row])) return;
  }
  const auto text = compute::cell_text(results_, static_cast<std::int32_t>(table), of.column, row);
  QZ_ASSERT(text.value);
  out += *text.value;
}

std::optional<ScaledText> FigureSource::digits_of(std::size_t table, const OneColumn& of,
                                                  const Variant& variant, std::uint32_t row) const {
  const auto t = static_cast<std::int32_t>(table);
  exact::Number one = exact::Number::ratio(1, of.cells->denominator());
  if (variant.written_unit != kNoUnit) {
    const exact::Unit& written = results_.inputs.units[variant.written_unit];
    const exact::Unit& held =
        results_.packs->tables[table].columns[static_cast<std::size_t>(of.column)].unit;
    return ScaledText::with_places(one * held.factor_to(written),
                                   of.input->places[results_.tables[table].input_row[row]]);
  }
  const rules::ColumnRule* rule = compute::rule_of(results_, t, of.column, row);
  if (rule == nullptr) return ScaledText::shortest(one);
  one = one / rule->to_column;
  const rules::ColumnDefinition& definition = *rule->definition;
  // A value that `shown` would have to round is refused by append() and goes the long way.
  if (definition.shown) return ScaledText::with_places(one, *definition.shown);
  if (!definition.round) return ScaledText::shortest(one);
  if (definition.round->rule.significant) return std::nullopt;
  return ScaledText::with_places(one, definition.round->rule.n);
}

void FigureSource::append_id(std::size_t table, OneTable& in, std::int32_t column,
                             std::uint32_t row, std::string& out) {
  const auto c = static_cast<std::size_t>(column);
  const table::Column& cells = results_.tables[table].columns[c];
  const std::int32_t id = cells.id(row);
  if (cells.type() == table::Type::kText) {
    out += results_.pool->text(id);
    return;
  }
  auto& slot = in.ids[c].slots[static_cast<std::uint32_t>(id) % in.ids[c].slots.size()];
  if (!slot.known || slot.id != id) {
    slot.known = true;
    slot.id = id;
    slot.text = results_.id_text(static_cast<std::int32_t>(table), column, row);
  }
  out += slot.text;
}

}  // namespace qz::seal
