#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

/// What `arcas trace import` was asked for.
struct TraceRequest {
  std::string kind;
  std::vector<std::string> files;
  std::string folder;
  std::int64_t machines = 0;
  double machine_cores = 0;
  double machine_gib = 0;
  std::int64_t machine_gpus = -1;
  std::string json;
  bool force = false;
};

void add_trace_command(CLI::App& app, TraceRequest& request);
bool trace_command_given(const CLI::App& app);
/// `arcas trace import` and `arcas trace kinds`. Returns the exit code.
int run_trace(const CLI::App& app, const TraceRequest& request);

}  // namespace arcas::sim
