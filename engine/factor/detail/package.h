// The datapackage.json of a factor table: what its fields are, before any row is read.

#ifndef QZ_FACTOR_DETAIL_PACKAGE_H_
#define QZ_FACTOR_DETAIL_PACKAGE_H_

#include <string>

#include "base/finding.h"
#include "exact/unit.h"
#include "factor/factor_table.h"

namespace qz::factor::detail {

// Limits of a schema. Linear keys double the rows that one lookup mixes, text keys the patterns of
// "*" that it tries.
inline constexpr std::size_t kFieldsMax = 4096;
inline constexpr std::size_t kKeysMax = 16;
inline constexpr std::size_t kLinearKeysMax = 6;

// Fills in id, version, title, fields, key_fields and dated. Every problem goes to `problems`.
void read_package(const std::string& file, const std::string& bytes,
                  const exact::UnitCatalogue& units, FactorTable& table, base::Findings& problems);

}  // namespace qz::factor::detail

#endif  // QZ_FACTOR_DETAIL_PACKAGE_H_
