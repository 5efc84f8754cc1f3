// Stream quick: batches in which nothing is out of the ordinary, as plain arrays.

#ifndef QZ_COMPUTE_STREAM_QUICK_H_
#define QZ_COMPUTE_STREAM_QUICK_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "compute/batch_extremes.h"
#include "compute/batch_program.h"
#include "compute/batch_sums.h"
#include "compute/stream_folds.h"
#include "compute/stream_groups.h"
#include "plan/streams.h"
#include "read/batches.h"

namespace qz::compute {

// The columns of a batch as arrays; empty where nobody reads it. One that no file has is missing in
// every row. `space` keeps what the batch has not. False: some number in it has no mantissa.
struct MissingCells {
  std::vector<std::int32_t> zeros;
  std::vector<std::uint8_t> ones;
};
bool batch_inputs(const read::Batch& batch, const plan::Stream& stream, std::size_t key_size,
                  MissingCells& space, std::vector<BatchInput>& out);
// The smallest and the largest id of a column with rows.
std::pair<std::int32_t, std::int32_t> least_and_most(std::span<const std::int32_t> ids);

// The groupings of a stream: those of its folds, and those that tell who calls and who is there.
struct StreamShape {
  std::vector<plan::Grouping> groupings;
  std::vector<std::size_t> grouping_of_fold;
};

// A batch as arrays. `columns`: by column of the table; empty ones are not there.
struct QuickBatch {
  std::size_t rows = 0;
  std::int32_t first_period = 0, last_period = 0;  // of all rows; of a table without periods: 0
  std::span<const BatchInput> columns;
};

// One thread's. Every fold is sums, counts and extremes of what a program gives for each row; a
// stream with anything else (a text that is the largest) is not for it.
class StreamQuick {
 public:
  StreamQuick(const Data& data, const plan::Stream& stream, const StreamShape& shape);

  // Computes the batch and adds it to its groups. False: nothing was added, the general way is to
  // do it.
  bool take(const read::Batch& batch, std::vector<StreamGroups>& groups);
  // The same in two steps. After compute() gave true: once add() for each grouping that is asked
  // for; `groups`: by row, below `count`.
  bool compute(const QuickBatch& batch);
  // By row of the last batch that was computed: a check may have something to say. Empty: none has.
  std::span<const std::uint8_t> told() const { return told_; }
  bool asks_for(std::size_t grouping) const {
    const Sums& of = sums_[grouping];
    return of.counts || !of.shares.empty() || !of.extremes.empty();
  }
  void add(std::size_t grouping, std::span<const std::int32_t> groups, std::size_t count);
  void add(std::size_t grouping, std::span<const std::uint16_t> groups, std::size_t count);
  // Adds what another took, whose groups have the same numbers. Precondition: both are quick.
  void merge(const StreamQuick& other);
  bool is_quick() const { return quick_; }

  // Adds what `fold` has in each group of its grouping to the groups of `into`, which are there.
  void pour(std::size_t fold, StreamFold& into) const;
  // The fold's cells by group, if these are all rows.
  table::Column cells(std::size_t fold, std::size_t groups) const;
  std::set<UsedFactor> used_factors() const;

 private:
  // A program of one edition, and where its arrays are.
  struct Edition {
    std::optional<BatchProgram> program;
    std::unique_ptr<BatchProgram::Scratch> scratch;
  };
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  // The extreme of one share, in the rows where another is not 0 (kNone: in all).
  struct Extreme {
    std::size_t value = kNone, counted = kNone;
    GroupExtremes best{false};
  };
  // What is kept by group of one grouping.
  struct Sums {
    std::vector<std::size_t> shares;  // that are summed, side by side
    GroupSums sums{0};
    std::vector<Extreme> extremes;
    bool counts = false;  // rows, whatever is in them
    std::vector<std::int64_t> rows;
    // By share, then by group: it is missing in some row. Empty: in none.
    std::map<std::size_t, std::vector<std::uint8_t>> gaps;
  };
  // Where a fold has its parts in its grouping.
  struct Place {
    std::size_t sum = kNone;     // in Sums::sums: of values, of rows that count or decide
    std::size_t second = kNone;  // of a mean: the weights, or the number of rows
    std::size_t extreme = kNone;
  };

  template <class Group>
  void add_to(Sums& to, std::span<const Group> groups, std::size_t count);
  template <class Group>
  void note_gaps(Sums& to, std::size_t share, std::span<const Group> groups) const;
  static void pour_gaps(const Sums& of, std::size_t share, StreamFold& into);
  static void pour_best(const GroupExtremes& best, table::Type type, StreamFold& into);
  bool can_be_quick() const;
  static bool is_for_rows(const plan::StreamedFold& fold);
  Place place_of(const plan::StreamedFold& fold, Sums& sums);
  std::size_t share(const plan::StreamedFold& fold, RowShare::Kind kind, std::size_t value);
  std::size_t summed(Sums& sums, std::size_t share);
  std::optional<std::int32_t> edition_of(const QuickBatch& batch);
  Edition& edition(std::int32_t index);
  bool set_inputs(const QuickBatch& batch, const std::vector<std::int32_t>& columns);
  exact::Number total(std::size_t fold, std::size_t place, std::size_t group) const;

  const Data& data_;
  const plan::Stream& stream_;
  const StreamShape& shape_;
  bool quick_ = false;
  std::int32_t pack_ = -1;
  std::map<std::int32_t, Edition> editions_;
  BatchWanted wanted_;                      // its checks are those of all editions
  std::vector<BatchOutput> outputs_;        // by share, of the batch at hand
  std::vector<const BatchOutput*> picked_;  // those of one grouping, for a moment
  std::vector<BatchInput> columns_;         // of a batch that was read
  MissingCells missing_;
  std::span<const std::uint8_t> told_;
  std::vector<BatchInput> inputs_;
  std::vector<Sums> sums_;     // by grouping
  std::vector<Place> places_;  // by fold
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STREAM_QUICK_H_
