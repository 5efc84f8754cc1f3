// TableReader: headings to sources, records to rows; what single cells say is in cells.cc.

#include "read/detail/table_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace qz::read::detail {
namespace {

constexpr std::int32_t kAbsent = -2;    // position of a key that the file lacks
constexpr std::int32_t kRefused = -3;   // position of a key whose heading is wrong
constexpr std::int32_t kConstant = -1;  // position of what the job's `with` gives

}  // namespace

TableReader::TableReader(Session& session, std::int32_t table)
    : session_(session),
      table_(session.packs.tables[static_cast<std::size_t>(table)]),
      out_(session.out.tables[static_cast<std::size_t>(table)]),
      rules_(session, table_),
      index_(table_.key_size),
      unique_(table_.unique.size()),
      key_ids_(table_.key_size),
      folded_ids_(table_.key_size),
      last_text_(table_.columns.size() * (1 + kCompanions.size()), -1) {
  if (table_.period_column && table_.period == base::PeriodKind::kHour && !table_.ends_in_row)
    order_.emplace(table_.key_size, static_cast<std::size_t>(*table_.period_column));
}

void TableReader::begin_file(const TableFile& file, std::uint16_t file_index,
                             HeadingMatcher::Form form, bool period_tells) {
  file_ = &file;
  file_index_ = file_index;
  form_ = form;
  period_tells_ = period_tells;
  matcher_.emplace(session_, table_, file, form, file.context || period_tells);
  names_seen_ = 0;
  started_ = false;
  stop_ = false;
  file_rows_ = 0;
  if (order_) order_->begin_file();
  backward_rows_ = 0;
  usual_period_ = usual_period();
  sources_.clear();
  taken_.clear();
  keys_.assign(table_.key_size, Source());
  for (Source& key : keys_) key.position = kAbsent;
  if (!file.context) out_.given = true;
  if (file.hours_from_one && (!table_.period_column || table_.period != base::PeriodKind::kHour)) {
    problem(
        "file-without-hours", "",
        fmt::format("table {} has no hours in its key, so its file counts none (take \"hours\" "
                    "out)",
                    table_.name),
        fmt::format("表 {} 的键中没有小时，其文件不存在小时计法（请去掉“hours”）", table_.name));
  }
  if (file.context && !table_.period_column) {
    problem("context-without-period", "",
            fmt::format("table {} has no period, so no row of it lies outside the cycle (name the "
                        "file under \"tables\")",
                        table_.name),
            fmt::format("表 {} 没有时段，其行不存在周期内外之分（请把文件写在“tables”下）",
                        table_.name));
  }
}

bool TableReader::headings(const std::vector<std::string>& names, std::uint32_t line) {
  if (!started_) add_with(line);
  for (; names_seen_ < names.size(); ++names_seen_) {
    const std::string& name = names[names_seen_];
    const Heading found = matcher_->match(name);
    line_ = line;
    if (const auto* refused = std::get_if<HeadingProblem>(&found)) {
      problem(refused->code, name, refused->message.en, refused->message.zh);
      // A key whose heading is wrong is not missing as well.
      const auto column = static_cast<std::size_t>(refused->column);
      if (refused->column >= 0 && column < keys_.size()) keys_[column].position = kRefused;
      continue;
    }
    add_source(std::get<Target>(found), static_cast<std::int32_t>(names_seen_), {}, name, line);
  }
  if (!started_ && form_ == HeadingMatcher::Form::kCsv) {
    if (file_->across.empty()) check_map(line);
    check_keys(line);
  }
  started_ = true;
  return !stop_;
}

void TableReader::add_source(Target target, std::int32_t position, std::string constant,
                             const std::string& heading, std::uint32_t line) {
  if (target.kind == Target::Kind::kIgnored) return;
  const auto [there, is_new] = taken_.try_emplace({target.column, target.companion}, heading);
  if (!is_new) {
    line_ = line;
    const std::string& column = table_.columns[static_cast<std::size_t>(target.column)].name;
    return problem(
        "repeated-column", heading,
        fmt::format("{} is given twice: by \"{}\" and by \"{}\" (keep one)", column, there->second,
                    heading),
        fmt::format("{} 重复出现：“{}”和“{}”（请只保留一列）", column, there->second, heading));
  }
  Source source;
  source.position = position;
  source.constant = std::move(constant);
  source.heading = heading;
  if (target.unit) {
    const exact::Unit& own = table_.columns[static_cast<std::size_t>(target.column)].unit;
    source.unit = session_.unit_index(*target.unit);
    source.factor = target.unit->factor_to(own);
    source.same_unit = source.factor == exact::Number(1);
  }
  const bool is_key = target.kind == Target::Kind::kKey;
  if (!is_key) source.input = input_column(target.column);
  const auto column = static_cast<std::size_t>(target.column);
  source.target = std::move(target);
  if (is_key) {
    keys_[column] = std::move(source);
  } else {
    sources_.push_back(std::move(source));
  }
}

void TableReader::add_with(std::uint32_t line) {
  line_ = line;
  for (const auto& [code, value] : file_->with) {
    const std::optional<std::int32_t> column = matcher_->readable_column(code);
    if (!column) {
      const base::Bilingual near = hint(code, matcher_->known_names());
      problem("unknown-column", code,
              fmt::format("the job's \"with\" names no column of table {} that a file may give{}",
                          table_.name, near.en),
              fmt::format("作业的“with”中没有表 {} 的此输入列{}", table_.name, near.zh));
      continue;
    }
    Target target;
    const bool is_key = table_.columns[static_cast<std::size_t>(*column)].is_key;
    target.kind = is_key ? Target::Kind::kKey : Target::Kind::kInput;
    target.column = *column;
    add_source(std::move(target), kConstant, value, code, line);
  }
}

// A heading that the job announces and the file lacks would otherwise be a column of missing
// values.
void TableReader::check_map(std::uint32_t line) {
  line_ = line;
  for (const auto& [code, heading] : file_->columns) {
    const std::optional<std::int32_t> column = matcher_->readable_column(code);
    if (!column) {
      const base::Bilingual near = hint(code, matcher_->known_names());
      problem(
          "unknown-column", code,
          fmt::format("the job's \"columns\" names no column of table {} that a file may give{}",
                      table_.name, near.en),
          fmt::format("作业的“columns”中没有表 {} 的此输入列{}", table_.name, near.zh));
    } else if (taken_.find({*column, {}}) == taken_.end()) {
      problem(
          "unknown-column", code,
          fmt::format("the job says that its heading is \"{}\", but the file has no such column",
                      heading),
          fmt::format("作业写明其列名为“{}”，但文件中没有这一列", heading));
    }
  }
}

void TableReader::check_keys(std::uint32_t line) {
  line_ = line;
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    const rules::CheckedColumn& key = table_.columns[k];
    if (keys_[k].position != kAbsent || key.type == table::Type::kRow) continue;
    problem(
        "missing-key-column", key.name,
        fmt::format("the file has no column {} (add it, or say {{\"with\": {{\"{}\": \"…\"}}}} in "
                    "the job)",
                    key.name, key.name),
        fmt::format("文件缺少键列 {}（请补上，或在作业中写 {{\"with\": {{\"{}\": \"…\"}}}}）",
                    key.name, key.name));
  }
}

std::int32_t TableReader::input_column(std::int32_t column) {
  const auto same = [&](const InputColumn& one) { return one.column == column; };
  const auto found = std::find_if(out_.columns.begin(), out_.columns.end(), same);
  if (found != out_.columns.end()) return static_cast<std::int32_t>(found - out_.columns.begin());
  InputColumn made;
  made.column = column;
  made.cells = table::Column(table_.columns[static_cast<std::size_t>(column)].type);
  out_.columns.push_back(std::move(made));
  return static_cast<std::int32_t>(out_.columns.size() - 1);
}

std::string_view TableReader::text_of(const Source& source,
                                      const std::vector<std::string_view>& cells) const {
  if (source.position == kConstant) return source.constant;
  const auto position = static_cast<std::size_t>(source.position);
  return source.position >= 0 && position < cells.size() ? cells[position] : std::string_view();
}

bool TableReader::is_missing(std::string_view text) const {
  if (text.empty()) return true;
  const std::vector<std::string>& missing = file_->missing;
  return std::find(missing.begin(), missing.end(), text) != missing.end();
}

// The period that stands in for one that cannot be read: the one in which the cycle ends.
std::int32_t TableReader::usual_period() const {
  if (!table_.period_column) return 0;
  const base::Cycle& cycle = session_.packs.cycle;
  const base::Period day{base::PeriodKind::kHour, cycle.last_day().days() * 24};
  const std::optional<base::Period> period = base::containing(day, table_.period, cycle);
  return period ? period->index : 0;
}

bool TableReader::record(std::uint32_t line, const std::vector<std::string_view>& cells,
                         const CellLines* cell_lines) {
  if (!started_) headings({}, line);
  line_ = line;
  ++records_;
  keep_ = read_key(cells, cell_lines);
  line_ = line;
  if (keep_) append_row();
  if (keep_ && !table_.unique.empty()) check_unique(cells);
  if (keep_ && order_ && !row_is_context_) check_order();
  const RowRules& rules = rules_.at(period_);
  Cell cell;
  for (Source& source : sources_) {
    const std::string_view text = text_of(source, cells);
    if (cell_lines != nullptr && source.position >= 0) {
      line_ = (*cell_lines)[static_cast<std::size_t>(source.position)];
    }
    if (source.target.kind == Target::Kind::kCompanion) {
      if (keep_) append_companion(source, text);
      continue;
    }
    read_cell(source, text, rules.cells[static_cast<std::size_t>(source.target.column)], cell);
    if (keep_) append(source, cell);
  }
  return !stop_;
}

bool TableReader::read_key(const std::vector<std::string_view>& cells, const CellLines* lines) {
  bool ok = true;
  period_ = usual_period_;
  row_is_context_ = file_->context;
  for (std::size_t k = 0; k < keys_.size(); ++k) {
    const Source& source = keys_[k];
    const rules::CheckedColumn& column = table_.columns[k];
    if (column.type == table::Type::kRow) {
      key_ids_[k] = static_cast<std::int32_t>(records_);
      continue;
    }
    if (source.position == kRefused ||
        (source.position == kAbsent && form_ == HeadingMatcher::Form::kCsv)) {
      ok = false;  // told once, at the heading
      continue;
    }
    const std::string_view text = text_of(source, cells);
    if (lines != nullptr && source.position >= 0) {
      line_ = (*lines)[static_cast<std::size_t>(source.position)];
    }
    if (is_missing(text)) {
      problem("empty-key", column.name,
              fmt::format("the key {} is empty (write it in every row)", column.name),
              fmt::format("键 {} 为空（每行都要填写）", column.name));
      ok = false;
    } else if (column.type == table::Type::kPeriod) {
      ok = read_period(source, text, key_ids_[k]) && ok;
    } else {
      key_ids_[k] = intern(k, text);
    }
  }
  return ok && is_new_key();
}

bool TableReader::read_period(const Source& source, std::string_view text, std::int32_t& id) {
  const base::Cycle& cycle = session_.packs.cycle;
  const std::optional<base::Period> period =
      file_->hours_from_one && table_.period == base::PeriodKind::kHour
          ? base::parse_hour_ending(text)
          : base::parse_period(table_.period, text, cycle);
  if (!period) {
    refuse_period(source, text);
    return false;
  }
  const bool in_cycle = rules_.at(period->index).in_cycle;
  if (period_tells_) row_is_context_ = !in_cycle;
  if (in_cycle == row_is_context_) {
    problem(in_cycle ? "period-inside-cycle" : "period-outside-cycle", source.heading,
            in_cycle ? fmt::format("{} lies in the cycle {}–{}, where a context row does not (name "
                                   "the file under \"tables\")",
                                   text, cycle.year_first, cycle.year_last)
                     : fmt::format("{} lies outside the cycle {}–{} (take the row out, or put it "
                                   "into a file of \"context\")",
                                   text, cycle.year_first, cycle.year_last),
            in_cycle
                ? fmt::format("{} 在周期 {}—{} 之内，不能作为背景数据（请把文件写在“tables”下）",
                              text, cycle.year_first, cycle.year_last)
                : fmt::format("{} 不在周期 {}—{} 之内（请删除该行，或放入“context”的文件）", text,
                              cycle.year_first, cycle.year_last));
    return false;
  }
  id = period->index;
  period_ = id;
  return true;
}

void TableReader::refuse_period(const Source& source, std::string_view text) {
  const bool is_hour = table_.period == base::PeriodKind::kHour;
  if (is_hour && file_->hours_from_one) {
    return problem("malformed-period", source.heading,
                   fmt::format("\"{}\" is not an hour of a file whose hours are 1-24 (write "
                               "2022-03-31T01 to 2022-03-31T24)",
                               text),
                   fmt::format("“{}”不是 1—24 时制文件的小时（请写 2022-03-31T01 至 "
                               "2022-03-31T24）",
                               text));
  }
  if (is_hour && base::parse_hour_ending(text)) {
    return problem(
        "malformed-period", source.heading,
        fmt::format("\"{}\": hours are 00 to 23 and named by their beginning (where the "
                    "file counts 1 to 24, say \"hours\": \"1-24\" for it in the job)",
                    text),
        fmt::format("“{}”：小时为 00—23，以起始时刻命名（若该文件按 1—24 计，请在作业中为其"
                    "写明 \"hours\": \"1-24\"）",
                    text));
  }
  const std::string_view kind = base::period_kind_name(table_.period);
  const std::string example(table_.period == base::PeriodKind::kCycle
                                ? std::string_view(session_.packs.cycle.id)
                                : base::period_example(table_.period));
  problem("malformed-period", source.heading,
          fmt::format("\"{}\" is not a {} (write {})", text, kind, example),
          fmt::format("“{}”不是有效的时段（请写 {}）", text, example));
}

bool TableReader::is_new_key() {
  if (table_.ends_in_row) return true;
  for (std::size_t k = 0; k < key_ids_.size(); ++k) {
    const bool is_text = table_.columns[k].type == table::Type::kText;
    folded_ids_[k] = is_text ? session_.folded(key_ids_[k]) : key_ids_[k];
    folds_ = folds_ || folded_ids_[k] != key_ids_[k];
  }
  bool added = false;
  const std::uint32_t other = index_.insert(folded_ids_, &added);
  if (added) return true;
  std::vector<std::int32_t> other_ids;
  for (const table::Column& key : out_.keys) other_ids.push_back(key.id(other));
  const std::uint16_t other_file = out_.file[other];
  const std::uint32_t other_line = out_.line[other];
  const bool same_file = other_file == file_index_;
  const std::string& name = session_.out.files[other_file].name;
  const std::string where_en =
      same_file ? fmt::format("on line {}", other_line) : fmt::format("at {}:{}", name, other_line);
  const std::string where_zh =
      same_file ? fmt::format("第 {} 行", other_line) : fmt::format("{}:{}", name, other_line);
  const std::string mine = key_text(key_ids_);
  if (key_ids_.empty()) {
    problem("duplicate-key", "",
            fmt::format("the table has one row only, and it stands {} (keep one)", where_en),
            fmt::format("该表只有一行，已在{}（请只保留一行）", where_zh));
  } else if (other_ids == key_ids_) {
    problem("duplicate-key", "",
            fmt::format("the key {} stands already {} (keep one of the rows)", mine, where_en),
            fmt::format("键 {} 与{}重复（请只保留一行）", mine, where_zh));
  } else {
    const std::string theirs = key_text(other_ids);
    problem("duplicate-key", "",
            fmt::format("the key {} differs from {} {} only by letter case, width or spaces (write "
                        "one of them)",
                        mine, theirs, where_en),
            fmt::format("键 {} 与{}的 {} 仅有大小写、全半角或空格之别（请统一写法）", mine,
                        where_zh, theirs));
  }
  return false;
}

// A weighing ticket, an invoice: what the table says to be unique stands in one row only.
void TableReader::check_order() {
  if (!order_->goes_back(key_ids_) || ++backward_rows_ > 1) return;
  const auto period = static_cast<std::size_t>(*table_.period_column);
  backward_ =
      base::failure("out-of-order", {session_.out.files[file_index_].name, line_, 0}, "", "");
  backward_->severity = base::Severity::kWarning;
  backward_->table = table_.name;
  backward_->column = table_.columns[period].name;
  backward_->key = key_of_row();
}

void TableReader::tell_of_order() {
  const std::string& hour = backward_->key[static_cast<std::size_t>(*table_.period_column)].second;
  backward_->message = {
      fmt::format("{} stands after a later hour of the same series; rows of this file that go back "
                  "in time: {} (figures do not depend on the order; see whether the file is whole)",
                  hour, backward_rows_),
      fmt::format(
          "{} 位于同一序列更晚的小时之后；本文件中时间倒退的行共 {} 行（计算结果与行序无关，"
          "请核对文件是否完整）",
          hour, backward_rows_)};
  session_.findings.push_back(*std::exchange(backward_, std::nullopt));
}

void TableReader::check_unique(const std::vector<std::string_view>& cells) {
  std::vector<std::int32_t> ids;
  std::string shown;
  for (const std::string& name : table_.unique) {
    const auto column = static_cast<std::size_t>(*table_.column(name));
    std::string text;
    if (column < keys_.size()) {
      text = id_text(column, key_ids_[column]);
    } else {
      for (const Source& source : sources_) {
        if (source.target.kind == Target::Kind::kInput &&
            static_cast<std::size_t>(source.target.column) == column)
          text = text_of(source, cells);
      }
    }
    if (is_missing(text)) return;  // nothing said is nothing said twice
    ids.push_back(session_.folded(intern(column, text)));
    shown += (shown.empty() ? "\"" : ", \"") + text + '"';
  }
  bool added = false;
  const std::uint32_t at = unique_.insert(ids, &added);
  const auto row = static_cast<std::uint32_t>(out_.rows - 1);
  if (added) return unique_row_.push_back(row);
  const std::uint32_t other = unique_row_[at];
  const bool same_file = out_.file[other] == file_index_;
  const std::string where = same_file ? std::to_string(out_.line[other])
                                      : session_.out.files[out_.file[other]].name + ":" +
                                            std::to_string(out_.line[other]);
  problem("repeated-row", table_.unique.back(),
          fmt::format("{} {} stands already {} {} (take one of the rows out)",
                      fmt::join(table_.unique, ", "), shown, same_file ? "on line" : "at", where),
          same_file ? fmt::format("{} {} 与第 {} 行重复（请删去一行）",
                                  fmt::join(table_.unique, "、"), shown, where)
                    : fmt::format("{} {} 与 {} 重复（请删去一行）", fmt::join(table_.unique, "、"),
                                  shown, where));
}

void TableReader::append_row() {
  for (std::size_t k = 0; k < key_ids_.size(); ++k) out_.keys[k].append_id(key_ids_[k]);
  out_.file.push_back(file_index_);
  out_.line.push_back(line_);
  out_.is_context.push_back(row_is_context_ ? 1 : 0);
  ++out_.rows;
  ++file_rows_;
}

void TableReader::end_file() {
  // Where names are announced as they come, only now is it known what never came.
  const bool names_grow = form_ != HeadingMatcher::Form::kCsv || !file_->across.empty();
  if (started_ && names_grow) check_map(line_);
  for (InputColumn& column : out_.columns) {
    pad(column, out_.rows);
    for (auto& [name, ids] : column.companions) ids.resize(out_.rows, -1);
  }
  if (backward_) tell_of_order();
  session_.out.files[file_index_].rows = file_rows_;
  file_ = nullptr;
}

void TableReader::finish() {
  if (table_.ends_in_row || folds_) return;
  out_.index = std::make_shared<const table::KeyIndex>(std::move(index_));
}

void TableReader::pad(InputColumn& column, std::size_t rows) {
  while (column.cells.size() < rows) {
    column.cells.append_state(table::State::kNull);
    if (column.cells.type() != table::Type::kNumber) continue;
    column.places.push_back(0);
    column.written_unit.push_back(0);
  }
}

std::string TableReader::id_text(std::size_t k, std::int32_t id) const {
  switch (table_.columns[k].type) {
    case table::Type::kText:
      return session_.pool.text(id);
    case table::Type::kPeriod:
      return base::period_text({table_.period, id}, session_.packs.cycle);
    default:
      return std::to_string(id);
  }
}

std::string TableReader::key_text(const std::vector<std::int32_t>& ids) const {
  std::string out;
  for (std::size_t k = 0; k < ids.size(); ++k) {
    if (k > 0) out += ", ";
    out += '"' + id_text(k, ids[k]) + '"';
  }
  return out;
}

base::Key TableReader::key_of_row() const {
  base::Key out;
  for (std::size_t k = 0; k < key_ids_.size(); ++k) {
    out.emplace_back(table_.columns[k].name, id_text(k, key_ids_[k]));
  }
  return out;
}

void TableReader::problem(const char* code, const std::string& column, std::string en,
                          std::string zh) {
  const bool more =
      session_.add_problem(file_index_, code, line_, column, std::move(en), std::move(zh));
  if (!more) stop_ = true;
}

}  // namespace qz::read::detail
