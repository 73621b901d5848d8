#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// The filter and the score of a placement policy (core/scheduler/policies) that the profile names.
/// The filter refuses nodes whose devices, looked at one by one, have no room for the pod:
/// NodeResourcesFit counts the pool alone. The score is the policy's own, not normalised.
/// Null where the cluster has no policy. Cost: O(devices), and the policy's own cost for a score.
std::unique_ptr<FilterPlugin> make_placement_policy_filter(const Cycle& cycle);
std::unique_ptr<ScorePlugin> make_placement_policy_score(const Cycle& cycle);

}  // namespace arcas::scheduler
