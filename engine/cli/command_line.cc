#include "cli/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <thread>

#include "base/nearest_name.h"
#include "cli/manual.h"
#include "job/version.h"

namespace qz::cli {
namespace {

constexpr std::string_view kEveryCommand =
    "Every command also takes --format, --output, --fail-on, --lang, --threads and --factors,\n"
    "before or after its own arguments (qz --help).\n";

constexpr std::string_view kExitCodes =
    "Exit codes:\n"
    "  0  done, no finding at or above --fail-on\n"
    "  1  done, with findings at or above it\n"
    "  2  the command line or the job file is wrong\n"
    "  3  an input cannot be read or breaks its schema\n"
    "  4  a hash, a signature or a recomputation does not match\n"
    "  5  a fault of the program itself\n"
    "Results go to stdout; findings and progress go to stderr.\n";

void add_common_options(CLI::App& app, Options& options) {
  const std::string group = "Options of every command";
  app.add_option("--format", options.format,
                 "How results are written: text, json, csv, xml or dot, as far as the command "
                 "has them (default: text)")
      ->check(CLI::IsMember({"text", "json", "csv", "xml", "dot"}).description(""))
      ->type_name("FORMAT")
      ->group(group);
  app.add_option("--output", options.output,
                 "Where the result goes instead of stdout; for run, a folder")
      ->type_name("PATH")
      ->group(group);
  const std::map<std::string, base::Severity> severities = {{"error", base::Severity::kError},
                                                            {"warning", base::Severity::kWarning},
                                                            {"info", base::Severity::kInfo}};
  app.add_option(
         "--fail-on", options.fail_on,
         "Least severity that makes the exit code 1: error, warning or info (default: error)")
      ->transform(CLI::Transformer(severities).description(""))
      ->check(CLI::IsMember({"0", "1", "2"}).description(""))
      ->type_name("SEVERITY")
      ->group(group);
  app.add_option("--lang", options.language,
                 "Language of messages and headings: en or zh (default: en)")
      ->check(CLI::IsMember({"en", "zh"}).description(""))
      ->type_name("LANGUAGE")
      ->group(group);
  app.add_option("--threads", options.threads,
                 "Threads to compute with (default: one for each core); the result is the same")
      ->check(CLI::Range(1, 1024).description(""))
      ->type_name("N")
      ->group(group);
  app.add_option("--factors", options.factors,
                 "A folder laid out like factors/ (packs/, tables/, units/) to use besides the "
                 "installed ones; may be given again")
      ->allow_extra_args(false)
      ->type_name("FOLDER")
      ->group(group);
}

// `--where a=1 b=2` means `--where a=1 --where b=2`: values may follow as long as they are pairs.
std::vector<std::string> spread_pairs(const std::vector<std::string>& arguments) {
  std::vector<std::string> out;
  bool inside = false;
  std::size_t pairs = 0;
  for (const std::string& argument : arguments) {
    const bool pair = argument.find('=') != std::string::npos && argument[0] != '-';
    inside = inside && pair;
    if (inside && pairs++ > 0) out.emplace_back("--where");
    out.push_back(argument);
    if (argument == "--where") {
      inside = true;
      pairs = 0;
    }
  }
  return out;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) out.push_back(command->get_name());
  }
  return out;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> out;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) out.push_back("--" + name);
  }
  return out;
}

// A sentence for an argument that nothing took.
std::string unknown_argument(const CLI::App& app, const std::string& argument) {
  const CLI::App* command = &app;
  std::vector<std::string> options = option_names(app);
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    const std::vector<std::string> own = option_names(*command);
    options.insert(options.end(), own.begin(), own.end());
  }
  if (argument.rfind("--", 0) == 0) {
    return fmt::format("no option {}{}", argument.substr(0, argument.find('=')),
                       base::nearest_hint(argument, options));
  }
  const std::vector<std::string> commands = command_names(*command);
  if (!commands.empty()) {
    return fmt::format("no command \"{}\"{}", argument, base::nearest_hint(argument, commands));
  }
  return fmt::format("\"{}\" is one argument too many", argument);
}

// `left` are the arguments that the parser did not take, the last first.
std::string usage_message(const CLI::App& app, const CLI::ParseError& error,
                          const std::vector<std::string>& left) {
  std::vector<std::string> rest = app.remaining(true);
  if (rest.empty()) rest.assign(left.rbegin(), left.rend());
  std::stable_partition(rest.begin(), rest.end(),
                        [](const std::string& argument) { return argument.rfind("--", 0) == 0; });
  const CLI::App* command = &app;
  std::string name = "qz";
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
    name += " " + command->get_name();
  }
  const auto code = static_cast<CLI::ExitCodes>(error.get_exit_code());
  const bool unknown = code == CLI::ExitCodes::ExtrasError || code == CLI::ExitCodes::RequiredError;
  const std::string what =
      unknown && !rest.empty() ? unknown_argument(app, rest.front()) : std::string(error.what());
  return fmt::format("{} (see {} --help)", what, name);
}

int run_action(const CommandLine& line) {
  const std::string& format = line.options.format;
  if (std::find(line.formats.begin(), line.formats.end(), format) == line.formats.end()) {
    return fail(kExitUsage, fmt::format("--format {}: this command writes {}", format,
                                        fmt::join(line.formats, ", ")));
  }
  const int code = line.action();
  if (std::fflush(stdout) != 0) return fail(kExitFault, "stdout cannot be written");
  return code;
}

void add_manual(CLI::App& app, CommandLine& line) {
  CLI::App* const manual = app.add_subcommand("help", "This manual as one page");
  manual->group("");  // hidden: the page in docs/reference/ is made with it
  manual->add_flag("--markdown")->description("As docs/reference/cli.md");
  on_chosen(*manual, line, {"text"}, [&app] {
    std::fputs(manual_page(app).c_str(), stdout);
    return kExitClean;
  });
}

}  // namespace

int fail(int code, std::string_view message) {
  fmt::print(stderr, "qz: {}\n", message);
  return code;
}

int fail(int code, const base::Finding& finding, const Options& options) {
  fmt::print(stderr, "{}\n", base::finding_line(finding, options.language));
  return code;
}

void on_chosen(CLI::App& command, CommandLine& line, std::vector<std::string> formats,
               std::function<int()> chosen) {
  command.fallthrough();
  command.callback([&line, formats = std::move(formats), chosen = std::move(chosen)] {
    line.formats = formats;
    line.action = chosen;
  });
}

void set_examples(CLI::App& command, std::string_view examples) {
  command.footer(fmt::format("Examples:\n{}\n\n{}", examples, kEveryCommand));
}

int run_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  line.options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  CLI::App app(
      "Qingzhang 清账: carbon and emission-reduction accounts that settle exactly and "
      "that anyone can audit.",
      "qz");
  app.set_version_flag("--version", fmt::format("qz {}", job::engine_version()));
  app.set_help_flag("--help,-h", "Show this help");
  app.require_subcommand(1);
  app.footer(std::string(kExitCodes));
  add_common_options(app, line.options);
  for (const auto add : {add_check, add_run, add_explain, add_verify, add_report, add_whatif,
                         add_packs, add_factors, add_new}) {
    add(app, line);
  }
  add_manual(app, line);
  std::vector<std::string> reversed = spread_pairs(arguments);
  std::reverse(reversed.begin(), reversed.end());
  try {
    app.parse(reversed);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked, std::cout, std::cerr);
  } catch (const CLI::ParseError& error) {
    if (arguments.empty()) {
      std::fputs(app.help().c_str(), stderr);
      return kExitUsage;
    }
    return fail(kExitUsage, usage_message(app, error, reversed));
  }
  return run_action(line);
}

}  // namespace qz::cli
