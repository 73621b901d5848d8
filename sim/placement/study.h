#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "sim/placement/placement_run.h"

namespace arcas::sim {

/// Mean, sample standard deviation, least and greatest of a figure over seeds.
struct Spread {
  double mean = 0;
  double deviation = 0;
  double least = 0;
  double most = 0;
};
/// Of at least one value, in the order given.
Spread spread_of(const std::vector<double>& values);

/// One policy on one workload, over all seeds.
struct StudyCell {
  std::string workload;
  std::string policy;
  std::vector<PlacementResult> runs;  ///< by seed
  double cpu_s = 0;                   ///< computing time of all its runs together

  /// A series of each run at one percent, by seed.
  [[nodiscard]] std::vector<double> at(PercentSeries PlacementResult::*series,
                                       std::size_t percent) const;
};

struct StudyRequest {
  std::string folder;
  std::vector<std::string> workloads;
  std::vector<std::string> policies;
  std::uint64_t first_seed = 42;  ///< as the authors'
  std::int64_t seeds = 10;
  unsigned threads = 2;
  /// Called now and then from the calling thread with the runs done so far.
  std::function<void(std::size_t done, std::size_t total)> progress;
};

/// Runs every workload with every policy and seed; cells in the order of the request, workload by
/// workload. Results do not depend on the number of threads. Errors: what `read_placement_trace`
/// and `run_placement` refuse.
Expected<std::vector<StudyCell>> run_study(const StudyRequest& request);

}  // namespace arcas::sim
