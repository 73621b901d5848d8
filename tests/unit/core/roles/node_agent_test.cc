#include "core/roles/node_agent.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace arcas::roles
