#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace arcas::sim {

struct CompareRequest {
  std::string a;  ///< scenario files, or names of ones in scenarios/
  std::string b;
  std::int64_t seeds = 10;
  std::int64_t first_seed = 1;
  std::int64_t jobs = 2;
  double seconds_each = 3600;
  double confidence = 95;  ///< percent
  std::vector<std::string> metrics;
  std::vector<std::string> overrides;  ///< of both
  std::vector<std::string> overrides_a;
  std::vector<std::string> overrides_b;
  std::string trace;
  std::string json;
  bool quiet = false;
};

void add_compare_command(CLI::App& app, CompareRequest& request);
bool compare_command_given(const CLI::App& app);
/// `arcas compare`. Returns the exit code.
int run_compare(const CompareRequest& request);

}  // namespace arcas::sim
