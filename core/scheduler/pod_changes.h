#pragma once

#include <span>
#include <vector>

#include "core/scheduler/pending_reason.h"
#include "core/scheduler/what_if.h"

namespace arcas::scheduler {

/// Adds the single changes of the pod itself that would place it: less of a resource (the least
/// that will do), tolerations of the taints of some node, a larger maxSkew (the least that will
/// do), and one rule less. `refusals`: what every node that refuses the pod said; none where the
/// pod was refused as a whole. Cost: a pass over all nodes for each change tried, O(log) passes
/// where the least amount is sought.
void changes_of_pod(const WhatIf& what_if, std::span<const NodeRefusal> refusals,
                    std::vector<SingleChange>& changes);

}  // namespace arcas::scheduler
