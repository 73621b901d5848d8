#pragma once

#include "core/manifest/document.h"
#include "core/model/catalog.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::manifest {

/// Reads `pluginConfig` of a scheduler profile: for each plugin its arguments, with Kubernetes's
/// defaults for what is absent and Kubernetes's limits. Unknown fields and repeated plugins are
/// errors. What other parts of the core do not act on (the volume binder's time-out) is checked and
/// passed over.
/// Source: pkg/scheduler/apis/config/{v1/defaults.go,validation} of Kubernetes 1.32.
void read_plugin_config(const Field& list, scheduler::SchedulerProfile& profile,
                        model::Catalog& catalog);

}  // namespace arcas::manifest
