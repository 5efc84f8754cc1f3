// List folds: what an aggregate makes of one list of cells, by rule-language §7 and §8.
//
// A list is a stretch of places in a column. Each fold gives one cell; the states of the list (an
// error, a missing value) have been looked at before, by state_of_list().

#ifndef QZ_COMPUTE_LIST_FOLDS_H_
#define QZ_COMPUTE_LIST_FOLDS_H_

#include <cstddef>
#include <utility>

#include "table/column.h"

namespace qz::compute {

// What one lane's list comes to before its values are looked at.
struct Listed {
  std::size_t begin = 0;  // its places, after the filter
  std::size_t end = 0;
  table::State state = table::State::kValue;  // error or null of the filter, or of a missing link
};

// Of last(n, …), n > 0: only the last n places, and a list with fewer is missing.
void take_last(std::int64_t n, Listed& list);

// The state that a list is in: the first error in the order of rows (of a row's value before its
// weight), else null if anything is missing.
table::State state_of_list(const table::Column& values, const table::Column* weights,
                           const Listed& list);

// Each sets cell `lane` of `out`; a sum or mean that is too long gives kNumberTooLong.
void set_count(const Listed& list, std::size_t lane, table::Column& out);
void set_sum(const table::Column& values, const Listed& list, std::size_t lane, table::Column& out);
void set_mean(const table::Column& values, const table::Column* weights, const Listed& list,
              std::size_t lane, table::Column& out);
void set_extreme(const table::Column& values, bool smallest, const Listed& list, std::size_t lane,
                 table::Column& out);
// any: true if one is; all: false if one is. What is missing counts as in `or` and `and`; the list
// may hold null and errors.
void set_logic(const table::Column& values, bool any, const Listed& list, std::size_t lane,
               table::Column& out);
// Linear between ranks, at 1 + (n − 1) × share. Null of an empty list, kOutOfRange where the share
// is not from 0 to 1.
void set_percentile(const table::Column& values, const exact::Number& share, const Listed& list,
                    std::size_t lane, table::Column& out);
// One more than the values greater than cell `lane` of `own`.
void set_rank(const table::Column& values, const table::Column& own, const Listed& list,
              std::size_t lane, table::Column& out);
// The value where `by` is largest. If two places share that, kNotUnique, and both are returned.
std::pair<std::size_t, std::size_t> set_latest(const table::Column& values, const table::Column& by,
                                               const Listed& list, std::size_t lane,
                                               table::Column& out);

}  // namespace qz::compute

#endif  // QZ_COMPUTE_LIST_FOLDS_H_
