#pragma once

#include <span>
#include <vector>

#include "core/scheduler/framework.h"
#include "core/scheduler/preemption_nominations.h"
#include "core/scheduler/preemption_victims.h"

namespace arcas::scheduler {

/// Nominated pods that a pod must make room for on a node: of its own or higher priority, not
/// itself. Source: kube-scheduler 1.32, addGENominatedPods.
std::vector<Uid> rivals_on(const Cycle& cycle, const Nominations& nominations, NodeId node);

/// The cycle's profile without the filters that PreFilter skipped.
SchedulerProfile without_skipped(const Cycle& cycle, const Evaluation& evaluation);

/// Tries one pod on one node with some of the node's pods off it, by really lifting and placing
/// them. When the object goes, the cluster is as it was, the order of the node's pods included.
/// While it lives no plugin object made before may be asked.
class NodeDryRun {
 public:
  /// `profile` is that of the cycle without the filters that PreFilter skipped: Kubernetes decides
  /// on skipping once, before any pod is taken away.
  NodeDryRun(const Cycle& cycle, const SchedulerProfile& profile, const Nominations& nominations,
             NodeId node);
  ~NodeDryRun();
  NodeDryRun(const NodeDryRun&) = delete;
  NodeDryRun& operator=(const NodeDryRun&) = delete;

  void take(const Victim& victim);
  void put_back(const Victim& victim);
  /// With the rivals on the node, and if there are any, once more without them.
  /// Cost: O(rivals) placements and one or two evaluations of one node.
  [[nodiscard]] PluginStatus filter();
  [[nodiscard]] bool fits();

 private:
  [[nodiscard]] PluginStatus filter_as_is() const;
  void place_rivals();
  void lift_rivals();

  Cycle cycle_;
  NodeId node_;
  std::vector<Uid> rivals_;
  std::vector<PodEntry> rivals_before_;  // while placed
  std::vector<Uid> order_;               // of the node's pods, before
  std::vector<DeviceTable::Held> held_;  // by order_, where devices are followed
  bool changed_ = false;
};

}  // namespace arcas::scheduler
