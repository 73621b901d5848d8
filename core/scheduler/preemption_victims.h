#pragma once

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <compare>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/base/hash.h"
#include "core/scheduler/cluster.h"

namespace arcas::scheduler {

/// A pod that preemption may evict.
struct Victim {
  /// A pod that has not started counts as starting now: later than any that has.
  static constexpr std::int64_t kNotStarted = std::numeric_limits<std::int64_t>::max();
  Uid uid;
  PodEntry* entry = nullptr;
  std::int32_t priority = 0;
  std::int64_t started_s = kNotStarted;
};

/// Higher priority, then earlier start: such pods are spared first.
bool more_important(const Victim& a, const Victim& b);

/// The node's own pods of lower priority, in order of arrival. Pods of other tenant partitions are
/// no victims: nobody here may delete them. Cost: O(pods of the node).
void collect_victims(Cluster& cluster, NodeId node, std::int32_t priority,
                     std::vector<Victim>& out);

/// What evicting some pods costs; less is better, criterion by criterion, in this order.
/// Source: kube-scheduler 1.32, pickOneNodeForPreemption.
struct EvictionCost {
  std::uint32_t violations = 0;    ///< victims whose budget allows no disruption
  std::int32_t top_priority = 0;   ///< of the most important victim
  std::uint64_t priority_sum = 0;  ///< of priority + 2^31
  std::uint32_t victims = 0;
  std::int64_t age =
      0;  ///< the largest time minus the earliest start among victims of top priority
  auto operator<=>(const EvictionCost&) const = default;
  /// Worse than any real cost.
  static constexpr EvictionCost impossible() {
    return {std::numeric_limits<std::uint32_t>::max(), 0, 0, 0, 0};
  }
};

/// A choice of victims on one node, most important first.
struct Eviction {
  std::vector<Victim> victims;
  std::uint32_t violations = 0;
  /// There must be a victim.
  [[nodiscard]] EvictionCost cost() const;
};

/// The disruption budgets as preemption reads them, with a memory of which budgets each label set
/// matches. Follows Cluster::budgets by `refresh`. Cost: O(budgets) for a label set seen first.
class BudgetView {
 public:
  explicit BudgetView(const Cluster& cluster) : cluster_(cluster) {}

  /// Reads the budgets again. Places of budgets whose numbers changed are added to `changed`; false
  /// when budgets came, went or match other pods, so that everything may be different.
  bool refresh(std::vector<std::uint32_t>& changed);
  /// Budgets of a pod by place in Cluster::budgets, ascending. Valid until the next call.
  [[nodiscard]] std::span<const std::uint32_t> of(const PodEntry& pod);
  /// Splits victims, most important first, into those whose eviction breaks a budget, all victims
  /// before them evicted, and the rest.
  void split(std::span<const Victim> victims, std::vector<Victim>& violating,
             std::vector<Victim>& others);

 private:
  const Cluster& cluster_;
  std::vector<Budget> budgets_;     // as of the last refresh
  std::vector<std::int32_t> left_;  // scratch of `split`, by budget
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, StableHash> of_labels_;
};

/// Spares victims one by one as long as the pod fits beside them, those whose budget is spent
/// first, each group most important first, and gives those that have to go. All victims are off
/// the node before; those spared are back on it after.
///
/// `Trial` has take(const Victim&), put_back(const Victim&) and bool fits().
template <class Trial>
Eviction spare(Trial& trial, std::span<const Victim> violating, std::span<const Victim> others) {
  Eviction eviction;
  const auto must_go = [&](const Victim& victim) {
    trial.put_back(victim);
    if (trial.fits()) return false;
    trial.take(victim);
    eviction.victims.push_back(victim);
    return true;
  };
  for (const Victim& victim : violating) eviction.violations += must_go(victim) ? 1 : 0;
  for (const Victim& victim : others) must_go(victim);
  if (!violating.empty() && !others.empty()) {
    std::stable_sort(eviction.victims.begin(), eviction.victims.end(), more_important);
  }
  return eviction;
}

}  // namespace arcas::scheduler
