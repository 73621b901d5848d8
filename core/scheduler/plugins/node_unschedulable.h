#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// NodeUnschedulable: a cordoned node takes only pods that tolerate the taint
/// node.kubernetes.io/unschedulable:NoSchedule. Cost: O(1) a node.
std::unique_ptr<FilterPlugin> make_node_unschedulable_filter(const Cycle& cycle);

}  // namespace arcas::scheduler
