#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "core/ports/store.h"
#include "core/state/tables.h"
#include "sim/world/region.h"
#include "sim/world/replicated_store.h"
#include "sim/world/slot_pool.h"
#include "sim/world/world.h"

namespace arcas::sim {

/// One partition's simulated store behind the Store port: carries commits to it and answers and
/// changes back over the simulated network.
class StoreHost final : public ports::Store, private StoreEnvironment {
 public:
  /// Sees every commit at the moment it is decided, for checkers and reports.
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_store_commit(PartitionId partition, const ports::ChangeBatch& changes) = 0;
  };

  StoreHost(std::uint32_t index, PartitionId partition, World& world, Region& region,
            std::vector<HostId> members, RandomStream stream, Listener& listener);

  // ports::Store
  void commit(ActorId self, std::uint64_t token, ports::Transaction transaction) override;
  [[nodiscard]] const state::Tables& view(ActorId self) const override;
  void watch(ActorId self) override;

  void start() { store_.start(); }
  /// See ReplicatedStore::load. Nobody is told of `changes`, which must come empty.
  ports::TransactionResult load(const ports::Transaction& objects, ports::ChangeBatch& changes) {
    return store_.load(objects, changes);
  }
  void on_topology_changed();
  /// How long log writes of the member on this host take; negative: as configured. Nothing when
  /// the host is no member.
  void set_disk_write(HostId host, Duration takes);
  /// The disk of the member on this host, which is down, is empty. Nothing when it is no member.
  void lose_disk(HostId host);
  /// Whether the member on this host has lost its disk and not been brought up to date since.
  [[nodiscard]] bool behind(HostId host) const;
  [[nodiscard]] PartitionId partition() const { return store_.tables().partition(); }
  [[nodiscard]] const state::Tables& tables() const { return store_.tables(); }
  [[nodiscard]] const ReplicatedStore& store() const { return store_; }

  struct Side {
    std::uint32_t reached = 0;  ///< members that the leader reaches both ways, itself included
    std::uint32_t members = 0;
  };
  /// By the region's links and power; of no leader: none reached.
  [[nodiscard]] Side leaders_side() const;

  void on_wake(std::uint64_t payload);
  void on_late_request(std::uint64_t payload);
  void on_result(ActorId actor, std::uint64_t payload);
  void on_changes(ActorId actor, std::uint64_t payload);

 private:
  struct Answer {
    std::uint32_t incarnation = 0;
    std::uint64_t token = 0;
    ports::TransactionResult result;
  };
  struct Caller {
    std::uint32_t incarnation = 0;  // of the actor when it asked: a later one gets no answer
    std::uint64_t token = 0;
  };
  struct Delivery {
    std::uint32_t incarnation = 0;
    std::shared_ptr<const ports::ChangeBatch> changes;
  };
  /// A commit that is long on its way to the leader.
  struct LateRequest {
    ActorId caller;
    std::uint64_t slot = 0;  // in callers_
    ports::Transaction transaction;
  };
  struct Watcher {
    ActorId actor;
    std::uint32_t incarnation = 0;
    TimePoint last;  // arrival of what was sent last: a watch keeps its order
    std::deque<std::shared_ptr<const ports::ChangeBatch>> backlog;  // while it is cut off
  };

  void send_changes(Watcher& watcher, std::shared_ptr<const ports::ChangeBatch> changes);
  [[nodiscard]] bool hears_leader(const Watcher& watcher) const;
  void flush_backlogs();

  // StoreEnvironment
  [[nodiscard]] TimePoint now() const override { return world_.now(); }
  void wake_at(TimePoint at, std::uint64_t token) override;
  [[nodiscard]] bool alive(HostId host) const override { return region_.alive(host); }
  [[nodiscard]] bool reachable(HostId from, HostId to) const override {
    return region_.path_open(from, to);
  }
  /// Between members with what troubles there are; between a caller and the leader those are
  /// counted here, so that one in trouble does not hold up the others.
  Duration latency(HostId from, HostId to) override;
  [[nodiscard]] bool is_member(HostId host) const;
  /// `at`, but not before `last`, which becomes that.
  static TimePoint in_order(TimePoint& last, TimePoint at);
  void deliver_commit(ActorId caller, std::uint64_t token, ports::TransactionResult&& result,
                      TimePoint at) override;
  void deliver_changes(std::shared_ptr<const ports::ChangeBatch> changes) override;
  void leader_changed(HostId /*leader*/, std::uint64_t /*term*/) override { flush_backlogs(); }

  std::uint32_t index_;
  World& world_;
  Region& region_;
  std::vector<HostId> members_;
  Listener& listener_;
  ReplicatedStore store_;
  SlotPool<Caller> callers_;  // of commits under way
  SlotPool<Answer> answers_;
  SlotPool<Delivery> deliveries_;
  SlotPool<LateRequest> late_;
  std::vector<Watcher> watchers_;
  /// By caller, once links were in trouble: when its newest request, and its newest answer, arrive.
  struct Newest {
    TimePoint request;
    TimePoint answer;
  };
  std::map<ActorId, Newest> newest_;
};

}  // namespace arcas::sim
