// FactorTable: one version of a factor table, and the row that holds for a key on a day.
//
// Every row has a source and a status. A lookup gives the row (or, between neighbours of a "linear"
// key, several rows with weights that sum to 1), never a guess: what does not fit is missing or out
// of range.

#ifndef QZ_FACTOR_FACTOR_TABLE_H_
#define QZ_FACTOR_FACTOR_TABLE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/date.h"
#include "base/period.h"
#include "base/place.h"
#include "exact/number.h"
#include "exact/unit.h"
#include "table/column.h"

namespace qz::factor {

enum class Match : std::uint8_t { kExact, kFrom, kUpTo, kLinear };
enum class Status : std::uint8_t { kVerified, kSecondary, kRecalled, kDraft };
std::string_view status_name(Status status);

struct Field {
  std::string name;
  table::Type type = table::Type::kText;              // kNumber, kText, kBool, kDate or kPeriod
  base::PeriodKind period = base::PeriodKind::kYear;  // of a kPeriod key
  std::string unit_text;                              // of a number, as written
  exact::Unit unit;
  Match match = Match::kExact;  // of a number key
  bool is_key = false;          // an argument of the lookup (never valid_from, valid_to)
  base::Bilingual label;
};

// A key argument. The reader of a period key must pass a Period of the field's kind.
using KeyValue = std::variant<std::string_view, exact::Number, base::Period, base::Date, bool>;

struct WeightedRow {
  std::uint32_t row = 0;
  exact::Number weight = exact::Number(1);
};

struct Found {
  // kValue: `rows` holds one row, or neighbours with weights. kMissingFactor: no row for the key on
  // that day. kOutOfRange: a number key beyond the ends.
  table::State state = table::State::kMissingFactor;
  std::vector<WeightedRow> rows;
};

class FactorTable {
 public:
  std::string id;
  std::string version;
  base::Bilingual title;
  std::string file;                     // the CSV, for messages
  std::string sha256;                   // of the CSV and its datapackage.json, see library.h
  std::vector<Field> fields;            // in the order of the schema
  std::vector<std::size_t> key_fields;  // indices of the arguments, in key order
  bool dated = false;                   // has valid_from or valid_to

  std::string name() const { return id + "@" + version; }
  std::optional<std::size_t> field(std::string_view name) const;
  std::vector<std::string> value_field_names() const;  // every field that is no key and no validity

  std::size_t row_count() const { return lines_.size(); }
  Found find(const std::vector<KeyValue>& key, base::Date day) const;

  // Another value in place of one that is there. Precondition: a number that is no key and no
  // validity, with a value.
  void replace_number(std::size_t row, std::size_t field, const exact::Number& value);

  // One cell. Number cells in the field's unit.
  table::State state(std::size_t row, std::size_t field) const;
  exact::Number number(std::size_t row, std::size_t field) const;  // kNumber
  const std::string& text(std::size_t row,
                          std::size_t field) const;  // kText; also others as written
  std::int32_t id_value(std::size_t row,
                        std::size_t field) const;  // kDate days, kBool, kPeriod index
  // The cell as the file has it ("0.5703"), for people.
  const std::string& written(std::size_t row, std::size_t field) const;

  Status status(std::size_t row) const { return statuses_[row]; }
  const std::string& source(std::size_t row) const { return sources_[row]; }
  std::uint32_t line(std::size_t row) const { return lines_[row]; }
  std::optional<base::Date> valid_from(std::size_t row) const;
  std::optional<base::Date> valid_to(std::size_t row) const;
  // "size=small" or "region=national, valid_from=2022-01-01": the row for people.
  std::string row_name(std::size_t row) const;

 private:
  friend class FactorTableBuilder;  // factor_table_reader.cc
  struct Cell {
    table::State state = table::State::kNull;
    exact::Number number;
    std::int32_t id = 0;
    std::string written;
  };
  // The rows that share their text, period, date and bool keys, by those keys in one string. Each
  // list is sorted by the number keys and then by valid_from, so that every step is a binary
  // search.
  using RowList = std::vector<std::uint32_t>;
  struct Pattern {
    std::uint64_t stars = 0;  // bit i: text key i of the rows is "*"
    std::unordered_map<std::string, RowList> groups;
  };
  struct Search;  // lookup.cc

  const Cell& key_cell(std::uint32_t row, std::size_t key) const {
    return cells_[row][key_fields[key]];
  }
  // What a row must have to be found: its exact keys with those of `stars` left open.
  std::string row_group(std::uint32_t row, std::uint64_t stars) const;
  std::string asked_group(const std::vector<KeyValue>& key, std::uint64_t stars) const;
  void build_index();  // after the last row
  bool holds(std::uint32_t row, base::Date day) const;

  std::vector<std::vector<Cell>> cells_;  // [row][field]
  std::vector<std::string> sources_;
  std::vector<Status> statuses_;
  std::vector<std::uint32_t> lines_;
  std::vector<std::pair<std::optional<base::Date>, std::optional<base::Date>>> validity_;
  std::vector<Pattern> patterns_;         // those with the fewest stars first
  std::vector<std::size_t> number_keys_;  // positions in key_fields
};

}  // namespace qz::factor

#endif  // QZ_FACTOR_FACTOR_TABLE_H_
