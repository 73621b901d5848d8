#pragma once

#include <memory>

#include "core/scheduler/framework.h"

namespace arcas::scheduler {

/// InterPodAffinity: the pod's own terms and those of running pods that speak of it. Reads
/// counters that follow every pod; making it costs O(terms), a filter or score O(terms).
std::unique_ptr<FilterPlugin> make_inter_pod_affinity_filter(const Cycle& cycle);
std::unique_ptr<ScorePlugin> make_inter_pod_affinity_score(const Cycle& cycle);

}  // namespace arcas::scheduler
