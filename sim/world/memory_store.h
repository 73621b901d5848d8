#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "core/ports/actor.h"
#include "core/ports/clock.h"
#include "core/ports/store.h"
#include "core/state/tables.h"

namespace arcas::sim {

/// A store for tests of single roles: commits take effect at once and never fail for lack of a
/// quorum. Answers and changes wait until `deliver`, as inputs of an actor must not come while it
/// handles another one; a revision's changes come before the answer. Not durable.
class MemoryStore final : public ports::Store {
 public:
  MemoryStore(PartitionId partition, const ports::Clock& clock)
      : tables_(partition), clock_(clock) {}

  /// Who gets the inputs meant for `id`. Inputs for ids without an actor are dropped. Not owned.
  void attach(ActorId id, ports::Actor& actor) {
    if (id.index >= actors_.size()) actors_.resize(id.index + 1, nullptr);
    actors_[id.index] = &actor;
  }

  void commit(ActorId self, std::uint64_t token, ports::Transaction transaction) override {
    auto changes = std::make_shared<ports::ChangeBatch>();
    auto result = tables_.commit(transaction, clock_.now(), *changes);
    if (!changes->empty()) {
      for (const ActorId watcher : watchers_) inputs_.push_back({watcher, 0, {}, changes});
    }
    inputs_.push_back({self, token, std::move(result), nullptr});
  }
  [[nodiscard]] const state::Tables& view(ActorId /*self*/) const override { return tables_; }
  void watch(ActorId self) override { watchers_.insert(self); }

  /// Delivers inputs until none waits, also those that come of them. Returns how many.
  std::size_t deliver() {
    std::size_t count = 0;
    for (; !inputs_.empty(); ++count) {
      const Input input = std::move(inputs_.front());
      inputs_.pop_front();
      ports::Actor* actor = input.to.index < actors_.size() ? actors_[input.to.index] : nullptr;
      if (actor == nullptr) continue;
      if (input.changes != nullptr) {
        actor->on_changes(*input.changes);
      } else {
        actor->on_commit(input.token, input.result);
      }
    }
    return count;
  }
  [[nodiscard]] std::size_t waiting() const { return inputs_.size(); }
  [[nodiscard]] const state::Tables& tables() const { return tables_; }

 private:
  struct Input {
    ActorId to;
    std::uint64_t token = 0;
    ports::TransactionResult result;
    std::shared_ptr<const ports::ChangeBatch> changes;  // none: a commit's answer
  };

  state::Tables tables_;
  const ports::Clock& clock_;
  std::vector<ports::Actor*> actors_;  // by ActorId
  std::set<ActorId> watchers_;
  std::deque<Input> inputs_;
};

}  // namespace arcas::sim
