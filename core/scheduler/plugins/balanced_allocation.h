#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// NodeResourcesBalancedAllocation: nodes whose resources would be used in equal shares are better.
/// Real requests, not the defaulted ones. Not normalised. Cost: O(resources) a node.
std::unique_ptr<ScorePlugin> make_balanced_allocation_score(const Cycle& cycle);

}  // namespace arcas::scheduler
