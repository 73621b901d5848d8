#pragma once

#include <optional>
#include <string>

#include "core/base/time.h"

namespace arcas::sim {

class Simulation;

/// Runs the simulation up to `at` (none: to its end) and prints, for each tenant partition's
/// scheduler, what keeps its waiting pods from being placed all at once. `tenant`: as that tenant
/// sees it; empty: everything. Returns the exit code.
int explain_batch(Simulation& simulation, std::optional<TimePoint> at, const std::string& tenant,
                  bool json);

}  // namespace arcas::sim
