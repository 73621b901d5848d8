#include "core/controllers/replica_set.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/base/rng.h"
#include "fixture.h"

namespace arcas::controllers {
namespace {

class ReplicaSetTest : public testing::Test {
 protected:
  ReplicaSetTest() {
    set.meta.uid = Uid{7};
    set.meta.resource_version = 1;
    set.meta.name = {world.catalog.intern("web"), 0};
    set.pod_template = {world.labels("web"), world.spec()};
  }
  auto on_pod() {
    return [this](const model::Pod* before, const model::Pod* after) {
      controller.on_pod(before, after);
    };
  }
  Effects sync(TimePoint now) {
    Effects out;
    result = controller.sync(now, set, world.pods, out);
    for (const auto& operation : out.objects) {
      set = std::get<model::ReplicaSet>(operation.object);
      ++set.meta.resource_version;
    }
    return out;
  }
  void settle(TimePoint now) { world.commit(sync(now).pods, on_pod()); }

  World world;
  model::ReplicaSet set;
  ReplicaSetController controller{{}, world.catalog};
  SyncResult result;
};

TEST_F(ReplicaSetTest, MissingPodsAreCreatedWithNumberedNamesFromOne) {
  set.replicas = 3;
  const Effects out = sync(at(1));
  ASSERT_EQ(out.pods.size(), 3U);
  for (std::uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(out.pods[i].verb, ports::Verb::create);
    EXPECT_EQ(out.pods[i].pod.meta.name, (model::ObjectName{world.catalog.intern("web"), i + 1}));
    EXPECT_EQ(out.pods[i].pod.meta.owner.uid, set.meta.uid);
  }
}

TEST_F(ReplicaSetTest, NothingIsCreatedTwiceWhileTheViewLags) {
  set.replicas = 3;
  const Effects first = sync(at(1));
  EXPECT_EQ(result.again_at, at(1) + minutes(5));
  EXPECT_TRUE(sync(at(2)).pods.empty());
  EXPECT_EQ(result.again_at, TimePoint::max());  // asked for already
  world.put(first.pods[0].pod, on_pod());
  EXPECT_TRUE(sync(at(3)).pods.empty());
  world.put(first.pods[1].pod, on_pod());
  world.put(first.pods[2].pod, on_pod());
  EXPECT_TRUE(sync(at(4)).pods.empty());
}

TEST_F(ReplicaSetTest, ARefusedCreationIsTriedAgainAtOnceAndALostOneAfterFiveMinutes) {
  set.replicas = 1;
  sync(at(1));
  controller.on_creation_refused(set.meta.uid);
  EXPECT_EQ(sync(at(2)).pods.size(), 1U);
  EXPECT_TRUE(sync(at(301)).pods.empty());
  EXPECT_EQ(sync(at(302)).pods.size(), 1U);
}

TEST_F(ReplicaSetTest, AtMostOneBurstIsCreatedPerSync) {
  set.replicas = 1200;
  EXPECT_EQ(sync(at(1)).pods.size(), 500U);
}

TEST_F(ReplicaSetTest, FinishedAndTerminatingPodsAreReplaced) {
  set.replicas = 2;
  settle(at(1));
  std::vector<model::Pod> pods;
  world.pods.for_each([&](const model::Pod& pod) { pods.push_back(pod); });
  pods[0].phase = model::PodPhase::failed;
  pods[1].node = NodeId{1};
  pods[1].meta.deleted_at = at(2);
  for (const model::Pod& pod : pods) world.put(pod, on_pod());
  EXPECT_EQ(sync(at(3)).pods.size(), 2U);
}

TEST_F(ReplicaSetTest, SurplusPodsGoUnassignedThenNotReadyThenNewestFirst) {
  model::Pod unassigned = world.pod(set.meta.uid, set.pod_template.spec);
  model::Pod not_ready = world.pod(set.meta.uid, set.pod_template.spec, NodeId{1});
  not_ready.ready = false;
  model::Pod old = world.pod(set.meta.uid, set.pod_template.spec, NodeId{1});
  model::Pod young = old;
  old.ready_since = at(1);
  young.ready_since = at(5);
  EXPECT_TRUE(deleted_before(unassigned, not_ready));
  EXPECT_TRUE(deleted_before(not_ready, young));
  EXPECT_TRUE(deleted_before(young, old));
  EXPECT_FALSE(deleted_before(old, young));

  const Uid kept = world.put(old);
  for (const model::Pod& pod : {unassigned, not_ready, young}) world.put(pod);
  set.replicas = 1;
  const Effects out = sync(at(9));
  ASSERT_EQ(out.pods.size(), 3U);
  EXPECT_EQ(out.pods[0].verb, ports::Verb::remove);  // no agent has to confirm
  EXPECT_EQ(out.pods[1].verb, ports::Verb::update);
  EXPECT_EQ(out.pods[1].pod.meta.deleted_at, at(9));
  EXPECT_TRUE(sync(at(10)).pods.empty());  // until the view shows the deletions
  EXPECT_EQ(world.commit(out.pods, on_pod()), 0);
  EXPECT_FALSE(world.pods.find(kept)->meta.terminating());
  EXPECT_TRUE(sync(at(11)).pods.empty());
}

TEST_F(ReplicaSetTest, StatusIsWrittenOnceAnIntervalAndOnlyWhenItChanged) {
  set.replicas = 1;
  settle(at(1));
  EXPECT_EQ(sync(at(1)).objects.size(), 0U);  // too early after the first write
  EXPECT_EQ(result.again_at, at(2));
  EXPECT_EQ(sync(at(2)).objects.size(), 1U);
  EXPECT_EQ(set.status_replicas, 1);
  EXPECT_EQ(sync(at(9)).objects.size(), 0U);
}

TEST_F(ReplicaSetTest, AvailabilityWaitsForMinReadySeconds) {
  set.replicas = 1;
  set.min_ready_seconds = 10;
  model::Pod pod = world.pod(set.meta.uid, set.pod_template.spec, NodeId{1});
  pod.ready_since = at(5);
  world.put(pod);
  sync(at(6));
  EXPECT_EQ(set.status_ready, 1);
  EXPECT_EQ(set.status_available, 0);
  EXPECT_EQ(result.again_at, at(15));
  sync(at(15));
  EXPECT_EQ(set.status_available, 1);
}

TEST_F(ReplicaSetTest, AfterARestartNamesGoOnWhereTheyEnded) {
  set.replicas = 2;
  settle(at(1));
  ReplicaSetController restarted({}, world.catalog);
  set.replicas = 3;
  Effects out;
  restarted.sync(at(2), set, world.pods, out);
  ASSERT_EQ(out.pods.size(), 1U);
  EXPECT_EQ(out.pods[0].pod.meta.name.suffix, 3U);
}

TEST_F(ReplicaSetTest, WhateverTheLagNeverMorePodsThanAskedForExist) {
  RandomStream rng(11);
  for (int round = 0; round < 300; ++round) {
    World fresh;
    ReplicaSetController decider({.burst = 7}, fresh.catalog);
    const auto tell = [&](const model::Pod* b, const model::Pod* a) { decider.on_pod(b, a); };
    model::ReplicaSet wanted = set;
    wanted.replicas = static_cast<std::int32_t>(rng.between(1, 30));
    std::vector<ports::PodOperation> in_flight;  // committed, not yet seen
    std::int64_t alive = 0;
    for (int step = 0; step < 200; ++step) {
      Effects out;
      decider.sync(at(1) + milliseconds(step), wanted, fresh.pods, out);
      for (auto& operation : out.pods) {
        ASSERT_EQ(operation.verb, ports::Verb::create);
        in_flight.push_back(operation);
        ++alive;
      }
      ASSERT_LE(alive, wanted.replicas);
      while (!in_flight.empty() && rng.chance(1, 3)) {
        fresh.put(in_flight.front().pod, tell);
        in_flight.erase(in_flight.begin());
      }
    }
    EXPECT_EQ(alive, wanted.replicas);
  }
}

}  // namespace
}  // namespace arcas::controllers
