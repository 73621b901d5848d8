#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

/// What `arcas completion`, `arcas man` and `arcas reference` were asked for.
struct PagesRequest {
  std::string shell;
  std::vector<std::string> command;  ///< of a manual page: "sim", "run"; empty: all
  std::string what;                  ///< of a reference: cli or scenario
};

void add_reference_commands(CLI::App& app, PagesRequest& request);
bool reference_command_given(const CLI::App& app);
/// Prints it. Returns the exit code.
int run_reference_command(const CLI::App& app, const PagesRequest& request);

}  // namespace arcas::sim
