#pragma once

#include <vector>

#include "core/model/catalog.h"
#include "sim/run/region_plan.h"
#include "sim/scenario/scenario.h"

namespace arcas::sim {

/// What a scenario means for the region. `nodes` come from the scenario or from a trace.
RegionPlan plan_of(const Scenario& scenario, const std::vector<NodeShapeSpec>& nodes,
                   model::Catalog& catalog);
/// A fault line with its time and zone resolved; the zone is known to exist.
FaultSpec fault_of(const Scenario& scenario, const FaultLine& line, TimePoint settled);

}  // namespace arcas::sim
