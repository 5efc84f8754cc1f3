// Results: every table of a job with all its rows and computed columns, in key order.

#ifndef QZ_COMPUTE_RESULTS_H_
#define QZ_COMPUTE_RESULTS_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "compute/rung.h"
#include "compute/stream_totals.h"
#include "plan/program.h"
#include "read/input_tables.h"
#include "rules/checked_packs.h"
#include "table/column.h"
#include "table/key_index.h"
#include "table/text_pool.h"

namespace qz::compute {

using table::kNoRow;
// Rows that rules may add to those of the files. `every` hour of many years or a `cross` of large
// tables could ask for more than any machine holds.
inline constexpr std::size_t kAddedRowsMax = 20'000'000;
inline constexpr std::uint8_t kCaseInput = 255;  // the cell is the input (or the input won)
inline constexpr std::uint8_t kCaseNone = 254;  // no case held, not applicable, missing, no edition

// One table after the rows that were called for are added, sorted by key (texts by UTF-8 bytes,
// periods in time order). Column i is CheckedTable::columns[i].
struct TableRows {
  std::size_t rows = 0;
  std::vector<table::Column> columns;
  // Of columns with a formula: which case gave each cell; kCaseInput, kCaseNone. Empty otherwise.
  std::vector<std::vector<std::uint8_t>> cases;
  std::vector<std::uint32_t> input_row;  // row of the InputTable, kNoRow for an added row
  std::vector<std::uint8_t> is_context;
  // edition[pack_index][row]: index in CheckedPacks::editions, -1 if none. Empty for packs that
  // give this table no column.
  std::vector<std::vector<std::int32_t>> edition;
};

// A row of a factor table that some formula used.
using UsedFactor = std::pair<std::int32_t, std::uint32_t>;  // factor table index, row

// Where an error arose (not where it was carried on to).
struct ErrorOrigin {
  std::int32_t table = 0;
  std::int32_t column = 0;
  std::uint32_t row = 0;
  table::State state = table::State::kDivisionByZero;
  std::string detail_en;  // "no row of cn.x@1 for kind = \"x\" on 2022-03-31"
  std::string detail_zh;
};

struct Results {
  std::shared_ptr<const rules::CheckedPacks> packs;
  std::shared_ptr<table::TextPool> pool;
  read::InputTables inputs;       // without keys and cells, once `tables` have them
  std::vector<TableRows> tables;  // one for each CheckedPacks::tables entry
  // Why nothing was computed: rules that call for more rows than kAddedRowsMax. Empty otherwise.
  std::optional<base::Finding> refusal;
  // Of tables whose rows passed by (see stream.h); of their rows, `tables` has those to speak of.
  std::shared_ptr<const StreamTotals> totals;
  std::vector<std::int32_t> subjects;  // text ids: who has rows that nobody kept
  std::set<UsedFactor> used_factors;
  Rung rung = Rung::kAuto;          // of every formula over these tables
  std::vector<ErrorOrigin> errors;  // by table, row, column

  // The key of a row as names and texts, in key order.
  base::Key key(std::int32_t table, std::uint32_t row) const;
  // A cell of a key or other id column as text ("2022-03", "true", a date, a text).
  std::string id_text(std::int32_t table, std::int32_t column, std::uint32_t row) const;
  // File name and line of an input row; an empty place for an added row.
  base::Place place(std::int32_t table, std::uint32_t row) const;
};

struct Streamed;

struct Progress {
  // Called now and then with a fraction of 1000; may be empty. Never from two threads at once.
  std::function<void(int)> report;
};

// Changes input cells of rows that are made and not yet looked at; may be empty. Called once for
// each time that rows are made.
using AdjustRows = std::function<void(std::vector<TableRows>& tables)>;

// Adds the rows that are called for, runs the program, and gives `findings` what arises while doing
// so: missing-row, missing-value (an empty required cell), out-of-range, errors where they arise,
// no-edition, recalled factors. Same results for any number of threads. `streamed`: what
// pass_streams() made of tables whose rows are not in `inputs`. `adjust`: what a scenario does to
// cells before their ranges are checked.
Results run(const plan::Program& program, read::InputTables inputs,
            std::shared_ptr<table::TextPool> pool, int threads, base::Findings& findings,
            const Progress& progress = {}, const Streamed* streamed = nullptr,
            Rung rung = Rung::kAuto, const AdjustRows& adjust = {});

}  // namespace qz::compute

#endif  // QZ_COMPUTE_RESULTS_H_
