#pragma once

#include "core/model/catalog.h"
#include "core/model/labels.h"
#include "core/model/pod_spec.h"
#include "core/model/taint.h"
#include "sim/check/cluster_facts.h"

namespace arcas::sim {

/// Why a pod may not go to a node as it was seen, or nullptr when it may. Written from the API's
/// definition and not from the scheduler's code, which it is there to check: node name, node
/// selector, required node affinity, taints no_schedule and no_execute, unschedulable.
/// Cost: O(requirements log labels + taints × tolerations).
const char* refusal(const model::PodSpec& spec, const NodeFacts::View& node,
                    const std::vector<model::Taint>& taints, const model::Catalog& catalog);

}  // namespace arcas::sim
