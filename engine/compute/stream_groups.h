// Stream groups: rows of batches to groups, by what a list agrees on. One thread.

#ifndef QZ_COMPUTE_STREAM_GROUPS_H_
#define QZ_COMPUTE_STREAM_GROUPS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "compute/by_period.h"
#include "plan/streams.h"
#include "table/column.h"
#include "table/key_index.h"

namespace qz::compute {

class StreamGroups {
 public:
  StreamGroups(const rules::CheckedPacks& packs, const plan::Stream& stream,
               const plan::Grouping& grouping);

  // The group of each of `rows` rows; -1 where the row's period lies in none of the kind.
  const std::vector<std::int32_t>& assign(const std::vector<table::Column>& columns,
                                          std::size_t rows);
  // Of the last assign(), again.
  const std::vector<std::int32_t>& groups_of_rows() const { return out_; }
  // Some row of it is in no group.
  bool has_outsiders() const { return has_outsiders_; }

  const table::KeyIndex& keys() const { return keys_; }
  // The key of a row that is in the group: the parts that somebody reads, 0 for the others.
  std::span<const std::int32_t> row_of(std::size_t group) const {
    return {rows_.data() + group * key_size_, key_size_};
  }

 private:
  // The group of a text in the period that holds its row.
  struct Known {
    std::int32_t group = -1;
    std::int32_t held = 0;
  };
  static constexpr std::int32_t kNone = INT32_MIN;

  void assign_by_id(std::size_t rows);
  const std::optional<base::Period>& holding_of(std::int32_t period);
  std::int32_t group_of(std::size_t row);

  const rules::CheckedPacks& packs_;
  const rules::CheckedTable& shape_;
  plan::Grouping grouping_;
  std::size_t key_size_;
  std::vector<const std::int32_t*> key_;    // of the batch: ids by key part; null: nobody reads it
  std::vector<const std::int32_t*> parts_;  // those that tell groups apart
  const std::int32_t* periods_ = nullptr;
  ByPeriod<std::optional<base::Period>> holding_;
  table::KeyIndex keys_;
  std::vector<std::int32_t> rows_;
  std::vector<Known> by_id_;  // where one text tells groups apart
  std::vector<std::int32_t> wanted_;
  std::vector<std::int32_t> out_;
  bool has_outsiders_ = false;
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STREAM_GROUPS_H_
