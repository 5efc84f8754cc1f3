// BatchWorker: pieces to stretches, stretches to runs of rows under one rule. The cells are read in
// batch_cells.cc.

#include "read/detail/batch_worker.h"

#include <algorithm>
#include <cstring>

#include "text/encoding.h"

namespace qz::read::detail {
namespace {

constexpr std::size_t kPad = 64;  // bytes around a stretch that the fast loops may look at
constexpr std::size_t kNoFile = ~std::size_t{0};

}  // namespace

// Hands the records of the strict reader on, as rows of their own.
class BatchWorker::StretchSink : public text::RecordSink {
 public:
  StretchSink(BatchWorker& worker, const Take& take) : worker_(worker), take_(take) {}

  bool headings(const std::vector<std::string>&, std::uint32_t) override { return true; }
  bool record(const text::Record& record) override {
    const std::string& skip = worker_.file_->file.skip;
    if (!skip.empty() && record.cells.front().find(skip) != std::string_view::npos) return true;
    return worker_.add_record(record, take_);
  }
  void problem(base::Finding) override {}

 private:
  BatchWorker& worker_;
  const Take& take_;
};

BatchWorker::BatchWorker(BatchPlan& plan)
    : plan_(plan),
      file_index_(kNoFile),
      values_(plan.new_values()),
      tuple_(plan.register_columns().size()) {
  const std::vector<rules::CheckedColumn>& columns = plan.checked().columns;
  for (const rules::CheckedColumn& column : columns) {
    batch_.columns.emplace_back(column.type);
    unkept_.emplace_back(column.type);
  }
  batch_.largest.resize(columns.size());
  batch_.lines.resize(kBatchRows);
}

bool BatchWorker::start_file(std::size_t file) {
  if (file == file_index_) return true;
  file_index_ = file;
  file_ = &plan_.files()[file];
  fillings_.clear();
  for (const BatchField& field : file_->fields) {
    const auto column = static_cast<std::size_t>(field.column);
    Filling filling;
    filling.field = &field;
    filling.cells = plan_.is_wanted(column) ? &batch_.columns[column] : &unkept_[column];
    fillings_.push_back(std::move(filling));
  }
  asked_.clear();
  for (const std::int32_t column : plan_.register_columns()) {
    const auto same = [&](const Filling& one) { return one.field->column == column; };
    const auto found = std::find_if(fillings_.begin(), fillings_.end(), same);
    asked_.push_back(found == fillings_.end() ? nullptr : &*found);
  }
  if (plan_.checked().period_column) return true;
  usual_ = plan_.rules_at(0);
  return usual_.rules != nullptr;
}

// Makes room for a batch of rows.
void BatchWorker::open() {
  batch_.rows = 0;
  for (Filling& filling : fillings_) {
    if (filling.cells->type() == table::Type::kNumber) {
      filling.mantissas = filling.cells->open_scaled(kBatchRows);
      filling.places = -1;
      filling.largest = 0;
      filling.factor = nullptr;
      filling.is_slow = false;
    } else {
      filling.ids = filling.cells->open_ids(kBatchRows);
    }
    filling.states = filling.cells->open_states();
  }
}

void BatchWorker::flush(const Take& take) {
  const std::size_t rows = batch_.rows;
  if (rows == 0) return;
  for (Filling& filling : fillings_) {
    const auto column = static_cast<std::size_t>(filling.field->column);
    if (filling.cells->type() == table::Type::kNumber) {
      if (filling.is_slow) {
        find_largest(filling);
      } else {
        close_number(filling, rows);
      }
      batch_.largest[column] = filling.largest;
    } else {
      filling.cells->close(rows);
    }
  }
  // What another file has and this one lacks is missing here.
  for (std::size_t c = 0; c < batch_.columns.size(); ++c) {
    const bool is_here = std::any_of(
        file_->fields.begin(), file_->fields.end(),
        [&](const BatchField& field) { return static_cast<std::size_t>(field.column) == c; });
    if (is_here || !plan_.is_wanted(c) || !plan_.is_present(c)) continue;
    if (batch_.columns[c].size() == rows) continue;
    batch_.columns[c] = table::Column(plan_.checked().columns[c].type, rows, table::State::kNull);
  }
  batch_.lines.resize(rows);
  take(batch_);
  batch_.lines.resize(kBatchRows);
  batch_.first += rows;
  open();
}

bool BatchWorker::read(std::size_t piece, const Take& take) {
  piece_ = &plan_.pieces()[piece];
  if (!start_file(piece_->file)) return false;
  batch_.piece = piece;
  batch_.first = 0;
  line_ = 0;
  open();
  for (std::size_t at = piece_->begin; at < piece_->end;) {
    if (plan_.declined.load(std::memory_order_relaxed)) return false;
    std::size_t next = at;
    if (!read_stretch(at, piece_->end, take, next)) return false;
    at = next;
  }
  flush(take);
  piece_->lines = line_;
  piece_->records = static_cast<std::uint32_t>(batch_.first);
  return true;
}

// True if the lines that the index has whole are ones that the fast loops know.
bool BatchWorker::is_regular(std::string_view text) {
  const std::size_t width = file_->width;
  const std::size_t cells = index_.lines * width;
  if (!index_.is_plain() || index_.lines == 0 || cells > index_.count) return false;
  for (std::size_t i = width; i <= cells; i += width) {
    if (text[index_.ends[i]] != '\n') return false;
  }
  if (index_.beyond_ascii) {
    const std::string_view whole = text.substr(0, index_.ends[cells] + std::size_t{1});
    if (!text::is_utf8(whole)) return false;
    // The characters that are no text have these first bytes, and hardly anything else has.
    if (whole.find('\xC2') != std::string_view::npos ||
        whole.find("\xEF\xBF") != std::string_view::npos) {
      return false;
    }
  }
  if (file_->file.skip.empty()) return true;
  for (std::size_t i = 0; i < cells; i += width) {
    const std::uint32_t begin = index_.ends[i] + 1;
    const std::string_view first = text.substr(begin, index_.ends[i + 1] - begin);
    if (first.find(file_->file.skip) != std::string_view::npos) return false;
  }
  return true;
}

bool BatchWorker::read_stretch(std::size_t at, std::size_t end, const Take& take,
                               std::size_t& next) {
  std::size_t size = std::min(plan_.options().stretch_bytes, end - at);
  const std::string_view all = file_->text;
  // A return at the cut belongs to the line feed behind it.
  if (at + size < end && size > 1 && all[at + size - 1] == '\r') --size;
  std::string_view text = all.substr(at, size);
  index_csv(text, plan_.options().scan, index_);
  if (!is_regular(text)) return read_strictly(at, end, at + size, take, next);
  if (at < kPad || all.size() - (at + size) < kPad) {
    padded_.assign(size + 2 * kPad, ' ');
    std::memcpy(padded_.data() + kPad, text.data(), size);
    text = std::string_view(padded_).substr(kPad, size);
  }
  Rows rows;
  rows.text = text.data();
  rows.ends = index_.ends.data();
  rows.width = file_->width;
  rows.has_return = index_.has_return;
  for (std::size_t from = 0; from < index_.lines;) {
    const std::size_t count = std::min(index_.lines - from, kBatchRows - batch_.rows);
    if (!add_rows(rows, from, count, line_)) return false;
    from += count;
    if (batch_.rows == kBatchRows) flush(take);
  }
  line_ += static_cast<std::uint32_t>(index_.lines);
  next = at + index_.ends[index_.lines * file_->width] + 1;
  return true;
}

bool BatchWorker::read_strictly(std::size_t at, std::size_t end, std::size_t stop, const Take& take,
                                std::size_t& next) {
  StretchSink sink(*this, take);
  const std::string_view text = file_->text.substr(at, end - at);
  const text::CsvStretch read = text::read_csv_stretch(text, file_->width, stop - at, sink);
  if (!read.good || !text::is_utf8(text.substr(0, read.bytes))) return false;
  line_ += read.lines;
  next = at + read.bytes;
  return true;
}

bool BatchWorker::add_record(const text::Record& record, const Take& take) {
  Rows rows;
  rows.record = &record.cells;
  if (!add_rows(rows, 0, 1, line_ + record.line)) return false;
  if (batch_.rows == kBatchRows) flush(take);
  return true;
}

const BatchPlan::Rules& BatchWorker::rules_of(std::int32_t period) {
  const auto [found, is_new] = rules_.try_emplace(period);
  if (is_new) {
    found->second = plan_.rules_at(period);
    if (usual_.rules == nullptr) usual_ = found->second;
    if (found->second.rules != usual_.rules) rules_differ_ = true;
  }
  return found->second;
}

// `count` rows of the stretch, whose row 0 stands on `line`, become the batch's next rows.
bool BatchWorker::add_rows(const Rows& rows, std::size_t from, std::size_t count,
                           std::uint32_t line) {
  const std::size_t first = batch_.rows;
  Run run{&rows, from, count, first, line};
  std::size_t first_field = 0;
  const bool has_period =
      !fillings_.empty() && fillings_.front().field->kind == BatchField::Kind::kPeriod;
  if (has_period) {
    if (!put_periods(fillings_.front(), run)) return false;
    first_field = 1;
  }
  if (!has_period || !rules_differ_) {
    if (!put_fields(run, usual_, first_field)) return false;
  } else {
    const std::int32_t* periods = fillings_.front().ids + first;
    for (std::size_t i = 0; i < count;) {
      const BatchPlan::Rules& rules = rules_of(periods[i]);
      std::size_t j = i + 1;
      while (j < count && (periods[j] == periods[i] || rules_of(periods[j]).rules == rules.rules)) {
        ++j;
      }
      const Run part{&rows, from + i, j - i, first + i, line};
      if (!put_fields(part, rules, first_field)) return false;
      i = j;
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    batch_.lines[first + i] = line + static_cast<std::uint32_t>(from + i);
  }
  if (!tuple_.empty()) add_tuples(first, count);
  batch_.rows += count;
  return true;
}

bool BatchWorker::put_fields(const Run& run, const BatchPlan::Rules& rules,
                             std::size_t first_field) {
  for (std::size_t f = first_field; f < fillings_.size(); ++f) {
    if (!put_run(fillings_[f], run, rules)) return false;
  }
  return true;
}

void BatchWorker::add_tuples(std::size_t first, std::size_t count) {
  if (tuple_.size() == 1) {
    const Filling* const only = asked_.front();
    for (std::size_t row = first; only != nullptr && row < first + count; ++row) {
      if (only->states[row] != table::State::kValue) continue;
      const auto id = static_cast<std::size_t>(only->ids[row]);
      if (id >= values_.ids.size()) values_.ids.resize(id + id / 2 + 64);
      values_.ids[id] = true;
    }
    return;
  }
  for (std::size_t row = first; row < first + count; ++row) {
    for (std::size_t k = 0; k < tuple_.size(); ++k) {
      const Filling* const one = asked_[k];
      const bool has_value = one != nullptr && one->states[row] == table::State::kValue;
      tuple_[k] = has_value ? one->ids[row] : -1;
    }
    if (tuple_ == last_tuple_) continue;
    last_tuple_ = tuple_;
    values_.tuples.insert(tuple_);
  }
}

}  // namespace qz::read::detail
