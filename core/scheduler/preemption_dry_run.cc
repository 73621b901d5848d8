#include "core/scheduler/preemption_dry_run.h"

#include "core/base/check.h"

namespace arcas::scheduler {
namespace {

/// Kubernetes does not count a terminating pod for topology spread, yet a dry run subtracts it when
/// the pod is taken away and adds it when it comes back (PodTopologySpread's updateWithPod looks
/// at no deletion timestamp). The counters do the same for a pod that does not look terminating.
class SeemsAlive {
 public:
  explicit SeemsAlive(PodEntry& entry) : entry_(entry), terminating_(entry.terminating) {
    entry.terminating = false;
  }
  ~SeemsAlive() { entry_.terminating = terminating_; }
  SeemsAlive(const SeemsAlive&) = delete;
  SeemsAlive& operator=(const SeemsAlive&) = delete;

 private:
  PodEntry& entry_;
  bool terminating_;
};

}  // namespace

SchedulerProfile without_skipped(const Cycle& cycle, const Evaluation& evaluation) {
  SchedulerProfile profile = cycle.profile;
  const auto was_skipped = [&](PluginId plugin) {
    const auto& skipped = evaluation.skipped_filters();
    return std::find(skipped.begin(), skipped.end(), plugin) != skipped.end();
  };
  std::erase_if(profile.filters, was_skipped);
  std::erase_if(profile.pre_filters, was_skipped);
  return profile;
}

std::vector<Uid> rivals_on(const Cycle& cycle, const Nominations& nominations, NodeId node) {
  std::vector<Uid> rivals;
  const std::int32_t priority = cycle.spec().priority;
  for (const Uid uid : nominations.on(node)) {
    if (uid == cycle.uid) continue;
    const PodEntry* entry = cycle.cluster.pods().find(uid);
    ARCAS_CHECK(entry != nullptr && !entry->node.valid());
    if (cycle.cluster.catalog().spec(entry->spec).priority >= priority) rivals.push_back(uid);
  }
  return rivals;
}

NodeDryRun::NodeDryRun(const Cycle& cycle, const SchedulerProfile& profile,
                       const Nominations& nominations, NodeId node)
    : cycle_{cycle.cluster, profile, cycle.pod, cycle.uid},
      node_(node),
      rivals_(rivals_on(cycle, nominations, node)),
      order_(cycle.cluster.nodes()[node].pods) {
  PlacementRater* placement = cycle.cluster.placement();
  if (placement == nullptr) return;
  for (const Uid uid : order_) held_.push_back(placement->devices().held(uid));
}

NodeDryRun::~NodeDryRun() {
  if (!changed_) return;
  // Pods that come back go to the end of the list: from the first that is out of its place on, all
  // are lifted and placed in their old order.
  Cluster& cluster = cycle_.cluster;
  const std::vector<Uid>& now = cluster.nodes()[node_].pods;
  std::size_t in_place = 0;
  while (in_place < now.size() && now[in_place] == order_[in_place]) ++in_place;
  const auto victim = [&](Uid uid) { return Victim{uid, cluster.pods().find(uid)}; };
  while (now.size() > in_place) take(victim(now.back()));
  for (std::size_t i = in_place; i < order_.size(); ++i) put_back(victim(order_[i]));
  for (std::size_t i = 0; i < held_.size(); ++i) {
    cluster.placement()->devices().reassign(node_, order_[i], held_[i]);
  }
}

void NodeDryRun::take(const Victim& victim) {
  changed_ = true;
  const SeemsAlive alive(*victim.entry);
  cycle_.cluster.lift(victim.uid, *victim.entry);
}

void NodeDryRun::put_back(const Victim& victim) {
  const SeemsAlive alive(*victim.entry);
  cycle_.cluster.place(victim.uid, *victim.entry, node_, victim.entry->state);
}

void NodeDryRun::place_rivals() {
  for (const Uid uid : rivals_) {
    PodEntry& entry = *cycle_.cluster.pods().find(uid);
    rivals_before_.push_back(entry);
    cycle_.cluster.place(uid, entry, node_, PodState::assumed);
  }
}

void NodeDryRun::lift_rivals() {
  for (std::size_t i = rivals_.size(); i-- > 0;) {
    PodEntry& entry = *cycle_.cluster.pods().find(rivals_[i]);
    cycle_.cluster.lift(rivals_[i], entry);
    entry = rivals_before_[i];
  }
  rivals_before_.clear();
}

PluginStatus NodeDryRun::filter_as_is() const {
  const Evaluation evaluation(cycle_);
  if (!evaluation.pre_filter().ok()) return evaluation.pre_filter();
  return evaluation.filter(node_);
}

PluginStatus NodeDryRun::filter() {
  if (rivals_.empty()) return filter_as_is();
  place_rivals();
  PluginStatus status = filter_as_is();
  lift_rivals();
  return status.ok() ? filter_as_is() : status;
}

bool NodeDryRun::fits() { return filter().ok(); }

}  // namespace arcas::scheduler
