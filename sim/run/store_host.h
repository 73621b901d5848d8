#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/ports/store.h"
#include "core/state/tables.h"
#include "sim/world/region.h"
#include "sim/world/slot_pool.h"
#include "sim/world/world.h"

namespace arcas::sim {

/// One partition's simulated store behind the Store port: carries commits to it and answers and
/// changes back over the simulated network.
class StoreHost final : public ports::Store {
 public:
  /// Sees every commit at the moment it is decided, for checkers and reports.
  struct Listener {
    virtual ~Listener() = default;
    virtual void on_store_commit(PartitionId partition, const ports::ChangeBatch& changes) = 0;
  };

  StoreHost(std::uint32_t index, PartitionId partition, World& world, Region& region,
            std::vector<HostId> members, Listener& listener);

  // ports::Store
  void commit(ActorId self, std::uint64_t token, ports::Transaction transaction) override;
  [[nodiscard]] const state::Tables& view(ActorId self) const override;
  void watch(ActorId self) override;

  [[nodiscard]] PartitionId partition() const { return tables_.partition(); }
  [[nodiscard]] const state::Tables& tables() const { return tables_; }

  void on_wake(std::uint64_t payload);
  void on_result(ActorId actor, std::uint64_t payload);
  void on_changes(ActorId actor, std::uint64_t payload);

 private:
  struct Submitted {
    ActorId actor;
    std::uint32_t incarnation = 0;
    std::uint64_t token = 0;
    ports::Transaction transaction;
  };
  struct Answer {
    std::uint32_t incarnation = 0;
    std::uint64_t token = 0;
    ports::TransactionResult result;
  };
  struct Delivery {
    std::uint32_t incarnation = 0;
    std::shared_ptr<const ports::ChangeBatch> changes;
  };
  struct Watcher {
    ActorId actor;
    std::uint32_t incarnation = 0;
  };

  std::uint32_t index_;
  World& world_;
  Region& region_;
  std::vector<HostId> members_;
  Listener& listener_;
  state::Tables tables_;
  SlotPool<Submitted> submitted_;
  SlotPool<Answer> answers_;
  SlotPool<Delivery> deliveries_;
  std::vector<Watcher> watchers_;
};

}  // namespace arcas::sim
