// Batch steps: what a batch program is made of. Private to compute/.
//
// A step gives one array: numbers, or truth values as bytes. Its numbers are mantissas; what one of
// them is worth, the step's scale, follows from the inputs' denominators and is known when a plan
// is made. So constants cost nothing: they change scales, until something has to be added, compared
// or rounded.

#ifndef QZ_COMPUTE_DETAIL_BATCH_STEPS_H_
#define QZ_COMPUTE_DETAIL_BATCH_STEPS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "compute/batch_program.h"
#include "exact/lanes.h"
#include "exact/number.h"

namespace qz::compute::detail {

enum class BatchOp : std::uint8_t {
  kInput,     // input `index`
  kOne,       // 1
  kMissing,   // null
  kFactor,    // factor read `index`
  kScale,     // a × number: the same array
  kMultiply,  // a × b
  kAdd,       // a + b
  kRound,     // a, to `places`
  kQuotient,  // a / b, to `places`
  kAbsolute,
  kSmaller,  // of a and b
  kLarger,
  kCoalesce,  // a, else b
  kChoose,    // a where c, else b
  // Truth values:
  kTruth,    // a is not 0
  kCompare,  // a `order` b
  kAnd,
  kOr,
  kEach,  // both, and missing where one is
  kEither,
  kNot,
  kIsNull,
  kIsNotNull,
};

struct BatchStep {
  BatchOp op = BatchOp::kOne;
  std::int32_t a = -1, b = -1, c = -1;
  std::int32_t index = -1;
  exact::Number number;
  std::int32_t places = 0;
  exact::LaneRounding mode = exact::LaneRounding::kHalfEven;
  exact::LaneOrder order = exact::LaneOrder::kEqual;
  bool is_truth = false;
  bool may_fail = false;   // some lane may be an error
  std::int32_t root = -1;  // the step whose array this is: itself but for kScale
  std::int32_t slot = -1;  // of that array, among those of the program
};

// Where a part of the program is looked at: in the lanes where this holds, and its parent.
struct BatchGuard {
  enum class Kind : std::uint8_t { kNull, kTrue, kFalse, kNotFalse, kNotTrue } kind = Kind::kNull;
  std::int32_t parent = -1;
  std::int32_t step = -1;
};

// One field of a factor table by a key: the number for each index.
struct FactorCells {
  std::vector<std::int64_t> mantissas;  // one more than there are indices, 0; then zeros to 256
  std::vector<std::uint8_t> masks;      // of each index, and kMaskError for those beyond
  exact::Number scale = exact::Number(1);
  std::int64_t largest = 0;
};

// A factor table by a key of texts: what finds the index of a row's key. Where the day is that of
// the row's own period, the period is one more part.
struct FactorKey {
  struct Part {
    std::int32_t input = -1;
    // By id of a text or period: its place; -1: no such key, no such period in the cycle.
    std::vector<std::int32_t> places;
    std::int32_t count = 0;  // of different texts; of times in which other rows hold
  };
  std::int32_t factor = -1;
  base::Date day;
  std::vector<Part> parts;
  // One part: the index is the text's id, and every table is as long as the largest id.
  std::size_t size = 0;                          // indices are below it
  std::vector<std::vector<std::uint32_t>> rows;  // of the factor table, by index; empty: none
  bool direct() const { return parts.size() == 1; }
};

struct FactorRead {
  std::int32_t key = -1;    // in BatchSteps::keys
  std::int32_t field = -1;  // of the factor table
  FactorCells cells;
  std::set<std::int32_t> guards;  // where it is looked at, any of these; -1: everywhere
};

// What an input must be like in every row.
struct InputDemand {
  bool present = false;
  std::optional<exact::Number> least, most;
};

struct BatchSteps {
  std::vector<BatchStep> steps;  // operands before those that use them
  std::vector<BatchGuard> guards;
  std::vector<FactorKey> keys;
  std::vector<FactorRead> reads;
  std::vector<std::int32_t> inputs;  // columns of the table
  std::vector<UpRead> ups;
  std::vector<InputDemand> demands;  // by input
  std::vector<std::int32_t> outputs;
  std::vector<std::uint8_t> may_miss;  // by output: rows may be null; else that refuses a batch
  std::vector<std::int32_t> sound;  // steps that must not fail in any row
  std::vector<std::int32_t> holds;  // truth values; rows where one is not there and true are told
  std::size_t slots = 0;
};

// The steps for `wanted`; empty where something is beyond them.
std::optional<BatchSteps> compile_batch(const Data& data, std::int32_t table, std::int32_t edition,
                                        const BatchWanted& wanted);

// The input that brings each row's period, of this kind.
struct PeriodInput {
  std::int32_t input = -1;
  base::PeriodKind kind = base::PeriodKind::kYear;
};

// The key of texts that `inputs` bring, for a factor table read at `day`, or on the last day of the
// row's period; empty where it needs more than a table of numbers: keys of other types, `*`, too
// many combinations.
std::optional<FactorKey> factor_key(const Data& data, std::int32_t factor,
                                    const std::vector<std::int32_t>& inputs, base::Date day,
                                    const std::optional<PeriodInput>& period);
// Its field; empty where a value is no int64 over the field's denominator.
std::optional<FactorCells> factor_cells(const Data& data, const FactorKey& key, std::int32_t field);

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_BATCH_STEPS_H_
