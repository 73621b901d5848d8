#include "core/controllers/stateful_set.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace arcas::controllers {
namespace {

StatefulPod ready(std::int32_t ordinal, bool updated = true) {
  StatefulPod pod;
  pod.ordinal = ordinal;
  pod.ready = true;
  pod.updated = updated;
  pod.current = !updated;
  return pod;
}

StatefulPod old(std::int32_t ordinal) { return ready(ordinal, false); }

StatefulSetSpec of(std::int32_t replicas) {
  StatefulSetSpec spec;
  spec.replicas = replicas;
  return spec;
}

std::vector<std::int32_t> created(const StatefulSetPlan& plan) {
  std::vector<std::int32_t> ordinals;
  for (const auto& creation : plan.create) ordinals.push_back(creation.ordinal);
  return ordinals;
}

using Ordinals = std::vector<std::int32_t>;

TEST(StatefulSet, PodsStartOneAfterTheOther) {
  EXPECT_EQ(created(plan_stateful_set(of(3), true, {})), Ordinals{0});
  StatefulPod starting = ready(0);
  starting.ready = false;
  EXPECT_TRUE(plan_stateful_set(of(3), true, std::vector{starting}).create.empty());
  EXPECT_EQ(created(plan_stateful_set(of(3), true, std::vector{ready(0)})), Ordinals{1});
  const auto whole = plan_stateful_set(of(3), true, std::vector{ready(0), ready(1), ready(2)});
  EXPECT_TRUE(whole.create.empty());
  EXPECT_TRUE(whole.remove.empty());
  EXPECT_TRUE(whole.update_complete);
  EXPECT_EQ(whole.ready, 3);
}

TEST(StatefulSet, AParallelOneStartsAndStopsAllAtOnce) {
  StatefulSetSpec spec = of(3);
  spec.parallel = true;
  spec.start = 5;
  EXPECT_EQ(created(plan_stateful_set(spec, true, {})), (Ordinals{5, 6, 7}));
  spec.replicas = 0;
  EXPECT_EQ(plan_stateful_set(spec, true, std::vector{ready(5), ready(6)}).remove,
            (Ordinals{6, 5}));
}

TEST(StatefulSet, AnOrderedOneStopsTheHighestFirstAndWaitsForIt) {
  EXPECT_EQ(plan_stateful_set(of(1), true, std::vector{ready(0), ready(1), ready(2)}).remove,
            Ordinals{2});
  StatefulPod going = ready(2);
  going.terminating = true;
  EXPECT_TRUE(
      plan_stateful_set(of(1), true, std::vector{ready(0), ready(1), going}).remove.empty());
}

TEST(StatefulSet, AFailedPodIsReplacedUnderItsOrdinal) {
  StatefulPod failed = ready(1);
  failed.finished = true;
  const auto plan = plan_stateful_set(of(3), true, std::vector{ready(0), failed, ready(2)});
  EXPECT_EQ(plan.remove, Ordinals{1});
  EXPECT_TRUE(plan.create.empty()) << "never two of one ordinal";
}

TEST(StatefulSet, ARollingUpdateGoesDownOneByOne) {
  EXPECT_EQ(plan_stateful_set(of(3), false, std::vector{old(0), old(1), old(2)}).remove,
            Ordinals{2});
  const auto next = plan_stateful_set(of(3), false, std::vector{old(0), old(1)});
  ASSERT_EQ(created(next), Ordinals{2});
  EXPECT_TRUE(next.create[0].updated);
  EXPECT_EQ(plan_stateful_set(of(3), false, std::vector{old(0), old(1), ready(2)}).remove,
            Ordinals{1});
  StatefulPod starting = ready(2);
  starting.ready = false;
  EXPECT_TRUE(
      plan_stateful_set(of(3), false, std::vector{old(0), old(1), starting}).remove.empty());
}

TEST(StatefulSet, LowerOrdinalsThanThePartitionStayAndComeBackAsTheyWere) {
  StatefulSetSpec spec = of(3);
  spec.partition = 2;
  EXPECT_TRUE(plan_stateful_set(spec, false, std::vector{old(0), old(1), ready(2)}).remove.empty());
  const auto plan = plan_stateful_set(spec, false, std::vector{old(0), ready(2)});
  ASSERT_EQ(created(plan), Ordinals{1});
  EXPECT_FALSE(plan.create[0].updated);
  EXPECT_FALSE(plan.update_complete);
}

TEST(StatefulSet, OnDeleteLeavesUpdatesToTheUser) {
  StatefulSetSpec spec = of(2);
  spec.on_delete = true;
  EXPECT_TRUE(plan_stateful_set(spec, false, std::vector{old(0), old(1)}).remove.empty());
  const auto plan = plan_stateful_set(spec, false, std::vector{old(0)});
  ASSERT_EQ(created(plan), Ordinals{1});
  EXPECT_TRUE(plan.create[0].updated);
}

TEST(StatefulSet, EveryWayEndsWithExactlyTheWantedPods) {
  // Follows plans to their end, from every mixture of four pods.
  for (int mixture = 0; mixture < 256; ++mixture) {
    StatefulSetSpec spec = of(2);
    spec.parallel = mixture % 2 == 1;
    std::vector<StatefulPod> pods;
    for (std::int32_t i = 0; i < 4; ++i) {
      const int kind = mixture >> (2 * i) & 3;
      if (kind == 0) continue;
      pods.push_back(kind == 1 ? ready(i) : old(i));
      pods.back().finished = kind == 3;
    }
    int steps = 0;
    while (true) {
      const StatefulSetPlan plan = plan_stateful_set(spec, false, pods);
      if (plan.create.empty() && plan.remove.empty()) break;
      ASSERT_LT(++steps, 40) << "mixture " << mixture;
      for (const std::int32_t ordinal : plan.remove) {
        std::erase_if(pods, [&](const StatefulPod& pod) { return pod.ordinal == ordinal; });
      }
      for (const auto& creation : plan.create) {
        ASSERT_TRUE(std::none_of(pods.begin(), pods.end(), [&](const StatefulPod& pod) {
          return pod.ordinal == creation.ordinal;
        }));
        pods.push_back(ready(creation.ordinal, creation.updated));
      }
    }
    ASSERT_EQ(pods.size(), 2U) << "mixture " << mixture;
    EXPECT_TRUE(plan_stateful_set(spec, false, pods).update_complete) << "mixture " << mixture;
  }
}

}  // namespace
}  // namespace arcas::controllers
