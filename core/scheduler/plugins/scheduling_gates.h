#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// SchedulingGates, PreEnqueue: a pod with a gate left does not enter the queue.
/// Cost: O(gates).
PluginStatus scheduling_gates_status(const Cycle& cycle);

}  // namespace arcas::scheduler
