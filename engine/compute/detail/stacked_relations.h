// Stacked relations: which rows belong together where variations lie beside each other: those of
// the base, each within its own variation. Private to compute/.

#ifndef QZ_COMPUTE_DETAIL_STACKED_RELATIONS_H_
#define QZ_COMPUTE_DETAIL_STACKED_RELATIONS_H_

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "compute/detail/cone.h"

namespace qz::compute::detail {

class StackedRelations : public Relations {
 public:
  // `tables`: the stacked ones; `base`: relations of the base. For one thread.
  StackedRelations(const rules::CheckedPacks& packs, const std::vector<TableRows>& tables,
                   Relations& base, const Cone& cone, std::size_t variations);

  const std::vector<std::uint32_t>& up(std::int32_t from, std::int32_t above) override;
  const Groups& groups(const rules::List& list) override;
  Groups agreed(const rules::List& list, const table::KeyIndex& keys) override;
  std::uint32_t find_beside(std::int32_t table, std::span<const std::int32_t> key,
                            std::int32_t from, std::uint32_t row) override;
  table::State up_state(std::int32_t from, std::uint32_t row, std::int32_t above) override;

  // By stacked row of a table: its slot, its variation. Precondition: the table is stacked.
  const std::vector<std::uint32_t>& slots(std::int32_t table) const { return at(table).slot; }
  const std::vector<std::uint32_t>& variations(std::int32_t table) const {
    return at(table).variation;
  }

 private:
  struct Places {
    const Stack* stack = nullptr;
    std::vector<std::uint32_t> slot, variation;  // by stacked row
  };
  const Places& at(std::int32_t table) const { return *places_[static_cast<std::size_t>(table)]; }
  bool is_stacked(std::int32_t table) const {
    return places_[static_cast<std::size_t>(table)] != nullptr;
  }
  std::uint32_t row(const Stack& stack, std::uint32_t variation, std::uint32_t base_row) const;
  std::unique_ptr<Groups> build(const rules::List& list);

  Relations& base_;
  std::size_t size_;                             // variations
  std::vector<std::unique_ptr<Places>> places_;  // by table; null: not stacked
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<std::uint32_t>> ups_;
  std::map<const rules::List*, std::unique_ptr<Groups>> groups_;
};

}  // namespace qz::compute::detail

#endif  // QZ_COMPUTE_DETAIL_STACKED_RELATIONS_H_
