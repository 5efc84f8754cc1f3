// BatchPlan: what all workers of a batch reader share: the files with the fields of their rows, the
// pieces, the rules of rows, and the one pool of texts.
//
// Workers come here for what they see for the first time; everything is worked out under one lock
// and then kept by the worker.

#ifndef QZ_READ_DETAIL_BATCH_PLAN_H_
#define QZ_READ_DETAIL_BATCH_PLAN_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "read/batches.h"
#include "read/detail/row_rules.h"
#include "read/detail/session.h"
#include "read/detail/table_reader.h"
#include "table/key_index.h"

namespace qz::read::detail {

// One column as a file gives it.
struct BatchField {
  enum class Kind : std::uint8_t { kNumber, kId, kPeriod, kKeyPresent };
  Kind kind = Kind::kId;
  std::int32_t column = -1;
  std::int32_t position = -1;  // of the cell in the record; -1: `constant` in every row
  std::string constant;
  bool is_key = false;
  bool is_needed = false;  // somebody reads the values
  bool own_unit = false;   // the heading has a unit; otherwise the rule's holds
  bool same_unit = true;
  exact::Number factor = exact::Number(1);
};

struct BatchFile {
  TableFile file;
  std::string_view text;           // UTF-8 without a mark
  std::size_t width = 0;           // cells of a record
  std::uint32_t first_line = 1;    // of the first piece, from 1
  std::vector<BatchField> fields;  // the period first
  bool number_is_missing = false;  // a text that means "missing" looks like a number
};

// Something worth saying; line and record count within the piece.
struct BatchNote {
  std::uint32_t line = 0;
  std::uint32_t record = 0;
  base::Finding finding;
};

struct BatchPiece {
  std::size_t file = 0;
  std::size_t begin = 0;  // in BatchFile::text
  std::size_t end = 0;
  // What its worker found.
  std::uint32_t lines = 0;
  std::uint32_t records = 0;
  std::vector<BatchNote> notes;
  // Sums over the pieces before it: of its file, and of all files.
  std::uint32_t lines_before = 0;
  std::uint32_t records_before = 0;
};

// Values of the register columns that one worker saw. One column: by id; several: as keys.
struct RegisterValues {
  explicit RegisterValues(std::size_t width) : tuples(width) {}
  std::vector<bool> ids;
  table::KeyIndex tuples;
};

class BatchPlan {
 public:
  BatchPlan(std::int32_t table, const std::vector<bool>& wanted, const rules::CheckedPacks& packs,
            const exact::UnitCatalogue& units, table::TextPool& pool, const BatchOptions& options);

  // False: the general reader must read the files.
  bool add_files(const std::vector<TableFile>& files);

  const rules::CheckedTable& checked() const { return table_; }
  const BatchOptions& options() const { return options_; }
  const base::Cycle& cycle() const { return packs_.cycle; }
  const std::vector<BatchFile>& files() const { return files_; }
  std::vector<BatchPiece>& pieces() { return pieces_; }
  const std::vector<BatchPiece>& pieces() const { return pieces_; }
  bool is_wanted(std::size_t column) const { return wanted_[column]; }
  bool is_present(std::size_t column) const { return present_[column]; }
  // Columns whose values a register may be asked for.
  const std::vector<std::int32_t>& register_columns() const { return register_columns_; }

  // The rules of the rows of a period (any where the table has none); the same number for periods
  // whose rules are the same. Null: outside the cycle.
  struct Rules {
    std::size_t number = 0;
    const RowRules* rules = nullptr;
  };
  Rules rules_at(std::int32_t period);
  std::int32_t intern(std::string_view text);
  std::int32_t choice(const rules::ColumnDefinition& definition, std::string_view text);

  // A worker's own place for the values of register columns that it sees.
  RegisterValues& new_values();
  // After all pieces: all of them, tuple after tuple; -1 where there is no value.
  std::vector<std::int32_t> register_tuples() const;

  std::atomic<bool> declined = false;

 private:
  bool add_file(const TableFile& file);
  void add_fields(const TableReader& reader, BatchFile& to);
  void add_pieces(std::size_t file, std::size_t begin);
  void find_register_columns();
  void add_register_columns(const std::string& name, int depth);

  BatchOptions options_;
  const rules::CheckedPacks& packs_;
  const rules::CheckedTable& table_;
  std::int32_t table_index_;
  std::vector<bool> wanted_;
  std::vector<bool> present_;
  std::vector<std::int32_t> register_columns_;
  std::vector<BatchFile> files_;
  std::vector<BatchPiece> pieces_;

  std::mutex lock_;  // of all that follows
  table::TextPool& pool_;
  base::Findings no_findings_;
  Session session_;
  RowRulesCache rules_;
  std::vector<const RowRules*> distinct_;
  std::vector<std::unique_ptr<RegisterValues>> values_;
};

}  // namespace qz::read::detail

#endif  // QZ_READ_DETAIL_BATCH_PLAN_H_
