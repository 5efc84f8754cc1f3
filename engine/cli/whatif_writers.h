// What-if writers: a study's results as JSON, CSV and tables for people, part by part as they come.

#ifndef QZ_CLI_WHATIF_WRITERS_H_
#define QZ_CLI_WHATIF_WRITERS_H_

#include <functional>
#include <memory>
#include <string_view>

#include "cli/command_line.h"
#include "whatif/result.h"

namespace qz::cli {

using WriteBytes = std::function<void(std::string_view bytes)>;

// outputs/schema/whatif-1.schema.json.
std::unique_ptr<whatif::ResultSink> whatif_json(WriteBytes write);
// One line for each figure, and one more for each change's part of its difference.
std::unique_ptr<whatif::ResultSink> whatif_csv(WriteBytes write);
std::unique_ptr<whatif::ResultSink> whatif_text(WriteBytes write, const Options& options);

}  // namespace qz::cli

#endif  // QZ_CLI_WHATIF_WRITERS_H_
