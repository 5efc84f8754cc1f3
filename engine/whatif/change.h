// Change: what a scenario does, resolved against a base job: which cells, factor rows or constants
// it touches, and what happens to their values.

#ifndef QZ_WHATIF_CHANGE_H_
#define QZ_WHATIF_CHANGE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/place.h"
#include "exact/number.h"
#include "exact/unit.h"
#include "table/column.h"
#include "whatif/scenarios_file.h"

namespace qz::whatif {

enum class Touched : std::uint8_t { kCells, kFactor, kConstant, kParameter, kEdition };

// What `set` and `where` select of the base job. Shared by all variants that change it.
struct Selection {
  Touched kind = Touched::kCells;
  std::string name;                    // as written: "fuel_month.FC"; of an edition "id@version"
  std::int32_t table = -1;             // kCells: in CheckedPacks::tables
  std::int32_t column = -1;            // kCells
  std::int32_t factor = -1;            // kFactor: in CheckedPacks::factors
  std::size_t field = 0;               // kFactor
  std::vector<std::uint32_t> rows;     // kCells: of the base's results; kFactor: of the table
  std::vector<std::int32_t> editions;  // kConstant, kParameter: in CheckedPacks::editions
  std::string pack;                    // kConstant, kParameter: id
  std::string constant;                // kConstant, kParameter: its name
  table::Type type = table::Type::kNumber;
  exact::Unit unit;  // of numbers: what amounts are converted to
  base::Place place;

  // How many cells, rows, editions of a constant it touches.
  std::size_t size() const;
};
using SelectionPtr = std::shared_ptr<const Selection>;

// One step on the current value of everything that a selection touches. Changes of a variant apply
// one after another; what is selected never depends on them.
struct Change {
  SelectionPtr selection;
  Action action = Action::kTimes;
  exact::Number amount;  // in selection->unit; of kTimes plain
  std::int32_t id = 0;   // kTo of what is no number: text id, 0 or 1, days
  std::string text;      // the same as written; of a text parameter its choice
};
using Changes = std::vector<Change>;

// A number after one change. Exact.
exact::Number applied(const Change& change, const exact::Number& before);

}  // namespace qz::whatif

#endif  // QZ_WHATIF_CHANGE_H_
