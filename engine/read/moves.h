// Moves: the rows of the job's registry files (moves.csv), read and not yet posted.
//
// What has no sense as a cell (a number that is none, a date in another form) is a problem of the
// file, as in any table. What has sense as a cell but breaks a rule of an instrument is settle's to
// refuse, one move at a time.

#ifndef QZ_READ_MOVES_H_
#define QZ_READ_MOVES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/finding.h"
#include "exact/number.h"
#include "exact/unit.h"
#include "rules/checked_packs.h"
#include "table/column.h"
#include "table/text_pool.h"

namespace qz::read {

struct MovesFile {
  std::string name;   // as the job writes it
  base::Bytes bytes;  // raw
};

// A number as written: mantissa × 10^-places where it is short, otherwise a Number kept apart.
struct MoveNumber {
  static constexpr std::int8_t kEmpty = -1;
  static constexpr std::int8_t kLong = -2;
  std::int64_t mantissa = 0;    // kLong: index in Moves::long_numbers
  std::int8_t places = kEmpty;  // digits after the point; at most 18
};

// A column that some kind of move declares.
struct MoveColumn {
  std::int32_t column = -1;  // index in the table flow
  table::Column cells;       // by row; numbers in the column's unit, texts as ids of the job's pool
  std::vector<std::uint8_t> places;
};

struct Move {
  std::int32_t date = 0;     // days; kNoDate where the cell is empty
  std::int32_t seconds = 0;  // of the day, where a time follows the date
  std::int64_t seq = kNoSeq;
  std::uint32_t id_begin = 0;   // in Moves::ids
  std::uint32_t ref_begin = 0;  // in Moves::refs
  std::uint16_t id_size = 0;
  std::uint16_t ref_size = 0;
  std::int32_t kind = -1;  // indices in Moves::words; -1: empty
  std::int32_t instrument = -1;
  std::int32_t lot = -1;
  std::int32_t from = -1;
  std::int32_t to = -1;
  std::uint32_t line = 0;
  std::uint16_t file = 0;  // index in Moves::files
  MoveNumber quantity, price;

  static constexpr std::int32_t kNoDate = INT32_MIN;
  static constexpr std::int64_t kNoSeq = INT64_MIN;
};

struct Moves {
  struct File {
    std::string name;
    std::size_t rows = 0;
    std::optional<exact::Unit> quantity_unit;  // that the heading names
    std::optional<exact::Unit> price_unit;
  };

  std::vector<File> files;
  std::vector<Move> rows;  // in the order of the files
  std::vector<std::string> words;
  std::string ids, refs;  // texts one after the other
  std::vector<exact::Number> long_numbers;
  std::vector<std::uint8_t> long_places;  // of long_numbers
  std::vector<MoveColumn> columns;

  std::string_view id(const Move& move) const {
    return std::string_view(ids).substr(move.id_begin, move.id_size);
  }
  std::string_view ref(const Move& move) const {
    return std::string_view(refs).substr(move.ref_begin, move.ref_size);
  }
  std::string_view word(std::int32_t index) const {
    return index < 0 ? std::string_view()
                     : std::string_view(words[static_cast<std::size_t>(index)]);
  }
};

// Reads every file. Problems of form go to `problems`, in the order of files and lines, at most
// 1000 for each file, and mean that the job is refused. The columns that kinds declare are those of
// the table flow; without instruments every file is a problem.
Moves read_moves(const std::vector<MovesFile>& files, const rules::CheckedPacks& packs,
                 const exact::UnitCatalogue& units, table::TextPool& pool,
                 base::Findings& problems);

}  // namespace qz::read

#endif  // QZ_READ_MOVES_H_
