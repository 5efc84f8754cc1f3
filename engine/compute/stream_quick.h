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

#include "compute/batch_program.h"
#include "compute/batch_sums.h"
#include "compute/stream_groups.h"
#include "plan/streams.h"
#include "read/batches.h"

namespace qz::compute {

// The columns of a batch as arrays; empty where there is none. False: some number in it has no
// mantissa.
bool batch_inputs(const read::Batch& batch, std::vector<BatchInput>& out);
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

// One thread's. Sums of whole columns and counts of rows; a stream with anything else is not for
// it.
class StreamQuick {
 public:
  StreamQuick(const Data& data, const plan::Stream& stream, const StreamShape& shape);

  // Computes the batch and adds it to its groups. False: nothing was added, the general way is to
  // do it.
  bool take(const read::Batch& batch, std::vector<StreamGroups>& groups);
  // The same in two steps. After compute() gave true: once add() for each grouping that is asked
  // for; `groups`: by row, below `count`.
  bool compute(const QuickBatch& batch);
  bool asks_for(std::size_t grouping) const {
    return sums_[grouping].counts || !sums_[grouping].sources.empty();
  }
  void add(std::size_t grouping, std::span<const std::int32_t> groups, std::size_t count);
  void add(std::size_t grouping, std::span<const std::uint16_t> groups, std::size_t count);
  // Adds what another took, whose groups have the same numbers. Precondition: both are quick.
  void merge(const StreamQuick& other);
  bool is_quick() const { return quick_; }

  // What `fold` has in `group` of its grouping.
  exact::Number sum(std::size_t fold, std::size_t group) const;
  std::int64_t count(std::size_t fold, std::size_t group) const;
  // The same for `groups` groups at once.
  table::Column cells(std::size_t fold, std::size_t groups) const;
  std::set<UsedFactor> used_factors() const;

 private:
  // A program of one edition, and where its arrays are.
  struct Edition {
    std::optional<BatchProgram> program;
    std::unique_ptr<BatchProgram::Scratch> scratch;
  };
  // Sums over one grouping: which columns, and of which fold each is.
  struct Sums {
    std::vector<std::size_t> sources;  // index in outputs_
    GroupSums sums{0};
    bool counts = false;
    std::vector<std::int64_t> rows;
  };

  template <class Group>
  void add_to(Sums& to, std::span<const Group> groups, std::size_t count);
  bool can_be_quick() const;
  std::size_t source(std::int32_t column);
  std::optional<std::int32_t> edition_of(const QuickBatch& batch);
  Edition& edition(std::int32_t index);
  bool set_inputs(const QuickBatch& batch, const std::vector<std::int32_t>& columns);
  bool set_given(const QuickBatch& batch);

  const Data& data_;
  const plan::Stream& stream_;
  const StreamShape& shape_;
  bool quick_ = false;
  std::int32_t pack_ = -1;
  std::map<std::int32_t, Edition> editions_;
  std::vector<std::int32_t> given_;    // inputs that are summed as they stand
  std::vector<BatchOutput> outputs_;   // of the stream's columns, then of given_
  std::vector<BatchOutput> computed_;  // what a program gave last
  std::vector<BatchOutput> picked_;    // those of one grouping, for a moment
  std::vector<BatchInput> columns_;    // of a batch that was read
  std::vector<BatchInput> inputs_;
  std::vector<Sums> sums_;                  // by grouping
  std::vector<std::size_t> place_of_fold_;  // in Sums::sources
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STREAM_QUICK_H_
