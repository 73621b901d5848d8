#include "sim/run/store_host.h"

#include <algorithm>
#include <utility>

namespace arcas::sim {
namespace {

Event event(EventKind kind, std::uint32_t target, std::uint64_t payload) {
  return {static_cast<std::uint32_t>(kind), target, payload};
}

}  // namespace

StoreHost::StoreHost(std::uint32_t index, PartitionId partition, World& world, Region& region,
                     std::vector<HostId> members, RandomStream stream, Listener& listener)
    : index_(index),
      world_(world),
      region_(region),
      members_(std::move(members)),
      listener_(listener),
      store_(
          [this] {
            ReplicatedStoreConfig config;
            config.members = members_;
            return config;
          }(),
          partition, stream, *this) {}

void StoreHost::commit(ActorId self, std::uint64_t token, ports::Transaction transaction) {
  const std::uint32_t slot = callers_.put({world_.incarnation(self), token});
  const HostId host = world_.host_of(self);
  if (!world_.ever_in_trouble()) return store_.submit(self, host, slot, std::move(transaction));
  const Duration late = world_.late(host, store_.leader());
  const TimePoint at = in_order(newest_[self].request, now() + late);
  if (at == now()) return store_.submit(self, host, slot, std::move(transaction));
  const std::uint32_t request = late_.put({self, slot, std::move(transaction)});
  world_.engine().schedule(at, event(EventKind::store_request, index_, request));
}

void StoreHost::on_late_request(std::uint64_t payload) {
  LateRequest request = late_.take(static_cast<std::uint32_t>(payload));
  store_.submit(request.caller, world_.host_of(request.caller), request.slot,
                std::move(request.transaction));
}

TimePoint StoreHost::in_order(TimePoint& last, TimePoint at) {
  last = std::max(last, at);
  return last;
}

bool StoreHost::is_member(HostId host) const {
  return std::find(members_.begin(), members_.end(), host) != members_.end();
}

Duration StoreHost::latency(HostId from, HostId to) {
  const Duration delay = region_.latency(from, to, 0);
  if (!world_.ever_in_trouble() || !is_member(from) || !is_member(to)) return delay;
  return delay + world_.late(from, to);
}

const state::Tables& StoreHost::view(ActorId) const { return store_.tables(); }

void StoreHost::watch(ActorId self) {
  for (Watcher& watcher : watchers_) {
    if (watcher.actor == self) {
      watcher.incarnation = world_.incarnation(self);
      watcher.last = {};
      watcher.backlog.clear();
      return;
    }
  }
  watchers_.push_back({self, world_.incarnation(self), {}, {}});
}

void StoreHost::on_wake(std::uint64_t payload) { store_.on_wake(payload); }

void StoreHost::wake_at(TimePoint at, std::uint64_t token) {
  world_.engine().schedule(at, event(EventKind::store_wake, index_, token));
}

void StoreHost::deliver_commit(ActorId caller, std::uint64_t token,
                               ports::TransactionResult&& result, TimePoint at) {
  const Caller asked = callers_.take(static_cast<std::uint32_t>(token));
  if (world_.incarnation(caller) != asked.incarnation) return;
  if (world_.ever_in_trouble()) {
    at =
        in_order(newest_[caller].answer, at + world_.late(store_.leader(), world_.host_of(caller)));
  }
  const std::uint32_t slot = answers_.put({asked.incarnation, asked.token, std::move(result)});
  world_.engine().schedule(
      at, event(EventKind::commit_result, caller.index, (std::uint64_t{index_} << 32U) | slot));
}

/// The leader tells every watcher; one that cannot be reached hears of it when it can, because a
/// watch is a session that resumes at the revision it has reached.
void StoreHost::deliver_changes(std::shared_ptr<const ports::ChangeBatch> changes) {
  listener_.on_store_commit(partition(), *changes);
  for (Watcher& watcher : watchers_) {
    if (world_.incarnation(watcher.actor) != watcher.incarnation) continue;
    if (!world_.every_look() && !world_.actor(watcher.actor).wants(*changes)) continue;
    if (watcher.backlog.empty() && hears_leader(watcher)) {
      send_changes(watcher, changes);
    } else {
      watcher.backlog.push_back(changes);
    }
  }
}

void StoreHost::set_disk_write(HostId host, Duration takes) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i] != host) continue;
    store_.set_fsync(i, takes.ns < 0 ? ReplicatedStoreConfig{}.fsync : takes);
  }
}

void StoreHost::lose_disk(HostId host) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i] == host) store_.lose_disk(i);
  }
}

bool StoreHost::behind(HostId host) const {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i] == host && store_.lost_disk(i)) return true;
  }
  return false;
}

StoreHost::Side StoreHost::leaders_side() const {
  Side side{0, static_cast<std::uint32_t>(members_.size())};
  const HostId leader = store_.leader();
  if (!leader.valid()) return side;
  for (const HostId member : members_) {
    const bool reached = region_.reachable(leader, member) && region_.reachable(member, leader);
    side.reached += reached ? 1U : 0U;
  }
  return side;
}

bool StoreHost::hears_leader(const Watcher& watcher) const {
  const HostId leader = store_.leader();
  const HostId host = world_.host_of(watcher.actor);
  return leader.valid() && region_.alive(host) && region_.path_open(leader, host);
}

void StoreHost::send_changes(Watcher& watcher, std::shared_ptr<const ports::ChangeBatch> changes) {
  const HostId host = world_.host_of(watcher.actor);
  const Duration delay = region_.latency(store_.leader(), host, 0);
  const TimePoint at =
      in_order(watcher.last, world_.now() + delay + world_.late(store_.leader(), host));
  const std::uint32_t delivery = deliveries_.put({watcher.incarnation, std::move(changes)});
  world_.engine().schedule(at, event(EventKind::store_changes, watcher.actor.index,
                                     (std::uint64_t{index_} << 32U) | delivery));
}

void StoreHost::on_topology_changed() {
  store_.on_topology_changed();
  flush_backlogs();
}

void StoreHost::flush_backlogs() {
  for (Watcher& watcher : watchers_) {
    const bool gone = world_.incarnation(watcher.actor) != watcher.incarnation;
    if (!gone && (watcher.backlog.empty() || !hears_leader(watcher))) continue;
    for (auto& changes : watcher.backlog) {
      if (!gone) send_changes(watcher, std::move(changes));
    }
    watcher.backlog.clear();
  }
}

void StoreHost::on_result(ActorId actor, std::uint64_t payload) {
  const Answer answer = answers_.take(static_cast<std::uint32_t>(payload));
  if (!world_.alive(actor) || world_.incarnation(actor) != answer.incarnation) return;
  world_.actor(actor).on_commit(answer.token, answer.result);
}

void StoreHost::on_changes(ActorId actor, std::uint64_t payload) {
  const Delivery delivery = deliveries_.take(static_cast<std::uint32_t>(payload));
  if (!world_.alive(actor) || world_.incarnation(actor) != delivery.incarnation) return;
  world_.actor(actor).on_changes(*delivery.changes);
}

}  // namespace arcas::sim
