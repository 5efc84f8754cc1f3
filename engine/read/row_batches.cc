// Row batches: no file is read in batches yet.

#include "read/batches.h"

namespace qz::read {

std::unique_ptr<BatchReader> open_batches(const std::vector<TableFile>&, std::int32_t,
                                          const std::vector<bool>&, const rules::CheckedPacks&,
                                          const exact::UnitCatalogue&, table::TextPool&) {
  return nullptr;
}

}  // namespace qz::read
