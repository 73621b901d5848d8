// The simulator's stores under the contract.
#include "core/ports/actor.h"
#include "sim/world/memory_store.h"
#include "tests/support/store_contract.h"
#include "tests/support/store_world.h"

namespace arcas::tests {
namespace {

class ReplicatedSubject final : public StoreSubject {
 public:
  void commit(ActorId caller, std::uint64_t token, ports::Transaction transaction) override {
    world_.submit(token, std::move(transaction), sim::HostId{9}, caller);
  }
  void settle() override {
    world_.run_for(seconds(1));
    for (; taken_ < world_.answers.size(); ++taken_) {
      const auto& answer = world_.answers[taken_];
      answers.push_back({answer.caller, answer.token, answer.result});
    }
    changes = world_.changes;
  }
  [[nodiscard]] const state::Tables& view() const override { return world_.store->tables(); }

 private:
  StoreWorld world_{3};
  std::size_t taken_ = 0;
};

class StillClock final : public ports::Clock {
 public:
  [[nodiscard]] TimePoint now() const override { return TimePoint{}; }
};

class MemorySubject final : public StoreSubject {
 public:
  MemorySubject() {
    for (std::uint32_t i = 0; i < 3; ++i) {
      callers_[i].self = ActorId{i};
      callers_[i].subject = this;
      store_.attach(ActorId{i}, callers_[i]);
    }
    store_.watch(ActorId{0});
  }
  void commit(ActorId caller, std::uint64_t token, ports::Transaction transaction) override {
    store_.commit(caller, token, std::move(transaction));
  }
  void settle() override { store_.deliver(); }
  [[nodiscard]] const state::Tables& view() const override { return store_.tables(); }

 private:
  struct Caller final : ports::Actor {
    void on_start() override {}
    void on_message(ActorId, ports::Message&) override {}
    void on_timer(std::uint64_t) override {}
    void on_commit(std::uint64_t token, const ports::TransactionResult& result) override {
      subject->answers.push_back({self, token, result});
    }
    void on_changes(const ports::ChangeBatch& batch) override { subject->changes.push_back(batch); }
    ActorId self;
    MemorySubject* subject = nullptr;
  };

  StillClock clock_;
  sim::MemoryStore store_{PartitionId{3}, clock_};
  Caller callers_[3];
};

INSTANTIATE_TEST_SUITE_P(
    Simulated, StoreContract,
    testing::Values(StoreFactory{"replicated",
                                 [] { return std::make_unique<ReplicatedSubject>(); }},
                    StoreFactory{"memory", [] { return std::make_unique<MemorySubject>(); }}),
    [](const auto& given) { return given.param.name; });

}  // namespace
}  // namespace arcas::tests
