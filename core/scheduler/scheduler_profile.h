#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/model/pod_spec.h"
#include "core/scheduler/plugin_id.h"

namespace arcas::scheduler {

/// A resource that a score looks at, with its weight (1..100).
struct ScoredResource {
  ResourceId kind;
  std::int64_t weight = 1;
  bool operator==(const ScoredResource&) const = default;
};

/// NodeResourcesFitArgs.scoringStrategy.
enum class ScoringStrategy : std::uint8_t {
  least_allocated,
  most_allocated,
  requested_to_capacity_ratio,
};

/// A point of RequestedToCapacityRatio's function: utilisation 0..100 → score 0..10.
struct UtilizationPoint {
  std::int64_t utilization = 0;
  std::int64_t score = 0;
  bool operator==(const UtilizationPoint&) const = default;
};

struct FitArguments {
  ScoringStrategy strategy = ScoringStrategy::least_allocated;
  std::vector<ScoredResource> resources;             ///< default: cpu and memory, weight 1
  std::vector<UtilizationPoint> shape;               ///< ascending utilisation
  std::vector<std::string> ignored_resources;        ///< not filtered, by name
  std::vector<std::string> ignored_resource_groups;  ///< not filtered, by prefix before "/"
  bool operator==(const FitArguments&) const = default;
};

struct BalancedArguments {
  std::vector<ScoredResource> resources;  ///< default: cpu and memory
  bool operator==(const BalancedArguments&) const = default;
};

struct NodeAffinityArguments {
  bool has_added = false;
  model::NodeAffinity added;  ///< demanded of (required) or preferred for every pod
  bool operator==(const NodeAffinityArguments&) const = default;
};

struct InterPodAffinityArguments {
  std::int64_t hard_pod_affinity_weight = 1;  ///< 0..100
  bool ignore_preferred_terms_of_existing_pods = false;
  bool operator==(const InterPodAffinityArguments&) const = default;
};

/// Constraints for pods that name none. `system`: Kubernetes's own two (host maxSkew 3, zone
/// maxSkew 5, both soft), under which nodes without the labels are not left out.
struct TopologySpreadArguments {
  enum class Defaulting : std::uint8_t { system, list };
  Defaulting defaulting = Defaulting::system;
  std::vector<model::TopologySpreadConstraint> constraints;  ///< for `list`; no selectors
  bool operator==(const TopologySpreadArguments&) const = default;
};

struct DefaultPreemptionArguments {
  std::int32_t min_candidate_nodes_percentage = 10;
  std::int32_t min_candidate_nodes_absolute = 100;
  bool operator==(const DefaultPreemptionArguments&) const = default;
};

struct WeightedPlugin {
  PluginId plugin = PluginId::none;
  std::int64_t weight = 1;
  bool operator==(const WeightedPlugin&) const = default;
};

/// One profile of a KubeSchedulerConfiguration after defaulting: which plugins run at which
/// extension point, in which order, with which weights and arguments.
struct SchedulerProfile {
  std::string scheduler_name = "default-scheduler";
  std::vector<PluginId> pre_enqueue;
  /// Plugins whose PreFilter runs. Switching a filter off leaves its PreFilter on, as Kubernetes
  /// does: it may still refuse the pod or narrow the nodes.
  std::vector<PluginId> pre_filters;
  std::vector<PluginId> filters;
  std::vector<PluginId> post_filters;
  std::vector<PluginId> pre_scores;  ///< plugins whose PreScore runs; says which scores are skipped
  std::vector<WeightedPlugin> scores;
  FitArguments fit;
  BalancedArguments balanced;
  NodeAffinityArguments node_affinity;
  InterPodAffinityArguments inter_pod_affinity;
  TopologySpreadArguments spread;
  DefaultPreemptionArguments preemption;
  bool pod_level_resources = false;  ///< feature gate PodLevelResources (alpha in 1.32: off)
  /// Share of the nodes to look for before scoring; 100: all, 0: adaptive, Kubernetes's default.
  /// Which runs honour it: docs/scheduler.md.
  std::int32_t percentage_of_nodes_to_score = 100;
  std::string policy;  ///< placement policy that rates nodes instead of the scores; empty: none
  bool operator==(const SchedulerProfile&) const = default;

  /// kube-scheduler 1.32's default profile.
  static SchedulerProfile kubernetes();
  /// The same, with Arktos's NodeRuntimeReady in front.
  static SchedulerProfile arcas();
  [[nodiscard]] bool filters_with(PluginId plugin) const;
  /// One of policies::all_policies() rates the nodes from now on, and nothing else does; filters
  /// stay, and one is added that looks at devices one by one. Once for a profile.
  void use_policy(std::string name);
};

}  // namespace arcas::scheduler
