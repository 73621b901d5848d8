#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/controllers/effects.h"
#include "core/model/catalog.h"

namespace arcas::controllers {

/// Why a voluntary eviction may or may not go ahead.
enum class DisruptionVerdict : std::uint8_t {
  allowed,         ///< the eviction was appended to the effects
  no_budget_left,  ///< a budget allows no disruption now (the API's 429)
  ambiguous,       ///< more than one budget selects the pod: refused (the API's 500)
};

/// Keeps the status of PodDisruptionBudgets and decides voluntary evictions.
///
/// Pods are counted in groups of one namespace, label set and owner. Whether a budget selects a
/// group is computed once, so a pod event costs one look-up and two counters.
/// Source: Kubernetes, disruption controller and the eviction subresource; invariant I42.
class DisruptionController {
 public:
  explicit DisruptionController(const model::Catalog& catalog) : catalog_(catalog) {}

  /// Cost: O(1); O(budgets of the namespace) for the first pod of a label set and owner.
  void on_pod(const model::Pod* before, const model::Pod* after);
  /// Desired scale of a workload that owns pods; -1 when it is gone. Cost: O(its groups).
  void on_scale(Uid owner, std::int32_t replicas);
  /// A budget is new or changed. Cost: O(groups of its namespace) when it is new or its
  /// selector changed.
  void on_budget(const model::PodDisruptionBudget& budget);
  void on_budget_removed(Uid budget);

  /// Writes the status of budgets whose counts changed since the last call.
  /// `find` gives the present object by uid, or nullptr. Cost: O(changed budgets).
  void sync(const std::function<const model::PodDisruptionBudget*(Uid)>& find, Effects& out);

  /// Decides on one voluntary eviction. When allowed, one all-or-nothing transaction evicts the pod
  /// and takes one from the budget, guarded by the resource versions of both.
  DisruptionVerdict evict(TimePoint now, const model::Pod& pod,
                          const std::function<const model::PodDisruptionBudget*(Uid)>& find,
                          Effects& out);

  /// The budgets that select a pod, as uids, ascending.
  [[nodiscard]] std::vector<Uid> budgets_of(const model::Pod& pod) const;

 private:
  struct Group {
    NamespaceId name_space;
    LabelSetId labels;
    Uid owner;
    std::int32_t total = 0;    // pod objects
    std::int32_t healthy = 0;  // ready, not terminating
    std::vector<std::uint32_t> budgets;
  };
  struct Budget {
    model::PodDisruptionBudget object;
    std::vector<std::uint32_t> groups;
    bool dirty = false;
  };
  struct GroupKey {
    NamespaceId name_space;
    LabelSetId labels;
    Uid owner;
    bool operator==(const GroupKey&) const = default;
    friend std::size_t hash_value(const GroupKey& key) {
      return hash_combine(hash_combine(key.name_space.index, key.labels.index), key.owner.value);
    }
  };
  std::uint32_t group_of(const model::Pod& pod);
  void count(const model::Pod& pod, std::int32_t sign);
  void mark(std::uint32_t budget);
  void link(std::uint32_t budget);
  void unlink(std::uint32_t budget);
  model::PodDisruptionBudget with_status(const Budget& budget,
                                         const model::PodDisruptionBudget& object) const;

  const model::Catalog& catalog_;
  std::vector<Group> groups_;
  std::vector<Budget> budgets_;
  std::vector<std::uint32_t> dirty_;
  boost::unordered_flat_map<GroupKey, std::uint32_t> group_index_;
  boost::unordered_flat_map<std::uint64_t, std::uint32_t, StableHash> budget_index_;
  boost::unordered_flat_map<std::uint64_t, std::int32_t, StableHash> scale_;
  boost::unordered_flat_map<std::uint64_t, std::vector<std::uint32_t>, StableHash> groups_by_owner_;
  boost::unordered_flat_map<std::uint32_t, std::vector<std::uint32_t>, StableHash>
      groups_by_namespace_;
  boost::unordered_flat_map<std::uint32_t, std::vector<std::uint32_t>, StableHash>
      budgets_by_namespace_;
};

/// What the budgets of a pod say of one voluntary eviction. `protects`: the pod runs, so that
/// somebody may count on it; `budgets`: how many select it; `allowed`: the disruptions that the one
/// of them allows now. Cost: O(1).
constexpr DisruptionVerdict eviction_verdict(bool protects, std::size_t budgets,
                                             std::int64_t allowed) {
  if (!protects || budgets == 0) return DisruptionVerdict::allowed;
  if (budgets > 1) return DisruptionVerdict::ambiguous;
  return allowed < 1 ? DisruptionVerdict::no_budget_left : DisruptionVerdict::allowed;
}

/// A percentage of a whole, rounded up, as Kubernetes rounds it. Cost: O(1).
constexpr std::int32_t percent_rounded_up(std::int32_t percent, std::int32_t whole) {
  return static_cast<std::int32_t>((std::int64_t{percent} * whole + 99) / 100);
}

}  // namespace arcas::controllers
