#include "core/scheduler/scheduler.h"

#include <algorithm>
#include <utility>

#include "core/base/check.h"
#include "core/scheduler/preemption_dry_run.h"

namespace arcas::scheduler {

Scheduler::Scheduler(model::Catalog& catalog, Config config)
    : catalog_(catalog),
      config_(std::move(config)),
      cluster_(catalog,
               config_.profile.pod_level_resources ? PodLevelResources::counted
                                                   : PodLevelResources::ignored,
               config_.dense_domains),
      preemption_(cluster_, config_.profile),
      classes_(cluster_, config_.profile, preemption_.nominations()),
      load_tree_(cluster_.nodes(), config_.profile.fit.strategy == ScoringStrategy::most_allocated
                                       ? FitStrategy::most_allocated
                                       : FitStrategy::least_allocated),
      sampling_({config_.profile.percentage_of_nodes_to_score, config_.fewest_nodes_to_score,
                 config_.most_nodes_to_score}),
      fair_(config_.queue.fair_share ? std::make_unique<FairQueue>(cluster_) : nullptr),
      queue_(config_.queue, cluster_.pods(), fair_.get()),
      membership_(catalog),
      gang_claims_(config_.grant_age) {
  if (!config_.profile.policy.empty()) cluster_.choose_policy(config_.profile.policy);
  if (config_.custom_policy != nullptr) {
    ARCAS_CHECK(cluster_.placement() != nullptr);
    custom_ = std::make_unique<CustomSelection>(*config_.custom_policy, cluster_, config_.profile,
                                                preemption_.nominations());
  }
}

std::int32_t Scheduler::priority_of(SpecId spec) const { return catalog_.spec(spec).priority; }

// ---- what exists ----

void Scheduler::upsert_node(const model::Node& node) {
  cluster_.upsert_node(node);
  cluster_changed();
}

void Scheduler::remove_node(NodeId node) {
  const auto nominated = preemption_.nominations().on(node);
  for (const Uid uid : std::vector<Uid>(nominated.begin(), nominated.end())) {
    withdraw(uid, *cluster_.pods().find(uid));
  }
  cluster_.remove_node(node);
}

void Scheduler::set_namespace_labels(NamespaceId name_space, LabelSetId labels) {
  cluster_.set_namespace_labels(name_space, labels);
  cluster_changed();
}

void Scheduler::set_owner(Uid uid, const model::WorkloadSelector& owner) {
  if (config_.default_spread) cluster_.set_owner(uid, owner);
}

void Scheduler::set_zone_lost(ZoneId zone, bool lost) {
  cluster_.set_zone_lost(zone, lost);
  if (!lost) cluster_changed();
}

void Scheduler::add_usage(Uid uid, SpecId spec, LabelSetId labels, NamespaceId name_space,
                          NodeId node, bool own) {
  PodEntry* known = cluster_.pods().find(uid);
  if (known != nullptr && !own && known->state != PodState::foreign) return;
  if (known != nullptr && own && known->state == PodState::foreign) {
    remove_usage(uid);  // it came with its tenant
    known = nullptr;
  }
  if (known != nullptr) {
    if (known->node == node) {
      if (own) gang_member_bound(uid, *known, node);
      if (own) known->state = PodState::bound;
      const bool changed = own ? known->spec != spec || known->labels != labels
                               : known->state == PodState::foreign && known->spec != spec;
      if (changed) change_placed(uid, *known, spec, labels);
      return;
    }
    if (known->node.valid()) lift(uid, *known);
    withdraw(uid, *known);
  }
  if (cluster_.pods().find(uid) == nullptr) learn(spec);
  PodEntry& entry = cluster_.pods().get(uid);
  entry.spec = spec;
  entry.labels = labels;
  entry.name_space = name_space;
  ++entry.attempt_mark;  // whatever waits for it in the queue is void
  if (own) gang_member_bound(uid, entry, node);
  cluster_.place(uid, entry, node, own ? PodState::bound : PodState::foreign);
  if (own && fair_ != nullptr) fair_->charge(uid, spec, name_space);
}

/// A pod that holds room was resized in place, or has other labels.
void Scheduler::change_placed(Uid uid, PodEntry& entry, SpecId spec, LabelSetId labels) {
  const NodeId node = entry.node;
  const PodState state = entry.state;
  if (entry.labels != labels) leave_gang(uid, entry);
  lift(uid, entry);
  entry.spec = spec;
  entry.labels = labels;
  cluster_.place(uid, entry, node, state);
  if (state != PodState::foreign) {
    gang_member_bound(uid, entry, node);
    if (fair_ != nullptr) fair_->charge(uid, spec, entry.name_space);
  }
  preemption_.nominations().touch(node);
  cluster_changed();
}

void Scheduler::started(Uid uid, TimePoint at) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || !entry->node.valid() || entry->started_s >= 0) return;
  entry->started_s = static_cast<std::int32_t>(at.ns / 1'000'000'000);
  preemption_.nominations().touch(entry->node);
}

void Scheduler::lift(Uid uid, PodEntry& entry) {
  cluster_.lift(uid, entry);
  if (fair_ != nullptr) fair_->discharge(uid);
}

void Scheduler::remove_usage(Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || !entry->node.valid()) return;
  leave_gang(uid, *entry);
  if (entry->node.valid()) lift(uid, *entry);
  cluster_.pods().erase(uid);
  cluster_changed();
}

void Scheduler::remove_foreign(Uid uid) {
  const PodEntry* entry = cluster_.pods().find(uid);
  if (entry != nullptr && entry->state == PodState::foreign) remove_usage(uid);
}

void Scheduler::disown(Uid uid) {
  forget(uid);
  const PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || !entry->node.valid() || entry->state == PodState::foreign) return;
  const NodeId node = entry->node;
  const SpecId spec = entry->spec;
  remove_usage(uid);
  add_usage(uid, spec, LabelSetId{}, NamespaceId{}, node, false);
}

void Scheduler::mark_terminating(Uid uid, bool by_preemption) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || entry->state == PodState::foreign) return;
  if (by_preemption) entry->preempted = true;
  if (entry->terminating) return;
  cluster_.mark_terminating(*entry);
}

// ---- what waits ----

PodEntry Scheduler::entry_of(const PendingPod& pod) {
  PodEntry entry;
  entry.spec = pod.spec;
  entry.target = pod.target;
  entry.labels = pod.labels;
  entry.name_space = pod.name_space;
  if (config_.default_spread && pod.owner.valid()) entry.owner = cluster_.owner_place(pod.owner);
  return entry;
}

void Scheduler::enqueue(TimePoint now, const PendingPod& pod) {
  remove_foreign(pod.uid);  // it came with its tenant
  const PodEntry* known = cluster_.pods().find(pod.uid);
  if (known != nullptr && known->node.valid()) return;
  if (known != nullptr && known->spec == pod.spec && known->labels == pod.labels) return;
  if (known == nullptr) learn(pod.spec);
  if (known != nullptr) leave_gang(pod.uid, *known);
  PodEntry& entry = cluster_.pods().get(pod.uid);
  withdraw(pod.uid, entry);
  const std::uint32_t mark = entry.attempt_mark;  // voids what waits for an older version
  entry = entry_of(pod);
  entry.attempt_mark = mark + 1;
  if (is_gated(entry)) {
    entry.state = PodState::gated;
    return;
  }
  if (join_gang(now, pod.uid, entry, pod.created_at)) return;
  if (pod.nominated.valid()) nominate(pod.uid, entry, pod.nominated);
  queue_.push_active(pod.uid, entry, priority_of(pod.spec));
}

// ---- preemption ----

void Scheduler::set_budget(Uid uid, const Budget& budget) {
  std::vector<Budget>& budgets = cluster_.budgets;
  const auto [at, is_new] = budget_places_.try_emplace(uid, budgets.size());
  if (is_new) budgets.emplace_back();
  budgets[at->second] = budget;
}

/// The last budget takes the place of the one that goes.
void Scheduler::remove_budget(Uid uid) {
  const auto gone = budget_places_.find(uid);
  if (gone == budget_places_.end()) return;
  const std::size_t last = cluster_.budgets.size() - 1;
  for (auto& [other, place] : budget_places_) {
    if (place == last) place = gone->second;
  }
  std::swap(cluster_.budgets[gone->second], cluster_.budgets[last]);
  cluster_.budgets.pop_back();
  budget_places_.erase(uid);
}

void Scheduler::forget_budgets() {
  budget_places_.clear();
  cluster_.budgets.clear();
  budgets_known_ = false;
}

void Scheduler::budgets_known() {
  budgets_known_ = true;
  if (wants_budgets_) cluster_changed();
  wants_budgets_ = false;
}

void Scheduler::nominate(Uid uid, PodEntry& pod, NodeId node) {
  withdraw(uid, pod);
  pod.nominated = node;
  preemption_.nominations().add(uid, node);
  ++nominated_by_priority_[priority_of(pod.spec)];
}

void Scheduler::withdraw(Uid uid, PodEntry& pod) {
  if (!pod.nominated.valid()) return;
  pod.nominated = NodeId{};
  preemption_.nominations().remove(uid);
  const auto priority = nominated_by_priority_.find(priority_of(pod.spec));
  if (--priority->second == 0) nominated_by_priority_.erase(priority);
}

/// They are to terminate, and whoever they leave for waits until they have.
void Scheduler::take_victims(const std::vector<Uid>& victims) {
  ++stats_.preemptions;
  for (const Uid victim : victims) cluster_.pods().find(victim)->preempted = true;
}

void Scheduler::try_preemption(Uid uid, PodEntry& pod, Decision& decision) {
  const auto& plugins = config_.profile.post_filters;
  if (std::find(plugins.begin(), plugins.end(), PluginId::default_preemption) == plugins.end()) {
    return;
  }
  const auto lowest = cluster_.lowest_priority();
  if (!lowest || *lowest >= priority_of(pod.spec)) return;  // nobody could be a victim
  if (pod.target.valid()) return;
  if (config_.budgets_are_told && !budgets_known_) {
    wants_budgets_ = true;
    return;
  }
  PreemptionResult result = preemption_.decide({cluster_, config_.profile, pod, uid});
  switch (result.outcome) {
    case PreemptionResult::Outcome::nominate:
      take_victims(result.victims);
      for (const Uid other : result.cleared) withdraw(other, *cluster_.pods().find(other));
      nominate(uid, pod, result.node);
      decision.nominated = result.node;
      decision.victims = std::move(result.victims);
      return;
    case PreemptionResult::Outcome::clear:
      return withdraw(uid, pod);
    case PreemptionResult::Outcome::unchanged:
      return;
  }
}

/// Nominated pods ask for room before pods of no higher priority. The index knows their amounts; it
/// does not know their ports and what they mean to rules between pods.
bool Scheduler::index_respects_nominations(const PodEntry& pod, const PodClass& pod_class,
                                           const NodeIndex& index) const {
  if (preemption_.nominations().size() == 0) return true;
  return nominated_by_priority_.begin()->first >= priority_of(pod.spec) &&
         index.respects_nominations() && pod_class.spread.hard.empty() &&
         !pod_class.affinity.filters() && catalog_.spec(pod.spec).host_ports.empty();
}

bool Scheduler::is_gated(const PodEntry& pod) const {
  const auto& plugins = config_.profile.pre_enqueue;
  return !catalog_.spec(pod.spec).scheduling_gates.empty() &&
         std::find(plugins.begin(), plugins.end(), PluginId::scheduling_gates) != plugins.end();
}

void Scheduler::forget(Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || entry->state == PodState::bound || entry->state == PodState::foreign) {
    return;
  }
  leave_gang(uid, *entry);
  if (entry->node.valid()) lift(uid, *entry);
  withdraw(uid, *entry);
  cluster_.pods().erase(uid);
}

void Scheduler::reject(TimePoint now, Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || entry->state != PodState::assumed) return;
  lift(uid, *entry);
  if (gang_claims_.awaits(uid)) {
    entry->state = PodState::in_gang;
    gang_claims_.refused(now, uid, gang_outcome_);
    return settle_gang_claims(now);
  }
  queue_.push_backoff(now, uid, *entry, priority_of(entry->spec));
}

void Scheduler::confirm(Uid uid) {
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry != nullptr && entry->state == PodState::assumed) entry->state = PodState::bound;
}

// ---- deciding ----

void Scheduler::learn(SpecId spec) {
  if (PlacementRater* placement = cluster_.placement()) placement->learn(spec);
}

policies::DeviceSet Scheduler::devices_for(Uid uid, const PodEntry& pod, NodeId node) {
  PlacementRater* placement = cluster_.placement();
  if (placement == nullptr) return 0;
  placement->prepare();
  return placement->rate(node, placement->pod(pod.spec), uid).devices;
}

Selection Scheduler::scan(Uid uid, const PodEntry& pod) {
  return select_by_scan({cluster_, config_.profile, pod, uid}, &preemption_.nominations());
}

Selection Scheduler::select(Uid uid, const PodEntry& pod) {
  ++stats_.decisions;
  if (pod.nominated.valid() &&
      fits_nominated({cluster_, config_.profile, pod, uid}, preemption_.nominations())) {
    return {pod.nominated, 0};
  }
  if (custom_ != nullptr) {
    ++stats_.by_custom_policy;
    cluster_.refresh();
    return custom_->select(now_, uid, pod, classes_.of(pod));
  }
  if (samples()) return select_from_sample(uid, pod);
  if (!config_.full_scan && !pod.target.valid()) {
    cluster_.refresh();
    PodClass& pod_class = classes_.of(pod);
    if (pod_class.load_tree < 0) {
      pod_class.load_tree = load_tree_covers(cluster_, config_.profile, pod_class) ? 1 : 0;
    }
    const bool covered = pod_class.load_tree == 1 && preemption_.nominations().size() == 0;
    NodeIndex* index = classes_.index_of(pod_class, covered);
    if (index != nullptr && index_respects_nominations(pod, pod_class, *index)) {
      ++stats_.by_index;
      return select_by_index(cluster_, config_.profile, pod_class, *index);
    }
    if (covered) {
      ++stats_.by_load_tree;
      load_tree_.refresh();
      return select_by_load_tree(cluster_, config_.profile, pod_class, load_tree_);
    }
  }
  ++stats_.by_scan;
  return scan(uid, pod);
}

/// Until enough pods of a kind have come for an index to pay, the sample is scanned.
Selection Scheduler::select_from_sample(Uid uid, const PodEntry& pod) {
  if (!config_.full_scan && !pod.target.valid()) {
    cluster_.refresh();
    PodClass& pod_class = classes_.of(pod);
    NodeIndex* index = classes_.index_of(pod_class, true);
    if (index != nullptr && index_respects_nominations(pod, pod_class, *index)) {
      ++stats_.by_index;
      return sampling_.select(cluster_, config_.profile, pod_class, *index);
    }
  }
  ++stats_.by_scan;
  return sampling_.select({cluster_, config_.profile, pod, uid}, preemption_.nominations());
}

/// Shape by shape: a run of one shape costs one index update for each placement.
void Scheduler::order_batch() {
  order_.clear();
  if (fair_ != nullptr) {
    for (const Uid uid : batch_) order_.push_back({0, uid});
    return;
  }
  std::vector<std::pair<ShapeId, std::uint32_t>> rank;  // few: shapes of this batch
  for (const Uid uid : batch_) {
    const ShapeId shape = cluster_.shapes().of(cluster_.pods().find(uid)->spec);
    auto at = std::find_if(rank.begin(), rank.end(),
                           [shape](const auto& entry) { return entry.first == shape; });
    if (at == rank.end()) {
      rank.push_back({shape, static_cast<std::uint32_t>(rank.size())});
      at = rank.end() - 1;
    }
    order_.push_back({at->second, uid});
  }
  std::stable_sort(order_.begin(), order_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
}

void Scheduler::schedule(TimePoint now, std::size_t max_pods, std::vector<Decision>& out) {
  now_ = now;
  batch_.clear();
  queue_.pop(now, max_pods, batch_);
  order_batch();
  if (batch_.empty()) {
    try_gangs(now, std::nullopt);
  } else {
    try_gangs(now, priority_of(cluster_.pods().find(batch_.front())->spec));
  }
  give_gangs_way(out);
  decide_by_flow(out);
  for (const auto& [unused, uid] : order_) {
    PodEntry& entry = *cluster_.pods().find(uid);
    const Selection selection = select(uid, entry);
    Decision& decision = out.emplace_back();
    decision.uid = uid;
    decision.spec = entry.spec;
    decision.node = selection.node;
    if (selection.node.valid()) {
      withdraw(uid, entry);
      cluster_.place(uid, entry, selection.node, PodState::assumed,
                     devices_for(uid, entry, selection.node));
    } else {
      try_preemption(uid, entry, decision);
      if (fair_ != nullptr) fair_->discharge(uid);
      queue_.push_unschedulable(now, uid, entry, priority_of(entry.spec));
    }
  }
  try_gangs(now, std::nullopt);
  end_gang_cycle(now);
  give_gangs_way(out);
}

Scheduler::Compared Scheduler::compare(const PendingPod& pod) {
  const PodEntry entry = entry_of(pod);
  Compared result;
  NodeSampling scanning = sampling_;
  result.scan = samples() ? scanning.select({cluster_, config_.profile, entry, pod.uid},
                                            preemption_.nominations())
                          : scan(pod.uid, entry);
  cluster_.refresh();
  PodClass& pod_class = classes_.of(entry);
  NodeIndex* index = classes_.index_of(pod_class, false);
  if (index != nullptr && index_respects_nominations(entry, pod_class, *index)) {
    result.index_applies = true;
    NodeSampling indexed = sampling_;
    result.index = samples() ? indexed.select(cluster_, config_.profile, pod_class, *index)
                             : select_by_index(cluster_, config_.profile, pod_class, *index);
    result.same_sample = indexed.start() == scanning.start();
  }
  if (samples()) return result;
  if (preemption_.nominations().size() == 0 &&
      load_tree_covers(cluster_, config_.profile, pod_class)) {
    load_tree_.refresh();
    result.load_tree_applies = true;
    result.load_tree = select_by_load_tree(cluster_, config_.profile, pod_class, load_tree_);
  }
  return result;
}

PendingReason Scheduler::why_pending(const PendingPod& pod) {
  PodEntry entry = entry_of(pod);
  if (const PodEntry* known = cluster_.pods().find(pod.uid)) entry.nominated = known->nominated;
  PendingReason reason =
      pending_reason({cluster_, config_.profile, entry, pod.uid}, preemption_.nominations());
  reason.gang = gang_reason(pod.uid, entry);
  return reason;
}

std::string Scheduler::explain(const PendingPod& pod) { return why_pending(pod).message(); }

Scheduler::Rating Scheduler::rate(Uid uid) {
  Rating rating;
  PodEntry* entry = cluster_.pods().find(uid);
  if (entry == nullptr || !entry->node.valid()) return rating;
  PodEntry asked = *entry;
  asked.node = NodeId{};
  const Cycle cycle{cluster_, config_.profile, asked, uid};
  {
    NodeDryRun without(cycle, config_.profile, preemption_.nominations(), entry->node);
    without.take({uid, entry});
    const std::vector<NodeId> feasible = feasible_by_scan(cycle, &preemption_.nominations());
    const Evaluation::Scores scores = Evaluation(cycle).score(feasible);
    for (std::size_t i = 0; i < feasible.size(); ++i) {
      rating.nodes.push_back({feasible[i], scores.total[i]});
    }
  }
  std::stable_sort(rating.nodes.begin(), rating.nodes.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  return rating;
}

Scheduler::Stats Scheduler::stats() const {
  Stats stats = stats_;
  stats.index_rebuilds = classes_.rebuilds();
  return stats;
}

}  // namespace arcas::scheduler
