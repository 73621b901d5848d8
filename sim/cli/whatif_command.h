#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

/// Exit code beside those of cli.h: pods find no place, or a budget blocks the change.
inline constexpr int kInfeasible = 5;

/// `arcas whatif` as it was typed.
struct WhatIfRequest {
  std::vector<std::string> from;  ///< files of kubectl get -o json
  std::string zone;
  std::vector<std::string> nodes;
  std::string selector;
  std::string shape;
  std::string target;
  std::string configuration;
  std::int64_t batch = 0;
  std::string profile = "kubernetes";
  std::string scheduler_config;
  bool no_hints = false;
  bool no_recovery = false;
  std::string json;
};

void add_whatif_command(CLI::App& app, WhatIfRequest& request);
bool whatif_command_given(const CLI::App& app);
/// Returns the exit code: 5 when the change is not feasible.
int run_whatif(const CLI::App& app, const WhatIfRequest& request);

}  // namespace arcas::sim
