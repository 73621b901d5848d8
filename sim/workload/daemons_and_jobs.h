#pragma once

#include <vector>

#include "core/model/catalog.h"
#include "sim/scenario/scenario.h"
#include "sim/workload/generated.h"

namespace arcas::sim {

/// The DaemonSets and Jobs of a scenario, in the order of their times. DaemonSets belong to tenant
/// system (as in Arktos, where no other tenant may have them) and are all there from
/// `workload.start` on; that tenant's object comes with them. Jobs are dealt over the tenants in
/// turn and evenly over their time. Every draw comes from the seed. Memory: one operation each.
std::vector<UserOperation> daemons_and_jobs(const Scenario& scenario, model::Catalog& catalog);

/// Hands out both in the order of time; at the same time what `first` gives comes first.
OperationSource merge(OperationSource first, std::vector<UserOperation> second);

}  // namespace arcas::sim
