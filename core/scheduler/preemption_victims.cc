#include "core/scheduler/preemption_victims.h"

#include "core/base/check.h"
#include "core/model/selector.h"

namespace arcas::scheduler {
namespace {

bool same_pods(const Budget& a, const Budget& b) {
  return a.name_space == b.name_space && a.selector == b.selector;
}

bool same_numbers(const Budget& a, const Budget& b) {
  return a.disruptions_allowed == b.disruptions_allowed && a.disrupted == b.disrupted;
}

bool matches(const Budget& budget, const PodEntry& pod, const model::Catalog& catalog) {
  if (budget.name_space != pod.name_space || !budget.selector.valid()) return false;
  const model::Selector& selector = catalog.selectors[budget.selector];
  return !selector.requirements.empty() &&
         model::matches(selector, catalog.label_sets[pod.labels], catalog);
}

}  // namespace

bool more_important(const Victim& a, const Victim& b) {
  if (a.priority != b.priority) return a.priority > b.priority;
  return a.started_s < b.started_s;
}

void collect_victims(Cluster& cluster, NodeId node, std::int32_t priority,
                     std::vector<Victim>& out) {
  const model::Catalog& catalog = cluster.catalog();
  for (const Uid uid : cluster.nodes()[node].pods) {
    PodEntry* entry = cluster.pods().find(uid);
    if (entry == nullptr || entry->state == PodState::foreign) continue;
    const std::int32_t own = catalog.spec(entry->spec).priority;
    if (own >= priority) continue;
    out.push_back({uid, entry, own, entry->started_s < 0 ? Victim::kNotStarted : entry->started_s});
  }
}

EvictionCost Eviction::cost() const {
  ARCAS_CHECK(!victims.empty());
  EvictionCost cost;
  cost.violations = violations;
  cost.top_priority = victims.front().priority;
  cost.victims = static_cast<std::uint32_t>(victims.size());
  std::int64_t earliest = victims.front().started_s;
  for (const Victim& victim : victims) {
    cost.priority_sum += static_cast<std::uint64_t>(std::int64_t{victim.priority} + (1LL << 31));
    if (victim.priority == cost.top_priority) earliest = std::min(earliest, victim.started_s);
  }
  cost.age = std::numeric_limits<std::int64_t>::max() - earliest;
  return cost;
}

bool BudgetView::refresh(std::vector<std::uint32_t>& changed) {
  const std::vector<Budget>& now = cluster_.budgets;
  bool same = now.size() == budgets_.size();
  for (std::size_t i = 0; same && i < now.size(); ++i) same = same_pods(now[i], budgets_[i]);
  if (!same) {
    budgets_ = now;
    left_.assign(now.size(), 0);
    of_labels_.clear();
    return false;
  }
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (same_numbers(now[i], budgets_[i])) continue;
    budgets_[i] = now[i];
    changed.push_back(static_cast<std::uint32_t>(i));
  }
  return true;
}

std::span<const std::uint32_t> BudgetView::of(const PodEntry& pod) {
  if (budgets_.empty() || !pod.labels.valid()) return {};
  const model::Catalog& catalog = cluster_.catalog();
  const auto [it, added] = of_labels_.try_emplace(PodTable::list_key(pod.name_space, pod.labels));
  if (!added || catalog.label_sets[pod.labels].empty()) return it->second;
  for (std::uint32_t i = 0; i < budgets_.size(); ++i) {
    if (matches(budgets_[i], pod, catalog)) it->second.push_back(i);
  }
  return it->second;
}

void BudgetView::split(std::span<const Victim> victims, std::vector<Victim>& violating,
                       std::vector<Victim>& others) {
  if (budgets_.empty()) {
    others.insert(others.end(), victims.begin(), victims.end());
    return;
  }
  for (const Victim& victim : victims) {
    for (const std::uint32_t i : of(*victim.entry)) left_[i] = budgets_[i].disruptions_allowed;
  }
  for (const Victim& victim : victims) {
    bool violates = false;
    for (const std::uint32_t i : of(*victim.entry)) {
      const std::vector<Uid>& granted = budgets_[i].disrupted;
      if (std::find(granted.begin(), granted.end(), victim.uid) != granted.end()) continue;
      if (--left_[i] < 0) violates = true;
    }
    (violates ? violating : others).push_back(victim);
  }
}

}  // namespace arcas::scheduler
