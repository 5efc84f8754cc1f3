// What the commands about rule packs have in common: loading them and finding the one meant.

#ifndef QZ_CLI_RULES_COMMAND_H_
#define QZ_CLI_RULES_COMMAND_H_

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "job/installation.h"
#include "rules/checked_packs.h"
#include "rules/pack.h"

namespace qz::cli {

// The installation, or nothing with the problems printed and `code` set.
std::optional<job::Installation> load_installation(const Options& options, int& code);

// A pack as an argument names it: id, id@version, or a file (whose pack then joins the
// installation).
struct PackName {
  std::string id;
  std::string version;  // empty: every edition
  std::string text() const { return version.empty() ? id : id + "@" + version; }
};
std::optional<PackName> find_pack(const std::string& argument, job::Installation& installation,
                                  const Options& options, int& code);

// The rules of `ids` and of what they need; nothing with the problems printed and `code` set.
std::optional<job::LoadedRules> load_rules(const job::Installation& installation,
                                           const std::set<std::string>& ids, const Options& options,
                                           int& code);

// The editions that `name` names, by applies_from.
std::vector<std::shared_ptr<const rules::Pack>> editions_of(const job::LoadedRules& rules,
                                                            const PackName& name);

// Checks the editions named together, over all the years in which they apply.
std::optional<rules::CheckedPacks> check_editions(const job::LoadedRules& rules,
                                                  const PackName& name, base::Findings& problems);

}  // namespace qz::cli

#endif  // QZ_CLI_RULES_COMMAND_H_
