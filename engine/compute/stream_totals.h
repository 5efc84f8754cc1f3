// Stream totals: what is left of tables whose rows nobody keeps: each aggregate's cell by group.

#ifndef QZ_COMPUTE_STREAM_TOTALS_H_
#define QZ_COMPUTE_STREAM_TOTALS_H_

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "rules/typed.h"
#include "table/column.h"
#include "table/key_index.h"

namespace qz::compute {

// One aggregate over a table that passed by.
struct StreamTotal {
  const table::KeyIndex* groups = nullptr;  // from what rows agree on to a group
  table::Column cells;                      // by group
  // By group: some row has an error in it. Those rows were kept, and folding them tells which error
  // comes first. Empty: none has.
  std::vector<std::uint8_t> failed;
};

struct StreamTotals {
  std::vector<std::unique_ptr<table::KeyIndex>> groups;
  std::unordered_map<const rules::Node*, StreamTotal> by_node;

  const StreamTotal* find(const rules::Node& node) const {
    const auto found = by_node.find(&node);
    return found == by_node.end() ? nullptr : &found->second;
  }
};

}  // namespace qz::compute

#endif  // QZ_COMPUTE_STREAM_TOTALS_H_
