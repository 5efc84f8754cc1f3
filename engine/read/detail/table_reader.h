// TableReader: the rows of one table, gathered from all its files.
//
// Invariants: (1) a row is added only if its whole key is read and new, and then in every column;
// (2) a cell with a problem is read as missing, so that one bad cell never hides the next; (3) the
// columns of the InputTable are filled up to the row count at the end of each file.

#ifndef QZ_READ_DETAIL_TABLE_READER_H_
#define QZ_READ_DETAIL_TABLE_READER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "read/detail/headings.h"
#include "read/detail/row_rules.h"
#include "read/detail/session.h"
#include "read/detail/time_order.h"
#include "table/key_index.h"

namespace qz::read::detail {

// The lines of single cells, where a record was put together from several (`across`).
using CellLines = std::vector<std::uint32_t>;

class TableReader {
 public:
  // A heading's target and where its cells are: a position in the record, or the job's `with`.
  struct Source {
    Target target;
    std::int32_t position = -1;  // -1: `constant`
    std::string constant;
    std::string heading;      // as written, for messages
    std::int32_t input = -1;  // index in InputTable::columns
    std::uint16_t unit = 0;   // of target.unit
    exact::Number factor = exact::Number(1);
    bool same_unit = true;
  };

  TableReader(Session& session, std::int32_t table);

  // `file` must live until end_file(). With `period_tells` rows outside the cycle become context.
  void begin_file(const TableFile& file, std::uint16_t file_index, HeadingMatcher::Form form,
                  bool period_tells = false);
  // The names so far: may be called again with more of them. False to stop reading.
  bool headings(const std::vector<std::string>& names, std::uint32_t line);
  // One record; cells are those of the headings. False to stop reading.
  bool record(std::uint32_t line, const std::vector<std::string_view>& cells,
              const CellLines* cell_lines = nullptr);
  void end_file();
  // After the last file.
  void finish();
  // Between begin_file() and end_file().
  const HeadingMatcher& matcher() const { return *matcher_; }
  // By key column, and of inputs and companions: after headings().
  const std::vector<Source>& key_sources() const { return keys_; }
  const std::vector<Source>& sources() const { return sources_; }
  const rules::CheckedTable& table() const { return table_; }

 private:
  // What a cell says.
  struct Cell {
    table::State state = table::State::kNull;
    bool is_scaled = false;
    std::int64_t mantissa = 0;
    exact::Number number;
    std::int32_t id = 0;
    std::uint8_t places = 0;
    std::uint16_t unit = 0;
  };

  void add_source(Target target, std::int32_t position, std::string constant,
                  const std::string& heading, std::uint32_t line);
  void add_with(std::uint32_t line);
  void check_map(std::uint32_t line);
  void check_keys(std::uint32_t line);
  std::int32_t input_column(std::int32_t column);

  std::string_view text_of(const Source& source, const std::vector<std::string_view>& cells) const;
  bool is_missing(std::string_view text) const;
  bool read_key(const std::vector<std::string_view>& cells, const CellLines* lines);
  bool read_period(const Source& source, std::string_view text, std::int32_t& id);
  void refuse_period(const Source& source, std::string_view text);
  bool is_new_key();
  void check_unique(const std::vector<std::string_view>& cells);
  void check_order();
  void tell_of_order();
  void append_row();
  std::int32_t usual_period() const;
  void read_cell(const Source& source, std::string_view text, const CellRule& rule, Cell& cell);
  void read_number(const Source& source, std::string_view text, const CellRule& rule, Cell& cell);
  void read_text(const Source& source, std::string_view text, const CellRule& rule, Cell& cell);
  void read_date(const Source& source, std::string_view text, Cell& cell);
  void read_bool(const Source& source, std::string_view text, Cell& cell);
  void read_value_period(const Source& source, std::string_view text, Cell& cell);
  void append(Source& source, const Cell& cell);
  void append_companion(Source& source, std::string_view text);
  void pad(InputColumn& column, std::size_t rows);
  std::int32_t intern(std::size_t memo, std::string_view text);

  void problem(const char* code, const std::string& column, std::string en, std::string zh);
  void finding(const char* code, const Source& source, base::Bilingual message);
  base::Key key_of_row() const;
  std::string key_text(const std::vector<std::int32_t>& ids) const;
  std::string id_text(std::size_t k, std::int32_t id) const;

  Session& session_;
  const rules::CheckedTable& table_;
  InputTable& out_;
  RowRulesCache rules_;

  const TableFile* file_ = nullptr;
  std::uint16_t file_index_ = 0;
  bool period_tells_ = false;
  std::optional<HeadingMatcher> matcher_;
  HeadingMatcher::Form form_ = HeadingMatcher::Form::kCsv;
  std::size_t names_seen_ = 0;
  bool started_ = false;         // headings() was called for this file
  std::vector<Source> keys_;     // by key column; position -2 where there is none
  std::vector<Source> sources_;  // of inputs and companions
  std::map<std::pair<std::int32_t, std::string_view>, std::string> taken_;  // -> heading

  table::KeyIndex index_;                  // of folded keys; its rows are those of out_
  table::KeyIndex unique_;                 // of the folded texts of the table's `unique`
  std::vector<std::uint32_t> unique_row_;  // of out_, by row of unique_
  bool folds_ = false;                     // some key is not its own folded key
  std::optional<TimeOrder> order_;         // of a table by hours
  std::optional<base::Finding> backward_;  // about the file's first row that goes back in time
  std::size_t backward_rows_ = 0;
  std::vector<std::int32_t> key_ids_;  // of this row
  std::vector<std::int32_t> folded_ids_;
  std::vector<std::int32_t> last_text_;  // text id of the last cell, by column
  std::uint32_t line_ = 0;
  std::uint32_t records_ = 0;  // of the table so far
  std::size_t file_rows_ = 0;
  bool keep_ = false;  // this row's key is good
  bool row_is_context_ = false;
  std::int32_t usual_period_ = 0;  // for rows whose own cannot be read
  std::int32_t period_ = 0;        // index of this row's period
  bool stop_ = false;
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_TABLE_READER_H_
