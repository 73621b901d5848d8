#pragma once

#include <cstdint>
#include <string>

#include "core/base/expected.h"
#include "sim/placement/series.h"
#include "sim/placement/trace.h"

namespace arcas::sim {

/// What came of one run of the protocol.
struct PlacementResult {
  /// Percent of all GPUs, by the percent of GPUs that were asked for (failed requests included).
  PercentSeries allocated{};
  PercentSeries fragmented{};
  /// Percent of what is free that is fragmented.
  PercentSeries fragmented_of_free{};
  std::int64_t placed = 0;
  std::int64_t refused = 0;
  std::int64_t allocated_milli = 0;  ///< at the end
};

/// Runs the protocol of Weng et al. (USENIX ATC 2023) with a policy: an empty cluster, pods one by
/// one, each placed at once or dropped for good, none ever leaves. Requests sum up to 130 % of the
/// GPUs. The same arguments give the same result. Errors: an unknown policy.
Expected<PlacementResult> run_placement(const PlacementTrace& trace, const std::string& policy,
                                        std::uint64_t seed);

}  // namespace arcas::sim
