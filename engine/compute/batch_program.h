// BatchProgram: the columns of one table that rows compute from themselves, compiled once into a
// list of register operations and run over a batch of rows as plain arrays.
//
// The representation is chosen for each batch by proof, from the batch's largest values: integers
// held in doubles (below 2^53, vectors with FMA), int64, int128. What no proof covers, and every
// row that is out of the ordinary (a missing operand, an absent factor, a division by zero), is not
// for this program: run() says so, nothing is given, and the general evaluator does the batch.

#ifndef QZ_COMPUTE_BATCH_PROGRAM_H_
#define QZ_COMPUTE_BATCH_PROGRAM_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "compute/formula.h"
#include "table/column.h"

namespace qz::compute {

namespace detail {
struct BatchSteps;
}

// One input of a batch as an array. Numbers: value = mantissa / 10^places (or / denominator).
struct BatchInput {
  std::span<const std::int64_t> wide;    // one of these four is set
  std::span<const std::int32_t> narrow;  // mantissas that fit, or ids
  std::span<const std::uint16_t> small;  // mantissas or ids from 0 to 2^16 - 1
  std::span<const std::uint8_t> tiny;    // ids below 256
  std::int64_t denominator = 1;
  std::int64_t largest = 0;  // of |mantissa| in this batch
  // What whoever holds the batch knows of it already; nothing has to be said here.
  std::int64_t least = std::numeric_limits<std::int64_t>::min();  // no mantissa is below it
  std::span<const std::int32_t> distinct;                         // the ids that occur, each once
  // 1: null, and then the mantissa is 0; 0: a value. Empty: every row has a value. A cell in any
  // other state is none of a batch's.
  std::span<const std::uint8_t> missing;
};

// One computed column: value = mantissa / denominator for every row.
struct BatchOutput {
  std::vector<std::int64_t> mantissas;
  std::vector<std::uint8_t>
      missing;  // of a share: 1 where it is null, and 0 counts; empty: nowhere
  std::int64_t denominator = 1;
  std::int64_t largest = 0;  // no |mantissa| is above it
};

// An input that stands for a cell of the one row of another table that the row settles.
struct UpRead {
  std::int32_t table = -1;
  std::int32_t column = -1;
};

// A part of a formula that rows of the table answer by themselves: theirs is `frame`.
struct RowFormula {
  const rules::Typed* formula = nullptr;
  rules::NodeId node = -1;
  std::int32_t frame = 0;
};

// What each row adds to an aggregate. Rows where `where` is false, and rows to which the column
// that `value` reads does not apply, give 0. A missing cell anywhere else is out of the ordinary.
struct RowShare {
  enum class Kind : std::uint8_t {
    kOne,      // 1
    kValue,    // `value`; dates and periods as their ids
    kProduct,  // value × weight
    kWeight,   // `weight`
    kTrue,     // 1 where `value` is true, else 0
    kFalse,    // the other way round
  } kind = Kind::kOne;
  std::optional<RowFormula> where, value, weight;
};

// What a program is to give, and what it has to look at beside it.
struct BatchWanted {
  std::vector<std::int32_t> columns;  // outputs
  std::vector<RowShare> shares;       // outputs after those
  std::vector<std::int32_t> sound;    // columns that have an error in no row
  std::vector<const rules::CheckedCheck*>
      checks;  // of the program's edition, looked at in every row
};

class BatchProgram {
 public:
  // What one thread keeps from batch to batch: the registers, the plan for the last denominators.
  class Scratch {
   public:
    ~Scratch();

   private:
    friend class BatchProgram;
    class Work;
    explicit Scratch(std::unique_ptr<Work> work);
    std::unique_ptr<Work> work_;
  };

  // Compiles the columns `wanted` of `table` (and what they need) by the rules of `edition`, in the
  // program's order. Reads of rows above or of other tables are inputs of the batch like columns.
  // Empty where a formula is beyond it (a text, a list, a function that is not arithmetic).
  static std::optional<BatchProgram> compile(const Data& data, std::int32_t table,
                                             std::int32_t edition,
                                             const std::vector<std::int32_t>& wanted);
  static std::optional<BatchProgram> compile(const Data& data, std::int32_t table,
                                             std::int32_t edition, const BatchWanted& wanted);
  // A program of steps that somebody else made.
  explicit BatchProgram(detail::BatchSteps steps);
  ~BatchProgram();
  BatchProgram(BatchProgram&&) noexcept;
  BatchProgram& operator=(BatchProgram&&) noexcept;

  // The columns of the table that a batch must bring, in this order: those that formulas read, and
  // those whose cells must be there or within limits. A batch that fails such a check is refused.
  const std::vector<std::int32_t>& inputs() const;
  // What a batch must bring after them.
  const std::vector<UpRead>& ups() const;
  std::unique_ptr<Scratch> scratch() const;
  // One output for each column and share that is wanted. False: nothing is given, the general
  // evaluator does the batch.
  bool run(std::size_t rows, std::span<const BatchInput> inputs, Rung rung, Scratch& scratch,
           std::vector<BatchOutput>& out) const;
  // By row of the last batch: a check may have something to say. Empty: none has.
  const std::vector<std::uint8_t>& told(const Scratch& scratch) const;
  // The factor rows that the batches of `scratch` used (of those for which run() was true), sorted.
  std::vector<UsedFactor> used_factors(const Scratch& scratch) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_BATCH_PROGRAM_H_
