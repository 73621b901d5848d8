#pragma once

#include <vector>

#include "core/base/expected.h"
#include "core/model/catalog.h"
#include "sim/scenario/scenario.h"
#include "sim/workload/generated.h"

namespace arcas::sim {

/// The operations that `workload.changes` stands for, in the order of time. The catalog must know
/// the region's nodes by now. Refuses, with the place in the file, a deployment that is not there
/// at that time as far as the scenario says, and a node that is not of this region.
/// Cost: generates the workload's deployments once, for their names.
Expected<std::vector<UserOperation>> workload_changes(const Scenario& scenario,
                                                      model::Catalog& catalog);

}  // namespace arcas::sim
