#pragma once

#include <vector>

#include "core/base/expected.h"
#include "core/base/time.h"
#include "core/manifest/document.h"
#include "core/model/catalog.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::manifest {

/// A KubeSchedulerConfiguration (kubescheduler.config.k8s.io/v1) after defaulting.
struct SchedulerConfiguration {
  std::vector<scheduler::SchedulerProfile> profiles;  ///< at least one, with distinct names
  std::int32_t parallelism = 16;                      ///< accepted; the core has one thread
  Duration pod_initial_backoff = seconds(1);
  Duration pod_max_backoff = seconds(10);
};

/// Every field of the API is known; what the core has no use for (leader election, connections,
/// debugging) is accepted as it is, extenders are refused. Unknown fields are errors, as are values
/// out of Kubernetes's limits; messages name the field's path.
/// A profile that says nothing of percentageOfNodesToScore has the configuration's, or 0
/// (adaptive), as in Kubernetes.
Expected<SchedulerConfiguration> decode_scheduler_configuration(const boost::json::value& document,
                                                                model::Catalog& catalog);

/// One entry of `profiles`; `percentage` is what counts where it says nothing of its own.
scheduler::SchedulerProfile scheduler_profile_at(const Field& field, std::int32_t percentage,
                                                 model::Catalog& catalog);

}  // namespace arcas::manifest
