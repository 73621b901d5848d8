#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// NodeName: `spec.nodeName`, and the target of a daemon's pod, name the only node that will do.
/// Cost: O(1) a node.
std::unique_ptr<FilterPlugin> make_node_name_filter(const Cycle& cycle);

}  // namespace arcas::scheduler
