#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/cli/sim_run.h"

namespace CLI {
class App;
}

namespace arcas::sim {

struct TimeTravelRequest {
  std::string run;  ///< a recorded run; of inspect and bisect also a scenario
  std::string other;
  std::string at;
  std::vector<std::string> overrides;
  std::vector<std::string> other_overrides;
  std::string json;
  bool as_json = false;
  bool quiet = false;
  std::int64_t most_pods = 50;
};

/// Adds `fork`, `inspect` and `bisect`.
void add_time_travel_commands(CLI::App& sim, TimeTravelRequest& request);
bool time_travel_command_given(const CLI::App& sim);
/// Returns the exit code.
int run_time_travel(const CLI::App& sim, const TimeTravelRequest& request);

}  // namespace arcas::sim
