#include "core/roles/node_manager.h"

#include <gtest/gtest.h>

#include "tests/support/role_world.h"

namespace arcas::roles {
namespace {

TEST(NodeManagerTest, ALeaderWhoseLeaseRunsOutSendsItsAgentsAndWatchersAway) {
  tests::RoleWorld world;
  NodeManager manager(world.context(ActorId{20}), PartitionId{2}, world);
  manager.on_start();
  world.run_until(world.time + seconds(1), manager);
  ASSERT_TRUE(manager.leading());
  model::Node machine;
  machine.id = NodeId{0};
  machine.meta.name.base = world.catalog.intern("n0");
  machine.zone = ZoneId{0};
  world.tell(manager, ActorId{30}, ports::RegisterNode{machine});
  world.tell(manager, ActorId{40}, ports::NodeWatchRequest{PartitionId{1}, 7, true});
  world.messages.clear();

  world.store_answers = false;  // the quorum is out of reach, the process lives
  world.run_until(world.time + world.profile.leader_lease, manager);

  EXPECT_FALSE(manager.leading());
  const auto told = world.sent<ports::NodeRegistered>();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_FALSE(told[0].accepted);
  const auto events = world.sent<ports::NodeEvents>();
  ASSERT_FALSE(events.empty());
  EXPECT_TRUE(events.back().closed);
  EXPECT_EQ(events.back().session, 7U);
}

TEST(NodeManagerTest, ANodeWhoseObjectWasDeletedIsNotWrittenAgain) {
  tests::RoleWorld world;
  world.profile.node_startup_grace = seconds(1);
  world.profile.node_monitor_period = seconds(1);
  NodeManager manager(world.context(ActorId{20}), PartitionId{2}, world);
  manager.on_start();
  world.run_until(world.time + milliseconds(100), manager);
  model::Node machine;
  machine.id = NodeId{0};
  machine.meta.name.base = world.catalog.intern("n0");
  machine.zone = ZoneId{0};
  world.tell(manager, ActorId{30}, ports::RegisterNode{machine});
  world.run_until(world.time + milliseconds(500), manager);
  ports::Transaction deletion;
  world.tables.nodes.for_each([&](const model::Node& node) {
    deletion.objects.push_back({ports::Verb::remove, 0, node});
  });
  ASSERT_EQ(deletion.objects.size(), 1U);
  world.commit(ActorId{99}, 0, deletion);
  world.deliver(manager);

  world.store_answers = false;  // what is written from here on is counted
  world.run_until(world.time + seconds(3), manager);
  EXPECT_LE(world.unanswered.size(), 1U);  // the lease's renewal
}

TEST(NodeManagerTest, WhatAnAdministratorWritesOfANodeIsTakenOver) {
  tests::RoleWorld world;
  world.profile.node_startup_grace = seconds(1);
  world.profile.node_monitor_period = seconds(1);
  NodeManager manager(world.context(ActorId{20}), PartitionId{2}, world);
  manager.on_start();
  world.run_until(world.time + seconds(1), manager);
  model::Node machine;
  machine.id = NodeId{0};
  machine.meta.name.base = world.catalog.intern("n0");
  machine.zone = ZoneId{0};
  world.tell(manager, ActorId{30}, ports::RegisterNode{machine});
  world.run_until(world.time + milliseconds(200), manager);

  ports::Transaction edit;
  world.tables.nodes.for_each([&](const model::Node& node) {
    model::Node next = node;
    next.unschedulable = true;
    next.taints.push_back({world.catalog.intern("gpu"), {}, model::TaintEffect::no_schedule, 0});
    edit.objects.push_back({ports::Verb::update, node.meta.resource_version, next});
  });
  ASSERT_EQ(edit.objects.size(), 1U);
  world.commit(ActorId{99}, 0, edit);
  world.deliver(manager);
  world.run_until(world.time + seconds(5), manager);  // it is not heard of: its conditions change

  std::size_t seen = 0;
  world.tables.nodes.for_each([&](const model::Node& node) {
    ++seen;
    EXPECT_TRUE(node.unschedulable);
    std::string keys;
    for (const model::Taint& taint : node.taints) keys += world.catalog.text(taint.key) + ' ';
    EXPECT_NE(keys.find("gpu "), std::string::npos) << keys;
    EXPECT_NE(keys.find("unreachable "), std::string::npos) << keys;
  });
  EXPECT_EQ(seen, 1U);
}

TEST(NodeManagerTest, ADeletedNodeThatRegistersAgainIsMadeAgain) {
  tests::RoleWorld world;
  NodeManager manager(world.context(ActorId{20}), PartitionId{2}, world);
  manager.on_start();
  world.run_until(world.time + seconds(1), manager);
  model::Node machine;
  machine.id = NodeId{0};
  machine.meta.name.base = world.catalog.intern("n0");
  machine.zone = ZoneId{0};
  world.tell(manager, ActorId{30}, ports::RegisterNode{machine});
  world.run_until(world.time + seconds(1), manager);
  ports::Transaction deletion;
  world.tables.nodes.for_each([&](const model::Node& node) {
    deletion.objects.push_back({ports::Verb::remove, 0, node});
  });
  world.commit(ActorId{99}, 0, deletion);
  world.deliver(manager);
  ASSERT_EQ(world.tables.nodes.size(), 0U);
  world.tell(manager, ActorId{30}, ports::RegisterNode{machine});
  world.run_until(world.time + seconds(1), manager);
  EXPECT_EQ(world.tables.nodes.size(), 1U);
}

TEST(NodeManagerTest, ALeaderThatOversleptItsLeaseRefusesHeartbeatsAndGrantsNoClaim) {
  tests::RoleWorld world;
  NodeManager manager(world.context(ActorId{20}), PartitionId{2}, world);
  manager.on_start();
  world.run_until(world.time + seconds(1), manager);
  ASSERT_TRUE(manager.leading());
  world.time = world.time + world.profile.leader_lease;  // no timer has fired meanwhile
  ports::ClaimRequest claim;
  claim.tenant_partition = PartitionId{1};
  claim.fence_epoch = 1;
  world.tell(manager, ActorId{40}, claim);
  world.tell(manager, ActorId{30}, ports::NodeHeartbeat{NodeId{0}, 1});
  EXPECT_FALSE(manager.leading());
  EXPECT_TRUE(world.sent<ports::ClaimReply>().empty());
  ASSERT_EQ(world.sent<ports::NodeRegistered>().size(), 1U);
  EXPECT_FALSE(world.sent<ports::NodeRegistered>()[0].accepted);
}

TEST(NodeManagerTest, PressureIsAsTheAgentSaysUntilTheNodeIsSilentAndAgainWhenItReturns) {
  using model::ConditionStatus;
  tests::RoleWorld world;
  NodeManager manager(world.context(ActorId{20}), PartitionId{2}, world);
  manager.on_start();
  world.run_until(world.time + seconds(1), manager);
  model::Node machine;
  machine.id = world.catalog.nodes.intern("n0");
  machine.meta.name.base = world.catalog.intern("n0");
  machine.zone = ZoneId{0};
  machine.pressure.disk = ConditionStatus::yes;
  const auto stored = [&] {
    model::Node found;
    world.tables.nodes.for_each([&](const model::Node& node) { found = node; });
    return found;
  };
  world.tell(manager, ActorId{30}, ports::RegisterNode{machine});
  world.run_until(world.time + seconds(1), manager);
  EXPECT_EQ(stored().pressure.disk, ConditionStatus::unknown);
  EXPECT_TRUE(stored().taints.empty());
  world.tell(manager, ActorId{30}, ports::NodeHeartbeat{NodeId{0}, stored().agent_epoch});
  world.run_until(world.time + seconds(10), manager);
  EXPECT_EQ(stored().pressure.disk, ConditionStatus::yes);
  ASSERT_EQ(stored().taints.size(), 1U);
  EXPECT_EQ(world.catalog.text(stored().taints[0].key), "node.kubernetes.io/disk-pressure");

  world.run_until(world.time + seconds(90), manager);  // no heartbeat any more
  EXPECT_EQ(stored().ready, ConditionStatus::unknown);
  EXPECT_EQ(stored().pressure.disk, ConditionStatus::unknown);
  EXPECT_EQ(stored().pressure.memory, ConditionStatus::unknown);

  world.tell(manager, ActorId{30}, ports::NodeHeartbeat{NodeId{0}, stored().agent_epoch});
  world.run_until(world.time + seconds(10), manager);
  EXPECT_EQ(stored().ready, ConditionStatus::yes);
  EXPECT_EQ(stored().pressure.disk, ConditionStatus::yes);
  EXPECT_EQ(stored().pressure.memory, ConditionStatus::no);
}

TEST(NodeManagerTest, WhoDoesNotLeadRegistersNobody) {
  tests::RoleWorld world;
  NodeManager manager(world.context(ActorId{20}), PartitionId{2}, world);
  world.store_answers = false;
  manager.on_start();
  world.tell(manager, ActorId{30}, ports::RegisterNode{});
  ASSERT_EQ(world.sent<ports::NodeRegistered>().size(), 1U);
  EXPECT_FALSE(world.sent<ports::NodeRegistered>()[0].accepted);
}

}  // namespace
}  // namespace arcas::roles
