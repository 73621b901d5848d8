#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

struct SwarmRequest {
  std::int64_t seeds = 100;
  double minutes = 0;  ///< > 0: as many seeds as fit
  std::int64_t first_seed = 1;
  std::vector<std::string> families;
  std::int64_t jobs = 2;
  double seconds_each = 120;
  std::string json;
  std::string keep;  ///< a folder for the scenarios of failed seeds
  bool show = false;
  bool quiet = false;
};

void add_swarm_command(CLI::App& app, SwarmRequest& request);
bool swarm_command_given(const CLI::App& app);
/// `arcas swarm`. Returns the exit code.
int run_swarm(const SwarmRequest& request);

}  // namespace arcas::sim
