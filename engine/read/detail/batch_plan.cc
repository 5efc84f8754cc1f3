// BatchPlan: headings are matched by the table reader itself, so that what it would refuse is
// refused here too.

#include "read/detail/batch_plan.h"

#include <algorithm>
#include <cstring>

#include "text/csv_index.h"
#include "text/encoding.h"

namespace qz::read::detail {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool looks_like_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("+-.0123456789eE") == std::string_view::npos;
}

bool same_rule(const CellRule& a, const CellRule& b) {
  return a.definition == b.definition && a.edition == b.edition && a.in_edition == b.in_edition &&
         a.is_input == b.is_input && a.unit == b.unit && a.same_unit == b.same_unit &&
         a.factor == b.factor;
}

bool same_rules(const RowRules& a, const RowRules& b) {
  return std::equal(a.cells.begin(), a.cells.end(), b.cells.begin(), b.cells.end(), same_rule);
}

}  // namespace

BatchPlan::BatchPlan(std::int32_t table, const std::vector<bool>& wanted,
                     const rules::CheckedPacks& packs, const exact::UnitCatalogue& units,
                     table::TextPool& pool, const BatchOptions& options)
    : options_(options),
      packs_(packs),
      table_(packs.tables[static_cast<std::size_t>(table)]),
      table_index_(table),
      wanted_(wanted),
      present_(wanted.size(), false),
      pool_(pool),
      session_(packs, units, pool, no_findings_),
      rules_(session_, table_) {
  find_register_columns();
}

bool BatchPlan::add_files(const std::vector<TableFile>& files) {
  files_.reserve(files.size());              // views of their bytes are taken
  if (!table_.unique.empty()) return false;  // told only by looking at all rows
  return !files.empty() && std::all_of(files.begin(), files.end(),
                                       [&](const TableFile& one) { return add_file(one); });
}

bool BatchPlan::add_file(const TableFile& file) {
  if (file.context || !file.across.empty() || file.hours_by_end || !file.name.ends_with(".csv"))
    return false;
  BatchFile& made = files_.emplace_back();
  made.file = file;
  made.text = *file.bytes;
  if (made.text.starts_with(kMark)) made.text.remove_prefix(kMark.size());
  const text::CsvHeader header = text::read_csv_header(made.text);
  if (!header.good || !text::is_utf8(made.text.substr(0, header.bytes))) return false;
  made.width = header.names.size();
  made.first_line = header.lines + 1;
  made.number_is_missing = std::any_of(file.missing.begin(), file.missing.end(), looks_like_number);
  Session session(packs_, session_.units, pool_, no_findings_);
  TableReader reader(session, table_index_);
  const std::uint16_t index = session.add_file(file.table, file.name, false);
  reader.begin_file(made.file, index, HeadingMatcher::Form::kCsv);
  reader.headings(header.names, header.line);
  if (session.has_problems(index)) return false;
  add_fields(reader, made);
  add_pieces(files_.size() - 1, header.bytes);
  return true;
}

void BatchPlan::add_fields(const TableReader& reader, BatchFile& to) {
  const auto add = [&](const TableReader::Source& source) {
    const auto c = static_cast<std::size_t>(source.target.column);
    const rules::CheckedColumn& column = table_.columns[c];
    BatchField field;
    field.column = source.target.column;
    field.position = source.position;
    field.constant = source.constant;
    field.is_key = column.is_key;
    field.own_unit = source.target.unit.has_value();
    field.same_unit = source.same_unit;
    field.factor = source.factor;
    const bool is_asked = std::find(register_columns_.begin(), register_columns_.end(),
                                    field.column) != register_columns_.end();
    field.is_needed = wanted_[c] || is_asked;
    if (column.is_key && column.type == table::Type::kPeriod) {
      field.kind = BatchField::Kind::kPeriod;
    } else if (column.type == table::Type::kNumber) {
      field.kind = BatchField::Kind::kNumber;
    } else if (column.is_key && !field.is_needed) {
      field.kind = BatchField::Kind::kKeyPresent;
    }
    present_[c] = true;
    to.fields.push_back(std::move(field));
  };
  for (const TableReader::Source& key : reader.key_sources()) {
    if (key.target.column >= 0) add(key);
  }
  // The period tells the rules for everything else.
  std::stable_partition(to.fields.begin(), to.fields.end(), [](const BatchField& field) {
    return field.kind == BatchField::Kind::kPeriod;
  });
  for (const TableReader::Source& source : reader.sources()) {
    // Companions are for rows that somebody keeps.
    if (source.target.kind == Target::Kind::kInput) add(source);
  }
}

void BatchPlan::add_pieces(std::size_t file, std::size_t begin) {
  const std::string_view text = files_[file].text;
  while (begin < text.size()) {
    std::size_t end = text.size();
    if (text.size() - begin > options_.piece_bytes) {
      const std::size_t line = text.find('\n', begin + options_.piece_bytes - 1);
      if (line != std::string_view::npos) end = line + 1;
    }
    BatchPiece piece;
    piece.file = file;
    piece.begin = begin;
    piece.end = end;
    pieces_.push_back(std::move(piece));
    begin = end;
  }
}

void BatchPlan::find_register_columns() {
  constexpr int kLinksMax = 8;
  for (const rules::CheckedTable& one : packs_.tables) {
    if (&one == &table_ || one.period_column || one.ends_in_row || one.key_size == 0) continue;
    for (std::size_t k = 0; k < one.key_size; ++k) {
      add_register_columns(one.columns[k].name, kLinksMax);
    }
  }
  std::sort(register_columns_.begin(), register_columns_.end());
  register_columns_.erase(std::unique(register_columns_.begin(), register_columns_.end()),
                          register_columns_.end());
}

void BatchPlan::add_register_columns(const std::string& name, int depth) {
  const auto found = table_.settled.find(name);
  if (found == table_.settled.end() || depth == 0) return;
  const rules::Settled& settled = found->second;
  if (settled.via_table < 0) return register_columns_.push_back(settled.column);
  const rules::CheckedTable& via = packs_.tables[static_cast<std::size_t>(settled.via_table)];
  for (std::size_t k = 0; k < via.key_size; ++k) {
    add_register_columns(via.columns[k].name, depth - 1);
  }
}

BatchPlan::Rules BatchPlan::rules_at(std::int32_t period) {
  const std::lock_guard guard(lock_);
  const RowRules& rules = rules_.at(period);
  if (!rules.in_cycle) return {};
  const auto same = [&](const RowRules* one) { return same_rules(*one, rules); };
  const auto found = std::find_if(distinct_.begin(), distinct_.end(), same);
  const auto number = static_cast<std::size_t>(found - distinct_.begin());
  if (found == distinct_.end()) distinct_.push_back(&rules);
  return {number, distinct_[number]};
}

std::int32_t BatchPlan::intern(std::string_view text) {
  const std::lock_guard guard(lock_);
  return pool_.intern(text);
}

std::int32_t BatchPlan::choice(const rules::ColumnDefinition& definition, std::string_view text) {
  const std::lock_guard guard(lock_);
  return rules_.choice(definition, text);
}

RegisterValues& BatchPlan::new_values() {
  const std::lock_guard guard(lock_);
  return *values_.emplace_back(std::make_unique<RegisterValues>(register_columns_.size()));
}

std::vector<std::int32_t> BatchPlan::register_tuples() const {
  std::vector<std::int32_t> out;
  for (const std::unique_ptr<RegisterValues>& one : values_) {
    for (std::size_t id = 0; id < one->ids.size(); ++id) {
      if (one->ids[id]) out.push_back(static_cast<std::int32_t>(id));
    }
    for (std::size_t row = 0; row < one->tuples.rows(); ++row) {
      const std::span<const std::int32_t> tuple = one->tuples.key(row);
      out.insert(out.end(), tuple.begin(), tuple.end());
    }
  }
  return out;
}

}  // namespace qz::read::detail
