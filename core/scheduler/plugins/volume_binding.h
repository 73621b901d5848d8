#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// VolumeBinding: bound claims have to be reachable from the node; for claims that wait for their
/// pod there must be a free volume or a class that can make one there. Storage capacity objects are
/// not known. Cost: O(volumes) once; O(claims × candidates) a node.
std::unique_ptr<FilterPlugin> make_volume_binding_filter(const Cycle& cycle);
/// Always skipped: Kubernetes 1.32 scores by capacity only behind a gate that is off.
std::unique_ptr<ScorePlugin> make_volume_binding_score(const Cycle& cycle);

}  // namespace arcas::scheduler
