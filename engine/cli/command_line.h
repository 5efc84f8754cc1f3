// Command line: the options that every command takes, and what a command is: a function that puts
// its arguments into a CLI::App and leaves an action to run once all arguments are known to be
// right.

#ifndef QZ_CLI_COMMAND_LINE_H_
#define QZ_CLI_COMMAND_LINE_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"

namespace CLI {
class App;
}

namespace qz::cli {

// Exit codes of the command line; the same for every command.
inline constexpr int kExitClean = 0;
inline constexpr int kExitFindings = 1;
inline constexpr int kExitUsage = 2;
inline constexpr int kExitInput = 3;
inline constexpr int kExitMismatch = 4;
inline constexpr int kExitFault = 5;

struct Options {
  std::string format = "text";
  std::string output;
  base::Severity fail_on = base::Severity::kError;
  std::string language = "en";
  int threads = 1;
  bool keep_rows = false;  // of tables that are only summed
  std::string rung = "auto";
  std::vector<std::string> factors;

  bool zh() const { return language == "zh"; }
  // The text in the language chosen.
  std::string_view say(std::string_view en, std::string_view in_zh) const {
    return zh() ? in_zh : en;
  }
};

// What the arguments chose. `action` gives the exit code; `formats` are those it can write.
struct CommandLine {
  Options options;
  std::vector<std::string> formats;
  std::function<int()> action;
};

// One function for each command, in command_<name>.cc.
void add_check(CLI::App& app, CommandLine& line);
void add_run(CLI::App& app, CommandLine& line);
void add_explain(CLI::App& app, CommandLine& line);
void add_verify(CLI::App& app, CommandLine& line);
void add_report(CLI::App& app, CommandLine& line);
void add_whatif(CLI::App& app, CommandLine& line);
void add_packs(CLI::App& app, CommandLine& line);
void add_factors(CLI::App& app, CommandLine& line);
void add_new(CLI::App& app, CommandLine& line);

// Parses and runs; the exit code. `arguments` without the program's name.
int run_command_line(const std::vector<std::string>& arguments);

// "qz: message" on stderr; gives `code`. A finding has a place of its own and stands alone.
int fail(int code, std::string_view message);
int fail(int code, const base::Finding& finding, const Options& options);

// Makes `chosen` what runs when `command` is given.
void on_chosen(CLI::App& command, CommandLine& line, std::vector<std::string> formats,
               std::function<int()> chosen);

// The examples that stand below a command's help.
void set_examples(CLI::App& command, std::string_view examples);

}  // namespace qz::cli

#endif  // QZ_CLI_COMMAND_LINE_H_
