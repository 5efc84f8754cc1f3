// Relations: which rows belong together: the row above, the rows of a list, the row of a key.
//
// Everything is an array of row numbers, built once when first asked for and then shared by all
// threads. Rows of a list stand in key order, because tables do.

#ifndef QZ_COMPUTE_RELATIONS_H_
#define QZ_COMPUTE_RELATIONS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compute/results.h"
#include "table/key_index.h"

namespace qz::compute {

// The rows of a table grouped by what a list agrees on.
struct Groups {
  std::vector<std::uint32_t> rows;     // group after group, each in key order
  std::vector<std::uint32_t> begin;    // of group g: rows[begin[g]] … rows[begin[g + 1]]
  std::vector<std::uint32_t> of_mine;  // group of each row that lists; kNoRow: no row agrees
  // What a link leaves the list of each row in: kNull or an error where my own link, or the link of
  // a row that might belong to my list, is missing or failed.
  std::vector<table::State> state;
};

class Relations {
 public:
  Relations(const rules::CheckedPacks& packs, const std::vector<TableRows>& tables);

  // For each row of `from`, the row of `above` that it settles; kNoRow where a link is missing.
  const std::vector<std::uint32_t>& up(std::int32_t from, std::int32_t above);
  const Groups& groups(const rules::List& list);
  // The row of `table` with that key; kNoRow if there is none.
  std::uint32_t find(std::int32_t table, std::span<const std::int32_t> key);
  // Why `row` of `from` has no row above: the state of the link that is missing or failed.
  table::State up_state(std::int32_t from, std::uint32_t row, std::int32_t above);
  // The id that row `row` of `table` has for a settled name; empty where a link is missing, and
  // then `why` (if given) gets the link's state.
  std::optional<std::int32_t> settled(std::int32_t table, const std::string& name,
                                      std::uint32_t row, table::State* why = nullptr);

 private:
  const table::KeyIndex& index(std::int32_t table);
  std::uint32_t up_row(std::int32_t from, std::uint32_t row, std::int32_t above);
  class Unknown;
  std::unique_ptr<Groups> build(const rules::List& list);
  static std::unique_ptr<Groups> grouped(const std::vector<std::uint32_t>& group_of,
                                         std::size_t groups);
  table::State agree_key(std::int32_t table, std::uint32_t row, const rules::List& list,
                         std::optional<base::PeriodKind> period, std::vector<std::int32_t>& key,
                         std::vector<bool>* missing);

  const rules::CheckedPacks& packs_;
  const std::vector<TableRows>& tables_;
  std::recursive_mutex mutex_;  // guards the maps; what they point to never changes once built
  std::vector<std::unique_ptr<table::KeyIndex>> indexes_;
  std::map<std::pair<std::int32_t, std::int32_t>, std::unique_ptr<std::vector<std::uint32_t>>> ups_;
  std::map<std::string, std::unique_ptr<Groups>> groups_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_RELATIONS_H_
