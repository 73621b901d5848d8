#include "core/controllers/daemon_set.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "fixture.h"

namespace arcas::controllers {
namespace {

class DaemonSetTest : public testing::Test {
 protected:
  DaemonSetTest() {
    set.meta.uid = Uid{4};
    set.meta.resource_version = 1;
    set.meta.name = {world.catalog.intern("proxy"), 0};
    set.pod_template = {world.labels("proxy"), world.spec()};
  }
  auto on_pod() {
    return [this](const model::Pod* before, const model::Pod* after) {
      controller.on_pod(before, after);
    };
  }
  void node(std::uint32_t id, std::vector<model::Taint> taints = {}, const char* disk = "ssd") {
    model::Node value;
    value.id = NodeId{id};
    value.meta.name = {world.catalog.intern("n" + std::to_string(id)), 0};
    value.meta.labels = world.labels(disk);
    value.taints = std::move(taints);
    nodes[value.id] = value;
    controller.on_node(value.id);
  }
  Effects sync(TimePoint now) {
    Effects out;
    const auto find = [this](NodeId id) -> const model::Node* {
      const auto it = nodes.find(id);
      return it == nodes.end() ? nullptr : &it->second;
    };
    result = controller.sync(now, set, find, world.pods, out);
    for (const auto& operation : out.objects) {
      set = std::get<model::DaemonSet>(operation.object);
      ++set.meta.resource_version;
    }
    return out;
  }
  void settle(TimePoint now) {
    for (int i = 0; i < 4; ++i) world.commit(sync(now + seconds(2 * i)).pods, on_pod());
  }
  model::Taint taint(const char* key, model::TaintEffect effect) {
    return {world.catalog.intern(key), {}, effect, 0};
  }
  /// Active pods by target node.
  std::map<std::uint32_t, int> placed() const {
    std::map<std::uint32_t, int> count;
    world.pods.for_each([&](const model::Pod& pod) {
      if (is_active(pod)) ++count[pod.target.index];
    });
    return count;
  }

  World world;
  model::DaemonSet set;
  std::map<NodeId, model::Node> nodes;
  DaemonSetController controller{{}, world.catalog};
  SyncResult result;
};

TEST_F(DaemonSetTest, EveryEligibleNodeGetsOnePodThatOnlyItCanTake) {
  for (std::uint32_t i = 0; i < 5; ++i) node(i);
  const Effects out = sync(at(1));
  EXPECT_EQ(result.again_at, at(301));
  ASSERT_EQ(out.pods.size(), 5U);
  for (std::uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(out.pods[i].pod.target, NodeId{i});
    EXPECT_FALSE(out.pods[i].pod.node.valid());
    EXPECT_EQ(out.pods[i].pod.spec, out.pods[0].pod.spec);
  }
  EXPECT_TRUE(sync(at(2)).pods.empty());  // ordered, not yet seen
  world.commit(out.pods, on_pod());
  EXPECT_TRUE(sync(at(4)).pods.empty());
  EXPECT_EQ(set.status_desired, 5);
  EXPECT_EQ(set.status_current, 5);
}

TEST_F(DaemonSetTest, ANewNodeGetsItsPodAndAGoneNodeLosesIt) {
  node(0);
  settle(at(1));
  node(1);
  settle(at(20));
  EXPECT_EQ(placed(), (std::map<std::uint32_t, int>{{0, 1}, {1, 1}}));
  nodes.erase(NodeId{0});
  controller.on_node_removed(NodeId{0});
  settle(at(40));
  EXPECT_EQ(placed(), (std::map<std::uint32_t, int>{{1, 1}}));
}

TEST_F(DaemonSetTest, SelectorAndTaintsSayWhichNodesAreEligible) {
  model::PodSpec spec = world.catalog.spec(set.pod_template.spec);
  spec.node_selector = {{world.catalog.intern("app"), world.catalog.intern("ssd")}};
  set.pod_template.spec = world.catalog.intern_spec(spec);
  node(0);
  node(1, {}, "disk");
  node(2, {taint("gpu", model::TaintEffect::no_schedule)});
  node(3, {taint("gpu", model::TaintEffect::prefer_no_schedule)});
  node(4, {taint("node.kubernetes.io/unreachable", model::TaintEffect::no_execute)});
  settle(at(1));
  EXPECT_EQ(placed(), (std::map<std::uint32_t, int>{{0, 1}, {3, 1}, {4, 1}}));
}

TEST_F(DaemonSetTest, ANoScheduleTaintKeepsAPodThatIsThereAndANoExecuteTaintDoesNot) {
  node(0);
  node(1);
  settle(at(1));
  node(0, {taint("gpu", model::TaintEffect::no_schedule)});
  node(1, {taint("gpu", model::TaintEffect::no_execute)});
  settle(at(20));
  EXPECT_EQ(placed(), (std::map<std::uint32_t, int>{{0, 1}}));
}

TEST_F(DaemonSetTest, AFinishedPodIsReplacedAndADoubleGoes) {
  node(0);
  settle(at(1));
  model::Pod pod;
  world.pods.for_each([&](const model::Pod& value) { pod = value; });
  pod.phase = model::PodPhase::failed;
  world.put(pod, on_pod());
  settle(at(20));
  EXPECT_EQ(placed(), (std::map<std::uint32_t, int>{{0, 1}}));
  model::Pod twin = pod;
  twin.meta.uid = {};
  twin.phase = model::PodPhase::pending;
  world.put(twin, on_pod());
  settle(at(40));
  EXPECT_EQ(placed(), (std::map<std::uint32_t, int>{{0, 1}}));
}

TEST_F(DaemonSetTest, ANewTemplateReplacesReadyPodsOneAtATime) {
  for (std::uint32_t i = 0; i < 3; ++i) node(i);
  settle(at(1));
  const auto make_ready = [&] {
    std::vector<model::Pod> pods;
    world.pods.for_each([&](const model::Pod& pod) { pods.push_back(pod); });
    for (model::Pod& pod : pods) {
      pod.ready = true;
      world.put(pod, on_pod());
    }
  };
  make_ready();
  set.pod_template.spec = world.spec(7);
  for (int i = 0; i < 3; ++i) {
    const Effects out = sync(at(20 + 10 * i));
    ASSERT_EQ(out.pods.size(), 1U);
    EXPECT_EQ(out.pods[0].verb, ports::Verb::remove);
    world.commit(out.pods, on_pod());
    world.commit(sync(at(21 + 10 * i)).pods, on_pod());
    EXPECT_TRUE(sync(at(22 + 10 * i)).pods.empty());  // the new one is not ready yet
    make_ready();
  }
  EXPECT_TRUE(sync(at(60)).pods.empty());
  EXPECT_EQ(placed().size(), 3U);
}

TEST_F(DaemonSetTest, ARefusedCreationIsTriedAgainAndSoIsALostOneAfterAWhile) {
  node(0);
  EXPECT_EQ(sync(at(1)).pods.size(), 1U);
  controller.on_creation_refused(set.meta.uid, NodeId{0});
  EXPECT_EQ(sync(at(2)).pods.size(), 1U);
  EXPECT_TRUE(sync(at(301)).pods.empty());
  EXPECT_EQ(sync(at(302)).pods.size(), 1U);
}

TEST_F(DaemonSetTest, AfterARestartNothingIsCreatedTwice) {
  for (std::uint32_t i = 0; i < 5; ++i) node(i);
  settle(at(1));
  controller.forget(set.meta.uid);  // as another instance that takes over
  EXPECT_TRUE(sync(at(20)).pods.empty());
}

}  // namespace
}  // namespace arcas::controllers
