#include "core/controllers/disruption.h"

#include <algorithm>
#include <utility>

namespace arcas::controllers {
namespace {

bool is_healthy(const model::Pod& pod) { return is_active(pod) && pod.ready; }

void erase_value(std::vector<std::uint32_t>& list, std::uint32_t value) {
  list.erase(std::remove(list.begin(), list.end(), value), list.end());
}

}  // namespace

std::uint32_t DisruptionController::group_of(const model::Pod& pod) {
  const GroupKey key{pod.meta.name_space, pod.meta.labels, pod.meta.owner.uid};
  const auto [it, fresh] =
      group_index_.try_emplace(key, static_cast<std::uint32_t>(groups_.size()));
  if (!fresh) return it->second;
  const std::uint32_t index = it->second;
  groups_.push_back({key.name_space, key.labels, key.owner, 0, 0, {}});
  groups_by_owner_[key.owner.value].push_back(index);
  groups_by_namespace_[key.name_space.index].push_back(index);
  const auto budgets = budgets_by_namespace_.find(key.name_space.index);
  if (budgets == budgets_by_namespace_.end()) return index;
  for (const std::uint32_t budget : budgets->second) {
    const model::Selector& selector = catalog_.selectors[budgets_[budget].object.selector];
    if (!model::matches(selector, catalog_.label_sets[key.labels], catalog_)) continue;
    groups_[index].budgets.push_back(budget);
    budgets_[budget].groups.push_back(index);
  }
  return index;
}

void DisruptionController::mark(std::uint32_t budget) {
  if (budgets_[budget].dirty) return;
  budgets_[budget].dirty = true;
  dirty_.push_back(budget);
}

void DisruptionController::count(const model::Pod& pod, std::int32_t sign) {
  Group& group = groups_[group_of(pod)];
  group.total += sign;
  if (is_healthy(pod)) group.healthy += sign;
  for (const std::uint32_t budget : group.budgets) mark(budget);
}

void DisruptionController::on_pod(const model::Pod* before, const model::Pod* after) {
  const bool same_group = before != nullptr && after != nullptr &&
                          before->meta.labels == after->meta.labels &&
                          before->meta.owner.uid == after->meta.owner.uid;
  if (same_group && is_healthy(*before) == is_healthy(*after)) return;
  if (before != nullptr) count(*before, -1);
  if (after != nullptr) count(*after, 1);
}

void DisruptionController::on_scale(Uid owner, std::int32_t replicas) {
  if (replicas < 0) {
    scale_.erase(owner.value);
  } else {
    const auto [it, fresh] = scale_.try_emplace(owner.value, replicas);
    if (!fresh && it->second == replicas) return;  // only its status changed
    it->second = replicas;
  }
  const auto it = groups_by_owner_.find(owner.value);
  if (it == groups_by_owner_.end()) return;
  for (const std::uint32_t group : it->second) {
    for (const std::uint32_t budget : groups_[group].budgets) mark(budget);
  }
}

void DisruptionController::link(std::uint32_t index) {
  Budget& budget = budgets_[index];
  const std::uint32_t name_space = budget.object.meta.name_space.index;
  budgets_by_namespace_[name_space].push_back(index);
  const auto it = groups_by_namespace_.find(name_space);
  if (it == groups_by_namespace_.end()) return;
  const model::Selector& selector = catalog_.selectors[budget.object.selector];
  for (const std::uint32_t group : it->second) {
    if (!model::matches(selector, catalog_.label_sets[groups_[group].labels], catalog_)) continue;
    groups_[group].budgets.push_back(index);
    budget.groups.push_back(group);
  }
}

void DisruptionController::unlink(std::uint32_t index) {
  Budget& budget = budgets_[index];
  for (const std::uint32_t group : budget.groups) erase_value(groups_[group].budgets, index);
  budget.groups.clear();
  erase_value(budgets_by_namespace_[budget.object.meta.name_space.index], index);
}

void DisruptionController::on_budget(const model::PodDisruptionBudget& object) {
  const auto [it, fresh] =
      budget_index_.try_emplace(object.meta.uid.value, static_cast<std::uint32_t>(budgets_.size()));
  const std::uint32_t index = it->second;
  if (fresh) budgets_.emplace_back();
  const bool relink = fresh || budgets_[index].object.selector != object.selector;
  if (!fresh && relink) unlink(index);
  budgets_[index].object = object;
  if (relink) link(index);
  mark(index);
}

void DisruptionController::on_budget_removed(Uid uid) {
  const auto it = budget_index_.find(uid.value);
  if (it == budget_index_.end()) return;
  unlink(it->second);
  budget_index_.erase(it);
}

/// Source: Kubernetes 1.15, disruption.getExpectedPodCount: a whole minAvailable counts pods;
/// percentages and maxUnavailable count the replicas that the pods' workloads are to have.
model::PodDisruptionBudget DisruptionController::with_status(
    const Budget& budget, const model::PodDisruptionBudget& object) const {
  std::int32_t total = 0;
  std::int32_t healthy = 0;
  std::vector<Uid> owners;
  for (const std::uint32_t index : budget.groups) {
    const Group& group = groups_[index];
    total += group.total;
    healthy += group.healthy;
    if (group.total > 0) owners.push_back(group.owner);
  }
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  std::int32_t scale = 0;
  for (const Uid owner : owners) {
    const auto it = scale_.find(owner.value);
    if (it != scale_.end()) scale += it->second;
  }
  model::PodDisruptionBudget updated = object;
  const bool whole_minimum = object.min_available >= 0 && !object.is_percent;
  updated.status_expected = whole_minimum ? total : scale;
  if (object.min_available >= 0) {
    updated.status_desired_healthy =
        object.is_percent ? percent_rounded_up(object.min_available, scale) : object.min_available;
  } else {
    const std::int32_t may_miss = object.is_percent
                                      ? percent_rounded_up(object.max_unavailable, scale)
                                      : object.max_unavailable;
    updated.status_desired_healthy = std::max(scale - std::max(may_miss, 0), 0);
  }
  updated.status_healthy = healthy;
  const bool any = updated.status_expected > 0;
  updated.status_disruptions_allowed =
      any ? std::max(healthy - updated.status_desired_healthy, 0) : 0;
  return updated;
}

void DisruptionController::sync(const std::function<const model::PodDisruptionBudget*(Uid)>& find,
                                Effects& out) {
  std::vector<std::uint32_t> todo;
  todo.swap(dirty_);
  for (const std::uint32_t index : todo) {
    Budget& budget = budgets_[index];
    budget.dirty = false;
    const Uid uid = budget.object.meta.uid;
    if (!budget_index_.contains(uid.value)) continue;
    const model::PodDisruptionBudget* present = find(uid);
    if (present == nullptr) continue;
    const model::PodDisruptionBudget updated = with_status(budget, *present);
    if (updated != *present) out.objects.push_back(update_of(updated));
  }
}

std::vector<Uid> DisruptionController::budgets_of(const model::Pod& pod) const {
  std::vector<Uid> result;
  const auto it =
      group_index_.find(GroupKey{pod.meta.name_space, pod.meta.labels, pod.meta.owner.uid});
  if (it == group_index_.end()) return result;
  for (const std::uint32_t budget : groups_[it->second].budgets) {
    result.push_back(budgets_[budget].object.meta.uid);
  }
  std::sort(result.begin(), result.end());
  return result;
}

DisruptionVerdict DisruptionController::evict(
    TimePoint now, const model::Pod& pod,
    const std::function<const model::PodDisruptionBudget*(Uid)>& find, Effects& out) {
  const std::vector<Uid> budgets = budgets_of(pod);
  // A pod that does not run yet, or no more, serves nobody: no budget protects it.
  const bool protects = pod.phase == model::PodPhase::running && is_active(pod);
  const model::PodDisruptionBudget* budget =
      protects && !budgets.empty() ? find(budgets.front()) : nullptr;
  const std::size_t count = budgets.size() == 1 && budget == nullptr ? 0 : budgets.size();
  const DisruptionVerdict verdict =
      eviction_verdict(protects, count, budget == nullptr ? 0 : budget->status_disruptions_allowed);
  if (verdict != DisruptionVerdict::allowed) return verdict;
  ports::Transaction transaction;
  transaction.mode = ports::Transaction::Mode::all_or_nothing;
  if (budget != nullptr) {
    model::PodDisruptionBudget updated = *budget;
    --updated.status_disruptions_allowed;
    transaction.objects.push_back(update_of(updated));
  }
  if (!pod.meta.terminating()) transaction.pods.push_back(deletion_of(pod, now));
  if (transaction.size() > 0) out.atomic.push_back(std::move(transaction));
  return DisruptionVerdict::allowed;
}

}  // namespace arcas::controllers
