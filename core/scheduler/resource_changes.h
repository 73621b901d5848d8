#pragma once

#include <span>
#include <vector>

#include "core/scheduler/pending_reason.h"
#include "core/scheduler/what_if.h"

namespace arcas::scheduler {

/// Adds by how much less of a resource the pod would fit: for each kind that nodes are short of
/// and of nothing else the least that will do; where every node is short of several kinds, the cut
/// of all of them that is smallest in relation to what is asked for. Cost: O(log nodes) passes over
/// all nodes for each kind.
void changes_of_resources(const WhatIf& what_if, std::span<const NodeRefusal> refusals,
                          std::vector<SingleChange>& changes);

}  // namespace arcas::scheduler
