// Relations: which rows belong together: the row above, the rows of a list, the row of a key.
//
// Everything is an array of row numbers, built once when first asked for and then shared by all
// threads. Rows of a list stand in key order, because tables do.

#ifndef QZ_COMPUTE_RELATIONS_H_
#define QZ_COMPUTE_RELATIONS_H_

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "compute/by_period.h"
#include "compute/results.h"
#include "table/row_index.h"

namespace qz::compute {

// The rows of a table grouped by what a list agrees on.
struct Groups {
  std::vector<std::uint32_t> rows;     // group after group, each in key order
  std::vector<std::uint32_t> begin;    // of group g: rows[begin[g]] … rows[begin[g + 1]]
  std::vector<std::uint32_t> of_mine;  // group of each row that lists; kNoRow: no row agrees
  // What a link leaves the list of each row in: kNull or an error where my own link, or the link of
  // a row that might belong to my list, is missing or failed.
  std::vector<table::State> state;
  bool in_pieces = false;  // the rows of each group follow one another in the table
};

class Relations {
 public:
  Relations(const rules::CheckedPacks& packs, const std::vector<TableRows>& tables);
  virtual ~Relations() = default;
  Relations(const Relations&) = delete;
  Relations& operator=(const Relations&) = delete;

  // For each row of `from`, the row of `above` that it settles; kNoRow where a link is missing.
  virtual const std::vector<std::uint32_t>& up(std::int32_t from, std::int32_t above);
  virtual const Groups& groups(const rules::List& list);
  // The rows of list.mine_table among groups that were made elsewhere, by the ids that `list`
  // agrees on (its names, then the longer of the two periods): of_mine and state as in groups().
  virtual Groups agreed(const rules::List& list, const table::KeyIndex& keys);
  // Forgets what is known of the rows of `table`: they have changed.
  void forget(std::int32_t table);
  // The row of `table` with that key; kNoRow if there is none.
  std::uint32_t find(std::int32_t table, std::span<const std::int32_t> key);
  // The same for who asks for it: a row of `from`, whose variation it is to be of.
  virtual std::uint32_t find_beside(std::int32_t table, std::span<const std::int32_t> key,
                                    std::int32_t from, std::uint32_t row);
  // Why `row` of `from` has no row above: the state of the link that is missing or failed.
  virtual table::State up_state(std::int32_t from, std::uint32_t row, std::int32_t above);

 private:
  // Where the id that a settled name has for each row of a table stands.
  struct Source {
    std::int32_t table = -1;
    const table::Column* cells = nullptr;            // of the table itself, or of `via`
    std::int32_t via = -1;                           // the table above that has them
    const std::vector<std::uint32_t>* up = nullptr;  // its row, by row; null: `cells` are own
  };
  // A period of a table's rows, as a longer kind.
  struct Holding {
    const table::Column* periods = nullptr;  // null: there is no such part
    base::PeriodKind own{};
    base::PeriodKind wanted{};
    ByPeriod<std::optional<base::Period>> known;
  };
  // What rows of a table agree on, or the key of a row above: ids row by row.
  struct Parts {
    std::vector<Source> names;  // in the order of the key, the period's place left out
    std::size_t period_at = 0;  // where the period stands in the key
    Holding period;
    bool is_plain = false;  // every name is a column of the table itself and always known
    std::size_t size() const { return names.size() + (period.periods != nullptr ? 1 : 0); }
  };
  class Unknown;

  const table::RowIndex& index(std::int32_t table);
  Source source(std::int32_t table, const std::string& name);
  static bool is_plain(const std::vector<Source>& names);
  Holding holding(std::int32_t table, base::PeriodKind wanted) const;
  Parts parts_above(std::int32_t from, std::int32_t above);
  Parts parts_agreed(std::int32_t table, const rules::List& list,
                     std::optional<base::PeriodKind> period);
  table::State read(Parts& parts, std::uint32_t row, std::vector<std::int32_t>& key,
                    std::vector<bool>* missing);
  std::unique_ptr<Groups> build(const rules::List& list);
  void group_mine(Parts& parts, std::size_t rows, const table::KeyIndex& keys,
                  const Unknown& unknown, Groups& out);
  static std::unique_ptr<Groups> grouped(const std::vector<std::uint32_t>& group_of,
                                         std::size_t groups);

  const rules::CheckedPacks& packs_;
  const std::vector<TableRows>& tables_;
  std::recursive_mutex mutex_;  // guards building; what is built never changes
  std::vector<std::unique_ptr<table::RowIndex>> indexes_;
  std::vector<std::atomic<const table::RowIndex*>> ready_;  // those of indexes_ that are built
  std::map<std::pair<std::int32_t, std::int32_t>, std::unique_ptr<std::vector<std::uint32_t>>> ups_;
  std::map<std::string, std::unique_ptr<Groups>> groups_;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_RELATIONS_H_
