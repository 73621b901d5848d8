#include "core/roles/scheduler_role.h"

#include <gtest/gtest.h>

#include "tests/support/partition_world.h"

namespace arcas::roles {
namespace {

struct SchedulerRoleTest : testing::Test {
  SchedulerRoleTest() : role(world.context(ActorId{30}), PartitionId{1}) { role.on_start(); }
  void lead() {
    world.run(seconds(2), role);
    ASSERT_NE(role.decider(), nullptr);
  }
  tests::PartitionWorld world;
  SchedulerRole role;
};

TEST_F(SchedulerRoleTest, ALeaderClaimsAtTheNodesPartitionAndBindsWhatIsGranted) {
  const Uid pod = world.create_pod("p", 1000);
  lead();
  ASSERT_EQ(world.claims.size(), 1U);
  ASSERT_EQ(world.claims[0].items.size(), 1U);
  EXPECT_EQ(world.claims[0].items[0].pod, pod);
  EXPECT_GT(world.claims[0].fence_epoch, 0U);
  EXPECT_TRUE(world.bindings.empty());

  world.reply(role, world.claims[0], true);
  ASSERT_EQ(world.bindings.size(), 1U);
  ASSERT_EQ(world.bindings[0].items.size(), 1U);
  EXPECT_EQ(world.bindings[0].items[0].pod, pod);
  EXPECT_EQ(world.bindings[0].items[0].node, world.claims[0].items[0].node);
  EXPECT_EQ(world.bindings[0].fence.epoch, world.claims[0].fence_epoch);
}

TEST_F(SchedulerRoleTest, WhatIsRefusedIsNotBoundAndIsTriedAgain) {
  world.create_pod("p", 1000);
  lead();
  ASSERT_EQ(world.claims.size(), 1U);
  world.reply(role, world.claims[0], false);
  EXPECT_TRUE(world.bindings.empty());
  world.run(seconds(20), role);
  EXPECT_GE(world.claims.size(), 2U);
  EXPECT_TRUE(world.bindings.empty());
  EXPECT_EQ(role.counters().claims_rejected, 1U);
}

TEST_F(SchedulerRoleTest, AFencedSchedulerBindsNothing) {
  world.create_pod("p", 1000);
  lead();
  ASSERT_EQ(world.claims.size(), 1U);
  world.reply(role, world.claims[0], true, true);
  EXPECT_TRUE(world.bindings.empty());
}

TEST_F(SchedulerRoleTest, AReplyToAnotherCycleIsNotTakenForAnAnswer) {
  world.create_pod("p", 1000);
  lead();
  ASSERT_EQ(world.claims.size(), 1U);
  ports::ClaimRequest other = world.claims[0];
  other.cycle += 1;
  world.reply(role, other, true);
  EXPECT_TRUE(world.bindings.empty());
}

TEST_F(SchedulerRoleTest, ClaimsAtALostNodeManagerAreRefusedAndItsLateAnswerIsIgnored) {
  world.create_pod("p", 1000);
  lead();
  ASSERT_EQ(world.claims.size(), 1U);
  role.on_peer_lost(ActorId{20});
  EXPECT_EQ(world.sent<ports::NodeWatchRequest>().size(), 2U);
  EXPECT_EQ(world.messages.back().to, ActorId{21});
  world.reply(role, world.claims[0], true);
  EXPECT_TRUE(world.bindings.empty());
}

TEST_F(SchedulerRoleTest, AGrantThatComesLateIsGivenBack) {
  world.create_pod("p", 1000);
  lead();
  ASSERT_EQ(world.claims.size(), 1U);
  world.run(world.profile.claim_lifetime, role);
  world.reply(role, world.claims[0], true);
  EXPECT_TRUE(world.bindings.empty());
  const auto released = world.sent<ports::ClaimRelease>();
  ASSERT_EQ(released.size(), 1U);
  EXPECT_EQ(released[0].pods, std::vector<Uid>{world.claims[0].items[0].pod});
}

TEST_F(SchedulerRoleTest, ARefusedBindingGivesItsClaimBack) {
  const Uid pod = world.create_pod("p", 1000);
  lead();
  ASSERT_EQ(world.claims.size(), 1U);
  world.reply(role, world.claims[0], true);
  ASSERT_EQ(world.bindings.size(), 1U);
  world.tell(role, ActorId{10},
             ports::BindReply{world.bindings[0].id, StatusCode::ok, {StatusCode::conflict}});
  const auto released = world.sent<ports::ClaimRelease>();
  ASSERT_EQ(released.size(), 1U);
  EXPECT_EQ(released[0].pods, std::vector<Uid>{pod});
  EXPECT_EQ(role.counters().bound, 0U);
}

TEST_F(SchedulerRoleTest, PodsOfOnePartitionFillANodeNoFurtherThanItHolds) {
  for (int i = 0; i < 5; ++i) world.create_pod("p" + std::to_string(i), 2000);
  lead();
  std::map<NodeId, int> placed;
  for (const auto& claim : world.claims) {
    for (const auto& item : claim.items) placed[item.node] += 1;
  }
  ASSERT_EQ(placed.size(), 2U);  // two nodes of 4000m: four pods; the fifth waits
  for (const auto& [node, count] : placed) EXPECT_EQ(count, 2);
  EXPECT_GE(role.counters().unschedulable, 1U);
}

TEST_F(SchedulerRoleTest, WhoHasNoLeaseSchedulesNothing) {
  world.api_answers = false;
  world.create_pod("p", 1000);
  world.run(seconds(5), role);
  EXPECT_EQ(role.decider(), nullptr);
  EXPECT_TRUE(world.claims.empty());
}

TEST_F(SchedulerRoleTest, ALeaderWhoseLeaseRunsOutForgetsAndClaimsNothingMore) {
  lead();
  world.api_answers = false;
  world.run(world.profile.leader_lease + seconds(1), role);
  EXPECT_EQ(role.decider(), nullptr);
  const std::size_t before = world.claims.size();
  world.create_pod("p", 1000);
  world.run(seconds(5), role);
  EXPECT_EQ(world.claims.size(), before);
}

/// Two full nodes, the pod of the first under a budget.
struct PreemptingSchedulerRoleTest : testing::Test {
  LabelSetId labels(const std::string& app) {
    model::LabelSet labels;
    labels.set(world.catalog.intern("app"), world.catalog.intern(app));
    return world.catalog.label_sets.intern(std::move(labels));
  }
  Uid create_budget(std::int32_t allowed) {
    model::PodDisruptionBudget budget;
    budget.meta.tenant = world.catalog.tenants.intern("t");
    budget.meta.name_space = world.name_space;
    budget.meta.name.base = world.catalog.intern("web");
    model::Selector selector;
    selector.requirements.push_back(
        {world.catalog.intern("app"), model::SelectorOperator::in, {world.catalog.intern("web")}});
    budget.selector = world.catalog.selectors.intern(std::move(selector));
    budget.max_unavailable = allowed;
    budget.status_disruptions_allowed = allowed;
    return world.create(budget);
  }
  /// Whom a pod of high priority evicts.
  std::vector<Uid> victims() {
    SchedulerRole role(world.context(ActorId{30}), PartitionId{1});
    role.on_start();
    world.run(seconds(2), role);
    EXPECT_EQ(asked_for_budgets(), 0) << "nobody preempts yet";
    world.create_pod("high", 4000, labels("high"), {}, 1000);
    world.run(seconds(5), role);
    EXPECT_EQ(asked_for_budgets(), 1);
    std::vector<Uid> victims;
    for (const auto& request : world.sent<ports::PreemptRequest>()) {
      victims.insert(victims.end(), request.victims.begin(), request.victims.end());
    }
    return victims;
  }
  int asked_for_budgets() {
    int count = 0;
    for (const auto& request : world.sent<ports::WatchRequest>()) {
      if (request.scope == ports::WatchScope::budgets) ++count;
    }
    return count;
  }
  tests::PartitionWorld world;
  Uid web = world.create_running_pod("web", 4000, labels("web"), world.nodes[0].id);
  Uid other = world.create_running_pod("other", 4000, labels("other"), world.nodes[1].id);
};

TEST_F(PreemptingSchedulerRoleTest, TheBudgetsAreAskedForAndDecideWhoGoes) {
  create_budget(0);
  EXPECT_EQ(victims(), std::vector<Uid>{other});
}

TEST_F(PreemptingSchedulerRoleTest, ABudgetThatAllowsItIsNoReasonToSpareAPod) {
  create_budget(1);
  EXPECT_EQ(victims(), std::vector<Uid>{web});
}

/// A small node and one that is always the emptier of the two.
struct SpreadingSchedulerRoleTest : testing::Test {
  SpreadingSchedulerRoleTest() {
    for (model::Node& node : world.nodes) {
      model::LabelSet labels;
      labels.set(world.catalog.intern("kubernetes.io/hostname"), node.meta.name.base);
      node.meta.labels = world.catalog.label_sets.intern(std::move(labels));
    }
    world.nodes[1].allocatable.set(model::kCpu, 400'000);
    world.nodes[1].allocatable.set(model::kMemory, std::int64_t{800} << 30);
  }
  /// Places four pods of one ReplicaSet and says how many went to the small node.
  std::size_t on_the_small_node(bool default_spread) {
    world.profile.default_spread = default_spread;
    SchedulerRole role(world.context(ActorId{30}), PartitionId{1});
    model::LabelSet labels;
    labels.set(world.catalog.intern("app"), world.catalog.intern("web"));
    model::ReplicaSet set;
    set.meta.tenant = world.catalog.tenants.intern("t");
    set.meta.name_space = world.name_space;
    set.meta.name.base = world.catalog.intern("web");
    model::Selector selector;
    selector.requirements.push_back(
        {world.catalog.intern("app"), model::SelectorOperator::in, {world.catalog.intern("web")}});
    set.selector = world.catalog.selectors.intern(std::move(selector));
    const Uid owner = world.create(set);
    role.on_start();
    world.run(seconds(2), role);
    for (int i = 0; i < 4; ++i) {
      world.create_pod("p" + std::to_string(i), 100, world.catalog.label_sets.intern(labels),
                       {owner, model::Kind::replica_set});
    }
    world.run(seconds(2), role);
    std::size_t small = 0;
    for (const auto& claim : world.claims) {
      for (const auto& item : claim.items) small += item.node == world.nodes[0].id ? 1U : 0U;
    }
    return small;
  }
  tests::PartitionWorld world;
};

TEST_F(SpreadingSchedulerRoleTest, PodsOfAReplicaSetAreSpreadWhereTheProfileSaysSo) {
  EXPECT_EQ(on_the_small_node(true), 2U);
}

TEST_F(SpreadingSchedulerRoleTest, AndGoWhereThereIsMostRoomOtherwise) {
  EXPECT_EQ(on_the_small_node(false), 0U);
}

}  // namespace
}  // namespace arcas::roles
