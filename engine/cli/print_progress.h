// Progress: one line on a terminal for work that takes longer than a second; else nothing.

#ifndef QZ_CLI_PRINT_PROGRESS_H_
#define QZ_CLI_PRINT_PROGRESS_H_

#include <chrono>
#include <string>

#include "cli/command_line.h"
#include "compute/results.h"

namespace qz::cli {

// Shows itself on stderr while it lives, and takes its line away again. Time decides only whether
// and when to draw; no result depends on it.
class ProgressLine {
 public:
  explicit ProgressLine(const Options& options);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // For compute::run; empty where stderr is no terminal.
  compute::Progress reporter();

 private:
  void show(int thousandths);

  std::string label_;
  bool terminal_;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point drawn_;
  bool visible_ = false;
};

}  // namespace qz::cli

#endif  // QZ_CLI_PRINT_PROGRESS_H_
