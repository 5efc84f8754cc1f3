// New files: the texts of the skeletons that `qz new` writes.

#ifndef QZ_CLI_NEW_FILES_H_
#define QZ_CLI_NEW_FILES_H_

#include <string>
#include <vector>

#include "rules/pack.h"

namespace qz::cli {

struct NewFile {
  std::string name;  // relative to the folder
  std::string text;
};

// job.json, one CSV for each table of the example that has rows, and a README.md.
std::vector<NewFile> job_files(const rules::Pack& pack, const rules::Example& example,
                               const std::string& folder);
// packs/<id>/1.json and its commentary packs/<id>/1.md.
std::vector<NewFile> pack_files(const std::string& id);
// tables/<id>/1/datapackage.json, its CSV and a README.md.
std::vector<NewFile> table_files(const std::string& id);

}  // namespace qz::cli

#endif  // QZ_CLI_NEW_FILES_H_
