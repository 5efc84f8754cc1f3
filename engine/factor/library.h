// Library: all factor tables at hand, by id and version, and the units they and the packs are in.

#ifndef QZ_FACTOR_LIBRARY_H_
#define QZ_FACTOR_LIBRARY_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/finding.h"
#include "base/result.h"
#include "exact/unit.h"
#include "factor/factor_table.h"

namespace qz::factor {

// Units files: {"units": {code: {"kind", "label", "ratio", "of"}}}. Problems with file:line:column.
// Declarations of later files add to earlier ones; a code may be declared again by another file only
// with the same meaning.
struct UnitFile {
  std::string file;
  std::string bytes;
};
base::Result<exact::UnitCatalogue> read_units(const std::vector<UnitFile>& files);

// One table folder: datapackage.json and the CSV that its resource's `path` names (which may not
// leave the folder; whoever reads the files resolves it).
struct TableFiles {
  std::string package_file;  // name for messages
  std::string package_bytes;
  std::string csv_file;
  std::string csv_bytes;
  std::string sha256;  // filled in by the caller, kept in the table
};
// The `path` of the first resource, so that the caller knows which CSV to load.
base::Result<std::string> csv_path(const std::string& package_file,
                                   const std::string& package_bytes);

// Checks everything that rule-language §9 promises: source and status in every row, keys unique per
// day, validity spans of one key that do not overlap, wildcards that cannot tie, number cells in
// their form, known units. All problems go to `problems`; empty result if there were any.
std::optional<FactorTable> read_factor_table(const TableFiles& files,
                                             const exact::UnitCatalogue& units,
                                             base::Findings& problems);

class Library {
 public:
  void add(FactorTable table);
  // The table `id` of `version`; with an empty version the only one installed. The failure names
  // the nearest id or lists the versions there are.
  base::Result<const FactorTable*> find(const std::string& id, const std::string& version) const;
  std::vector<const FactorTable*> all() const;  // by id, then version

 private:
  std::map<std::pair<std::string, std::string>, FactorTable> tables_;
};

}  // namespace qz::factor

#endif  // QZ_FACTOR_LIBRARY_H_
