#include "sim/cli/reference_commands.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

#include "sim/cli/cli.h"
#include "sim/cli/command_pages.h"
#include "sim/cli/completion.h"

namespace arcas::sim {
namespace {

int fail(const std::string& message) {
  fmt::print(stderr, "arcas: {}\n", message);
  return kUsage;
}

int print_man_page(const CommandDescription& root, const std::vector<std::string>& words) {
  const CommandDescription* command = &root;
  for (const std::string& word : words) {
    const auto found =
        std::find_if(command->commands.begin(), command->commands.end(),
                     [&](const CommandDescription& below) { return below.name == word; });
    if (found == command->commands.end()) {
      std::vector<std::string> names;
      for (const CommandDescription& below : command->commands) names.push_back(below.name);
      return fail(
          fmt::format("man: {} is no command of {}; allowed: {}", word, command->path,
                      names.empty() ? "nothing more" : fmt::format("{}", fmt::join(names, ", "))));
    }
    command = &*found;
  }
  std::fputs(man_page(*command).c_str(), stdout);
  return kOk;
}

}  // namespace

void add_reference_commands(CLI::App& app, PagesRequest& request) {
  app.add_subcommand("completion", "Print what a shell needs to complete arcas")
      ->add_option("shell", request.shell, "bash, zsh or fish")
      ->required();
  app.add_subcommand("man", "Print the manual page, for man -l -")
      ->add_option("command", request.command, "Of one command, such as sim run");
  app.add_subcommand("reference", "Print the reference as Markdown")
      ->add_option("what", request.what, "cli or scenario")
      ->required();
}

bool reference_command_given(const CLI::App& app) {
  return app.got_subcommand("completion") || app.got_subcommand("man") ||
         app.got_subcommand("reference");
}

int run_reference_command(const CLI::App& app, const PagesRequest& request) {
  const CommandDescription root = described(app);
  if (app.got_subcommand("man")) return print_man_page(root, request.command);
  if (app.got_subcommand("completion")) {
    const auto script = completion_script(root, request.shell);
    if (!script) return fail(script.error().message);
    std::fputs(script->c_str(), stdout);
    return kOk;
  }
  if (request.what != "cli" && request.what != "scenario") {
    return fail("reference: \"" + request.what + "\" is not known; allowed: cli, scenario");
  }
  std::fputs((request.what == "cli" ? markdown_of(root) : scenario_markdown()).c_str(), stdout);
  return kOk;
}

}  // namespace arcas::sim
