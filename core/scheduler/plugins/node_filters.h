#pragma once

#include <cstdint>
#include <string_view>

#include "core/model/catalog.h"
#include "core/scheduler/node_table.h"

namespace arcas::scheduler {

/// Why a node was refused, in the order in which the filters run. `fits` is no refusal.
enum class Reason : std::uint8_t {
  fits,
  unknown_node,
  node_unschedulable,
  node_name,
  runtime_not_ready,
  taint,
  node_affinity,
  ports,
  too_many_pods,
  insufficient_resource,
  topology_spread,
  topology_label_missing,
};

/// Whether preempting pods could help (Kubernetes's Unschedulable against
/// UnschedulableAndUnresolvable).
bool resolvable(Reason reason);
/// Kubernetes's words for the reason, e.g. "node(s) had untolerated taint".
std::string_view text(Reason reason);

/// The filters that read nothing that other pods change: NodeUnschedulable, NodeName,
/// NodeRuntimeReady (Arktos), TaintToleration, NodeAffinity. `target` none: any node.
/// Cost: O(taints × tolerations + selector terms).
Reason filter_static(const model::PodSpec& spec, NodeId target, const NodeTable::Row& row,
                     const model::Catalog& catalog);

/// NodeResourcesFit. Cost: O(resource kinds). `short_of` gets the first kind that is short.
Reason filter_resources(const Demand& demand, const NodeTable::Row& row,
                        ResourceId* short_of = nullptr);

/// NodeAffinity's preferred terms, the raw score: the sum of the weights that match.
std::int64_t preferred_affinity(const model::PodSpec& spec, const NodeTable::Row& row,
                                const model::Catalog& catalog);
/// TaintToleration's raw score: untolerated PreferNoSchedule taints.
std::int64_t intolerable_taints(const model::PodSpec& spec, const NodeTable::Row& row);

/// NodeResourcesFit's score, cpu and memory at equal weights, 0..100.
enum class FitStrategy : std::uint8_t { least_allocated, most_allocated };
std::int64_t fit_score(FitStrategy strategy, const Demand& demand, const NodeTable::Row& row);
/// NodeResourcesBalancedAllocation over cpu and memory, 0..100. In binary64 as the original.
std::int64_t balanced_score(const Demand& demand, const NodeTable::Row& row);

}  // namespace arcas::scheduler
