// Stream groups: one text is its own index; anything else is looked up, unless it is as in the row
// before.

#include "compute/stream_groups.h"

#include <algorithm>

namespace qz::compute {

StreamGroups::StreamGroups(const rules::CheckedPacks& packs, const plan::Stream& stream,
                           const plan::Grouping& grouping)
    : packs_(packs),
      shape_(packs.tables[static_cast<std::size_t>(stream.table)]),
      grouping_(grouping),
      key_size_(shape_.key_size),
      keys_(grouping.columns.size() + (grouping.period ? 1 : 0)) {
  wanted_.resize(keys_.width());
}

const std::vector<std::int32_t>& StreamGroups::assign(const std::vector<table::Column>& columns,
                                                      std::size_t rows) {
  key_.assign(key_size_, nullptr);
  for (std::size_t i = 0; i < key_size_; ++i) {
    if (columns[i].size() == rows) key_[i] = columns[i].ids().data();
  }
  parts_.clear();
  for (const std::int32_t column : grouping_.columns)
    parts_.push_back(key_[static_cast<std::size_t>(column)]);
  periods_ = grouping_.period ? key_[static_cast<std::size_t>(*shape_.period_column)] : nullptr;
  has_outsiders_ = false;
  out_.resize(rows);
  if (parts_.size() == 1 && periods_ == nullptr) {
    const std::int32_t* ids = parts_[0];
    for (std::size_t row = 0; row < rows; ++row) {
      const auto id = static_cast<std::size_t>(ids[row]);
      std::int32_t group = id < by_id_.size() ? by_id_[id] : 0;
      if (group == 0) [[unlikely]] {
        group = group_of(row) + 1;
        if (id >= by_id_.size()) by_id_.resize(std::max(id + 1, by_id_.size() * 2));
        by_id_[id] = group;
      }
      out_[row] = group - 1;
    }
    return out_;
  }
  for (std::size_t row = 0; row < rows; ++row) {
    bool same = row > 0;
    for (std::size_t i = 0; i < parts_.size() && same; ++i)
      same = parts_[i][row] == parts_[i][row - 1];
    if (periods_ != nullptr && same) same = periods_[row] == periods_[row - 1];
    out_[row] = same ? out_[row - 1] : group_of(row);
  }
  return out_;
}

std::int32_t StreamGroups::group_of(std::size_t row) {
  for (std::size_t i = 0; i < parts_.size(); ++i) wanted_[i] = parts_[i][row];
  if (periods_ != nullptr) {
    const std::optional<base::Period>& holding =
        holding_.at(periods_[row], [&](std::int32_t period) {
          return base::containing({shape_.period, period}, *grouping_.period, packs_.cycle);
        });
    if (!holding) {
      has_outsiders_ = true;
      return -1;
    }
    wanted_.back() = holding->index;
  }
  bool added = false;
  const std::uint32_t group = keys_.insert(wanted_, &added);
  if (added) {
    for (std::size_t i = 0; i < key_size_; ++i)
      rows_.push_back(key_[i] == nullptr ? 0 : key_[i][row]);
  }
  return static_cast<std::int32_t>(group);
}

}  // namespace qz::compute
