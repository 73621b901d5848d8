#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/scheduler/selection.h"

namespace arcas::scheduler {

/// How large a sample is.
struct SampleSize {
  std::int32_t percentage = 100;  ///< of the nodes; 0: adaptive, 50 less one for every 125 nodes,
                                  ///< at least 5
  std::uint32_t fewest = 100;     ///< nodes, or all there are
  std::uint32_t most = 0;         ///< nodes, as Arktos has it; 0: no limit
};

/// How many feasible nodes are enough before scoring begins.
/// Source: kube-scheduler 1.32, numFeasibleNodesToFind; the limit: Arktos, generic_scheduler.go.
std::uint32_t feasible_nodes_to_find(const SampleSize& size, std::uint32_t nodes);

/// Kubernetes's shortcut for large clusters: nodes are looked at from where the last decision
/// stopped, zone by zone in turn, until enough are found that take the pod; only these are scored.
/// Deterministic: the answer depends on the decisions before.
/// Cost of keeping the order: O(1) for each change of a node, O(nodes) after one came or went.
class NodeSampling {
 public:
  explicit NodeSampling(const SampleSize& size) : size_(size) {}

  /// As select_by_scan, from a sample. Cost: O(nodes looked at × plugins).
  Selection select(const Cycle& cycle, const Nominations& nominations);
  /// The same from the index of the pod's class, which must be up to date and respect the nominated
  /// pods; the pod has no target. Cost: O(nodes looked at), some nanoseconds each, and O(groups ×
  /// rules); where fewer nodes take the pod than a sample has, O(groups × rules) alone.
  Selection select(Cluster& cluster, const SchedulerProfile& profile, const PodClass& pod_class,
                   NodeIndex& index);
  /// Where the next decision begins, in the order of looking.
  [[nodiscard]] std::size_t start() const { return start_; }

 private:
  using Zone = std::optional<StringId>;  ///< label; none: there is no such node
  [[nodiscard]] static Zone zone_of(const NodeTable& nodes, NodeId node);
  void refresh(const NodeTable& nodes);
  [[nodiscard]] bool is_stale(const NodeTable& nodes);
  [[nodiscard]] std::size_t enough(const SchedulerProfile& profile) const;
  /// Calls `takes(node)` in the order of looking until it has said yes so many times.
  template <class Takes>
  void look(std::size_t enough, Takes&& takes);

  SampleSize size_;
  std::vector<NodeId> order_;  // the first of every zone, then the second of every zone, …
  std::vector<Zone> zones_;    // by NodeId, as the order has them
  std::uint64_t log_position_ = 0;
  bool built_ = false;
  std::size_t start_ = 0;
};

}  // namespace arcas::scheduler
