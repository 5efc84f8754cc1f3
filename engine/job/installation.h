// Installation: the factors folders at hand (the product's own and the user's) as files with
// digests, and what a job needs of them as rule packs, factor tables and units.
//
// Invariants: (1) a pack or table version stands for one content: a user's folder may replace the
// product's own, which every ledger that uses it then says, but two user folders that say different
// things under one name are refused; (2) names in messages and ledgers are relative to their
// factors folder, so that no ledger depends on where something is installed; `shown` has the real
// paths.

#ifndef QZ_JOB_INSTALLATION_H_
#define QZ_JOB_INSTALLATION_H_

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/finding.h"
#include "exact/unit.h"
#include "factor/library.h"
#include "rules/pack.h"
#include "rules/pack_reader.h"
#include "seal/leaf.h"

namespace qz::job {

// Internal name of a file -> the path as the user knows it.
using ShownPaths = std::map<std::string, std::string>;

struct InstalledPack {
  bool own = false;      // of the product's own folder
  rules::PackFile file;  // its digest is told when somebody uses it, like that of a table
  std::string id;        // as the file says, or its folder's name where it does not say
  std::string version;
};

struct InstalledTable {
  bool own = false;
  factor::TableFiles files;  // without the CSV, which is read when somebody uses the table
  std::string folder;
  std::map<std::string, std::string> names;  // of the CSV files there, as messages call them
  std::string id;
  std::string version;
};

struct InstalledUnits {
  factor::UnitFile file;
  std::string sha256;
};

// What the packs of one job need, read and checked file by file.
struct LoadedRules {
  std::vector<std::shared_ptr<const rules::Pack>> packs;
  factor::Library tables;
  exact::UnitCatalogue units;
};

class Installation {
 public:
  // The product's own folder (where there is one) and `more`, each with any of packs/, tables/,
  // units/. Unreadable files and contradictions go to `problems`.
  static Installation load(const std::vector<std::string>& more, base::Findings& problems);

  // Adds one pack file from anywhere; it takes the place of an installed one of the same name.
  void add_pack_file(const std::string& path, base::Findings& problems);

  const std::vector<InstalledPack>& packs() const { return packs_; }
  const std::vector<InstalledTable>& tables() const { return tables_; }
  const std::vector<InstalledUnits>& units() const { return units_; }
  const std::vector<std::string>& folders() const { return folders_; }
  const ShownPaths& shown() const { return shown_; }
  // Warnings about packs and tables ("id@version") that replace the product's own.
  const std::map<std::string, base::Finding>& replacements() const { return replacements_; }

  // All editions of the packs named and of those they need, with the factor tables that any of them
  // names. Nothing else is read, so that a broken pack stops only the jobs that use it.
  std::optional<LoadedRules> rules_for(const std::set<std::string>& pack_ids,
                                       base::Findings& problems) const;
  // Everything there is.
  std::optional<LoadedRules> all_rules(base::Findings& problems) const;
  // Factor tables alone; every version of `id`, or of all where it is empty.
  std::optional<LoadedRules> factor_tables(const std::string& id, base::Findings& problems) const;

  std::vector<std::string> pack_ids() const;
  std::vector<std::string> table_ids() const;
  const InstalledPack* pack(const std::string& id, const std::string& version) const;

 private:
  void load_folder(const std::string& folder, base::Findings& problems);
  void load_packs(const std::string& folder, base::Findings& problems);
  void load_tables(const std::string& folder, base::Findings& problems);
  void load_units(const std::string& folder, base::Findings& problems);
  static bool read_csv(const InstalledTable& table, factor::TableFiles& files,
                       base::Findings& problems);
  std::string named(const std::string& relative, const std::string& path);
  void keep_pack(InstalledPack pack, base::Findings& problems);
  void keep_table(InstalledTable table, base::Findings& problems);
  void note_replacement(const std::string& name);
  bool read_units_into(LoadedRules& rules, base::Findings& problems) const;
  bool read_tables_into(LoadedRules& rules, const std::set<std::string>& ids,
                        base::Findings& problems) const;

  std::vector<std::string> folders_;
  std::vector<InstalledPack> packs_;
  std::vector<InstalledTable> tables_;
  std::vector<InstalledUnits> units_;
  ShownPaths shown_;
  std::map<std::string, base::Finding> replacements_;
  bool loading_own_ = false;
};

// The digest of a factor table: SHA-256 of its datapackage.json followed by its CSV, so that units
// and keys are sealed too: `cat datapackage.json x.csv | sha256sum`.
std::string table_digest(const std::string& package_bytes, const std::string& csv_bytes);

// The product's own factors: ../share/qingzhang/factors beside an installed program, else factors/
// of the source tree that the program was built in; "" where there is neither.
std::string own_factors_folder();

}  // namespace qz::job

#endif  // QZ_JOB_INSTALLATION_H_
