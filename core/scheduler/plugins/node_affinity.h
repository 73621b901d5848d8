#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// NodeAffinity: the pod's node selector and required terms, and what the profile demands of every
/// pod (`addedAffinity`). Required terms that all name nodes (metadata.name) narrow the nodes to
/// those. Cost: O(terms × requirements) a node.
std::unique_ptr<FilterPlugin> make_node_affinity_filter(const Cycle& cycle);
/// The sum of the weights of the preferred terms that match, the profile's and the pod's.
std::unique_ptr<ScorePlugin> make_node_affinity_score(const Cycle& cycle);

}  // namespace arcas::scheduler
