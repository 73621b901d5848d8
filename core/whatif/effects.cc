#include "core/whatif/effects.h"

#include <algorithm>

#include "core/scheduler/spread_rules.h"

namespace arcas::whatif {
namespace {

using model::PodDisruptionBudget;
using model::Snapshot;
using model::SnapshotWorkload;

/// The pod as the disruption controller sees it: with an owner whose scale is known.
model::Pod counted(const model::SnapshotPod& pod) {
  model::Pod copy = pod.pod;
  if (pod.workload != SnapshotWorkload::kNone) {
    copy.meta.owner = {Uid::make(3, pod.workload + 1), model::Kind::replica_set};
  }
  return copy;
}

}  // namespace

Budgets::Budgets(const Snapshot& snapshot, const model::Catalog& catalog)
    : snapshot_(snapshot), budgets_(snapshot.budgets), controller_(catalog) {
  if (budgets_.empty()) return;
  std::vector<std::int32_t> pods(snapshot.workloads.size());
  for (const model::SnapshotPod& pod : snapshot.pods) {
    if (pod.workload != SnapshotWorkload::kNone) ++pods[pod.workload];
  }
  for (std::uint32_t i = 0; i < pods.size(); ++i) {
    const std::int32_t wanted = snapshot.workloads[i].replicas;
    controller_.on_scale(Uid::make(3, i + 1), wanted >= 0 ? wanted : pods[i]);
  }
  for (const PodDisruptionBudget& budget : budgets_) {
    if (budget.selector.valid()) controller_.on_budget(budget);
  }
  for (const model::SnapshotPod& pod : snapshot.pods) {
    const model::Pod object = counted(pod);
    controller_.on_pod(nullptr, &object);
  }
  refresh();
}

void Budgets::refresh() {
  controllers::Effects effects;
  controller_.sync([this](Uid uid) { return &budgets_[uid.sequence() - 1]; }, effects);
  for (const ports::ObjectOperation& operation : effects.objects) {
    const auto& budget = std::get<PodDisruptionBudget>(operation.object);
    budgets_[budget.meta.uid.sequence() - 1] = budget;
  }
}

std::vector<BudgetEffect> Budgets::effects(const std::vector<PodPlace>& gone,
                                           const std::set<PodPlace>& without_place,
                                           bool voluntary) {
  if (budgets_.empty()) return {};
  std::vector<std::pair<PodPlace, model::Pod>> lost;
  for (const PodPlace place : gone) {
    if (place < snapshot_.pods.size()) {  // else it is new: no budget has counted on it
      lost.emplace_back(place, counted(snapshot_.pods[place]));
    }
  }
  std::map<std::uint32_t, BudgetEffect> touched;
  for (const auto& [place, pod] : lost) {
    for (const Uid uid : controller_.budgets_of(pod)) {
      const auto budget = static_cast<std::uint32_t>(uid.sequence() - 1);
      BudgetEffect& effect = touched[budget];
      effect.budget = budget;
      effect.lost_at_once += pod.ready && !pod.meta.terminating() ? 1 : 0;
      effect.without_place += without_place.contains(place) ? 1 : 0;
    }
  }
  for (auto& [place, effect] : touched) {
    const PodDisruptionBudget& budget = budgets_[place];
    effect.healthy = budget.status_healthy;
    effect.desired = budget.status_desired_healthy;
    const std::int32_t allowed = budget.status_disruptions_allowed;
    effect.blocked =
        voluntary && effect.lost_at_once > 0 && (allowed == 0 || effect.without_place > allowed);
  }
  for (const auto& [place, pod] : lost) controller_.on_pod(&pod, nullptr);
  refresh();
  std::vector<BudgetEffect> effects;
  for (auto& [place, effect] : touched) {
    // What is desired may shrink with the pods; what counts is what was desired of them before.
    effect.broken = effect.lost_at_once > 0 && budgets_[place].status_healthy < effect.desired;
    effects.push_back(effect);
  }
  for (const auto& [place, pod] : lost) controller_.on_pod(nullptr, &pod);
  refresh();
  return effects;
}

SpreadLevels SpreadLevels::of(Trial& trial, const Snapshot& snapshot) {
  SpreadLevels levels;
  scheduler::Cluster& cluster = trial.cluster();
  cluster.refresh();
  std::set<std::tuple<NamespaceId, LabelSetId, SpecId>> seen;
  for (const Trial::PodState& pod : trial.pods()) {
    if (cluster.catalog().spec(pod.spec).topology_spread.empty() || pod.terminating) continue;
    if (!seen.insert({pod.name_space, pod.labels, pod.spec}).second) continue;
    scheduler::PodEntry entry;
    entry.spec = pod.spec;
    entry.labels = pod.labels;
    entry.name_space = pod.name_space;
    const scheduler::SpreadRules rules = spread_rules(cluster, trial.profile(), entry);
    std::uint32_t constraint = 0;
    for (const auto* list : {&rules.hard, &rules.soft}) {
      for (const scheduler::SpreadConstraint& rule : *list) {
        if (rule.by_host || !rule.counter.valid()) continue;  // only scored, node by node
        const scheduler::Counter& counter = cluster.counters()[rule.counter];
        const scheduler::DomainView& view = counter.view();
        std::int64_t most = 0;
        for (std::uint32_t domain = 0; domain < view.nodes_in.size(); ++domain) {
          if (view.nodes_in[domain] > 0) most = std::max(most, counter.value(domain));
        }
        Level level;
        level.effect.workload = snapshot.root_of(pod.workload);
        level.effect.key = rule.key;
        level.effect.hard = list == &rules.hard;
        level.effect.max_skew = rule.max_skew;
        level.effect.before = most - global_minimum(rule, counter);
        levels.levels_[{pod.name_space, pod.labels, pod.spec, constraint++}] = level;
      }
    }
  }
  return levels;
}

std::vector<SpreadEffect> SpreadLevels::worse(const SpreadLevels& before,
                                              const SpreadLevels& after) {
  std::vector<SpreadEffect> effects;
  for (const auto& [key, level] : after.levels_) {
    const auto earlier = before.levels_.find(key);
    SpreadEffect effect = level.effect;
    effect.after = effect.before;
    effect.before = earlier == before.levels_.end() ? 0 : earlier->second.effect.before;
    if (effect.after > effect.max_skew && effect.after > effect.before) effects.push_back(effect);
  }
  // Pods of one workload that differ in nothing that counts here are said once.
  const auto rank = [](const SpreadEffect& e) {
    return std::tuple{!e.hard, -e.after, e.workload, e.key, e.max_skew, e.before};
  };
  std::sort(effects.begin(), effects.end(),
            [&](const SpreadEffect& a, const SpreadEffect& b) { return rank(a) < rank(b); });
  effects.erase(
      std::unique(effects.begin(), effects.end(),
                  [&](const SpreadEffect& a, const SpreadEffect& b) { return rank(a) == rank(b); }),
      effects.end());
  return effects;
}

}  // namespace arcas::whatif
