#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

/// Three full nodes with a pod of another application each, and a pod that must evict one of them.
class ToldBudgets : public testing::Test {
 protected:
  ToldBudgets() : scheduler(catalog, config()) {
    for (int i = 0; i < 3; ++i) {
      model::Node node;
      const std::string name = "n" + std::to_string(i);
      node.id = catalog.nodes.intern(name);
      node.meta.name.base = catalog.intern(name);
      node.meta.labels = catalog.label_sets.intern({});
      node.allocatable.set(model::kCpu, 1000);
      node.allocatable.set(model::kPods, 110);
      node.container_runtime_ready = model::ConditionStatus::yes;
      scheduler.upsert_node(node);
      model::LabelSet labels;
      labels.set(catalog.intern("app"), catalog.intern(name));
      scheduler.add_usage(victim(i), spec(0), catalog.label_sets.intern(labels), name_space(),
                          node.id, true);
    }
  }
  static Config config() {
    Config config;
    config.budgets_are_told = true;
    return config;
  }
  SpecId spec(std::int32_t priority) {
    model::PodSpec spec;
    spec.priority = priority;
    spec.containers.emplace_back().requests.set(model::kCpu, 1000);
    return catalog.intern_spec(std::move(spec));
  }
  NamespaceId name_space() { return catalog.intern_namespace(TenantId{0}, "default"); }
  static Uid victim(int node) { return Uid::make(1, static_cast<std::uint64_t>(node) + 1); }
  static Uid budget(int node) { return Uid::make(2, static_cast<std::uint64_t>(node) + 1); }
  void protect(int node, std::int32_t allowed) {
    model::Selector selector;
    selector.requirements.push_back({catalog.intern("app"),
                                     model::SelectorOperator::in,
                                     {catalog.intern("n" + std::to_string(node))}});
    scheduler.set_budget(
        budget(node), {name_space(), catalog.selectors.intern(std::move(selector)), allowed, {}});
  }
  void want() {
    PendingPod pod;
    pod.uid = Uid::make(1, 100);
    pod.spec = spec(100);
    pod.labels = catalog.label_sets.intern({});
    pod.name_space = name_space();
    scheduler.enqueue(TimePoint{}, pod);
  }
  std::vector<Uid> victims(TimePoint now) {
    std::vector<Scheduler::Decision> decisions;
    scheduler.schedule(now, 10, decisions);
    return decisions.empty() ? std::vector<Uid>{} : decisions.front().victims;
  }

  model::Catalog catalog;
  Scheduler scheduler;
};

TEST_F(ToldBudgets, NobodyIsEvictedBeforeTheyAreKnown) {
  want();
  EXPECT_FALSE(scheduler.wants_budgets());
  EXPECT_TRUE(victims(TimePoint{}).empty());
  EXPECT_TRUE(scheduler.wants_budgets());
  protect(0, 0);
  EXPECT_TRUE(victims(TimePoint{} + seconds(30)).empty());
  scheduler.budgets_known();
  EXPECT_FALSE(scheduler.wants_budgets());
  EXPECT_EQ(victims(TimePoint{} + seconds(45)), std::vector<Uid>{victim(1)});
}

TEST_F(ToldBudgets, ComeChangeAndGo) {
  for (int node = 0; node < 3; ++node) protect(node, 0);
  protect(1, 1);                       // changed
  scheduler.remove_budget(budget(0));  // the last takes its place in the list
  scheduler.remove_budget(Uid::make(2, 77));
  protect(0, 0);
  protect(2, 0);
  scheduler.budgets_known();
  want();
  EXPECT_EQ(victims(TimePoint{}), std::vector<Uid>{victim(1)});
  EXPECT_EQ(scheduler.cluster().budgets.size(), 3U);
}

TEST_F(ToldBudgets, AreForgottenWhenTheyAreToldAnew) {
  protect(0, 0);
  scheduler.budgets_known();
  scheduler.forget_budgets();
  want();
  EXPECT_TRUE(victims(TimePoint{}).empty());
  scheduler.budgets_known();
  EXPECT_EQ(victims(TimePoint{} + seconds(15)), std::vector<Uid>{victim(0)});
}

TEST_F(ToldBudgets, WhoWaitsForItsVictimsToLeaveEvictsNobodyElse) {
  scheduler.budgets_known();
  want();
  EXPECT_EQ(victims(TimePoint{}), std::vector<Uid>{victim(0)});
  scheduler.mark_terminating(victim(0));
  protect(0, 0);                              // another would be chosen now
  scheduler.set_zone_lost(ZoneId{7}, false);  // something changes, and the pod is tried again
  EXPECT_TRUE(victims(TimePoint{} + seconds(15)).empty());
  scheduler.remove_usage(victim(0));
  std::vector<Scheduler::Decision> decisions;
  scheduler.schedule(TimePoint{} + seconds(60), 10, decisions);
  ASSERT_EQ(decisions.size(), 1U);
  EXPECT_EQ(decisions[0].node, NodeId{0});
}

// As after a fail-over: the pod's status says why it goes.
TEST_F(ToldBudgets, ThatAPodLeavesByPreemptionMayBeToldFromOutside) {
  scheduler.budgets_known();
  scheduler.mark_terminating(victim(2), true);
  PendingPod pod;
  pod.uid = Uid::make(1, 100);
  pod.spec = spec(100);
  pod.labels = catalog.label_sets.intern({});
  pod.name_space = name_space();
  pod.nominated = NodeId{2};
  scheduler.enqueue(TimePoint{}, pod);
  EXPECT_TRUE(victims(TimePoint{}).empty());
}

}  // namespace
}  // namespace arcas::scheduler
