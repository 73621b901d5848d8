#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "sim/scenario/scenario.h"

namespace arcas::sim {

struct PairedRunsRequest {
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> metrics;  ///< known ones
  std::uint32_t jobs = 2;            ///< runs at once, each in a process of its own
  double seconds_each = 3600;        ///< of wall time, after which a run is stopped
  std::string trace_folder;
};

/// Figures of two scenarios run with the same seeds, by metric and then by seed; NaN: none.
struct PairedRuns {
  std::vector<std::vector<double>> a;
  std::vector<std::vector<double>> b;
  /// Runs that broke an invariant, crashed or hung: "a, seed 7: …". They have no figures.
  std::vector<std::string> failed;
  bool stopped = false;  ///< before all were done
};

/// Called now and then with the number of runs that are done; true: stop.
using PairedRunsWatch = std::function<bool(std::size_t done)>;

/// Errors: no process can be started.
Expected<PairedRuns> run_pairs(const Scenario& a, const Scenario& b,
                               const PairedRunsRequest& request, const PairedRunsWatch& watch);

}  // namespace arcas::sim
