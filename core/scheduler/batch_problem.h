#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/scheduler/batch/batch_input.h"
#include "core/scheduler/cluster.h"
#include "core/scheduler/pod_class.h"
#include "core/scheduler/scheduler_profile.h"

namespace arcas::scheduler {

/// Who a pod is in an explanation; pods of different names are in different classes.
struct BatchName {
  std::string name;
  TenantId tenant;
};
using BatchNaming = std::function<BatchName(Uid, const PodEntry&)>;

/// Pods that wait, as one problem of placement by flow. Domains are the zones, by the labels of the
/// nodes and numbered as the topology map of the zone key, and one more for nodes without the
/// label. Nodes on which no class may stand at all are left out.
struct BatchProblem {
  batch::BatchInput input;
  std::vector<std::vector<Uid>> members;  ///< by class of the input, in the order given
  std::vector<SpecId> specs;              ///< by class: one of its members'
  std::vector<Uid> left_out;  ///< pods whose rules no flow expresses, in the order given
};

/// The constraint over zones that a pod of the class spreads by, hard ones first; null: none.
const SpreadConstraint* zone_spread(const PodClass& pod_class, StringId zone_key);

/// States the problem. What a flow keeps: resources, the filters that read one node alone, and
/// spread over zones, as limits that level out what is there already. Pods with other hard rules
/// (affinity between pods, spread over other keys, host ports, volumes), with a target or with a
/// nominated node are left out. Scores and other soft rules are not in it. `naming` null: no names,
/// and pods of one shape without limits are one class. The pods are in the cluster's table and hold
/// no room. Cost: O(pods × log classes + nodes × sets of static requirements).
BatchProblem batch_problem(Cluster& cluster, const SchedulerProfile& profile, PodClasses& classes,
                           std::span<const Uid> pods, const BatchNaming& naming);

/// The most pods of a class of `count` that each domain may take so that they level out with those
/// that are there: `there` by domain, less than 0: the domain takes none. `ceiling`: no domain ends
/// above it. Cost: O(domains log domains).
std::vector<std::uint32_t> level_out(const std::vector<std::int64_t>& there, std::int64_t count,
                                     std::int64_t ceiling);

}  // namespace arcas::scheduler
