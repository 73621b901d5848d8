#pragma once

#include <string>
#include <vector>

namespace arcas::sim {

struct RunRequest {
  std::string scenario;  ///< a file, or the name of one in scenarios/
  long long seed = -1;
  std::string profile;
  std::string scheduler_config;
  std::vector<std::string> overrides;
  bool twice = false;
  std::string json;  ///< a file, or "-" for standard output
  std::string database;
  std::string report;  ///< an HTML file
  bool quiet = false;
  bool force = false;
  std::string trace;
  std::string heartbeats;
  std::string snapshot_every;  ///< a duration; empty: no snapshots
  std::string run_file;        ///< where the recorded run goes
};

/// `arcas sim run`. Returns the exit code.
int run_scenario(const RunRequest& request, const std::string& self);
class Simulation;
struct Scenario;
/// Prints and writes what came of a run that is over; the exit code. `again` repeats it.
int finish_run(const RunRequest& request, const Scenario& scenario, Simulation& simulation,
               double wall_seconds, const std::string& again);
/// `arcas sim validate`.
int validate_scenario(const std::string& scenario);
/// `arcas sim list`.
int list_scenarios();
/// The file that a name or path means: as it is, or scenarios/NAME.yaml here or in the source tree.
std::string find_scenario(const std::string& name);

}  // namespace arcas::sim
