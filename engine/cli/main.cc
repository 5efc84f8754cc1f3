// qz: arguments in, an exit code out. Nothing that goes wrong inside is ever taken for a result.

#include <fmt/format.h>

#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "job/files.h"

int main(int argc, char** argv) {
  try {
    qz::job::remove_staged_files_on_signals();
    return qz::cli::run_command_line(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::bad_alloc&) {
    return qz::cli::fail(qz::cli::kExitFault, "not enough memory for this job");
  } catch (const std::exception& fault) {
    return qz::cli::fail(qz::cli::kExitFault,
                         fmt::format("a fault of the program, not of your data: {}", fault.what()));
  } catch (...) {
    return qz::cli::fail(qz::cli::kExitFault, "a fault of the program, not of your data");
  }
}
