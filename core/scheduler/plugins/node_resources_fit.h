#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// NodeResourcesFit: room for one more pod and for every resource that it asks for; all that is
/// short is reported. Extended resources that the profile ignores are not looked at.
/// Cost: O(resources asked for) a node.
std::unique_ptr<FilterPlugin> make_node_resources_fit_filter(const Cycle& cycle);
/// By the profile's strategy over its resources, weighted. Not normalised. Cost: O(resources).
std::unique_ptr<ScorePlugin> make_node_resources_fit_score(const Cycle& cycle);

}  // namespace arcas::scheduler
