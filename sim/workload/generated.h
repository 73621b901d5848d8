#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/model/catalog.h"
#include "core/model/objects.h"
#include "sim/scenario/scenario.h"
#include "sim/workload/user_change.h"

namespace arcas::sim {

/// What a user wants at a time. Creations carry the whole object; deletions name it; a change says
/// what to do to what is there.
struct UserOperation {
  TimePoint at;
  bool remove = false;
  bool pod = false;  ///< the operation is on `a_pod`, else on `object`
  model::Object object;
  model::Pod a_pod;
  std::optional<UserChange> change;
};

/// Gives operations in the order of time; none when there are no more.
using OperationSource = std::function<std::optional<UserOperation>()>;

/// The tenants at time 0, then the deployments (and budgets) of a scenario, each made when asked
/// for: memory does not grow with their number. Every draw comes from the seed. Tenants get
/// deployments in turn; pods add up to `total_pods` exactly. DaemonSets and Jobs come in between,
/// see daemons_and_jobs.h.
OperationSource generated_workload(const Scenario& scenario, model::Catalog& catalog);

}  // namespace arcas::sim
