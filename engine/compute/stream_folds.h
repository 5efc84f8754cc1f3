// Stream folds: one aggregate by group, row after row in any order; the parts of threads are put
// together at the end. Exact: sums are integers while they fit, and fractions otherwise.

#ifndef QZ_COMPUTE_STREAM_FOLDS_H_
#define QZ_COMPUTE_STREAM_FOLDS_H_

#include <cstdint>
#include <span>
#include <vector>

#include "exact/number.h"
#include "rules/typed.h"
#include "table/column.h"

namespace qz::compute {

// Sums by group.
class ExactSums {
 public:
  void grow(std::size_t groups) { groups_ = groups; }
  // Adds cell i of `values`, which has a value, to `group`.
  void add(std::size_t group, const table::Column& values, std::size_t i);
  void add(std::size_t group, const exact::Number& value);
  exact::Number total(std::size_t group) const;
  // True once a sum has more digits than a number may have, or comes near it.
  bool too_long() const { return too_long_; }

 private:
  struct Part {
    std::int64_t denominator = 1;
    std::vector<std::int64_t> sums;
  };
  std::size_t groups_ = 0;
  std::vector<Part> parts_;
  std::vector<exact::Number> wide_;
  bool too_long_ = false;
};

class StreamFold {
 public:
  StreamFold(rules::Op op, table::Type type) : op_(op), best_(type) {}

  void grow(std::size_t groups);
  // A row whose filter is missing or failed.
  void add_unknown(std::size_t group, table::State state);
  // A row that counts, with its value and weight (each may be null where the operation has none).
  void add(std::size_t group, const table::Column* values, const table::Column* weights,
           std::size_t i);
  // What was found out about rows elsewhere: their sum, their number, their weight; that one of
  // them decides any() or all(); the best of them, cell i of `values`.
  void add_sum(std::size_t group, const exact::Number& sum);
  void add_count(std::size_t group, std::int64_t rows);
  void add_weight(std::size_t group, const exact::Number& weight);
  void decide(std::size_t group) { flags_[group] |= kDecided; }
  void add_null(std::size_t group) { flags_[group] |= kNull; }
  void offer(std::size_t group, const table::Column& values, std::size_t i);
  // The cells of another fold of the same aggregate: its group g is group `to[g]` here.
  void merge(const StreamFold& other, std::span<const std::uint32_t> to);

  bool has_failed(std::size_t group) const { return (flags_[group] & kFailed) != 0; }
  bool too_long() const { return total_.too_long() || weight_.too_long(); }
  // The cell of a group that has not failed.
  void finish(std::size_t group, table::Column& out, std::size_t at) const;
  // The cell of a list without rows.
  static void empty(rules::Op op, table::Column& out, std::size_t at);

 private:
  static constexpr std::uint8_t kNull = 1, kFailed = 2, kUnknown = 4, kDecided = 8, kHasBest = 16;

  rules::Op op_;
  std::vector<std::uint8_t> flags_;
  std::vector<std::int64_t> counts_;
  ExactSums total_, weight_;
  table::Column best_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STREAM_FOLDS_H_
