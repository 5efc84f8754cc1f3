// Pack reader: the JSON of rule packs to Packs.

#ifndef QZ_RULES_PACK_READER_H_
#define QZ_RULES_PACK_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "rules/pack.h"

namespace qz::rules {

struct PackFile {
  std::string file;  // name for messages
  std::string bytes;
  std::string sha256;  // hex, computed by the caller
};

// Reads all versions of all packs given, parses every formula, applies `extends` (within the files
// given; a circle or a missing version is refused). Packs come back sorted by id, then
// applies_from, then version. Every problem of every file goes to `problems` with file:line:column:
// unknown members (with the nearest known name), wrong kinds, a column without unit, an input-less
// formula-less column, a bad name, a key column that is also a value column, a text where a number
// was due, … A pack with problems is left out of the result.
//
// What a file says literally (before `extends`) is what `qz packs diff` starts from; see
// pack_diff.h.
std::vector<Pack> read_packs(const std::vector<PackFile>& files, base::Findings& problems);

}  // namespace qz::rules

#endif  // QZ_RULES_PACK_READER_H_
