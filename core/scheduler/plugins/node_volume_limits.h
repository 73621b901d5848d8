#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// NodeVolumeLimits: how many volumes of a CSI driver a node can attach. A volume that several pods
/// of the node use counts once. Cost: O(1) a node without limits, else O(volumes of its pods ×
/// log objects).
std::unique_ptr<FilterPlugin> make_node_volume_limits_filter(const Cycle& cycle);

}  // namespace arcas::scheduler
