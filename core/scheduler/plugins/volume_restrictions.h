#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// Whether two pods' volumes are one disk that cannot be mounted twice on a node: the same GCE
/// disk, iSCSI target or RBD image unless both mount read-only, or the same AWS volume.
bool disks_conflict(const model::Volume& a, const model::Volume& b);

/// VolumeRestrictions: no disk twice on a node, and no claim of mode ReadWriteOncePod that any pod
/// uses already. Cost: O(1) a node, O(disks × volumes of the node's pods) for pods with such disks.
std::unique_ptr<FilterPlugin> make_volume_restrictions_filter(const Cycle& cycle);

}  // namespace arcas::scheduler
