#include "sim/whatif/recovery.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "sim/whatif/recovery_watch.h"
#include "sim/whatif/snapshot_region.h"

namespace arcas::sim {
namespace {

constexpr Duration kLook = seconds(1);
constexpr Duration kPatience = minutes(10);     // without anything that moves
constexpr Duration kMostTime = hours(24 * 7);   // for what never comes to rest
constexpr Duration kMostWarmUp = minutes(30);   // until everything runs where the snapshot has it
constexpr Duration kLeastWarmUp = seconds(30);  // until every role knows what is there

/// One simulated change.
class Drill {
 public:
  Drill(const model::Snapshot& snapshot, const model::Catalog& catalog,
        const roles::Profile& profile, whatif::Change change)
      : snapshot_(snapshot),
        change_(std::move(change)),
        upgrade_order_(whatif::upgrade_order(snapshot, catalog)),
        profile_(profile),
        region_(region_of(snapshot, catalog, profile)) {
    run().for_each_pod([this](const model::Pod& pod) { watch_.know(pod); });
    run().watch_pods(
        [this](TimePoint now, const ports::PodChange& seen) { watch_.on_pod(now, seen); });
  }

  Recovery recovery() {
    come_to_rest();
    began_ = now_;
    watch_.begin(began_);
    if (const auto* zone = std::get_if<whatif::ZoneFails>(&change_)) {
      lose(region_.zone_of[zone->zone.index]);
    } else if (const auto* upgrade = std::get_if<whatif::Upgrade>(&change_)) {
      roll(*upgrade);
    } else if (const auto* drained = std::get_if<whatif::Drain>(&change_)) {
      drain(drained->nodes);
      wait(now_ + kMostTime);
    } else {
      drain(std::get<whatif::RemoveNodes>(change_).nodes);
      wait(now_ + kMostTime);
    }
    return result();
  }

 private:
  RegionRun& run() { return *region_.run; }

  void run_to(TimePoint time) {
    while (!run().engine().empty() && run().engine().next_time() <= time) run().step();
    now_ = time;
  }

  void come_to_rest() {
    do {
      run_to(now_ + kLook);
    } while (now_ < TimePoint{} + kMostWarmUp &&
             (now_ < TimePoint{} + kLeastWarmUp || run().counts().pods_running < region_.pods));
    // From now on the clients are held back as the profile has it.
    roles::Profile limited = profile_;
    limited.client_limits_start = now_ - TimePoint{};
    run().set_profile(limited);
  }

  /// Until all that was displaced runs again, or nothing moves any more. `deadline`: whatever
  /// happens.
  void wait(TimePoint deadline) {
    do {
      run_to(now_ + kLook);
      if (watch_.outstanding() == 0 && watch_.doomed() == 0 && !run().users_waiting()) return;
      // Pods that nobody has evicted yet are still to come, however quiet it is.
      const bool quiet = watch_.doomed() == 0 && now_ - watch_.last_move() > kPatience;
      if (quiet) return;
    } while (now_ < deadline && !run().engine().empty());
  }

  // ---- a zone ----

  void lose(ZoneId zone) {
    if (!zone.valid()) {
      why_not_ = "no machine of the zone is ready";
      return;
    }
    FaultSpec fault;
    fault.kind = FaultSpec::Kind::zone_power_loss;
    fault.zone = zone;
    fault.at = now_;
    const Status struck = run().set_faults({fault}, true);
    if (!struck.ok()) {
      why_not_ = struck.message;
      return;
    }
    std::int64_t machines = 0;
    std::int64_t tolerated = profile_.default_toleration_seconds;
    const model::Taint taint{region_.catalog->intern("node.kubernetes.io/unreachable"),
                             {},
                             model::TaintEffect::no_execute,
                             0};
    for (std::uint32_t i = 0; i < run().region().node_count(); ++i) {
      machines += run().region().zone_of(HostId{i}) == zone ? 1 : 0;
    }
    run().for_each_pod([&](const model::Pod& pod) {
      if (!pod.node.valid() || run().region().zone_of(host_of(pod.node)) != zone) return;
      const auto* toleration = find_toleration(region_.catalog->spec(pod.spec).tolerations, taint);
      const std::int64_t stays = toleration == nullptr ? 0 : toleration->seconds;
      if (!watch_.lose(pod, stays != model::Toleration::kForever)) return;
      if (toleration != nullptr) tolerated = std::max(tolerated, stays);
    });
    // Kubernetes taints one node after another; what it never does, ends here.
    const Duration taints = profile_.eviction_interval * machines * 2;
    wait(now_ + hours(1) + taints + seconds(tolerated));
  }

  // ---- nodes that are emptied ----

  void cordon(const std::vector<NodeId>& nodes, UserChange::Verb verb) {
    for (const NodeId node : nodes) {
      UserOperation operation;
      UserChange& change = operation.change.emplace();
      change.verb = verb;
      change.node = node;
      change.node_name = region_.catalog->strings.find(region_.catalog->nodes.text(node));
      run().ask(std::move(operation));
    }
    const TimePoint latest = now_ + minutes(1);
    do {
      run_to(now_ + kLook);
    } while (run().users_waiting() && now_ < latest);
  }

  void evict(const std::vector<NodeId>& nodes) {
    std::vector<bool> emptied(run().region().node_count());
    for (const NodeId node : nodes) emptied[node.index] = true;
    std::vector<std::pair<Uid, TenantId>> pods;
    run().for_each_pod([&](const model::Pod& pod) {
      if (!pod.node.valid() || !emptied[pod.node.index] || pod.terminal()) return;
      const std::uint64_t sequence = pod.meta.uid.sequence();
      const bool stays = sequence < region_.stays.size() && region_.stays[sequence];
      if (!stays) pods.emplace_back(pod.meta.uid, pod.meta.tenant);
    });
    watch_.touch(now_);
    for (const auto& [pod, tenant] : pods) {
      UserOperation operation;
      UserChange& change = operation.change.emplace();
      change.verb = UserChange::Verb::evict;
      change.pod = pod;
      change.tenant = tenant;
      run().ask(std::move(operation));
    }
  }

  void drain(const std::vector<NodeId>& nodes) {
    std::vector<NodeId> here;
    for (const NodeId node : nodes) {
      if (region_.node_of[node.index].valid()) here.push_back(region_.node_of[node.index]);
    }
    cordon(here, UserChange::Verb::cordon);
    evict(here);
  }

  /// Batch after batch, each drained and back empty.
  void roll(const whatif::Upgrade& upgrade) {
    const std::vector<std::size_t>& order = upgrade_order_;
    for (std::size_t from = 0; from < order.size(); from += upgrade.batch) {
      const std::size_t to = std::min<std::size_t>(from + upgrade.batch, order.size());
      std::vector<NodeId> batch;
      std::vector<NodeId> back;
      for (std::size_t i = from; i < to; ++i) {
        const model::Node& node = snapshot_.nodes[order[i]];
        const NodeId here = region_.node_of[node.id.index];
        if (!here.valid()) continue;
        batch.push_back(here);
        if (!node.unschedulable) back.push_back(here);
      }
      cordon(batch, UserChange::Verb::cordon);
      evict(batch);
      wait(now_ + kMostTime);
      if (run().users_waiting()) {
        watch_.note_blocked(from / upgrade.batch + 1);
        return;
      }
      cordon(back, UserChange::Verb::uncordon);
    }
  }

  Recovery result() {
    Recovery result = watch_.result();
    result.why_not = why_not_;
    result.refused = static_cast<std::uint32_t>(run().users_under_way());
    result.simulated = now_ - began_;
    for (std::string& note : region_.left_out) result.notes.push_back(std::move(note));
    return result;
  }

  const model::Snapshot& snapshot_;
  const whatif::Change change_;
  const std::vector<std::size_t> upgrade_order_;
  const roles::Profile profile_;
  SnapshotRegion region_;
  RecoveryWatch watch_;
  TimePoint now_;
  TimePoint began_;
  std::string why_not_;
};

}  // namespace

std::function<Recovery()> prepared_recovery(const model::Snapshot& snapshot,
                                            const model::Catalog& catalog,
                                            const roles::Profile& profile,
                                            const whatif::Change& change) {
  Recovery nothing;
  if (std::holds_alternative<whatif::AddNodes>(change)) {
    nothing.why_not = "new nodes displace no pod";
  } else if (std::holds_alternative<whatif::Scale>(change)) {
    nothing.why_not = "a workload of another size displaces no pod";
  } else if (std::holds_alternative<whatif::OtherScheduler>(change)) {
    nothing.why_not = "a scheduler's configuration moves no pod that runs";
  } else {
    const auto drill = std::make_shared<Drill>(snapshot, catalog, profile, change);
    return [drill] { return drill->recovery(); };
  }
  return [nothing] { return nothing; };
}

Recovery simulate_recovery(const model::Snapshot& snapshot, const model::Catalog& catalog,
                           const roles::Profile& profile, const whatif::Change& change) {
  return prepared_recovery(snapshot, catalog, profile, change)();
}

}  // namespace arcas::sim
