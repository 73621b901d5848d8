#pragma once

#include <cstdint>
#include <vector>

#include "core/scheduler/selection.h"

namespace arcas::scheduler {

/// How many feasible nodes are enough before scoring begins. `percentage` 0: adaptive, 50 less one
/// for every 125 nodes, at least 5. Never fewer than 100 nodes, or all there are.
/// Source: kube-scheduler 1.32, numFeasibleNodesToFind.
std::uint32_t feasible_nodes_to_find(std::int32_t percentage, std::uint32_t nodes);

/// Kubernetes's shortcut for large clusters: nodes are looked at from where the last decision
/// stopped, zone by zone in turn, until enough are found that take the pod; only these are scored.
/// Deterministic: the answer depends on the decisions before. Cost: O(nodes looked at × plugins),
/// and O(nodes) after nodes came or went.
class NodeSampling {
 public:
  /// As select_by_scan, from a sample of `percentage_of_nodes_to_score` of the cycle's profile.
  Selection select(const Cycle& cycle, const Nominations& nominations);
  /// Where the next decision begins, in the order of looking.
  [[nodiscard]] std::size_t start() const { return start_; }

 private:
  void refresh(const NodeTable& nodes);

  std::vector<NodeId> order_;  // the first of every zone, then the second of every zone, …
  std::uint64_t static_epoch_ = 0;
  std::size_t start_ = 0;
};

}  // namespace arcas::scheduler
