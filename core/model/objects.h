#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "core/base/id.h"
#include "core/base/time.h"
#include "core/model/metadata.h"
#include "core/model/resources.h"
#include "core/model/taint.h"

namespace arcas::model {

/// `no_schedule` is Arktos's phase of a virtual machine that was shut down: it holds no node.
enum class PodPhase : std::uint8_t { pending, running, succeeded, failed, unknown, no_schedule };

/// Small on purpose: three million of these fit in memory. The immutable part is the interned spec.
struct Pod {
  Metadata meta;
  SpecId spec;
  NodeId node;       ///< none until bound; set at most once
  NodeId target;     ///< if set, only this node will do (daemon pods); never changes
  NodeId nominated;  ///< preemption makes room for it there; a wish, not a binding
  StringId reason;   ///< why failed or pending, for people
  PodPhase phase = PodPhase::pending;
  bool ready = false;
  bool counted = false;       ///< finished, and its Job's status says so
  TimePoint ready_since{-1};  ///< when it last became ready; < 0: never
  TimePoint started_at{-1};   ///< when its agent reported it running; < 0: not yet
  bool operator==(const Pod&) const = default;

  [[nodiscard]] bool terminal() const {
    return phase == PodPhase::succeeded || phase == PodPhase::failed;
  }
  /// Counts for capacity: bound, not finished. A terminating pod still holds its room until its
  /// agent confirms that it stopped.
  [[nodiscard]] bool holds_capacity() const { return node.valid() && !terminal(); }
};

enum class ConditionStatus : std::uint8_t { unknown, no, yes };

/// What a machine runs short of. Unknown: it is not heard from.
struct PressureConditions {
  ConditionStatus memory = ConditionStatus::no;
  ConditionStatus disk = ConditionStatus::no;
  ConditionStatus pid = ConditionStatus::no;
  bool operator==(const PressureConditions&) const = default;
};

/// An image that a node holds, under all its names (as the kubelet reports them).
struct NodeImage {
  std::vector<StringId> names;
  std::int64_t size_bytes = 0;
  bool operator==(const NodeImage&) const = default;
};

/// A machine. `id` indexes arrays of nodes everywhere; `meta.name.base` is its name.
struct Node {
  Metadata meta;
  NodeId id;
  ZoneId zone;
  RackId rack;
  PartitionId resource_partition;
  ResourceList allocatable;
  std::vector<Taint> taints;
  std::vector<NodeImage> images;
  bool unschedulable = false;
  std::uint64_t agent_epoch = 0;  ///< grows with every start of the agent; fences old ones
  ConditionStatus ready = ConditionStatus::unknown;
  ConditionStatus container_runtime_ready = ConditionStatus::unknown;
  ConditionStatus vm_runtime_ready = ConditionStatus::unknown;
  PressureConditions pressure;
  TimePoint ready_changed_at;
  bool operator==(const Node&) const = default;
};

enum class TenantPhase : std::uint8_t { active, terminating };

struct Tenant {
  Metadata meta;
  TenantId id;
  TenantPhase phase = TenantPhase::active;
  bool initialized = false;  ///< the tenant controller has made its namespaces
  bool operator==(const Tenant&) const = default;
};

struct Namespace {
  Metadata meta;
  NamespaceId id;
  TenantPhase phase = TenantPhase::active;
  bool operator==(const Namespace&) const = default;
};

/// What workloads stamp out: labels and an interned spec.
struct PodTemplate {
  LabelSetId labels;
  SpecId spec;
  bool operator==(const PodTemplate&) const = default;
};

struct ReplicaSet {
  Metadata meta;
  std::int32_t replicas = 0;
  SelectorId selector;
  PodTemplate pod_template;
  std::int32_t min_ready_seconds = 0;
  std::int32_t status_replicas = 0;
  std::int32_t status_ready = 0;
  std::int32_t status_available = 0;
  std::uint32_t observed_generation = 0;
  std::int64_t revision = 0;  ///< of its Deployment's template: the larger the later in use
  bool operator==(const ReplicaSet&) const = default;
};

struct Deployment {
  enum class Strategy : std::uint8_t { rolling_update, recreate };
  Metadata meta;
  std::int32_t replicas = 0;
  SelectorId selector;
  PodTemplate pod_template;
  Strategy strategy = Strategy::rolling_update;
  /// Percent when *_is_percent, else a count; Kubernetes's defaults are 25 % each.
  std::int32_t max_surge = 25;
  std::int32_t max_unavailable = 25;
  bool max_surge_is_percent = true;
  bool max_unavailable_is_percent = true;
  bool paused = false;
  std::int32_t min_ready_seconds = 0;
  std::int32_t status_replicas = 0;
  std::int32_t status_updated = 0;
  std::int32_t status_ready = 0;
  std::int32_t status_available = 0;
  std::uint32_t observed_generation = 0;
  std::int64_t revision = 0;  ///< of the ReplicaSet in use
  bool operator==(const Deployment&) const = default;
};

struct DaemonSet {
  Metadata meta;
  SelectorId selector;
  PodTemplate pod_template;
  std::int32_t status_desired = 0;
  std::int32_t status_current = 0;
  std::int32_t status_ready = 0;
  std::uint32_t observed_generation = 0;
  bool operator==(const DaemonSet&) const = default;
};

struct Job {
  Metadata meta;
  std::int32_t parallelism = 1;
  std::int32_t completions = 1;
  std::int32_t backoff_limit = 6;
  PodTemplate pod_template;
  std::int32_t status_active = 0;
  std::int32_t status_succeeded = 0;
  std::int32_t status_failed = 0;
  bool complete = false;
  bool failed = false;
  bool operator==(const Job&) const = default;
};

struct PodDisruptionBudget {
  Metadata meta;
  SelectorId selector;
  /// Exactly one of the two is set (>= 0).
  std::int32_t min_available = -1;
  std::int32_t max_unavailable = -1;
  bool is_percent = false;
  std::int32_t status_expected = 0;
  std::int32_t status_healthy = 0;
  std::int32_t status_desired_healthy = 0;
  std::int32_t status_disruptions_allowed = 0;
  std::vector<StringId> disrupted_pods;  ///< names of pods whose eviction is granted and under way
  bool operator==(const PodDisruptionBudget&) const = default;
};

struct PriorityClass {
  Metadata meta;
  std::int32_t value = 0;
  bool global_default = false;
  bool never_preempts = false;
  bool operator==(const PriorityClass&) const = default;
};

struct ResourceQuota {
  Metadata meta;
  ResourceList hard;
  ResourceList used;
  bool operator==(const ResourceQuota&) const = default;
};

/// What a leader of the controllers has spent of its cap of evictions (invariant I50), for whoever
/// leads next. Ages count back from `as_of`, which is the writer's time and nobody else's.
struct SpentEvictions {
  struct Part {
    Duration age;  ///< of the newest of them
    std::int32_t count = 0;
    bool operator==(const Part&) const = default;
  };
  std::vector<Part> parts;           ///< oldest first
  std::int64_t active_at_first = 0;  ///< active pods when the window's first eviction was ordered
  TimePoint as_of{-1};               ///< < 0: nobody has written one yet
  bool operator==(const SpentEvictions&) const = default;
};

/// Leadership of a role. `epoch` is the fencing token: it grows with every change of holder, and
/// the store refuses a transaction that carries an older one.
struct Lease {
  Metadata meta;
  ActorId holder;
  std::uint64_t epoch = 0;
  Duration duration;
  TimePoint renewed_at;
  SpentEvictions spent;  ///< of a controller manager; a new holder finds its predecessor's
  bool operator==(const Lease&) const = default;
};

/// Any object but a pod. Pods have paths of their own because there are so many of them.
using Object = std::variant<Tenant, Namespace, Node, ReplicaSet, Deployment, DaemonSet, Job,
                            PodDisruptionBudget, PriorityClass, ResourceQuota, Lease>;

Kind kind_of(const Object& object);
const Metadata& metadata_of(const Object& object);
Metadata& metadata_of(Object& object);
ObjectKey key_of(Kind kind, const Metadata& meta);
inline ObjectKey key_of(const Object& object) {
  return key_of(kind_of(object), metadata_of(object));
}

}  // namespace arcas::model
