// A command's result: to stdout, or to the file that --output names, whole or not at all.

#ifndef QZ_CLI_PRINT_RESULT_H_
#define QZ_CLI_PRINT_RESULT_H_

#include <string_view>

#include "cli/command_line.h"

namespace qz::cli {

void print_text(std::string_view text);

// Gives `text` to where --output says; `code` if that worked, else kExitUsage.
int give_result(std::string_view text, const Options& options, int code = kExitClean);

}  // namespace qz::cli

#endif  // QZ_CLI_PRINT_RESULT_H_
