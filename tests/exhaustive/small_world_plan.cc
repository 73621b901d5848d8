// What a plan does to the first controller manager.
#include "core/base/hash.h"
#include "tests/exhaustive/small_world.h"

namespace arcas::tests {

void SmallWorld::remove_node(std::uint32_t node) {
  kill_node(node);
  const auto store = static_cast<std::uint32_t>(tables_.size() - 1);
  ports::Transaction transaction;
  node_tables().nodes.for_each([&](const model::Node& stored) {
    if (stored.id.index != node) return;
    transaction.objects.push_back({ports::Verb::remove, 0, stored});
  });
  auto changes = std::make_shared<ports::ChangeBatch>();
  tables_[store]->commit(transaction, now_, *changes);
  store_history_[store] = hash_combine(store_history_[store], node);
  for (const std::uint8_t watcher : store_watchers_[store]) {
    answers_.push_back({watcher, 0, {}, changes});
  }
  drain();
}

void SmallWorld::follow(const Plan& plan) {
  plan_ = plan;
  planned_ = static_cast<std::uint8_t>(find(Role::controller_manager, 0));
}

/// Whether the message is sent at all.
bool SmallWorld::plan_on_send(std::uint8_t from, std::uint8_t to, const ports::Message& message) {
  if (!plan_) return true;
  if (from == planned_ && silenced_) return false;
  const auto* request = std::get_if<ports::ApiRequest>(&message);
  if (from == planned_ && request != nullptr && (request->id >> 63U) == 0) {
    if (++writes_ != plan_->nth) return true;
    planned_request_ = request->id;
    if (plan_->point != Plan::Point::before_send) return true;
    happened_ = silenced_ = crash_due_ = true;
    return false;
  }
  const auto* events = std::get_if<ports::WatchEvents>(&message);
  const bool told =
      to == planned_ && events != nullptr && events->scope == ports::WatchScope::everything;
  if (!told || ++events_ != plan_->nth) return true;
  const bool held = plan_->point == Plan::Point::held_view;
  if (!held && plan_->point != Plan::Point::hidden_event) return true;
  happened_ = true;
  Channel& channel = channels_[{from, to}];
  (held ? channel.held : channel.broken) = true;
  arm(ActorId{0}, now_ + seconds(held ? 3 : 2), 0);
  return true;
}

void SmallWorld::plan_on_arrival(std::uint8_t to, const ports::Message& message) {
  if (!plan_ || planned_request_ == 0 || happened_) return;
  const auto* request = std::get_if<ports::ApiRequest>(&message);
  const auto* reply = std::get_if<ports::ApiReply>(&message);
  const bool committed = plan_->point == Plan::Point::after_commit && request != nullptr &&
                         request->id == planned_request_ && members_[to].role == Role::api_server;
  const bool answered = plan_->point == Plan::Point::after_reply && to == planned_ &&
                        reply != nullptr && reply->id == planned_request_;
  if (committed || answered) happened_ = crash_due_ = true;
}

/// The held view arrives, or the broken session is noticed at both ends.
void SmallWorld::finish_plan() {
  for (auto& [key, channel] : channels_) {
    channel.held = false;
    if (!std::exchange(channel.broken, false)) continue;
    const auto [server, manager] = key;
    push(server, manager, {output_id(server), PeerLost{}});
    push(manager, server, {output_id(manager), PeerLost{}});
  }
}

}  // namespace arcas::tests
