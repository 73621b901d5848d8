#pragma once

#include <string>

namespace CLI {
class App;
}

namespace arcas::sim {

/// What `arcas policy …` was asked for.
struct PolicyRequest {
  std::string trace;
  std::string workloads = "all";
  std::string policies = "all";
  long long seeds = 10;
  long long first_seed = 42;
  unsigned jobs = 2;
  std::string json;  ///< a file, or "-" for standard output
  bool list_json = false;
  bool check = false;
  bool bound = false;
  bool quiet = false;
};

/// Adds the command `policy` with `list` and `compare` to the command line. `request` must live as
/// long as `app`.
void add_policy_commands(CLI::App& app, PolicyRequest& request);
/// Whether one of them was given.
bool policy_command_given(const CLI::App& app);
/// Runs it; returns the exit code.
int run_policy_command(const CLI::App& app, const PolicyRequest& request);

}  // namespace arcas::sim
