#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/model/snapshot.h"
#include "core/scheduler/pending_reason.h"
#include "core/whatif/change.h"
#include "core/whatif/trial.h"

namespace arcas::whatif {

/// Pods that are alike and find no place.
struct UnplacedGroup {
  std::uint32_t workload = model::SnapshotWorkload::kNone;  ///< the root of their owners
  std::uint32_t pods = 0;
  bool explained = false;            ///< the largest groups are
  std::string message;               ///< in Kubernetes's words
  std::vector<std::string> changes;  ///< single changes that would place one of them
};

/// A PodDisruptionBudget that the change touches.
struct BudgetEffect {
  std::uint32_t budget = 0;  ///< by place in the snapshot
  std::int32_t healthy = 0;  ///< pods, now
  std::int32_t desired = 0;
  std::int32_t lost_at_once = 0;  ///< healthy pods that the change takes away
  std::int32_t without_place = 0;
  bool broken = false;   ///< fewer are healthy than desired when all go at once
  bool blocked = false;  ///< evictions that respect it never end
};

/// A topology spread constraint that holds now and does not afterwards, or holds less.
struct SpreadEffect {
  std::uint32_t workload = model::SnapshotWorkload::kNone;
  StringId key;
  bool hard = false;
  std::int64_t max_skew = 0;
  std::int64_t before = 0;  ///< most pods of a domain less fewest
  std::int64_t after = 0;
};

/// What machines of one shape would do for the pods without a place.
struct ShapeOption {
  std::string shape;  ///< instance type, or its amounts
  std::uint32_t nodes = 0;
  std::uint32_t places = 0;  ///< pods that then have a place
  std::uint32_t left = 0;    ///< that find none however many there are
};

/// A placement of all pods that a controller makes, from an empty cluster.
struct PlacedAnew {
  std::uint32_t placed = 0;
  std::uint32_t left = 0;
  std::uint32_t nodes_used = 0;    ///< with at least one of these pods
  double most_used_cpu_share = 0;  ///< requested of allocatable, on the fullest node
  double mean_used_cpu_share = 0;  ///< over the nodes in use
};

/// One batch of an upgrade.
struct UpgradeBatch {
  std::uint32_t nodes = 0;
  std::uint32_t moved = 0;
  std::uint32_t left = 0;
};

/// What would come of a change. Where the scheduler comes to rest: how long it takes is the
/// simulator's business.
struct Prediction {
  std::uint32_t nodes_before = 0;
  std::uint32_t nodes_after = 0;  ///< that take pods
  std::uint32_t pods_bound = 0;   ///< before
  std::uint32_t pods_pending = 0;

  std::uint32_t displaced = 0;  ///< pods that need another place, or new ones that need one
  std::uint32_t placed = 0;
  std::uint32_t left = 0;            ///< that find none
  std::uint32_t preempted = 0;       ///< pods that made room for those
  std::uint32_t gone_for_good = 0;   ///< no controller makes them again
  std::uint32_t gone_with_node = 0;  ///< of DaemonSets and the nodes themselves
  std::uint32_t left_behind = 0;     ///< tolerate a dead node for ever, so nothing replaces them
  std::uint32_t pending_placed = 0;  ///< pods that had no node before and have one now

  std::vector<UnplacedGroup> unplaced;
  std::vector<UnplacedGroup> pending;  ///< had no node before and have none afterwards
  std::vector<BudgetEffect> budgets;
  std::vector<SpreadEffect> spread;
  std::vector<ShapeOption> options;  ///< fewest pods left first, then fewest nodes
  std::vector<NodeId> spare;         ///< nodes that could go afterwards, all of them together
  bool spare_complete = true;        ///< false: the search stopped after many nodes that could not
  std::vector<UpgradeBatch> batches;
  bool has_comparison = false;
  PlacedAnew present;
  PlacedAnew other;

  /// No pod is without a place because of the change, and no budget blocks it.
  bool feasible = true;
};

/// Predicts by the scheduler's and the controllers' own deciders. `with_hints`: also what would fix
/// it and which nodes could go. Pure, deterministic. Cost: about that of placing the displaced
/// pods, and some dozens of passes over all nodes for each group that is explained.
Prediction predict(const model::Snapshot& snapshot, model::Catalog& catalog,
                   const scheduler::SchedulerProfile& profile, const Change& change,
                   bool with_hints);

}  // namespace arcas::whatif
