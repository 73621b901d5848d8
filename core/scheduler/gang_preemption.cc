#include "core/scheduler/gang_preemption.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "core/base/check.h"
#include "core/scheduler/preemption_dry_run.h"

namespace arcas::scheduler {
namespace {

/// The cluster as it would be; as it was when this goes.
class Trial {
 public:
  Trial(Cluster& cluster, const SchedulerProfile& profile, PreemptionDecider& preemption)
      : cluster_(cluster),
        profile_(profile),
        preemption_(preemption),
        budgets_(cluster),
        allowed_(cluster.budgets) {
    std::vector<std::uint32_t> unused;
    budgets_.refresh(unused);
  }
  ~Trial() {
    for (const Member& member : members_) {
      cluster_.lift(member.uid, *member.entry);
      member.entry->state = member.state;
    }
    nodes_.clear();  // brings back who left
    cluster_.budgets = std::move(allowed_);
  }
  Trial(const Trial&) = delete;
  Trial& operator=(const Trial&) = delete;

  /// None: no place, even if others leave.
  std::optional<GangPlace> place(Uid uid,
                                 const std::function<Selection(Uid, const PodEntry&)>& select) {
    PodEntry& entry = *cluster_.pods().find(uid);
    ARCAS_CHECK(!entry.node.valid());
    GangPlace place{uid, select(uid, entry).node, {}, {}};
    if (!place.node.valid()) {
      PreemptionResult result = preemption_.decide({cluster_, profile_, entry, uid});
      if (result.outcome != PreemptionResult::Outcome::nominate) return std::nullopt;
      place.node = result.node;
      place.victims = std::move(result.victims);
      place.cleared = std::move(result.cleared);
    }
    NodeDryRun& node = on(place.node, entry, uid);
    for (const Uid victim : place.victims) {
      PodEntry& leaving = *cluster_.pods().find(victim);
      if (!may_leave(victim, leaving)) return std::nullopt;
      node.take({victim, &leaving});
    }
    members_.push_back({uid, &entry, entry.state});
    cluster_.place(uid, entry, place.node, PodState::assumed);
    return place;
  }

 private:
  /// To be called before the first change of the node, whose pods it remembers.
  NodeDryRun& on(NodeId node, const PodEntry& entry, Uid uid) {
    std::unique_ptr<NodeDryRun>& run = nodes_[node];
    if (run == nullptr) {
      run = std::make_unique<NodeDryRun>(Cycle{cluster_, profile_, entry, uid}, profile_,
                                         preemption_.nominations(), node);
    }
    return *run;
  }

  /// Counts the eviction against the budgets of the pod.
  bool may_leave(Uid uid, const PodEntry& pod) {
    for (const std::uint32_t i : budgets_.of(pod)) {
      Budget& budget = cluster_.budgets[i];
      const auto& granted = budget.disrupted;
      if (std::find(granted.begin(), granted.end(), uid) != granted.end()) continue;
      if (--budget.disruptions_allowed < 0) return false;
    }
    return true;
  }

  struct Member {
    Uid uid;
    PodEntry* entry = nullptr;
    PodState state = PodState::in_gang;  // before
  };

  Cluster& cluster_;
  const SchedulerProfile& profile_;
  PreemptionDecider& preemption_;
  BudgetView budgets_;
  std::vector<Budget> allowed_;                          // as they were
  std::map<NodeId, std::unique_ptr<NodeDryRun>> nodes_;  // that have changed
  std::vector<Member> members_;                          // placed
};

}  // namespace

std::optional<std::vector<GangPlace>> room_for_gang(
    Cluster& cluster, const SchedulerProfile& profile, PreemptionDecider& preemption,
    std::span<const Uid> members, const std::function<Selection(Uid, const PodEntry&)>& select) {
  ARCAS_CHECK(cluster.placement() == nullptr);
  Trial trial(cluster, profile, preemption);
  std::vector<GangPlace> places;
  for (const Uid uid : members) {
    auto place = trial.place(uid, select);
    if (!place) return std::nullopt;
    places.push_back(std::move(*place));
  }
  return places;
}

}  // namespace arcas::scheduler
