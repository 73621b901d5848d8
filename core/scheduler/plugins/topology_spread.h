#pragma once

#include <memory>

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// PodTopologySpread. Reads counters that follow every pod; making it costs O(constraints ×
/// domains), a filter or score O(constraints).
std::unique_ptr<FilterPlugin> make_topology_spread_filter(const Cycle& cycle);
std::unique_ptr<ScorePlugin> make_topology_spread_score(const Cycle& cycle);

}  // namespace arcas::scheduler
