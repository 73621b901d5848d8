#pragma once

#include <cstdint>
#include <optional>

#include "core/scheduler/framework.h"
#include "core/scheduler/pod_class.h"

namespace arcas::scheduler {

/// The answer to "where".
struct Selection {
  NodeId node;  ///< none: no node will do
  std::int64_t score = 0;
};

/// Runs every plugin of the profile on every node: the definition of the right answer, and the
/// oracle of the index in tests. Best score first, then the lowest NodeId. Where the pod has a
/// target, only that node is looked at. Cost: O(nodes × plugins).
Selection select_by_scan(const Cycle& cycle);

/// The same answer from the index of the pod's class, which must be up to date.
/// Cost: O(groups × rules).
Selection select_by_index(Cluster& cluster, const SchedulerProfile& profile,
                          const PodClass& pod_class, NodeIndex& index);

}  // namespace arcas::scheduler
