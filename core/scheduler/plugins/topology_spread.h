#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// PodTopologySpread.
std::unique_ptr<FilterPlugin> make_topology_spread_filter(const Cycle& cycle);
std::unique_ptr<ScorePlugin> make_topology_spread_score(const Cycle& cycle);

}  // namespace arcas::scheduler
