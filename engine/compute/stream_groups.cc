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
  if (parts_.size() == 1) {
    assign_by_id(rows);
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

// One text tells groups apart, alone or within a period: most texts stay in the period that they
// were in last.
void StreamGroups::assign_by_id(std::size_t rows) {
  const std::int32_t* ids = parts_[0];
  std::int32_t period = 0, held = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (periods_ != nullptr && (row == 0 || periods_[row] != period)) {
      period = periods_[row];
      const std::optional<base::Period>& holding = holding_of(period);
      held = holding ? holding->index : kNone;
    }
    const auto id = static_cast<std::size_t>(ids[row]);
    if (id >= by_id_.size()) [[unlikely]]
      by_id_.resize(std::max(id + 1, by_id_.size() * 2));
    Known& known = by_id_[id];
    if (known.group < 0 || known.held != held) known = {group_of(row), held};
    if (known.group < 0) has_outsiders_ = true;
    out_[row] = known.group;
  }
}

const std::optional<base::Period>& StreamGroups::holding_of(std::int32_t period) {
  return holding_.at(period, [&](std::int32_t index) {
    return base::containing({shape_.period, index}, *grouping_.period, packs_.cycle);
  });
}

std::int32_t StreamGroups::group_of(std::size_t row) {
  for (std::size_t i = 0; i < parts_.size(); ++i) wanted_[i] = parts_[i][row];
  if (periods_ != nullptr) {
    const std::optional<base::Period>& holding = holding_of(periods_[row]);
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
