// Evaluator: many variants of a base job, each a list of changes, and what comes of them.
//
// Variants come from a source and their outcomes go to a sink in the same order, so that memory
// does not grow with their number. All values are exact, and the same for any number of threads.
// Where variants change numbers alone, only what they reach is computed; other variants are whole
// jobs of their own.

#ifndef QZ_WHATIF_EVALUATOR_H_
#define QZ_WHATIF_EVALUATOR_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/finding.h"
#include "base/period.h"
#include "exact/number.h"
#include "table/column.h"
#include "table/state.h"
#include "whatif/base_job.h"
#include "whatif/change.h"

namespace qz::whatif {

// One value of a variant: a number, or an id as table::Column holds it, or none, with its state.
struct Value {
  table::State state = table::State::kNull;
  exact::Number number;
  std::int32_t id = 0;
  bool has_value() const { return state == table::State::kValue; }
  bool operator==(const Value&) const = default;
};

// A reported cell: of the base's results, or (table −1) Evaluator::foreign(row): a cell of rows or
// columns that only variants have.
struct CellRef {
  std::int32_t table = 0;
  std::int32_t column = 0;
  std::uint32_t row = 0;
  auto operator<=>(const CellRef&) const = default;
};

// A reported cell whose value is not that of the base.
struct Moved {
  CellRef cell;
  Value value;
};

// What came of one variant; lives during the call that it is given to.
struct Outcome {
  std::uint64_t index = 0;         // of the variant, from 0
  std::span<const Value> targets;  // of the base job, in their order
  std::span<const Moved> moved;    // by cell; empty unless they are watched
};

// Puts the changes of the next variant into `changes` (which is empty); false where there is none.
// Never called by two threads at once.
using VariantSource = std::function<bool(Changes& changes)>;
using OutcomeSink = std::function<void(const Outcome& outcome)>;

// A cell that the base has not.
struct ForeignCell {
  std::string table;
  base::Key key;
  std::string column;
  table::Type type = table::Type::kNumber;
  base::PeriodKind period = base::PeriodKind::kYear;  // of a period
  std::string unit;                                   // of a number
};

struct EvaluatorOptions {
  int threads = 1;
  bool watch_reported = false;  // Outcome::moved is wanted
  bool one_by_one = false;      // every variant as a whole job, for tests
};

class Evaluator {
 public:
  // Variants may change what `selections` select, and nothing else. `base` must outlive it.
  Evaluator(const BaseJob& base, std::vector<SelectionPtr> selections,
            const EvaluatorOptions& options);
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  // Empty, or why a variant cannot be had (a pinned edition that refuses the job); `sink` got all
  // before it.
  std::optional<base::Finding> run(const VariantSource& source, const OutcomeSink& sink);

  std::vector<Value> base_targets() const;
  Value base_value(const CellRef& cell) const;  // kNotApplicable for a foreign cell
  const ForeignCell& foreign(std::uint32_t row) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace qz::whatif

#endif  // QZ_WHATIF_EVALUATOR_H_
