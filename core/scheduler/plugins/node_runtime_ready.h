#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// Arktos: a toleration of every NoSchedule taint also bypasses the runtime filter.
bool tolerates_everything(const model::PodSpec& spec);
/// Whether the runtime that the pod needs is ready on the node: the VM runtime for a virtual
/// machine, the container runtime for other pods.
bool runtime_ready(const model::PodSpec& spec, const model::Node& node);

/// NodeRuntimeReady (Arktos). Cost: O(1) a node.
std::unique_ptr<FilterPlugin> make_node_runtime_ready_filter(const Cycle& cycle);

}  // namespace arcas::scheduler
