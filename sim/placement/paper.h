#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace arcas::sim {

/// Published means over ten seeds for one workload and policy, in percent, and how far a mean of an
/// independent implementation may lie from them.
struct PublishedResult {
  double allocated_100 = 0;  ///< of all GPUs, when 100 % of them have been asked for
  double allocated_130 = 0;
  std::optional<double> fragmented_of_free_80;
  double allocation_tolerance = 0;
  double fragmentation_tolerance = 0;
};

/// What Weng et al. (USENIX ATC 2023) report: six policies on seventeen workloads. None for others.
/// Source: github.com/hkust-adsl/kubernetes-scheduler-simulator, experiments/analysis/
/// expected_results. The tolerances are those of an implementation with another random generator,
/// rounded up.
std::optional<PublishedResult> published_result(std::string_view workload, std::string_view policy);

}  // namespace arcas::sim
