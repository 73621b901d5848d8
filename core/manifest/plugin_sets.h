#pragma once

#include "core/manifest/document.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::manifest {

/// Reads `plugins` of a scheduler profile into the lists of `profile`, with Kubernetes's rules:
/// what an extension point disables is left out, what it enables overrides multiPoint and comes
/// first when multiPoint has it too, last otherwise; "*" disables all defaults. A score plugin that
/// is enabled without a weight weighs 1.
/// Errors: unknown plugins and extension points, plugins without the extension point, plugins
/// enabled twice, weights outside 0..2^31-1, other than one queue sort, no binder.
/// Source: pkg/scheduler/apis/config/v1/default_plugins.go and framework/runtime of
/// Kubernetes 1.32.
void read_plugin_sets(const Field& plugins, scheduler::SchedulerProfile& profile);

/// "NodeName, TaintToleration, …": every plugin there is.
std::string plugin_names();

}  // namespace arcas::manifest
