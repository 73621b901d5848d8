#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// VolumeZone: zone and region labels of bound volumes have to agree with the node's. A label may
/// list zones: "a__b". Nodes without any such label take every volume.
/// Cost: O(volumes of the pod) a node.
std::unique_ptr<FilterPlugin> make_volume_zone_filter(const Cycle& cycle);

}  // namespace arcas::scheduler
