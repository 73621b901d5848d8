#include "core/roles/gateway.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/role_world.h"

namespace arcas::roles {
namespace {

ports::ApiRequest cordon(std::uint32_t node) {
  model::Node changed;
  changed.id = NodeId{node};
  changed.unschedulable = true;
  ports::ApiRequest request;
  request.transaction.objects.push_back({ports::Verb::update, 1, changed});
  return request;
}

TEST(GatewayTest, ClientsInStepReachEveryNodeManager) {
  tests::RoleWorld world(2);
  world.endpoints.resource_partitions.push_back(
      {PartitionId{3}, {ZoneId{0}}, {{ActorId{30}, ZoneId{0}}, {ActorId{31}, ZoneId{0}}}});
  world.endpoints.partition_of_node = {0, 1};
  Gateway gateway(world.context(ActorId{5}));
  gateway.on_start();
  for (int round = 0; round < 2; ++round) {
    for (const std::uint32_t node : {0U, 1U}) world.tell(gateway, ActorId{99}, cordon(node));
  }
  std::set<ActorId> asked;
  for (const auto& sent : world.messages) asked.insert(sent.to);
  EXPECT_EQ(asked, (std::set<ActorId>{ActorId{20}, ActorId{21}, ActorId{30}, ActorId{31}}));
}

TEST(GatewayTest, ANodeThatDoesNotExistIsNotFound) {
  tests::RoleWorld world;
  Gateway gateway(world.context(ActorId{5}));
  gateway.on_start();
  world.tell(gateway, ActorId{99}, cordon(7));
  ASSERT_EQ(world.sent<ports::ApiReply>().size(), 1U);
  EXPECT_EQ(world.sent<ports::ApiReply>()[0].result.code, StatusCode::not_found);
}

}  // namespace
}  // namespace arcas::roles
