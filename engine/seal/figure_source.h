// Figure source: the reported cells of a row as figures, from the columns they stand in.

#ifndef QZ_SEAL_FIGURE_SOURCE_H_
#define QZ_SEAL_FIGURE_SOURCE_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "compute/results.h"
#include "seal/figures.h"
#include "seal/scaled_text.h"

namespace qz::seal {

// Makes figures that say the same as from_results.h's entry_of(). One for each thread; it owns the
// frames, so figures that it made must not outlive it.
class FigureSource {
 public:
  explicit FigureSource(const compute::Results& results) : results_(results) {}
  FigureSource(const FigureSource&) = delete;
  FigureSource& operator=(const FigureSource&) = delete;

  // Appends the row's figures: reported columns whose cell is applicable, in the table's order.
  void add_row(std::size_t table, std::uint32_t row, Figures& out);

 private:
  // Cells of a column that share a frame.
  struct Variant {
    std::int32_t edition = -1;
    std::uint32_t written_unit = 0;  // kNoUnit unless the cell is an input
    std::uint8_t how = 0;            // the case
    table::State state = table::State::kNull;
    bool reported = false;
    const Frame* frame = nullptr;
    // Tried once each; by places as written for inputs, else one.
    std::vector<std::optional<std::optional<ScaledText>>> digits;
  };
  struct OneColumn {
    std::int32_t column = 0;
    const table::Column* cells = nullptr;
    const std::vector<std::uint8_t>* cases = nullptr;
    const std::vector<std::int32_t>* editions = nullptr;  // nullptr: none for any row
    const read::InputColumn* input = nullptr;
    std::deque<Variant> variants;
    Variant* last = nullptr;
  };
  // Ids that are no texts, written out before.
  struct KnownIds {
    struct Slot {
      std::int32_t id = 0;
      std::string text;
      bool known = false;
    };
    std::array<Slot, 256> slots;
  };
  struct OneTable {
    bool ready = false;
    KeyNames key;
    std::vector<std::int32_t> key_columns;
    std::vector<OneColumn> columns;  // those that report
    std::vector<KnownIds> ids;       // by column; empty until needed
  };

  OneTable& table_of(std::size_t table);
  Variant& variant_of(std::size_t table, OneColumn& of, std::uint32_t row);
  void append_value(std::size_t table, OneTable& in, OneColumn& of, Variant& variant,
                    std::uint32_t row, std::string& out);
  void append_id(std::size_t table, OneTable& in, std::int32_t column, std::uint32_t row,
                 std::string& out);
  std::optional<ScaledText> digits_of(std::size_t table, const OneColumn& of,
                                      const Variant& variant, std::uint32_t row) const;

  const compute::Results& results_;
  std::deque<OneTable> tables_;
  std::deque<Frame> frames_;  // stable addresses
};

}  // namespace qz::seal

#endif  // QZ_SEAL_FIGURE_SOURCE_H_
