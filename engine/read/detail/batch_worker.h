// BatchWorker: one thread's reading of pieces: stretches of some kilobytes are indexed, then each
// column is read down the stretch, so that what is known of a column stays in registers.
//
// Invariants: (1) a stretch goes the fast way only if every line of it has its cells and no quote,
// no control character and no malformed UTF-8; anything else goes record by record through the
// strict CSV reader; (2) a cell that the fast loops do not know goes through put_text(), which
// reads it as the general reader does; (3) whatever the general reader would refuse makes the piece
// decline.

#ifndef QZ_READ_DETAIL_BATCH_WORKER_H_
#define QZ_READ_DETAIL_BATCH_WORKER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "read/batches.h"
#include "read/detail/batch_plan.h"
#include "read/detail/text_ids.h"
#include "text/csv_index.h"
#include "text/records.h"

namespace qz::read::detail {

class BatchWorker : public BatchReader::Worker {
 public:
  explicit BatchWorker(BatchPlan& plan);

  using Take = std::function<void(const Batch&)>;
  // False: the general reader must read the files.
  bool read(std::size_t piece, const Take& take);

 private:
  class StretchSink;

  // Where the rows of a stretch have their cells: in an indexed text, or one record of views.
  struct Rows {
    const char* text = nullptr;
    const std::uint32_t* ends = nullptr;  // of the first row, as in CsvIndex
    std::size_t width = 0;
    bool has_return = false;
    const std::vector<std::string_view>* record = nullptr;  // then this is the one row

    std::string_view cell(std::size_t row, std::size_t position) const;
  };

  // Rows of one rule: `first` is the batch's row of the first, `from` the stretch's.
  struct Run {
    const Rows* rows = nullptr;
    std::size_t from = 0;
    std::size_t count = 0;
    std::size_t first = 0;
    std::uint32_t line = 0;  // of row 0 of the stretch
  };

  // A field of the file, while its column is filled.
  struct Filling {
    const BatchField* field = nullptr;
    table::Column* cells = nullptr;
    table::State* states = nullptr;
    std::int32_t* ids = nullptr;
    std::vector<TextIds> known;  // by number of the rules where choices depend on them
    std::int64_t* mantissas = nullptr;
    std::int32_t places = -1;  // of the batch so far; -1: no value yet
    std::int64_t largest = 0;
    const exact::Number* factor = nullptr;  // null: 1
    bool is_slow = false;  // the column is appended to, cell by cell, up to the batch's end
  };

  bool start_file(std::size_t file);
  void open();
  void flush(const Take& take);
  void close_number(Filling& filling, std::size_t rows);
  static void find_largest(Filling& filling);
  bool read_stretch(std::size_t at, std::size_t end, const Take& take, std::size_t& next);
  bool is_regular(std::string_view text);
  bool read_strictly(std::size_t at, std::size_t end, std::size_t stop, const Take& take,
                     std::size_t& next);
  bool add_rows(const Rows& rows, std::size_t from, std::size_t count, std::uint32_t line);
  bool add_record(const text::Record& record, const Take& take);

  bool put_fields(const Run& run, const BatchPlan::Rules& rules, std::size_t first_field);
  bool put_run(Filling& filling, const Run& run, const BatchPlan::Rules& rules);
  bool put_periods(Filling& filling, const Run& run);
  bool put_ids(Filling& filling, TextIds& known, const Run& run, const CellRule& rule);
  bool put_numbers(Filling& filling, const Run& run, const CellRule& rule);
  bool all_present(const BatchField& field, const Run& run) const;
  bool put_number(Filling& filling, std::string_view cell, const Run& run, std::size_t i,
                  const CellRule& rule, std::int32_t allowed);
  bool put_quick(Filling& filling, std::size_t row, std::int64_t mantissa, std::int32_t places);
  bool put_texts(Filling& filling, const Run& run, const CellRule& rule, std::size_t number);
  bool put_number_text(Filling& filling, std::string_view text, const Run& run, std::size_t i,
                       const CellRule& rule);
  std::int32_t id_of(Filling& filling, TextIds& known, std::string_view text, const CellRule& rule);
  std::int32_t new_id(const BatchField& field, std::string_view text, const CellRule& rule);
  void go_slow(Filling& filling, std::size_t rows);
  bool is_missing(std::string_view text) const;
  void note(const char* code, base::Bilingual message, const BatchField& field, const Run& run,
            std::size_t i);
  base::Key key_of(const Run& run, std::size_t i) const;
  void add_tuples(std::size_t first, std::size_t count);
  const BatchPlan::Rules& rules_of(std::int32_t period);

  BatchPlan& plan_;
  std::size_t file_index_;
  const BatchFile* file_ = nullptr;
  BatchPiece* piece_ = nullptr;
  std::vector<Filling> fillings_;                             // by field of the file
  std::unordered_map<std::int32_t, BatchPlan::Rules> rules_;  // by period
  bool rules_differ_ = false;
  BatchPlan::Rules usual_;

  Batch batch_;
  std::vector<table::Column> unkept_;  // by column: what is read and forgotten
  text::CsvIndex index_;
  std::string padded_;
  std::uint32_t line_ = 0;  // of the next record, within the piece

  std::vector<const Filling*> asked_;  // by register column; null where the file has none
  RegisterValues& values_;
  std::vector<std::int32_t> tuple_, last_tuple_;
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_BATCH_WORKER_H_
