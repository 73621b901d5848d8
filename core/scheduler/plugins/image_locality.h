#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// ImageLocality: the bytes of the pod's images that the node holds, each scaled by the share of
/// all nodes that hold it too, so that one image does not draw all pods to one node.
/// Cost: O(containers × image names of the node) a node.
/// Whether some node holds an image of the spec, so that ImageLocality may give anything to a node.
/// Cost: O(containers); O(1) while no node reports images.
bool any_image_known(const Cluster& cluster, const model::PodSpec& spec);

std::unique_ptr<ScorePlugin> make_image_locality_score(const Cycle& cycle);

}  // namespace arcas::scheduler
