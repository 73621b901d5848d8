#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

/// What `arcas explain` was asked for.
struct ExplainRequest {
  std::string scenario;  ///< a file, or the name of one in scenarios/
  std::string pod;       ///< NS/NAME or TENANT/NS/NAME; else `batch`
  bool batch = false;    ///< all pods that wait, at once
  std::string tenant;    ///< of a batch: as this tenant sees it
  std::string at;        ///< a duration since the start; empty: until something is known
  bool json = false;
  std::vector<std::string> overrides;
  std::string profile;
  std::string scheduler_config;
  long long seed = -1;
  std::string trace;
};

/// Adds the command to the command line. `request` must live as long as `app`.
void add_explain_command(CLI::App& app, ExplainRequest& request);
/// Whether it was given.
bool explain_command_given(const CLI::App& app);
/// Runs the scenario up to the time asked for and says where the pod is, or why it has no node.
/// Returns the exit code.
int run_explain(const ExplainRequest& request);

}  // namespace arcas::sim
