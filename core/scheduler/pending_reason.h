#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/scheduler/framework.h"
#include "core/scheduler/preemption_nominations.h"

namespace arcas::scheduler {

/// Nodes that one plugin refuses for one reason. A node that is short of two resources counts for
/// both, as Kubernetes counts it.
struct RefusedNodes {
  PluginId plugin = PluginId::none;
  std::string reason;  ///< in Kubernetes's words
  std::uint32_t nodes = 0;
};

/// One thing that, were it different, would let the pod be placed at once. Each was tried: the
/// plugins of the profile took the changed pod, or took the pod to the changed node.
struct SingleChange {
  /// In the order in which changes are listed: what the pod's owner can do by a smaller demand
  /// comes first, what needs more machines last.
  enum class Kind : std::uint8_t {
    scheduling_gates,
    resources,
    toleration,
    spread,
    node_selection,
    pod_affinity,
    host_port,
    volume,
    node_name,
    node_repaired,  ///< schedulable or ready again
    node_labelled,
    pods_leave,  ///< pods of lower priority
    node_added,
  };
  Kind kind = Kind::resources;
  std::string text;         ///< "with 300m less cpu": names no pod and no other tenant
  std::uint32_t nodes = 0;  ///< nodes that would take the pod then
  // What to do to try it; not for people.
  SpecId spec;                      ///< the pod's, where it is the pod that changes
  std::optional<model::Node> node;  ///< as it would be, where a node changes or is added
  std::vector<Uid> leaving;
};

/// Why a pod has no node.
struct PendingReason {
  std::uint32_t nodes = 0;            ///< known
  std::uint32_t feasible = 0;         ///< that take it now: it waits for its turn, not for a change
  PluginId whole = PluginId::none;    ///< the plugin that refused before any node was looked at
  std::string whole_reason;           ///< its words
  std::vector<RefusedNodes> refused;  ///< most nodes first, then by reason
  std::string gang;                   ///< what its gang waits for; empty: it is in none
  std::string preemption;             ///< "preemption: …" in Kubernetes's words; may be empty
  std::vector<SingleChange> changes;  ///< by kind

  /// As Kubernetes's FailedScheduling event has it: "0/100 nodes are available: 40 Insufficient
  /// cpu, 60 node(s) had untolerated taint {team: red}. preemption: 0/100 nodes are available: …".
  [[nodiscard]] std::string message() const;
};

/// Why no node takes the pod of a cycle, and which single changes would help. Pure: the cluster
/// answers afterwards as before (pods and nodes are moved meanwhile); the catalog has learned the
/// specs that were tried. Cost: a pass over all nodes for each change that is tried, some dozens,
/// and a dry run of preemption.
/// Source of the words: kube-scheduler 1.32, FitError (pkg/scheduler/framework/types.go).
PendingReason pending_reason(const Cycle& cycle, const Nominations& nominations);

/// What single changes are worked out from: what each node said.
struct NodeRefusal {
  NodeId node;
  PluginStatus status;
};

/// "300m", "2", "512Mi", "7": exact.
std::string quantity_text(ResourceId kind, std::int64_t amount);

}  // namespace arcas::scheduler
