#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/model/catalog.h"
#include "core/ports/actor.h"
#include "core/ports/clock.h"
#include "core/ports/journal.h"
#include "core/ports/network.h"
#include "core/ports/node_runtime.h"
#include "core/ports/store.h"
#include "core/ports/timers.h"
#include "core/roles/context.h"
#include "core/state/tables.h"

namespace arcas::tests {

/// Ports for one role at a time: what it sends, arms and orders is kept for the test to read; the
/// test gives it its inputs by hand. Time stands still until it is moved.
class RoleWorld : public ports::Clock,
                  public ports::Timers,
                  public ports::Network,
                  public ports::Journal,
                  public ports::NodeRuntime,
                  public ports::Store {
 public:
  struct Sent {
    ActorId from;
    ActorId to;
    ports::Message message;
  };
  struct Timer {
    TimePoint at;
    std::uint64_t tag = 0;
  };

  /// One zone; a tenant partition with id 1 and a resource partition with id 2. `endpoints` may be
  /// changed until the first role is made.
  explicit RoleWorld(std::uint32_t nodes = 1) : tables(PartitionId{1}) {
    endpoints.zone_count = 1;
    endpoints.tenant_partitions.push_back(
        {PartitionId{1}, {{ActorId{10}, ZoneId{0}}, {ActorId{11}, ZoneId{0}}}, {}, {}});
    endpoints.resource_partitions.push_back(
        {PartitionId{2}, {ZoneId{0}}, {{ActorId{20}, ZoneId{0}}, {ActorId{21}, ZoneId{0}}}});
    endpoints.partition_of_node.assign(nodes, 0);
    catalog.zones.intern("a");
  }
  [[nodiscard]] roles::RoleContext context(ActorId self) {
    roles::RoleContext context;
    context.self = self;
    context.zone = ZoneId{0};
    context.ports = shared();
    context.catalog = &catalog;
    context.profile = &profile;
    context.endpoints = &endpoints;
    return context;
  }
  [[nodiscard]] ports::Ports shared() { return {this, this, this, this}; }

  /// The messages of one type that were sent, to whomever; they stay.
  template <class T>
  [[nodiscard]] std::vector<T> sent() const {
    std::vector<T> found;
    for (const Sent& entry : messages) {
      if (const T* message = std::get_if<T>(&entry.message)) found.push_back(*message);
    }
    return found;
  }
  /// Moves time and fires every timer of the role that is due, in order of time.
  void run_until(TimePoint end, ports::Actor& role) {
    for (;;) {
      const auto next = std::min_element(
          timers.begin(), timers.end(), [](const Timer& a, const Timer& b) { return a.at < b.at; });
      if (next == timers.end() || next->at > end) break;
      time = std::max(time, next->at);
      const std::uint64_t tag = next->tag;
      timers.erase(next);
      role.on_timer(tag);
      deliver(role);
    }
    time = end;
    deliver(role);
  }
  /// Hands the store's answers and changes to the role.
  void deliver(ports::Actor& role) {
    while (!commits.empty()) {
      const Commit commit = std::move(commits.front());
      commits.pop_front();
      if (commit.changes != nullptr && role.wants(*commit.changes)) {
        role.on_changes(*commit.changes);
      }
      role.on_commit(commit.token, commit.result);
    }
  }
  template <class M>
  void tell(ports::Actor& role, ActorId from, M message) {
    ports::Message any = std::move(message);
    role.on_message(from, any);
    deliver(role);
  }
  /// Puts an object or pod into the store as if some other client had.
  ports::TransactionResult put(ports::Transaction transaction) {
    ports::ChangeBatch changes;
    return tables.commit(transaction, time, changes);
  }

  // ---- the ports ----
  [[nodiscard]] TimePoint now() const override { return time; }
  void arm(ActorId, TimePoint at, std::uint64_t tag) override { timers.push_back({at, tag}); }
  void send(ActorId self, ActorId to, ports::Message message, TimePoint) override {
    messages.push_back({self, to, std::move(message)});
  }
  void keep_sending(ActorId, ActorId to, ports::NodeHeartbeat, Duration) override {
    heartbeats_to = to;
  }
  void stop_sending(ActorId) override { heartbeats_to = {}; }
  void monitor(ActorId, ActorId peer) override { monitored.insert(peer); }
  void note(ActorId, std::string_view what, std::uint64_t, std::int64_t) override {
    notes.emplace_back(what);
  }
  void start(ActorId, Uid pod, SpecId) override { started.push_back(pod); }
  void stop(ActorId, Uid pod, Duration) override { stopped.push_back(pod); }
  void commit(ActorId, std::uint64_t token, ports::Transaction transaction) override {
    Commit commit;
    commit.token = token;
    if (!store_answers) {
      unanswered.push_back(token);
      return;
    }
    auto changes = std::make_shared<ports::ChangeBatch>();
    commit.result = tables.commit(transaction, time, *changes);
    commit.changes = std::move(changes);
    commits.push_back(std::move(commit));
  }
  [[nodiscard]] const state::Tables& view(ActorId) const override { return tables; }
  void watch(ActorId) override {}

  model::Catalog catalog;
  roles::Profile profile;
  roles::Endpoints endpoints;
  state::Tables tables;
  TimePoint time{1'000'000'000};
  bool store_answers = true;

  std::vector<Sent> messages;
  std::vector<Timer> timers;
  std::vector<std::string> notes;
  std::vector<Uid> started;
  std::vector<Uid> stopped;
  std::vector<std::uint64_t> unanswered;
  std::set<ActorId> monitored;
  ActorId heartbeats_to;

 private:
  struct Commit {
    std::uint64_t token = 0;
    ports::TransactionResult result;
    std::shared_ptr<const ports::ChangeBatch> changes;
  };
  std::deque<Commit> commits;
};

}  // namespace arcas::tests
