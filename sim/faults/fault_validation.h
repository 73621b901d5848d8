#pragma once

#include <vector>

#include "core/base/expected.h"
#include "sim/faults/fault_plan.h"

namespace arcas::sim {

/// Whether every line names targets that exist, sensible times, and nothing that another line has
/// broken at that time already. The message starts with the field's path.
/// Cost: O(lines²) for the overlaps, and hosts of the racks named.
Status validate(const std::vector<FaultSpec>& specs, const Region& region);

/// "faults[3]", or the path that the scenario gave.
std::string path_of(const FaultSpec& spec, std::size_t position);

}  // namespace arcas::sim
