#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/scheduler/framework.h"
#include "core/scheduler/load_tree.h"
#include "core/scheduler/pod_class.h"
#include "core/scheduler/preemption_nominations.h"

namespace arcas::scheduler {

/// The answer to "where".
struct Selection {
  NodeId node;  ///< none: no node will do
  std::int64_t score = 0;
};

/// Runs every plugin of the profile on every node: the definition of the right answer, and the
/// oracle of the index in tests. Best score first, then the lowest NodeId. Where the pod has a
/// target, only that node is looked at. Where pods are nominated, a node must do with those of the
/// same or a higher priority on it, and without them. Cost: O(nodes × plugins).
Selection select_by_scan(const Cycle& cycle, const Nominations* nominations = nullptr);

/// The nodes that such a scan chooses from, ascending. `only`: none but this one is looked at.
std::vector<NodeId> feasible_by_scan(const Cycle& cycle, const Nominations* nominations,
                                     NodeId only = {});

/// The best of such nodes by the profile's scores, the first of them in the list at a tie; none for
/// an empty list. Cost: O(nodes × plugins).
Selection best_scored(const Cycle& cycle, const std::vector<NodeId>& feasible);

/// Whether the pod may go to its nominated node now, which is tried before all others.
bool fits_nominated(const Cycle& cycle, const Nominations& nominations);

/// The same answer from the index of the pod's class, which must be up to date.
/// Cost: O(groups × rules).
Selection select_by_index(Cluster& cluster, const SchedulerProfile& profile,
                          const PodClass& pod_class, NodeIndex& index);

/// Whether the load tree can answer for a class: cpu and memory scored as usual, no choice of nodes
/// by the pod, no rule but over zones.
bool load_tree_covers(const Cluster& cluster, const SchedulerProfile& profile,
                      const PodClass& pod_class);
/// The same answer from the load tree, which must be up to date: for shapes that few pods share,
/// since it needs no index of their own. Cost: about 10 to 40 µs at 100,000 nodes.
Selection select_by_load_tree(Cluster& cluster, const SchedulerProfile& profile,
                              const PodClass& pod_class, const LoadTree& tree);

}  // namespace arcas::scheduler
