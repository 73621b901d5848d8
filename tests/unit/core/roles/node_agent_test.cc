#include "core/roles/node_agent.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "tests/support/role_world.h"

namespace arcas::roles {
namespace {

class NodeAgentTest : public testing::Test {
 protected:
  NodeAgentTest() {
    machine_.id = NodeId{0};
    machine_.zone = ZoneId{0};
    machine_.allocatable.set(model::kPods, 10);
    shared_ = {world_.shared(), &world_, &world_.catalog, &world_.profile, &world_.endpoints};
  }
  [[nodiscard]] int watches() const {
    return static_cast<int>(world_.sent<ports::WatchRequest>().size());
  }

  tests::RoleWorld world_;
  model::Node machine_;
  NodeAgentContext shared_;
};

TEST_F(NodeAgentTest, ASessionThatIsOpenedTwiceIsRetriedOnceAPeriod) {
  NodeAgent agent(shared_, ActorId{30}, machine_);
  agent.on_start();
  world_.tell(agent, ActorId{20}, ports::NodeRegistered{NodeId{0}, 1, true});
  ASSERT_EQ(watches(), 1);
  agent.on_peer_lost(ActorId{10});  // opens it again while the first timer still runs
  ASSERT_EQ(watches(), 2);
  const int before = watches();
  world_.run_until(world_.time + world_.profile.registration_timeout * 6, agent);
  EXPECT_EQ(watches() - before, 6);
}

TEST_F(NodeAgentTest, AnAgentThatIsToldThatItsManagerLeadsNoMoreAsksTheNextOne) {
  NodeAgent agent(shared_, ActorId{30}, machine_);
  agent.on_start();
  world_.tell(agent, ActorId{20}, ports::NodeRegistered{NodeId{0}, 1, true});
  EXPECT_EQ(world_.heartbeats_to, ActorId{20});
  world_.messages.clear();
  world_.tell(agent, ActorId{20}, ports::NodeRegistered{NodeId{0}, 0, false});
  EXPECT_FALSE(world_.heartbeats_to.valid());
  world_.run_until(world_.time + world_.profile.reconnect_period, agent);
  ASSERT_EQ(world_.sent<ports::RegisterNode>().size(), 1U);
  EXPECT_EQ(world_.messages.back().to, ActorId{21});
  world_.tell(agent, ActorId{21}, ports::NodeRegistered{NodeId{0}, 2, true});
  EXPECT_EQ(world_.heartbeats_to, ActorId{21});
}

/// An agent of two tenant partitions, ids 1 and 5, that runs one pod of the first.
class MovedTenantTest : public NodeAgentTest {
 protected:
  using Phase = model::TenantMove::Phase;
  MovedTenantTest() {
    world_.endpoints.tenant_partitions.push_back(
        {PartitionId{5}, {{ActorId{40}, ZoneId{0}}}, {}, {}});
    spec_ = world_.catalog.intern_spec(model::PodSpec{});
    agent_.emplace(shared_, ActorId{30}, machine_);
    agent_->on_start();
    world_.tell(*agent_, ActorId{20}, ports::NodeRegistered{NodeId{0}, 1, true});
    order(ActorId{10}, PartitionId{1}, ports::PodOrder::Action::run, 0);
    sync(ActorId{10}, PartitionId{1}, 1, {});
    sync(ActorId{40}, PartitionId{5}, 1, {});
    agent_->on_runtime({ports::RuntimeEvent::Type::started, kPod});
    world_.messages.clear();
  }
  void order(ActorId from, PartitionId partition, ports::PodOrder::Action action,
             std::uint64_t epoch) {
    ports::PodOrder order;
    order.action = action;
    order.partition = partition;
    order.pod = kPod;
    order.spec = spec_;
    order.tenant = TenantId{1};
    order.epoch = epoch;
    world_.tell(*agent_, from, order);
  }
  void sync(ActorId from, PartitionId partition, std::uint32_t session,
            std::vector<model::TenantMove> moves) {
    world_.tell(*agent_, from, ports::PodOrdersSynced{partition, session, std::move(moves)});
  }
  [[nodiscard]] ActorId last_report_to() const {
    ActorId to;
    for (const auto& sent : world_.messages) {
      if (std::holds_alternative<ports::PodReport>(sent.message)) to = sent.to;
    }
    return to;
  }

  static constexpr Uid kPod = Uid::make(1, 7);
  SpecId spec_;
  std::optional<NodeAgent> agent_;
};

TEST_F(MovedTenantTest, ThePodGoesOnAndItsNewPartitionHearsOfIt) {
  order(ActorId{40}, PartitionId{5}, ports::PodOrder::Action::run, 1);
  EXPECT_EQ(world_.started.size(), 1U);  // once, before
  EXPECT_EQ(last_report_to(), ActorId{40});
  // The old partition has nothing to say any more.
  order(ActorId{10}, PartitionId{1}, ports::PodOrder::Action::stop, 0);
  EXPECT_TRUE(world_.stopped.empty());
  order(ActorId{40}, PartitionId{5}, ports::PodOrder::Action::stop, 1);
  EXPECT_EQ(world_.stopped.size(), 1U);
}

TEST_F(MovedTenantTest, AnOldPartitionThatHasForgottenItsPodsStopsNone) {
  agent_->on_peer_lost(ActorId{10});  // the session with the old partition is opened anew
  const auto session = world_.sent<ports::WatchRequest>().back().session;
  const model::TenantMove left{TenantId{1}, PartitionId{5}, 1, Phase::cleaned};
  world_.messages.clear();
  sync(ActorId{11}, PartitionId{1}, session, {left});
  EXPECT_TRUE(world_.stopped.empty());
  ASSERT_EQ(world_.sent<ports::WatchRequest>().size(), 1U);  // the new one is asked
  EXPECT_EQ(world_.messages.back().to, ActorId{40});
  const auto asked = world_.sent<ports::WatchRequest>().back().session;
  sync(ActorId{40}, PartitionId{5}, asked, {});  // which does not know of the tenant yet
  EXPECT_TRUE(world_.stopped.empty());
  world_.run_until(world_.time + world_.profile.reconnect_period, *agent_);
  const auto again = world_.sent<ports::WatchRequest>().back().session;
  ASSERT_NE(again, asked);
  const model::TenantMove here{TenantId{1}, PartitionId{1}, 1, Phase::here};
  sync(ActorId{40}, PartitionId{5}, again, {here});  // and has no such pod
  EXPECT_EQ(world_.stopped.size(), 1U);
}

TEST_F(MovedTenantTest, APodThatIsGoneAtTheNewPartitionIsStoppedWhenThatSaysWhatItHas) {
  agent_->on_peer_lost(ActorId{40});
  const auto session = world_.sent<ports::WatchRequest>().back().session;
  const model::TenantMove here{TenantId{1}, PartitionId{1}, 1, Phase::here};
  sync(ActorId{40}, PartitionId{5}, session, {here});
  EXPECT_EQ(world_.stopped.size(), 1U);
}

TEST_F(MovedTenantTest, AnAttemptThatIsGivenUpChangesNothing) {
  agent_->on_peer_lost(ActorId{10});
  const auto session = world_.sent<ports::WatchRequest>().back().session;
  order(ActorId{11}, PartitionId{1}, ports::PodOrder::Action::run, 1);
  sync(ActorId{11}, PartitionId{1}, session, {{TenantId{1}, PartitionId{5}, 1, Phase::here}});
  EXPECT_TRUE(world_.stopped.empty());
  order(ActorId{11}, PartitionId{1}, ports::PodOrder::Action::stop, 1);
  EXPECT_EQ(world_.stopped.size(), 1U);
}

}  // namespace
}  // namespace arcas::roles
