#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/scheduler/scheduler.h"

namespace arcas::scheduler {
namespace {

TimePoint at(std::int64_t second) { return TimePoint{} + seconds(second); }

/// A scheduler on nodes of one cpu each, and pods that want one.
class Slots {
 public:
  explicit Slots(int nodes) : scheduler(catalog, config()) {
    for (int i = 0; i < nodes; ++i) add_node();
  }
  static Config config() {
    Config config;
    config.gang_timeout = seconds(30);
    return config;
  }
  NodeId add_node() {
    model::Node node;
    const std::string name = "n" + std::to_string(catalog.nodes.size());
    node.id = catalog.nodes.intern(name);
    node.meta.name.base = catalog.intern(name);
    node.meta.labels = catalog.label_sets.intern({});
    node.allocatable.set(model::kCpu, 1000);
    node.allocatable.set(model::kMemory, std::int64_t{1} << 30U);
    node.allocatable.set(model::kPods, 10);
    node.container_runtime_ready = model::ConditionStatus::yes;
    scheduler.upsert_node(node);
    return node.id;
  }
  PendingPod pod(const std::string& gang, const std::string& minimum, std::int32_t priority = 0) {
    PendingPod pod;
    pod.uid = Uid::make(1, ++last_);
    pod.name_space = catalog.intern_namespace(TenantId{0}, "default");
    model::LabelSet labels;
    if (!gang.empty()) labels.set(catalog.intern(kPodGroupName), catalog.intern(gang));
    if (!minimum.empty()) labels.set(catalog.intern(kPodGroupMinimum), catalog.intern(minimum));
    pod.labels = catalog.label_sets.intern(std::move(labels));
    model::PodSpec spec;
    spec.priority = priority;
    model::Container& container = spec.containers.emplace_back();
    container.requests.set(model::kCpu, 1000);
    pod.spec = catalog.intern_spec(std::move(spec));
    return pod;
  }
  std::vector<PendingPod> wait(TimePoint now, int count, const std::string& gang = "",
                               const std::string& minimum = "", std::int32_t priority = 0) {
    std::vector<PendingPod> pods;
    for (int i = 0; i < count; ++i) {
      pods.push_back(pod(gang, minimum, priority));
      pods.back().created_at = now;
      scheduler.enqueue(now, pods.back());
    }
    return pods;
  }
  /// The pods placed in a cycle.
  std::vector<Uid> run(TimePoint now) {
    std::vector<Scheduler::Decision> decisions;
    scheduler.schedule(now, 1000, decisions);
    std::vector<Uid> placed;
    for (const auto& decision : decisions) {
      if (decision.node.valid()) placed.push_back(decision.uid);
    }
    return placed;
  }
  /// All claims are granted; the pods that may be bound.
  std::vector<Uid> grant(TimePoint now, const std::vector<Uid>& placed) {
    std::vector<Uid> bound;
    for (const Uid uid : placed) {
      if (scheduler.grant(now, uid)) bound.push_back(uid);
    }
    for (const auto& place : scheduler.take_gang_claims().bind) bound.push_back(place.pod);
    return bound;
  }
  static bool contains(const std::vector<Uid>& placed, const std::vector<PendingPod>& pods) {
    return std::all_of(pods.begin(), pods.end(), [&](const PendingPod& pod) {
      return std::find(placed.begin(), placed.end(), pod.uid) != placed.end();
    });
  }

  model::Catalog catalog;
  Scheduler scheduler;

 private:
  std::uint64_t last_ = 0;
};

TEST(SchedulerGangs, AGangIsPlacedWholeInOneCycle) {
  Slots slots(4);
  const auto gang = slots.wait(at(0), 4, "train", "4");
  const auto placed = slots.run(at(0));
  EXPECT_EQ(placed.size(), 4U);
  EXPECT_TRUE(Slots::contains(placed, gang));
  EXPECT_EQ(slots.grant(at(0), placed), placed);
  EXPECT_EQ(slots.scheduler.stats().gangs_started, 1U);
}

TEST(SchedulerGangs, NothingIsBoundBeforeTheGangHasItsClaims) {
  Slots slots(4);
  slots.wait(at(0), 4, "train", "3");
  const auto placed = slots.run(at(0));
  ASSERT_EQ(placed.size(), 3U);
  EXPECT_FALSE(slots.scheduler.grant(at(0), placed[0]));
  const auto fourth = slots.run(at(0));
  ASSERT_EQ(fourth.size(), 1U);
  EXPECT_FALSE(slots.scheduler.grant(at(0), fourth[0]));
  slots.scheduler.reject(at(0), placed[1]);
  EXPECT_TRUE(slots.scheduler.take_gang_claims().empty());
  EXPECT_FALSE(slots.scheduler.grant(at(0), placed[2]));
  const GangClaims::Outcome outcome = slots.scheduler.take_gang_claims();
  EXPECT_EQ(outcome.bind.size(), 3U);
  EXPECT_TRUE(outcome.release.empty());
}

TEST(SchedulerGangs, AGangThatDoesNotGetItsClaimsGivesThemBackAndIsTriedAgainWhole) {
  Slots slots(3);
  slots.wait(at(0), 3, "train", "3");
  const auto placed = slots.run(at(0));
  ASSERT_EQ(placed.size(), 3U);
  slots.scheduler.grant(at(0), placed[0]);
  slots.scheduler.grant(at(0), placed[1]);
  slots.scheduler.reject(at(0), placed[2]);
  const GangClaims::Outcome outcome = slots.scheduler.take_gang_claims();
  EXPECT_TRUE(outcome.bind.empty());
  EXPECT_EQ(outcome.release.size(), 2U);
  EXPECT_EQ(slots.scheduler.stats().gang_conflicts, 1U);
  EXPECT_TRUE(slots.run(at(0)).empty());
  const auto next = slots.scheduler.next_wakeup(at(0));
  ASSERT_TRUE(next.has_value());
  EXPECT_LE(*next, at(1));
  EXPECT_EQ(slots.run(*next).size(), 3U);
}

TEST(SchedulerGangs, GrantsThatHaveGrownOldAreGivenBackAndNotBound) {
  Slots slots(4);
  slots.wait(at(0), 4, "train", "3");
  const auto placed = slots.run(at(0));
  ASSERT_EQ(placed.size(), 3U);
  slots.scheduler.grant(at(0), placed[0]);
  slots.scheduler.grant(at(0), placed[1]);
  const auto fourth = slots.run(at(14));  // decided late, while the third answer is still out
  ASSERT_EQ(fourth.size(), 1U);
  EXPECT_FALSE(slots.scheduler.grant(at(16), fourth[0]));
  EXPECT_TRUE(slots.scheduler.take_gang_claims().empty());
  slots.scheduler.reject(at(17), placed[2]);
  const GangClaims::Outcome outcome = slots.scheduler.take_gang_claims();
  EXPECT_TRUE(outcome.bind.empty());
  EXPECT_EQ(outcome.release.size(), 3U);
}

TEST(SchedulerGangs, APodThatIsDeletedWhileItsClaimIsUnderWayCountsNoMore) {
  Slots slots(3);
  slots.wait(at(0), 3, "train", "3");
  const auto placed = slots.run(at(0));
  slots.scheduler.grant(at(0), placed[0]);
  slots.scheduler.forget(placed[0]);
  slots.scheduler.grant(at(0), placed[1]);
  slots.scheduler.grant(at(0), placed[2]);
  const GangClaims::Outcome outcome = slots.scheduler.take_gang_claims();
  EXPECT_TRUE(outcome.bind.empty());
  EXPECT_EQ(outcome.release.size(), 3U);
}

TEST(SchedulerGangs, NoPodOfAGangIsDecidedWhileOneOfThemLacksRoom) {
  Slots slots(3);
  const auto gang = slots.wait(at(0), 4, "train", "4");
  EXPECT_TRUE(slots.run(at(0)).empty());
  EXPECT_TRUE(slots.run(at(1)).empty());
  slots.add_node();
  EXPECT_TRUE(Slots::contains(slots.run(at(2)), gang));
}

TEST(SchedulerGangs, AGangWaitsUntilEnoughPodsHaveArrived) {
  Slots slots(4);
  slots.wait(at(0), 2, "train", "3");
  EXPECT_TRUE(slots.run(at(0)).empty());
  EXPECT_EQ(slots.scheduler.next_wakeup(at(0)), std::nullopt);
  slots.wait(at(1), 1, "train", "3");
  EXPECT_EQ(slots.scheduler.next_wakeup(at(1)), at(1));
  EXPECT_EQ(slots.run(at(1)).size(), 3U);
}

TEST(SchedulerGangs, WhatComesAfterTheMinimumIsPlacedAlone) {
  Slots slots(4);
  slots.wait(at(0), 2, "train", "2");
  EXPECT_EQ(slots.grant(at(0), slots.run(at(0))).size(), 2U);
  slots.wait(at(1), 1, "train", "2");
  EXPECT_EQ(slots.run(at(1)).size(), 1U);
}

TEST(SchedulerGangs, HeldRoomIsNotGivenToPodsOfTheSamePriority) {
  Slots slots(3);
  slots.wait(at(0), 4, "train", "4");
  slots.run(at(0));
  slots.wait(at(1), 1);
  EXPECT_TRUE(slots.run(at(1)).empty());
}

TEST(SchedulerGangs, AfterTheTimeOutTheRoomGoesToOthersAndTheGangIsTriedAgain) {
  Slots slots(3);
  slots.wait(at(0), 4, "train", "4");
  slots.run(at(0));
  const auto others = slots.wait(at(1), 3);
  EXPECT_TRUE(slots.run(at(1)).empty());
  EXPECT_EQ(slots.scheduler.next_wakeup(at(2)), at(30));
  slots.run(at(30));
  EXPECT_EQ(slots.scheduler.stats().gang_timeouts, 1U);
  std::vector<Uid> placed;
  for (int second = 31; second < 45 && placed.empty(); ++second) placed = slots.run(at(second));
  EXPECT_TRUE(Slots::contains(placed, others));
  for (const PendingPod& pod : others) slots.scheduler.forget(pod.uid);
  slots.add_node();
  std::vector<Uid> gang;
  for (int second = 45; second < 120 && gang.empty(); ++second) gang = slots.run(at(second));
  EXPECT_EQ(gang.size(), 4U);
}

TEST(SchedulerGangs, ASmallGangMayStartWhileTheFirstOneWaits) {
  Slots slots(3);
  slots.wait(at(0), 9, "large", "9");
  slots.run(at(0));
  EXPECT_EQ(slots.run(at(30)).size(), 0U);  // the large one's time-out
  const auto small = slots.wait(at(31), 3, "small", "3");
  EXPECT_TRUE(Slots::contains(slots.run(at(31)), small));
}

TEST(SchedulerGangs, TwoGangsNeverHoldHalfEach) {
  Slots slots(4);
  slots.wait(at(0), 3, "first", "3");
  slots.wait(at(0), 3, "second", "3");
  const auto placed = slots.run(at(0));
  EXPECT_EQ(placed.size(), 3U);
  EXPECT_EQ(slots.grant(at(0), placed).size(), 3U);
  EXPECT_EQ(slots.scheduler.stats().gangs_started, 1U);
}

TEST(SchedulerGangs, AHigherPriorityGangGoesFirstAndPodsOfHigherPriorityGoBeforeIt) {
  Slots slots(3);
  slots.wait(at(0), 3, "low", "3", 1);
  const auto high = slots.wait(at(1), 2, "high", "2", 5);
  const auto top = slots.wait(at(1), 1, "", "", 9);
  const auto placed = slots.run(at(1));
  EXPECT_EQ(placed.size(), 3U);
  EXPECT_TRUE(Slots::contains(placed, high));
  EXPECT_TRUE(Slots::contains(placed, top));
}

TEST(SchedulerGangs, RoomOfAPodThatIsDeletedGoesBack) {
  Slots slots(3);
  const auto gang = slots.wait(at(0), 4, "train", "4");
  slots.run(at(0));
  slots.scheduler.forget(gang[0].uid);  // three are left, which is too few
  slots.wait(at(1), 3);
  EXPECT_EQ(slots.run(at(1)).size(), 3U);
}

TEST(SchedulerGangs, AfterARestartBoundMembersMeanThatTheGangHasStarted) {
  Slots slots(4);
  for (int i = 0; i < 3; ++i) {
    const PendingPod pod = slots.pod("train", "4");
    slots.scheduler.add_usage(pod.uid, pod.spec, pod.labels, pod.name_space,
                              NodeId{static_cast<std::uint32_t>(i)}, true);
  }
  slots.wait(at(0), 1, "train", "4");
  EXPECT_EQ(slots.run(at(0)).size(), 1U);
}

TEST(SchedulerGangs, AGangWhosePodsAreAllGoneStartsAnewUnderItsName) {
  Slots slots(2);
  const auto first = slots.wait(at(0), 2, "train", "2");
  for (const Uid uid : slots.grant(at(0), slots.run(at(0)))) slots.scheduler.confirm(uid);
  for (const PendingPod& pod : first) slots.scheduler.remove_usage(pod.uid);
  slots.wait(at(1), 1, "train", "2");
  EXPECT_TRUE(slots.run(at(1)).empty());
}

TEST(SchedulerGangs, ALabelThatIsNoNumberKeepsThePodOutAndSaysSo) {
  for (const char* minimum : {"", "0", "-1", "four", "4x", "100001", "99999999999999999999"}) {
    Slots slots(2);
    const PendingPod pod = slots.wait(at(0), 1, "train", minimum)[0];
    EXPECT_TRUE(slots.run(at(0)).empty()) << minimum;
    EXPECT_NE(slots.scheduler.explain(pod).find("min-available must be a number from 1 to 100000"),
              std::string::npos)
        << minimum;
  }
}

TEST(SchedulerGangs, ThePendingReasonSaysWhatTheGangWaitsFor) {
  Slots slots(3);
  const auto few = slots.wait(at(0), 2, "train", "4");
  EXPECT_EQ(slots.scheduler.explain(few[0]).rfind(
                "pod group train starts with 4 pods: 2 have arrived; ", 0),
            0U);
  slots.wait(at(0), 2, "train", "4");
  slots.run(at(0));
  EXPECT_NE(slots.scheduler.explain(few[0]).find("3 have room"), std::string::npos);
}

TEST(SchedulerGangs, AMemberOfAWholeGangWhoseBindingIsRefusedIsTriedAgainAlone) {
  Slots slots(3);
  const auto gang = slots.wait(at(0), 2, "train", "2");
  slots.grant(at(0), slots.run(at(0)));
  slots.scheduler.reject(at(1), gang[0].uid);
  std::vector<Uid> placed;
  for (int second = 2; second < 20 && placed.empty(); ++second) placed = slots.run(at(second));
  EXPECT_EQ(placed, std::vector<Uid>{gang[0].uid});
}

/// Nodes full of pods of low priority, and whom a cycle evicts.
class FullSlots : public Slots {
 public:
  explicit FullSlots(int nodes) : Slots(nodes) {
    low = wait(at(0), nodes);
    for (const Uid uid : run(at(0))) scheduler.confirm(uid);
  }
  std::vector<Uid> evicted(TimePoint now) {
    std::vector<Scheduler::Decision> decisions;
    scheduler.schedule(now, 1000, decisions);
    std::vector<Uid> victims;
    for (const auto& decision : decisions) {
      EXPECT_FALSE(decision.node.valid());
      EXPECT_EQ(decision.nominated.valid(), !decision.victims.empty());
      victims.insert(victims.end(), decision.victims.begin(), decision.victims.end());
    }
    return victims;
  }
  std::vector<NodeId> nodes_of_low() {
    std::vector<NodeId> nodes;
    for (const PendingPod& pod : low) {
      const PodEntry* entry = scheduler.cluster().pods().find(pod.uid);
      nodes.push_back(entry == nullptr ? NodeId{} : entry->node);
    }
    return nodes;
  }
  std::vector<PendingPod> low;
};

TEST(SchedulerGangs, PodsOfLowerPriorityMakeRoomForAWholeGang) {
  FullSlots slots(4);
  const auto gang = slots.wait(at(1), 3, "train", "3", 5);
  const std::vector<Uid> victims = slots.evicted(at(1));
  ASSERT_EQ(victims.size(), 3U);
  // While they leave nobody else is evicted, and their room is not given away.
  for (const Uid victim : victims) slots.scheduler.mark_terminating(victim);
  EXPECT_TRUE(slots.evicted(at(2)).empty());
  slots.scheduler.remove_usage(victims[0]);
  slots.wait(at(3), 1);
  EXPECT_TRUE(slots.evicted(at(3)).empty());
  slots.scheduler.remove_usage(victims[1]);
  slots.scheduler.remove_usage(victims[2]);
  const auto placed = slots.run(at(4));
  EXPECT_EQ(placed.size(), 3U);
  EXPECT_TRUE(Slots::contains(placed, gang));
}

TEST(SchedulerGangs, NobodyIsEvictedForAGangThatWouldNotFitWhole) {
  FullSlots slots(3);
  const std::vector<NodeId> before = slots.nodes_of_low();
  slots.wait(at(1), 4, "train", "4", 5);
  EXPECT_TRUE(slots.evicted(at(1)).empty());
  EXPECT_EQ(slots.nodes_of_low(), before);
  EXPECT_EQ(slots.scheduler.stats().preemptions, 0U);
}

TEST(SchedulerGangs, NobodyOfTheSamePriorityIsEvicted) {
  FullSlots slots(3);
  slots.wait(at(1), 2, "train", "2", 0);
  EXPECT_TRUE(slots.evicted(at(1)).empty());
}

TEST(SchedulerGangs, FreeNodesAreTakenBeforeAnyoneIsEvicted) {
  FullSlots slots(2);
  slots.add_node();
  slots.wait(at(1), 2, "train", "2", 5);
  EXPECT_EQ(slots.evicted(at(1)).size(), 1U);
}

TEST(SchedulerGangs, ABudgetIsNotOverdrawnForAGang) {
  for (const std::int32_t allowed : {1, 2}) {
    FullSlots slots(2);
    model::LabelSet labels;
    labels.set(slots.catalog.intern("app"), slots.catalog.intern("web"));
    const LabelSetId web = slots.catalog.label_sets.intern(labels);
    model::Selector selector;
    selector.requirements.push_back(
        {slots.catalog.intern("app"), model::SelectorOperator::in, {slots.catalog.intern("web")}});
    const auto nodes = slots.nodes_of_low();
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      const PendingPod& pod = slots.low[i];
      slots.scheduler.add_usage(pod.uid, pod.spec, web, pod.name_space, nodes[i], true);
    }
    slots.scheduler.set_budget(Uid::make(2, 1),
                               {slots.low[0].name_space,
                                slots.catalog.selectors.intern(std::move(selector)),
                                allowed,
                                {}});
    slots.wait(at(1), 2, "train", "2", 5);
    EXPECT_EQ(slots.evicted(at(1)).size(), allowed == 2 ? 2U : 0U);
    EXPECT_EQ(slots.nodes_of_low(), nodes);
    EXPECT_EQ(slots.scheduler.cluster().budgets[0].disruptions_allowed, allowed);
  }
}

TEST(SchedulerGangs, RoomThatNeverBecomesFreeIsNotKeptBeyondTheTimeOut) {
  FullSlots slots(3);
  slots.scheduler.remove_usage(slots.low[0].uid);
  slots.wait(at(1), 2, "train", "2", 5);
  ASSERT_EQ(slots.evicted(at(1)).size(), 1U);  // one holds room, one is nominated
  EXPECT_EQ(slots.scheduler.next_wakeup(at(1)), at(31));
  slots.run(at(31));
  EXPECT_EQ(slots.scheduler.stats().gang_timeouts, 1U);
  slots.wait(at(32), 1);
  EXPECT_EQ(slots.run(at(32)).size(), 1U);
}

TEST(SchedulerGangs, PodsThatDeclareNoGangAreNotHeldUp) {
  Slots slots(2);
  EXPECT_EQ((slots.wait(at(0), 2), slots.run(at(0)).size()), 2U);
}

}  // namespace
}  // namespace arcas::scheduler
