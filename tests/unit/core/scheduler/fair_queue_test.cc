#include "core/scheduler/fair_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

constexpr std::int64_t kGibibyte = std::int64_t{1} << 30;

/// A scheduler whose queue lets tenants take turns, on one large node.
class Tenants {
 public:
  explicit Tenants(std::int64_t cpu = 9000, std::int64_t gibibytes = 18)
      : scheduler(catalog, config()) {
    model::Node node;
    node.id = catalog.nodes.intern("a");
    node.meta.name.base = catalog.intern("a");
    node.meta.labels = catalog.label_sets.intern({});
    node.allocatable.set(model::kCpu, cpu);
    node.allocatable.set(model::kMemory, gibibytes * kGibibyte);
    node.allocatable.set(model::kPods, 1'000'000);
    node.container_runtime_ready = model::ConditionStatus::yes;
    scheduler.upsert_node(node);
  }
  static Config config() {
    Config config;
    config.queue.fair_share = true;
    return config;
  }
  std::vector<Uid> wait(const std::string& tenant, int count, std::int64_t cpu,
                        std::int64_t gibibytes, std::int32_t priority = 0) {
    const TenantId id = catalog.tenants.intern(tenant);
    PendingPod pod;
    pod.tenant = id;
    pod.name_space = catalog.intern_namespace(id, "default");
    pod.labels = catalog.label_sets.intern({});
    model::PodSpec spec;
    spec.priority = priority;
    model::Container& container = spec.containers.emplace_back();
    container.requests.set(model::kCpu, cpu);
    container.requests.set(model::kMemory, gibibytes * kGibibyte);
    pod.spec = catalog.intern_spec(std::move(spec));
    std::vector<Uid> uids;
    for (int i = 0; i < count; ++i) {
      pod.uid = Uid::make(1, ++last_);
      owner[pod.uid] = tenant;
      scheduler.enqueue(TimePoint{0}, pod);
      uids.push_back(pod.uid);
    }
    return uids;
  }
  /// The owners of the pods placed, in order, in cycles of `batch` pods.
  std::string run(std::size_t batch, int cycles) {
    std::string order;
    for (int i = 0; i < cycles; ++i) {
      std::vector<Scheduler::Decision> decisions;
      scheduler.schedule(TimePoint{0}, batch, decisions);
      for (const auto& decision : decisions) {
        if (decision.node.valid()) order += owner.at(decision.uid);
      }
    }
    return order;
  }

  model::Catalog catalog;
  Scheduler scheduler;
  std::map<Uid, std::string> owner;

 private:
  std::uint64_t last_ = 0;
};

// The example of Ghodsi et al., section 4.1: 9 cpu, 18 GB; A wants <1, 4 GB>, B <3, 1 GB>.
TEST(FairQueue, TenantsWithUnequalDemandEndWithEqualDominantShares) {
  Tenants tenants;
  tenants.wait("A", 10, 1000, 4);
  tenants.wait("B", 10, 3000, 1);
  const std::string order = tenants.run(100, 1);
  EXPECT_EQ(std::count(order.begin(), order.end(), 'A'), 3);
  EXPECT_EQ(std::count(order.begin(), order.end(), 'B'), 2);
}

TEST(FairQueue, TheTurnsOfOneBatchAreThoseOfOnePodAfterTheOther) {
  Tenants one;
  Tenants many;
  for (Tenants* tenants : {&one, &many}) {
    tenants->wait("A", 10, 1000, 4);
    tenants->wait("B", 10, 3000, 1);
  }
  EXPECT_EQ(one.run(1, 4), many.run(4, 1));
}

TEST(FairQueue, ATenantThatFloodsTheQueueFirstDoesNotStarveTheOthers) {
  Tenants tenants(100'000, 1000);
  tenants.wait("A", 1000, 100, 0);
  tenants.wait("B", 3, 100, 0);
  const std::string order = tenants.run(6, 1);
  EXPECT_EQ(std::count(order.begin(), order.end(), 'B'), 3) << order;
}

TEST(FairQueue, PodsThatFitNowhereHoldNobodyUp) {
  Tenants tenants;
  tenants.wait("A", 5, 20'000, 1);
  tenants.wait("B", 5, 1000, 1);
  EXPECT_EQ(tenants.run(20, 1), "BBBBB");
}

TEST(FairQueue, PriorityComesBeforeShares) {
  Tenants tenants;
  tenants.wait("A", 4, 1000, 1, 10);
  tenants.wait("B", 4, 1000, 1, 0);
  EXPECT_EQ(tenants.run(100, 2).substr(0, 5), "AAAAB");
}

TEST(FairQueue, WhatATenantGaveBackCountsNoLonger) {
  Tenants tenants;
  const std::vector<Uid> first = tenants.wait("A", 4, 1000, 1);
  EXPECT_EQ(tenants.run(100, 1), "AAAA");
  for (const Uid uid : first) {
    tenants.scheduler.confirm(uid);
    tenants.scheduler.remove_usage(uid);
  }
  tenants.wait("B", 1, 1000, 1);
  EXPECT_EQ(tenants.run(100, 1), "B");
  tenants.wait("B", 1, 1000, 1);
  tenants.wait("A", 1, 1000, 1);
  EXPECT_EQ(tenants.run(100, 1), "AB");
}

TEST(FairQueue, PodsThatLeftTheQueueAreSkipped) {
  Tenants tenants;
  const std::vector<Uid> gone = tenants.wait("A", 3, 1000, 1);
  tenants.wait("B", 2, 1000, 1);
  for (const Uid uid : gone) tenants.scheduler.forget(uid);
  EXPECT_EQ(tenants.run(100, 1), "BB");
  EXPECT_FALSE(tenants.scheduler.next_wakeup(TimePoint{0}).has_value());
}

TEST(FairQueue, TheSameNewsGiveTheSameOrder) {
  std::vector<std::string> orders;
  for (int i = 0; i < 2; ++i) {
    Tenants tenants(40'000, 100);
    for (const char* tenant : {"C", "A", "D", "B"}) {
      tenants.wait(tenant, 7, 500 + 100 * tenant[0], 1);
    }
    orders.push_back(tenants.run(5, 10));
  }
  EXPECT_EQ(orders[0], orders[1]);
}

}  // namespace
}  // namespace arcas::scheduler
