// Manual: every command's help as one page, docs/reference/cli.md. A test keeps the two equal.

#ifndef QZ_CLI_MANUAL_H_
#define QZ_CLI_MANUAL_H_

#include <string>

namespace CLI {
class App;
}

namespace qz::cli {

std::string manual_page(const CLI::App& app);

}  // namespace qz::cli

#endif  // QZ_CLI_MANUAL_H_
