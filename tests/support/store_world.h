#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "sim/world/replicated_store.h"

namespace arcas::tests {

/// The smallest world a replicated store can live in: hosts 0, 1, 2… that die and links that are
/// cut by hand, a queue of wakes and answers, fixed latencies.
class StoreWorld final : public sim::StoreEnvironment {
 public:
  struct Answer {
    ActorId caller;
    std::uint64_t token = 0;
    ports::TransactionResult result;
    TimePoint at;
  };

  explicit StoreWorld(std::uint32_t members, std::uint64_t seed = 1) {
    for (std::uint32_t i = 0; i < members; ++i) config.members.push_back(sim::HostId{i});
    remake(seed);
  }
  /// A new store with `config`, before anything was submitted.
  void remake(std::uint64_t seed) {
    queue_.clear();
    store =
        std::make_unique<sim::ReplicatedStore>(config, PartitionId{3}, RandomStream(seed), *this);
    store->start();
  }

  void submit(std::uint64_t token, ports::Transaction transaction,
              sim::HostId host = sim::HostId{9}, ActorId caller = ActorId{1}) {
    store->submit(caller, host, token, std::move(transaction));
  }
  void run_until(TimePoint end) {
    while (!queue_.empty() && queue_.begin()->first.first <= end) {
      now_ = queue_.begin()->first.first;
      const std::uint64_t token = queue_.begin()->second;
      queue_.erase(queue_.begin());
      ++wakes;
      store->on_wake(token);
    }
    now_ = std::max(now_, end);
  }
  void run_for(Duration duration) { run_until(now_ + duration); }

  void kill(sim::HostId host) {
    change([&] { dead_.insert(host); });
  }
  void revive(sim::HostId host) {
    change([&] { dead_.erase(host); });
  }
  void cut(std::uint32_t a, std::uint32_t b) {
    change([&] {
      cut_.insert({a, b});
      cut_.insert({b, a});
    });
  }
  void heal() {
    change([&] { cut_.clear(); });
  }
  [[nodiscard]] const Answer* answer(std::uint64_t token) const {
    for (const Answer& a : answers) {
      if (a.token == token) return &a;
    }
    return nullptr;
  }

  // StoreEnvironment
  [[nodiscard]] TimePoint now() const override { return now_; }
  void wake_at(TimePoint at, std::uint64_t token) override {
    queue_.emplace(std::pair(std::max(at, now_), sequence_++), token);
  }
  [[nodiscard]] bool alive(sim::HostId host) const override { return !dead_.contains(host); }
  [[nodiscard]] bool reachable(sim::HostId from, sim::HostId to) const override {
    return alive(from) && alive(to) && !cut_.contains({from.index, to.index});
  }
  Duration latency(sim::HostId from, sim::HostId to) override {
    return from == to ? Duration{} : hop;
  }
  void deliver_commit(ActorId caller, std::uint64_t token, ports::TransactionResult&& result,
                      TimePoint at) override {
    answers.push_back({caller, token, std::move(result), at});
  }
  void deliver_changes(std::shared_ptr<const ports::ChangeBatch> batch) override {
    changes.push_back(*batch);
  }
  void leader_changed(sim::HostId, std::uint64_t) override { ++elections; }

  sim::ReplicatedStoreConfig config;
  std::unique_ptr<sim::ReplicatedStore> store;
  Duration hop = microseconds(500);
  std::vector<Answer> answers;
  std::vector<ports::ChangeBatch> changes;
  std::uint64_t wakes = 0;
  std::uint64_t elections = 0;

 private:
  template <class Change>
  void change(Change apply) {
    apply();
    store->on_topology_changed();
  }

  TimePoint now_;
  std::map<std::pair<TimePoint, std::uint64_t>, std::uint64_t> queue_;
  std::uint64_t sequence_ = 0;
  std::set<sim::HostId> dead_;
  std::set<std::pair<std::uint32_t, std::uint32_t>> cut_;
};

}  // namespace arcas::tests
