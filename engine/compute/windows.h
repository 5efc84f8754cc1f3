// Windows: lists over a stretch of time, found by its ends instead of row by row.
//
// `hour < this.hour` or `month between this.month - 11 and this.month` leaves of each group of
// agreeing rows a stretch, because rows stand in time order. What else the filter asks of the
// listed row alone is asked once for each row, and the rows that hold are kept one after another;
// so is what the list takes from them. A list is then a stretch of kept rows.
//
// In a loop through earlier periods the kept rows grow with the periods that are done.

#ifndef QZ_COMPUTE_WINDOWS_H_
#define QZ_COMPUTE_WINDOWS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compute/relations.h"
#include "compute/stretches.h"
#include "plan/program.h"
#include "rules/typed.h"

namespace qz::compute {

// A part of a filter that bounds the period: `op` with the period on its left, or kBetween.
struct WindowBound {
  rules::Op op = rules::Op::kLess;
  rules::NodeId low = -1;
  rules::NodeId high = -1;  // kBetween
};

// Periods of rows of a group whose filter failed, and of those whose filter is missing, in order.
struct Gaps {
  std::vector<std::pair<std::int32_t, table::State>> errors;
  std::vector<std::int32_t> nulls;
};

// The rows of a list's table for which the filter's own parts hold. Flat as Groups::rows: those of
// group g stand from Groups::begin[g] on, `count[g]` of them.
struct KeptRows {
  std::vector<std::uint32_t> rows;
  std::vector<std::int32_t> periods;
  std::vector<std::uint32_t> count;
  std::vector<std::uint32_t> asked;    // by group: how many of its rows were asked
  std::map<std::uint32_t, Gaps> gaps;  // by group
  bool failed = false;                 // asking raised an error: each list must raise its own
};

// What a list takes from kept rows, at the same places.
struct KeptValues {
  table::Column cells;
  Stretches stretches;
  std::vector<std::uint32_t> count;  // by group, as KeptRows::count
  bool failed = false;
};

// How one aggregate reads its list.
struct Window {
  std::vector<WindowBound> bounds;
  std::vector<rules::NodeId> own_parts;  // of the filter, in order: each asks the listed row alone
  bool asks_pairs = false;               // other parts ask both rows: own_parts says nothing
  bool has_own_values = false;           // args are of the listed row alone
  bool grows = false;                    // reads columns of the loop that is running
  std::atomic<bool> is_whole = false;    // kept is complete and does not change any more
  const Groups* groups = nullptr;
  std::span<const std::int32_t> periods;  // of the listed table's rows
  KeptRows* kept = nullptr;
  std::vector<KeptValues*> values;  // by argument
};

class Windows {
 public:
  Windows(const rules::CheckedPacks& packs, const std::vector<TableRows>& tables,
          Relations& relations)
      : packs_(packs), tables_(tables), relations_(relations) {}

  // How `node`, an aggregate of `formula`, reads its list; null where it is no window.
  Window* find(const rules::Typed& formula, const rules::Node& node);
  // The loop whose columns are being computed, or null.
  void enter_loop(const plan::Step* step) { loop_ = step; }

  std::recursive_mutex mutex;  // guards building, and windows that grow

 private:
  bool take_filter(const rules::Typed& formula, const rules::List& list, Window& out) const;
  bool take_bound(const rules::Typed& formula, const rules::List& list, rules::NodeId part,
                  Window& out) const;
  bool in_time_order(const Groups& groups, std::span<const std::int32_t> periods) const;
  bool reads_loop(const rules::Typed& formula, rules::NodeId id) const;

  const rules::CheckedPacks& packs_;
  const std::vector<TableRows>& tables_;
  Relations& relations_;
  const plan::Step* loop_ = nullptr;
  std::map<const rules::Node*, std::unique_ptr<Window>> windows_;
  std::map<const Groups*, bool> ordered_;
  std::map<std::string, std::unique_ptr<KeptRows>> kept_;  // by what they ask
  std::map<std::string, std::unique_ptr<KeptValues>> values_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_WINDOWS_H_
