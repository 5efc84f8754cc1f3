// Recalculation: a finished job computed again under other numbers, many times, side by side.
//
// A variation gives other numbers to cells, constants or factor cells. Only what they can reach is
// computed; everything else is read from the finished results. Variations lie beside each other in
// blocks, threads take chunks of them in turn, and outcomes come in the order of the variations:
// the same cells for any number of threads and any size of block, in memory that does not grow with
// the number of variations.
//
// Numbers alone: another text, key, date, link or edition means other rows, and is a new run. So is
// a change that reaches a link column, a text that is joined, or rows that passed by.

#ifndef QZ_COMPUTE_RECALCULATION_H_
#define QZ_COMPUTE_RECALCULATION_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "compute/results.h"
#include "exact/number.h"
#include "plan/program.h"
#include "rules/typed.h"
#include "table/column.h"
#include "table/state.h"

namespace qz::compute {

// One number that variations may change.
struct Target {
  enum class Kind : std::uint8_t { kCell, kConstant, kFactor } kind = Kind::kCell;
  // kCell: a cell of an input column, in the column's unit. Where the column has a formula too, the
  // cell becomes an input. A cell that its row's own edition does not take as an input stays as it
  // is; a number out of the edition's range is the error out-of-range, as it is in a file.
  plan::ColumnRef column;
  std::uint32_t row = 0;  // of the results' table; kFactor: of the factor table
  // kConstant: a number among the constants and parameters of an edition, in the unit it is
  // declared in.
  std::int32_t edition = -1;  // in CheckedPacks::editions
  std::string name;
  // kFactor: a number field of a factor table, in the field's unit.
  std::int32_t factor = -1;  // in CheckedPacks::factors
  std::int32_t field = -1;
  // Targets of one kind, column, constant or field with one group are expected to change together:
  // for a variation that edits none of them, what only they reach is not computed.
  std::int32_t group = 0;

  static Target cell(plan::ColumnRef column, std::uint32_t row);
  static Target constant(std::int32_t edition, std::string name);
  static Target factor_cell(std::int32_t factor, std::int32_t field, std::uint32_t row);
};

struct Edit {
  std::uint32_t target = 0;  // index in the list of targets
  exact::Number value;
  table::State state = table::State::kValue;  // or kNull: the cell is emptied (not of constants)
};

// What differs from the base. No target twice. Empty: the base itself.
struct Variation {
  std::vector<Edit> edits;
};

// What is to be known of each variation: cells of a column, or of a formula over rows of a table.
struct Wanted {
  plan::ColumnRef column;  // of a formula: its table alone counts
  std::vector<std::uint32_t> rows;
  const rules::Typed* formula = nullptr;  // must outlive the recalculation
  std::int32_t edition = -1;              // whose constants a formula names; -1: none that vary
};

// The wanted cells of one variation. Lives during the call that it is given to.
class Outcome {
 public:
  // `at`: index in the rows of that wanted.
  table::State state(std::size_t wanted, std::size_t at) const;
  exact::Number number(std::size_t wanted, std::size_t at) const;  // precondition: kValue
  std::int32_t id(std::size_t wanted, std::size_t at) const;       // precondition: kValue
  // All cells of one wanted, side by side with those of other variations: cell i of this one is at
  // first(wanted) + i.
  const table::Column& cells(std::size_t wanted) const { return (*cells_)[wanted]; }
  std::size_t first(std::size_t wanted) const;

 private:
  friend class Recalculation;
  const std::vector<table::Column>* cells_ = nullptr;
  const std::vector<Wanted>* wanted_ = nullptr;
  std::size_t variation_ = 0;  // among those side by side
};

struct RecalculationOptions {
  std::size_t block = 0;    // variations side by side; 0: as many as suit the cone
  bool one_by_one = false;  // every formula by the general evaluator, for tests
};

class Recalculation {
 public:
  // `base`: finished results of `program`; they must outlive it. A failure says why these targets
  // are beyond it: then the job is to be run anew for each variation.
  static base::Result<Recalculation> make(const plan::Program& program, const Results& base,
                                          std::vector<Target> targets, std::vector<Wanted> wanted,
                                          const RecalculationOptions& options = {});
  ~Recalculation();
  Recalculation(Recalculation&&) noexcept;
  Recalculation& operator=(Recalculation&&) noexcept;

  // Fills the variation, which is empty; false: there are no more. Never called by two threads at
  // once, and in no thread in particular.
  using Source = std::function<bool(Variation&)>;
  // Gets each outcome with its variation's number, counted from 0, in that order; never two at
  // once.
  using Sink = std::function<void(std::uint64_t, const Outcome&)>;
  void run(const Source& source, const Sink& sink, int threads) const;

  // By row of that wanted: not 0 where some variation might change the cell.
  std::vector<std::uint8_t> reached(std::size_t wanted) const;

 private:
  struct State;
  explicit Recalculation(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_RECALCULATION_H_
