#include "core/controllers/pod_gc.h"

#include <gtest/gtest.h>

#include <vector>

#include "fixture.h"

namespace arcas::controllers {
namespace {

class PodGcTest : public testing::Test {
 protected:
  auto on_pod() {
    return [this](const model::Pod* before, const model::Pod* after) { gc.on_pod(before, after); };
  }
  Uid finished(TimePoint created, model::Kind owner = model::Kind::replica_set) {
    model::Pod pod = world.pod(Uid{7}, world.spec(), NodeId{1}, owner);
    pod.meta.created_at = created;
    pod.phase = model::PodPhase::succeeded;
    return world.put(pod, on_pod());
  }
  std::vector<Uid> sync(TimePoint now) {
    Effects out;
    gc.sync(now, world.pods, out);
    std::vector<Uid> removed;
    for (const auto& operation : out.pods) {
      EXPECT_EQ(operation.verb, ports::Verb::remove);
      removed.push_back(operation.pod.meta.uid);
    }
    EXPECT_EQ(world.commit(out.pods, on_pod()), 0);
    return removed;
  }

  World world;
  PodGc gc{{.finished_threshold = 3}};
};

TEST_F(PodGcTest, FinishedPodsAboveTheThresholdGoOldestFirst) {
  const Uid third = finished(at(30));
  const Uid first = finished(at(10));
  finished(at(40));
  EXPECT_EQ(gc.next_tick(at(50)), TimePoint::max());
  finished(at(50));
  const Uid second = finished(at(20));
  EXPECT_EQ(gc.next_tick(at(5)), at(20));
  EXPECT_EQ(sync(at(60)), (std::vector<Uid>{first, second}));
  EXPECT_NE(world.pods.find(third), nullptr);
}

TEST_F(PodGcTest, AJobsFinishedPodWaitsUntilItIsCounted) {
  const Uid uid = finished(at(1), model::Kind::job);
  for (int i = 0; i < 3; ++i) finished(at(10 + i));
  EXPECT_EQ(sync(at(60)).size(), 1U);
  EXPECT_NE(world.pods.find(uid), nullptr);
  model::Pod counted = *world.pods.find(uid);
  counted.counted = true;
  world.put(counted, on_pod());
  finished(at(50));
  EXPECT_EQ(sync(at(80)), std::vector<Uid>{uid});
}

TEST_F(PodGcTest, PodsOfARemovedNodeGoAfterTheQuarantine) {
  const Uid pod = world.put(world.pod(Uid{7}, world.spec(), NodeId{3}), on_pod());
  gc.on_node_removed(at(100), NodeId{3});
  EXPECT_TRUE(sync(at(120)).empty());
  EXPECT_EQ(gc.next_tick(at(120)), at(160));
  EXPECT_EQ(sync(at(160)), std::vector<Uid>{pod});
  sync(at(180));
  EXPECT_EQ(gc.next_tick(at(180)), TimePoint::max());
}

TEST_F(PodGcTest, ANodeThatIsRegisteredAgainKeepsItsPods) {
  world.put(world.pod(Uid{7}, world.spec(), NodeId{3}), on_pod());
  gc.on_node_removed(at(100), NodeId{3});
  gc.on_node_added(NodeId{3});
  EXPECT_EQ(gc.next_tick(at(101)), TimePoint::max());
  EXPECT_TRUE(sync(at(1000)).empty());
}

TEST_F(PodGcTest, TheCheckAfterAStartFindsNodesThatWentBefore) {
  const Uid lost = world.put(world.pod(Uid{7}, world.spec(), NodeId{3}), on_pod());
  world.put(world.pod(Uid{7}, world.spec(), NodeId{4}), on_pod());
  gc.check_all(at(10), world.pods, [](NodeId node) { return node == NodeId{4}; });
  EXPECT_EQ(sync(at(60)), std::vector<Uid>{lost});
}

TEST_F(PodGcTest, ATerminatingPodThatWasNeverBoundGoes) {
  model::Pod pod = world.pod(Uid{7}, world.spec());
  pod.meta.deleted_at = at(1);
  const Uid uid = world.put(pod, on_pod());
  EXPECT_EQ(sync(at(20)), std::vector<Uid>{uid});
  EXPECT_EQ(gc.next_tick(at(21)), TimePoint::max());
}

TEST_F(PodGcTest, PodsOfAGoneOwnerAreDeletedInPortions) {
  for (int i = 0; i < 5; ++i) world.put(world.pod(Uid{7}, world.spec(), NodeId{1}));
  Effects out;
  EXPECT_FALSE(delete_owned_pods(at(1), Uid{7}, world.pods, 3, out));
  EXPECT_EQ(out.pods.size(), 3U);
  world.commit(out.pods, on_pod());
  out.clear();
  EXPECT_TRUE(delete_owned_pods(at(1), Uid{7}, world.pods, 3, out));
  EXPECT_EQ(out.pods.size(), 2U);
}

}  // namespace
}  // namespace arcas::controllers
