#include "core/roles/controller_manager.h"

#include <gtest/gtest.h>

#include "tests/support/partition_world.h"

namespace arcas::roles {
namespace {

struct ControllerManagerTest : testing::Test {
  ControllerManagerTest() : role(world.context(ActorId{30}), PartitionId{1}) { role.on_start(); }
  void create_replica_set(std::int32_t replicas) {
    model::ReplicaSet set;
    set.meta.tenant = world.catalog.tenants.intern("t");
    set.meta.name_space = world.name_space;
    set.meta.name.base = world.catalog.intern("rs");
    set.replicas = replicas;
    model::LabelSet labels;
    labels.set(world.catalog.intern("app"), world.catalog.intern("x"));
    set.pod_template = {world.catalog.label_sets.intern(labels), world.spec(100)};
    model::Selector selector;
    selector.requirements.push_back(
        {world.catalog.intern("app"), model::SelectorOperator::in, {world.catalog.intern("x")}});
    set.selector = world.catalog.selectors.intern(std::move(selector));
    world.create(set);
  }
  [[nodiscard]] std::size_t pods() const {
    std::size_t count = 0;
    world.tables.pods.for_each([&](const model::Pod& pod) {
      if (!pod.meta.terminating()) ++count;
    });
    return count;
  }
  tests::PartitionWorld world;
  ControllerManager role;
};

TEST_F(ControllerManagerTest, ALeaderMakesThePodsOfAReplicaSet) {
  create_replica_set(3);
  world.run(seconds(5), role);
  EXPECT_EQ(pods(), 3U);
  world.run(seconds(60), role);
  EXPECT_EQ(pods(), 3U);  // and no more
}

TEST_F(ControllerManagerTest, APodThatIsDeletedIsReplaced) {
  create_replica_set(3);
  world.run(seconds(5), role);
  ports::Transaction deletion;
  world.tables.pods.for_each([&](const model::Pod& pod) {
    if (deletion.pods.empty()) deletion.pods.push_back({ports::Verb::remove, 0, pod});
  });
  ports::ApiRequest request;
  request.transaction = deletion;
  world.messages.push_back({ActorId{99}, ActorId{10}, request});
  world.answer(role);
  EXPECT_EQ(pods(), 2U);
  world.run(seconds(5), role);
  EXPECT_EQ(pods(), 3U);
}

TEST_F(ControllerManagerTest, WhoHasNoLeaseWritesNothingButItsCandidacy) {
  world.api_answers = false;
  create_replica_set(3);
  world.run(seconds(10), role);
  EXPECT_EQ(pods(), 0U);
  for (const auto& request : world.requests) {
    EXPECT_TRUE(request.transaction.pods.empty());
    ASSERT_EQ(request.transaction.objects.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<model::Lease>(request.transaction.objects[0].object));
  }
}

TEST_F(ControllerManagerTest, ALeaderWhoseLeaseRunsOutStopsWriting) {
  world.run(seconds(2), role);
  world.api_answers = false;
  world.run(world.profile.leader_lease + seconds(1), role);
  create_replica_set(3);
  const std::size_t before = world.requests.size();
  world.run(seconds(10), role);
  for (std::size_t i = before; i < world.requests.size(); ++i) {
    EXPECT_TRUE(world.requests[i].transaction.pods.empty());
  }
}

TEST_F(ControllerManagerTest, WritesCarryTheFenceOfItsLease) {
  create_replica_set(2);
  world.run(seconds(5), role);
  std::size_t seen = 0;
  for (const auto& request : world.requests) {
    if (request.transaction.pods.empty()) continue;
    ++seen;
    EXPECT_TRUE(request.transaction.fence.lease.valid());
    EXPECT_GT(request.transaction.fence.epoch, 0U);
  }
  EXPECT_GE(seen, 1U);
}

TEST_F(ControllerManagerTest, ANodeManagerThatLeadsNoMoreIsLeftForTheNext) {
  world.run(seconds(2), role);
  ports::NodeEvents closed{PartitionId{2}, world.node_session, false, false, true, {}, {}};
  world.tell(role, ActorId{20}, closed);
  ASSERT_FALSE(world.messages.empty());
  EXPECT_EQ(world.messages.back().to, ActorId{21});
  EXPECT_TRUE(std::holds_alternative<ports::NodeWatchRequest>(world.messages.back().message));
}

TEST_F(ControllerManagerTest, ProbesOfZonesAreAnsweredByAnyInstance) {
  world.tell(role, ActorId{21}, ports::ZoneProbe{7, ZoneId{0}});
  const auto replies = world.sent<ports::ZoneProbeReply>();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].sequence, 7U);
  EXPECT_EQ(replies[0].zone, ZoneId{0});
}

}  // namespace
}  // namespace arcas::roles
