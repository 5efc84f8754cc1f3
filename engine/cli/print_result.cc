#include "cli/print_result.h"

#include <cstdio>

#include "base/finding.h"
#include "job/files.h"

namespace qz::cli {

void print_text(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int give_result(std::string_view text, const Options& options, int code) {
  if (options.output.empty()) {
    print_text(text);
    return code;
  }
  job::StagedFiles staged;
  const auto number = staged.open(options.output);
  if (!number) return fail(kExitUsage, number.failure(), options);
  staged.write(*number, text);
  if (const auto problem = staged.commit()) {
    return fail(kExitUsage, *problem, options);
  }
  return code;
}

}  // namespace qz::cli
