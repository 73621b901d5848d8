#pragma once

#include <cstdint>
#include <vector>

#include "core/base/id.h"
#include "core/model/pod_affinity.h"
#include "core/model/resources.h"
#include "core/model/selector.h"
#include "core/model/taint.h"
#include "core/model/volumes.h"

namespace arcas::model {

/// What runs the pod: containers or one virtual machine, never both (Arktos).
enum class WorkloadType : std::uint8_t { container, vm };
enum class RestartPolicy : std::uint8_t { always, on_failure, never };
enum class PreemptionPolicy : std::uint8_t { preempt_lower_priority, never };

struct Container {
  StringId name;
  StringId image;
  ResourceList requests;
  ResourceList limits;
  bool init = false;
  bool sidecar = false;  ///< an init container with restartPolicy Always
  bool operator==(const Container&) const = default;
};

/// Arktos's `spec.virtualMachine`: the part that the core reads.
struct VirtualMachine {
  enum class PowerSpec : std::uint8_t { running, paused, shutdown, suspended };
  StringId name;
  StringId image;
  ResourceList requests;
  ResourceList limits;
  PowerSpec power = PowerSpec::running;
  bool operator==(const VirtualMachine&) const = default;
};

/// One alternative of a node selector: label requirements and field requirements (metadata.name).
struct NodeSelectorTerm {
  std::vector<Requirement> labels;
  std::vector<Requirement> fields;
  bool operator==(const NodeSelectorTerm&) const = default;
};

struct PreferredNodeTerm {
  std::int32_t weight = 1;  ///< 1..100
  NodeSelectorTerm term;
  bool operator==(const PreferredNodeTerm&) const = default;
};

struct NodeAffinity {
  bool has_required = false;               ///< required with no terms matches nothing
  std::vector<NodeSelectorTerm> required;  ///< any of
  std::vector<PreferredNodeTerm> preferred;
  bool operator==(const NodeAffinity&) const = default;
};

struct TopologySpreadConstraint {
  enum class WhenUnsatisfiable : std::uint8_t { do_not_schedule, schedule_anyway };
  std::int32_t max_skew = 1;
  StringId topology_key;
  WhenUnsatisfiable when_unsatisfiable = WhenUnsatisfiable::do_not_schedule;
  SelectorId selector;                     ///< which pods count; none matches nothing
  std::vector<StringId> match_label_keys;  ///< the pod's own values of these keys are demanded too
  std::int32_t min_domains = 0;            ///< 0 means not set (1)
  bool honor_node_affinity = true;         ///< nodeAffinityPolicy; Kubernetes's default is Honor
  bool honor_node_taints = false;          ///< nodeTaintsPolicy; Kubernetes's default is Ignore
  bool operator==(const TopologySpreadConstraint&) const = default;
};

struct HostPort {
  enum class Protocol : std::uint8_t { tcp, udp, sctp };
  std::uint16_t port = 0;
  Protocol protocol = Protocol::tcp;
  StringId host_ip;  ///< none or "0.0.0.0" is every address
  bool operator==(const HostPort&) const = default;
};

/// The immutable part of a pod. Interned: pods of one workload share one, and its SpecId is the
/// scheduler's equivalence class. Exactly one of `containers` and `vm` is in use.
struct PodSpec {
  WorkloadType workload = WorkloadType::container;
  std::vector<Container> containers;
  VirtualMachine vm;
  ResourceList overhead;
  /// Requests of the pod as a whole (`spec.resources`): kinds named here take the place of the
  /// containers' sum. Read only where the profile's gate PodLevelResources is on.
  ResourceList pod_requests;
  bool has_pod_requests = false;
  std::vector<HostPort>
      host_ports;               ///< of containers, not of init containers or sidecars (as 1.32)
  std::vector<Volume> volumes;  ///< those that bear on placement

  std::vector<std::pair<StringId, StringId>> node_selector;  ///< sorted by key
  NodeAffinity node_affinity;
  PodAffinity pod_affinity;
  std::vector<Toleration> tolerations;
  std::vector<TopologySpreadConstraint> topology_spread;
  StringId node_name;                      ///< set by the client: only this node will do
  StringId scheduler_name;                 ///< none means the default scheduler
  std::vector<StringId> scheduling_gates;  ///< while any is left the pod does not enter the queue

  std::int32_t priority = 0;
  PreemptionPolicy preemption = PreemptionPolicy::preempt_lower_priority;
  RestartPolicy restart = RestartPolicy::always;
  std::int32_t termination_grace_seconds = 30;
  /// Of a template: a hash of what a client wrote there and the core does not read, so that a
  /// change of it makes another template. 0: nothing of it was looked at.
  std::uint64_t unread = 0;
  std::int64_t run_seconds = -1;  ///< how long the work takes before it succeeds; -1: until stopped

  /// What the scheduler reserves: containers and sidecars summed, raised to each init container's
  /// need, plus overhead. Computed by Catalog::intern_spec; part of the value.
  ResourceList requests;
  bool operator==(const PodSpec&) const = default;
};

std::uint64_t hash_value(const PodSpec& spec);

/// The API's defaulting of what the core reads: a limit without a request becomes the request.
void apply_defaults(PodSpec& spec);

/// Kubernetes's rule for the effective request of a pod (see PodSpec::requests), from the
/// containers alone. No defaulting: limits are not looked at.
/// Source: "Resource units / pod requests" as in kube-scheduler 1.32.
ResourceList effective_requests(const PodSpec& spec);

/// The same with two switches. `missing`: what a container counts for in the kinds that it does not
/// name. `pod_level`: cpu and memory of `pod_requests` take the place of the containers' (gate
/// PodLevelResources; 1.32 knows no other kinds there). Overhead comes on top of either.
ResourceList effective_requests(const PodSpec& spec, const ResourceList& missing, bool pod_level);

}  // namespace arcas::model
