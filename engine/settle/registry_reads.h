// RegistryReads: which columns of flow, holding and lot any formula or check of a job looks at.
// What nobody reads is not made.

#ifndef QZ_SETTLE_REGISTRY_READS_H_
#define QZ_SETTLE_REGISTRY_READS_H_

#include <cstdint>
#include <set>
#include <utility>

#include "rules/checked_packs.h"

namespace qz::settle {

class RegistryReads {
 public:
  explicit RegistryReads(const rules::CheckedPacks& packs);

  bool table(const char* name) const;
  bool column(const char* table, const char* name) const;
  bool column(std::int32_t table, std::int32_t column) const;
  // Somebody asks what units had cost.
  bool costs() const { return column("flow", "cost") || column("holding", "cost"); }

 private:
  void look(std::int32_t table, const rules::ColumnRule& rule);
  void look(const rules::Typed& formula);

  const rules::CheckedPacks& packs_;
  std::set<std::int32_t> tables_;
  std::set<std::int32_t> whole_;  // tables whose checks may print any cell
  std::set<std::pair<std::int32_t, std::int32_t>> columns_;
};

}  // namespace qz::settle

#endif  // QZ_SETTLE_REGISTRY_READS_H_
