// The actions behind `qz packs`, one file each.

#ifndef QZ_CLI_PACK_COMMANDS_H_
#define QZ_CLI_PACK_COMMANDS_H_

#include <string>

#include "cli/command_line.h"

namespace qz::cli {

// `pack` is an id, id@version or a file; empty where all are meant.
int show_pack(const std::string& pack, const Options& options);
int check_packs(const std::string& pack, const Options& options);
int test_packs(const std::string& pack, const Options& options);
int graph_packs(const std::string& pack, const std::string& figure, const Options& options);
int diff_packs(const std::string& before, const std::string& after, const Options& options);

}  // namespace qz::cli

#endif  // QZ_CLI_PACK_COMMANDS_H_
