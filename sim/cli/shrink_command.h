#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

struct ShrinkRequest {
  std::string scenario;
  std::int64_t seed = -1;
  std::vector<std::string> overrides;
  std::string out;  ///< a file; empty: standard output
  std::int64_t trials = 2000;
  double seconds_each = 60;
  bool quiet = false;
};

void add_shrink_command(CLI::App& sim, ShrinkRequest& request);
/// `arcas sim shrink`. Returns the exit code.
int run_shrink(const ShrinkRequest& request);

}  // namespace arcas::sim
