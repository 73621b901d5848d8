#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "core/scheduler/preemption_decider.h"
#include "core/scheduler/selection.h"

namespace arcas::scheduler {

/// Where a pod of a gang would go, and who leaves for it.
struct GangPlace {
  Uid pod;
  NodeId node;
  std::vector<Uid> victims;  ///< most important first; none: the node has room
  std::vector<Uid> cleared;  ///< pods of lower priority nominated there: they look elsewhere
};

/// Room for all of `members` together, pods of lower priority leaving where nothing else helps;
/// none where a member finds no place even so, or where a disruption budget would be overdrawn. The
/// members come one after the other: each goes to the node that `select` gives, else to the one
/// whose victims cost least by DefaultPreemption's order (EvictionCost), and what it takes and who
/// leaves counts for the next. So nobody is chosen as a victim without need, but a set that is
/// smaller over all members may exist.
///
/// Pure: pods are lifted and placed in the cluster meanwhile, and all is as before at the end.
/// `select` answers for the cluster as it is. Members have no node; placement policies are not
/// supported. Cost: O(members × (decision + preemption)).
std::optional<std::vector<GangPlace>> room_for_gang(
    Cluster& cluster, const SchedulerProfile& profile, PreemptionDecider& preemption,
    std::span<const Uid> members, const std::function<Selection(Uid, const PodEntry&)>& select);

}  // namespace arcas::scheduler
