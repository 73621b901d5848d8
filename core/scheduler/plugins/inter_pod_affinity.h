#pragma once

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// InterPodAffinity.
std::unique_ptr<FilterPlugin> make_inter_pod_affinity_filter(const Cycle& cycle);
std::unique_ptr<ScorePlugin> make_inter_pod_affinity_score(const Cycle& cycle);

}  // namespace arcas::scheduler
