// BatchWorker's cells: a fast loop for numbers and one for everything that is an id; cells that
// they do not know are read one by one, by the rules of cells.cc.

#include <algorithm>
#include <array>
#include <limits>

#include "exact/decimal.h"
#include "read/detail/batch_worker.h"
#include "read/detail/cell_notes.h"
#include "read/detail/quick_decimal.h"

namespace qz::read::detail {
namespace {

constexpr std::int32_t kNoLimit = 1000;  // of places: no cell has so many
constexpr std::int32_t kScaledPlacesMax = 15;

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::int64_t magnitude(std::int64_t mantissa) { return mantissa < 0 ? -mantissa : mantissa; }

// Walks down one column of an indexed stretch.
class Cells {
 public:
  Cells(const char* text, const std::uint32_t* ends, std::size_t width, bool has_return)
      : text_(text), at_(ends), width_(width), has_return_(has_return) {}

  void next() { at_ += width_; }
  const char* begin() const { return text_ + static_cast<std::uint32_t>(at_[0] + 1); }
  std::size_t size() const {
    const std::size_t out = at_[1] - at_[0] - 1;
    if (has_return_ && out > 0 && text_[at_[1] - 1] == '\r') return out - 1;
    return out;
  }

 private:
  const char* text_;
  const std::uint32_t* at_;
  std::size_t width_;
  bool has_return_;
};

}  // namespace

std::string_view BatchWorker::Rows::cell(std::size_t row, std::size_t position) const {
  if (record != nullptr) return (*record)[position];
  const Cells cells(text, ends + row * width + position, width,
                    has_return && position + 1 == width);
  return trimmed({cells.begin(), cells.size()});
}

bool BatchWorker::is_missing(std::string_view text) const {
  if (text.empty()) return true;
  const std::vector<std::string>& missing = file_->file.missing;
  return std::find(missing.begin(), missing.end(), text) != missing.end();
}

bool BatchWorker::put_run(Filling& filling, const Run& run, const BatchPlan::Rules& rules) {
  const BatchField& field = *filling.field;
  const CellRule& rule = rules.rules->cells[static_cast<std::size_t>(field.column)];
  const bool is_odd =
      field.position < 0 || run.rows->record != nullptr || !rule.in_edition || !rule.is_input;
  if (field.kind == BatchField::Kind::kNumber) {
    const bool same_unit = field.own_unit ? field.same_unit : rule.same_unit;
    const exact::Number* factor = nullptr;
    if (!same_unit) factor = field.own_unit ? &field.factor : &rule.factor;
    if (run.first == 0) filling.factor = factor;
    const bool is_same =
        factor == filling.factor ||
        (factor != nullptr && filling.factor != nullptr && *factor == *filling.factor);
    if (!is_same && !filling.is_slow) go_slow(filling, run.first);
    if (!is_same) filling.factor = factor;
    if (is_odd || filling.is_slow || file_->number_is_missing) {
      return put_texts(filling, run, rule, rules.number);
    }
    return put_numbers(filling, run, rule);
  }
  const bool is_presence = field.kind == BatchField::Kind::kKeyPresent;
  if (is_presence && !is_odd && all_present(field, run)) return true;
  if (is_odd || is_presence) {
    return put_texts(filling, run, rule, rules.number);
  }
  const bool has_choices = rule.definition != nullptr && !rule.definition->choices.empty();
  const bool is_any_text = filling.cells->type() == table::Type::kText && !has_choices;
  if (!field.is_needed && !field.is_key && is_any_text) return true;
  const std::size_t which = has_choices ? rules.number + 1 : 0;
  if (filling.known.size() <= which) filling.known.resize(which + 1);
  return put_ids(filling, filling.known[which], run, rule);
}

bool BatchWorker::put_periods(Filling& filling, const Run& run) {
  static const CellRule kKeyRule;
  if (filling.known.empty()) filling.known.resize(1);
  if (filling.field->position < 0 || run.rows->record != nullptr) {
    return put_texts(filling, run, kKeyRule, 0);
  }
  return put_ids(filling, filling.known[0], run, kKeyRule);
}

bool BatchWorker::put_ids(Filling& filling, TextIds& known, const Run& run, const CellRule& rule) {
  const Rows& rows = *run.rows;
  const auto position = static_cast<std::size_t>(filling.field->position);
  Cells cells(rows.text, rows.ends + run.from * rows.width + position, rows.width,
              rows.has_return && position + 1 == rows.width);
  std::int32_t* ids = filling.ids + run.first;
  table::State* states = filling.states + run.first;
  std::fill_n(states, run.count, table::State::kValue);
  std::array<const char*, TextIds::kTogether> texts;
  std::array<std::uint32_t, TextIds::kTogether> sizes;
  for (std::size_t from = 0; from < run.count; from += TextIds::kTogether) {
    const std::size_t count = std::min(run.count - from, TextIds::kTogether);
    for (std::size_t k = 0; k < count; ++k, cells.next()) {
      texts[k] = cells.begin();
      sizes[k] = static_cast<std::uint32_t>(cells.size());
    }
    known.find_all(texts.data(), sizes.data(), count, ids + from);
    for (std::size_t k = 0; k < count; ++k) {
      std::int32_t& id = ids[from + k];
      if (id > TextIds::kAbsent) continue;
      // What was new at the first of the rows may be known by now.
      const std::string_view text(texts[k], sizes[k]);
      if (text.empty()) id = TextIds::kMissing;
      if (id == TextIds::kAbsent) id = known.find(text);
      if (id == TextIds::kAbsent) id = id_of(filling, known, text, rule);
      if (id > TextIds::kAbsent) continue;
      if (id == TextIds::kBad || filling.field->is_key) return false;
      id = 0;
      states[from + k] = table::State::kNull;
    }
  }
  return true;
}

// True if every cell of the run plainly has a text; otherwise somebody must look closely.
bool BatchWorker::all_present(const BatchField& field, const Run& run) const {
  if (!file_->file.missing.empty()) return false;
  const Rows& rows = *run.rows;
  const auto position = static_cast<std::size_t>(field.position);
  const std::uint32_t* at = rows.ends + run.from * rows.width + position;
  bool out = true;
  for (std::size_t i = 0; i < run.count; ++i, at += rows.width) {
    // The first character is no comma and no line's end either, so that the cell is not empty.
    const auto first = static_cast<unsigned char>(rows.text[static_cast<std::uint32_t>(at[0] + 1)]);
    out = out && first > ' ' && first != ',';
  }
  return out;
}

// What the text of a cell stands for, found and remembered.
std::int32_t BatchWorker::id_of(Filling& filling, TextIds& known, std::string_view text,
                                const CellRule& rule) {
  const std::string_view inside = trimmed(text);
  const std::int32_t id =
      is_missing(inside) ? TextIds::kMissing : new_id(*filling.field, inside, rule);
  known.add(text, id);
  return id;
}

std::int32_t BatchWorker::new_id(const BatchField& field, std::string_view text,
                                 const CellRule& rule) {
  const rules::CheckedColumn& column =
      plan_.checked().columns[static_cast<std::size_t>(field.column)];
  switch (column.type) {
    case table::Type::kText: {
      if (rule.definition == nullptr || rule.definition->choices.empty()) {
        return plan_.intern(text);
      }
      const std::int32_t id = plan_.choice(*rule.definition, text);
      return id >= 0 ? id : TextIds::kBad;
    }
    case table::Type::kDate: {
      const std::optional<base::Date> date = base::Date::parse(text);
      return date ? date->days() : TextIds::kBad;
    }
    case table::Type::kBool:
      if (text == "true" || text == "TRUE") return 1;
      return text == "false" || text == "FALSE" ? 0 : TextIds::kBad;
    case table::Type::kPeriod: {
      const bool is_key = field.kind == BatchField::Kind::kPeriod;
      const base::PeriodKind kind = is_key ? plan_.checked().period : column.period;
      const std::optional<base::Period> period = base::parse_period(kind, text, plan_.cycle());
      if (!period || (is_key && rules_of(period->index).rules == nullptr)) return TextIds::kBad;
      return period->index;
    }
    case table::Type::kNumber:
    case table::Type::kRow:
      break;
  }
  return TextIds::kBad;
}

bool BatchWorker::put_numbers(Filling& filling, const Run& run, const CellRule& rule) {
  const Rows& rows = *run.rows;
  const auto position = static_cast<std::size_t>(filling.field->position);
  Cells cells(rows.text, rows.ends + run.from * rows.width + position, rows.width,
              rows.has_return && position + 1 == rows.width);
  const bool has_limit = rule.definition != nullptr && rule.definition->decimals.has_value();
  const std::int32_t allowed = has_limit ? *rule.definition->decimals : kNoLimit;
  const auto form = [&] {
    return filling.places <= allowed ? FixedPlaces(filling.places) : FixedPlaces();
  };
  std::int64_t* mantissas = filling.mantissas + run.first;
  std::fill_n(filling.states + run.first, run.count, table::State::kValue);
  std::int64_t largest = filling.largest;
  FixedPlaces usual = form();
  for (std::size_t i = 0; i < run.count; ++i, cells.next()) {
    const std::size_t size = cells.size();
    const char* const begin = cells.begin();
    if (usual.read(begin + size, size, mantissas[i])) {
      largest = std::max(largest, mantissas[i]);
      continue;
    }
    filling.largest = largest;
    if (!put_number(filling, {begin, size}, run, i, rule, allowed)) return false;
    if (filling.is_slow) {
      Run rest = run;
      rest.from += i + 1;
      rest.first += i + 1;
      rest.count -= i + 1;
      return put_texts(filling, rest, rule, 0);
    }
    largest = filling.largest;
    usual = form();
  }
  filling.largest = largest;
  return true;
}

// One cell of an indexed stretch. False: no number.
bool BatchWorker::put_number(Filling& filling, std::string_view cell, const Run& run, std::size_t i,
                             const CellRule& rule, std::int32_t allowed) {
  const std::size_t row = run.first + i;
  filling.mantissas[row] = 0;
  filling.states[row] = table::State::kNull;
  if (cell.empty()) return true;
  const char* const end = cell.data() + cell.size();
  QuickDecimal quick;
  if (cell.size() <= 8) {
    quick = word_decimal(end, cell.size());
  } else if (cell.size() <= 16) {
    quick = two_word_decimal(end, cell.size());
  }
  const bool is_quick =
      quick.ok && quick.places <= allowed && put_quick(filling, row, quick.mantissa, quick.places);
  return is_quick || put_number_text(filling, trimmed(cell), run, i, rule);
}

bool BatchWorker::put_quick(Filling& filling, std::size_t row, std::int64_t mantissa,
                            std::int32_t places) {
  if (filling.places < 0) filling.places = std::min(places, kScaledPlacesMax);
  if (places > kScaledPlacesMax) return false;
  if (places < filling.places) {
    if (__builtin_mul_overflow(mantissa, kPowersOfTen[filling.places - places], &mantissa)) {
      return false;
    }
  } else if (places > filling.places) {
    const std::int64_t more = kPowersOfTen[places - filling.places];
    std::int64_t largest = 0;
    if (__builtin_mul_overflow(filling.largest, more, &largest)) return false;
    filling.largest = largest;
    for (std::size_t i = 0; i < row; ++i) filling.mantissas[i] *= more;
    filling.places = places;
  }
  if (mantissa == std::numeric_limits<std::int64_t>::min()) return false;
  filling.mantissas[row] = mantissa;
  filling.states[row] = table::State::kValue;
  filling.largest = std::max(filling.largest, magnitude(mantissa));
  return true;
}

bool BatchWorker::put_texts(Filling& filling, const Run& run, const CellRule& rule,
                            std::size_t number) {
  const BatchField& field = *filling.field;
  for (std::size_t i = 0; i < run.count; ++i) {
    const std::size_t row = run.first + i;
    const std::string_view text =
        field.position < 0 ? std::string_view(field.constant)
                           : run.rows->cell(run.from + i, static_cast<std::size_t>(field.position));
    std::string_view value = is_missing(text) ? std::string_view() : text;
    if (value.empty() && field.is_key) return false;
    if (!value.empty() && !rule.in_edition) {
      note("not-in-edition", not_in_edition(text), field, run, i);
      value = {};
    }
    if (!value.empty() && !rule.is_input && rule.edition >= 0) return false;
    if (field.kind == BatchField::Kind::kNumber) {
      if (!put_number_text(filling, value, run, i, rule)) return false;
      continue;
    }
    filling.ids[row] = 0;
    filling.states[row] = table::State::kNull;
    if (value.empty() || field.kind == BatchField::Kind::kKeyPresent) continue;
    const bool has_choices = rule.definition != nullptr && !rule.definition->choices.empty();
    const std::size_t which = has_choices ? number + 1 : 0;
    if (filling.known.size() <= which) filling.known.resize(which + 1);
    TextIds& known = filling.known[which];
    std::int32_t id = TextIds::kAbsent;
    if (trimmed(value).size() != value.size()) {
      // Within quotation marks spaces belong to the text; what is known is known without them.
      id = new_id(field, value, rule);
    } else {
      id = known.find(value);
      if (id == TextIds::kAbsent) id = id_of(filling, known, value, rule);
    }
    if (id <= TextIds::kAbsent) return false;
    filling.ids[row] = id;
    filling.states[row] = table::State::kValue;
  }
  return true;
}

// One number of any form; an empty text is a missing one. False: no number.
bool BatchWorker::put_number_text(Filling& filling, std::string_view text, const Run& run,
                                  std::size_t i, const CellRule& rule) {
  const std::size_t row = run.first + i;
  if (is_missing(text)) {
    if (filling.is_slow) {
      filling.cells->append_state(table::State::kNull);
    } else {
      filling.mantissas[row] = 0;
      filling.states[row] = table::State::kNull;
    }
    return true;
  }
  const QuickDecimal quick = quick_decimal(text);
  exact::Decimal decimal;
  if (!quick.ok) {
    std::optional<exact::Decimal> read = exact::parse_decimal(text);
    if (!read) return false;
    decimal = std::move(*read);
    constexpr std::int32_t kPlacesMax = std::numeric_limits<std::uint8_t>::max();
    decimal.places = std::clamp(decimal.places, 0, kPlacesMax);
  } else {
    decimal.places = quick.places;
  }
  if (rule.definition != nullptr && rule.definition->decimals &&
      decimal.places > *rule.definition->decimals) {
    note("too-many-places", too_many_places(text, decimal.places, *rule.definition->decimals),
         *filling.field, run, i);
  }
  if (!filling.is_slow) {
    if (quick.ok && put_quick(filling, row, quick.mantissa, quick.places)) return true;
    go_slow(filling, row);
  }
  if (quick.ok) decimal.value = exact::Number::scaled(quick.mantissa, quick.places);
  filling.cells->append_number(filling.factor == nullptr ? decimal.value
                                                         : decimal.value * *filling.factor);
  return true;
}

// From here on the column is appended to, cell by cell; `rows` of it are there.
void BatchWorker::go_slow(Filling& filling, std::size_t rows) {
  close_number(filling, rows);
  filling.is_slow = true;
}

// Makes a column of the first `rows` cells, in the column's unit.
void BatchWorker::close_number(Filling& filling, std::size_t rows) {
  const std::int64_t denominator = kPowersOfTen[std::max(filling.places, 0)];
  if (filling.factor == nullptr) return filling.cells->close(rows, denominator);
  const std::optional<std::int64_t> times = filling.factor->numerator().to_int64();
  const std::optional<std::int64_t> by = filling.factor->denominator().to_int64();
  std::int64_t largest = 0;
  std::int64_t wide = 0;
  const bool fits =
      times && by && *times > 0 && !__builtin_mul_overflow(filling.largest, *times, &largest) &&
      !__builtin_mul_overflow(denominator, *by, &wide) && wide <= kPowersOfTen[kScaledPlacesMax];
  if (fits) {
    for (std::size_t i = 0; i < rows; ++i) filling.mantissas[i] *= *times;
    filling.largest = largest;
    return filling.cells->close(rows, wide);
  }
  filling.cells->close(rows, denominator);
  table::Column made(table::Type::kNumber);
  for (std::size_t i = 0; i < rows; ++i) {
    if (filling.cells->has_value(i)) {
      made.append_number(filling.cells->number(i) * *filling.factor);
    } else {
      made.append_state(table::State::kNull);
    }
  }
  *filling.cells = std::move(made);
  find_largest(filling);
}

void BatchWorker::find_largest(Filling& filling) {
  filling.largest = 0;
  for (const std::int64_t one : filling.cells->mantissas()) {
    // Its magnitude is no int64: the exact form has none.
    if (one == std::numeric_limits<std::int64_t>::min()) return filling.cells->make_exact();
    filling.largest = std::max(filling.largest, magnitude(one));
  }
}

void BatchWorker::note(const char* code, base::Bilingual message, const BatchField& field,
                       const Run& run, std::size_t i) {
  const rules::CheckedTable& table = plan_.checked();
  BatchNote out;
  out.line = run.line + static_cast<std::uint32_t>(run.from + i);
  out.record = static_cast<std::uint32_t>(batch_.first + run.first + i);
  out.finding =
      base::failure(code, {file_->file.name, 0, 0}, std::move(message.en), std::move(message.zh));
  out.finding.severity = base::Severity::kWarning;
  out.finding.table = table.name;
  out.finding.column = table.columns[static_cast<std::size_t>(field.column)].name;
  out.finding.key = key_of(run, i);
  piece_->notes.push_back(std::move(out));
}

// The key of a row as text; that of `row` is known only when all pieces are read.
base::Key BatchWorker::key_of(const Run& run, std::size_t i) const {
  const rules::CheckedTable& table = plan_.checked();
  base::Key out;
  for (std::size_t k = 0; k < table.key_size; ++k) {
    std::string text;
    for (const Filling& filling : fillings_) {
      const BatchField& field = *filling.field;
      if (field.column != static_cast<std::int32_t>(k)) continue;
      if (field.kind == BatchField::Kind::kPeriod) {
        text = base::period_text({table.period, filling.ids[run.first + i]}, plan_.cycle());
      } else if (field.position < 0) {
        text = field.constant;
      } else {
        text = run.rows->cell(run.from + i, static_cast<std::size_t>(field.position));
      }
    }
    out.emplace_back(table.columns[k].name, std::move(text));
  }
  return out;
}

}  // namespace qz::read::detail
