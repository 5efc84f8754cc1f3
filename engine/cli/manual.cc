#include "cli/manual.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace qz::cli {
namespace {

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text.substr(std::min(text.find_first_not_of('\n'), text.size()));
}

void add_command(const CLI::App& command, const std::string& name, int level, std::string& out) {
  out += fmt::format(
      "\n{} {}\n\n```text\n{}\n```\n", std::string(static_cast<std::size_t>(level), '#'), name,
      trimmed(command.get_formatter()->make_help(&command, name, CLI::AppFormatMode::Normal)));
  for (const CLI::App* below : command.get_subcommands([](const CLI::App*) { return true; })) {
    if (!below->get_group().empty()) add_command(*below, name + " " + below->get_name(), 3, out);
  }
}

}  // namespace

std::string manual_page(const CLI::App& app) {
  std::string out =
      "# The command line\n\n"
      "Made from the program's own help by `qz help --markdown`; a test keeps the two equal.\n";
  out +=
      fmt::format("\n## qz\n\n```text\n{}\n```\n",
                  trimmed(app.get_formatter()->make_help(&app, "qz", CLI::AppFormatMode::Normal)));
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_group().empty()) add_command(*command, "qz " + command->get_name(), 2, out);
  }
  return out;
}

}  // namespace qz::cli
