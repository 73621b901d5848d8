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

TEST(GatewayTest, ATenantThatHasMovedIsServedByItsNewPartition) {
  tests::RoleWorld world;
  world.endpoints.tenant_partitions.push_back({PartitionId{5}, {{ActorId{40}, ZoneId{0}}}, {}, {}});
  world.endpoints.partition_of_tenant = {0, 0, 0};
  world.endpoints.tenants_move = true;
  Gateway gateway(world.context(ActorId{5}));
  gateway.on_start();
  const auto watches = world.sent<ports::WatchRequest>();
  ASSERT_EQ(watches.size(), 2U);
  const auto served_by = [&] {
    ports::ApiRequest request;
    model::Deployment deployment;
    deployment.meta.tenant = TenantId{1};
    request.transaction.objects.push_back({ports::Verb::create, 0, deployment});
    world.messages.clear();
    world.tell(gateway, ActorId{99}, request);
    return world.messages.back().to;
  };
  const auto tell = [&](PartitionId partition, ActorId from, model::TenantMove record) {
    ports::WatchEvents events;
    events.partition = partition;
    events.scope = ports::WatchScope::moves;
    events.session = 1;
    events.synced = true;
    events.changes.moves.push_back(record);
    world.tell(gateway, from, events);
  };
  using Phase = model::TenantMove::Phase;
  EXPECT_EQ(served_by(), ActorId{10});
  tell(PartitionId{1}, ActorId{10}, {TenantId{1}, PartitionId{5}, 1, Phase::copying});
  tell(PartitionId{5}, ActorId{40}, {TenantId{1}, PartitionId{1}, 1, Phase::receiving});
  EXPECT_EQ(served_by(), ActorId{10});
  tell(PartitionId{5}, ActorId{40}, {TenantId{1}, PartitionId{1}, 1, Phase::here});
  EXPECT_EQ(served_by(), ActorId{40});
  // What the old partition said before it let go comes late.
  tell(PartitionId{1}, ActorId{10}, {TenantId{1}, PartitionId{5}, 1, Phase::sealed});
  EXPECT_EQ(served_by(), ActorId{40});
}

}  // namespace
}  // namespace arcas::roles
