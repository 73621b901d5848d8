#include "sim/run/store_host.h"

#include <utility>

namespace arcas::sim {
namespace {

Event event(EventKind kind, std::uint32_t target, std::uint64_t payload) {
  return {static_cast<std::uint32_t>(kind), target, payload};
}

}  // namespace

StoreHost::StoreHost(std::uint32_t index, PartitionId partition, World& world, Region& region,
                     std::vector<HostId> members, Listener& listener)
    : index_(index),
      world_(world),
      region_(region),
      members_(std::move(members)),
      listener_(listener),
      tables_(partition) {}

void StoreHost::commit(ActorId self, std::uint64_t token, ports::Transaction transaction) {
  const std::uint32_t slot =
      submitted_.put({self, world_.incarnation(self), token, std::move(transaction)});
  world_.engine().schedule(world_.now() + milliseconds(2),
                           event(EventKind::store_wake, index_, slot));
}

const state::Tables& StoreHost::view(ActorId) const { return tables_; }

void StoreHost::watch(ActorId self) {
  for (Watcher& watcher : watchers_) {
    if (watcher.actor == self) {
      watcher.incarnation = world_.incarnation(self);
      return;
    }
  }
  watchers_.push_back({self, world_.incarnation(self)});
}

void StoreHost::on_wake(std::uint64_t payload) {
  Submitted submitted = submitted_.take(static_cast<std::uint32_t>(payload));
  auto changes = std::make_shared<ports::ChangeBatch>();
  auto result = tables_.commit(submitted.transaction, world_.now(), *changes);
  const std::uint32_t slot =
      answers_.put({submitted.incarnation, submitted.token, std::move(result)});
  world_.engine().schedule(world_.now() + microseconds(300),
                           event(EventKind::commit_result, submitted.actor.index,
                                 (std::uint64_t{index_} << 32U) | slot));
  if (changes->pods.empty() && changes->objects.empty()) return;
  listener_.on_store_commit(partition(), *changes);
  for (const Watcher& watcher : watchers_) {
    const std::uint32_t delivery = deliveries_.put({watcher.incarnation, changes});
    world_.engine().schedule(world_.now() + microseconds(300),
                             event(EventKind::store_changes, watcher.actor.index,
                                   (std::uint64_t{index_} << 32U) | delivery));
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
