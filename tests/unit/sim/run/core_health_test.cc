#include "sim/run/core_health.h"

#include <gtest/gtest.h>

namespace arcas::sim {
namespace {

constexpr PartitionId kPartition{1};

/// Three zones with a store member, an api server, a scheduler and a controller manager in each.
struct CoreHealthTest : testing::Test {
  CoreHealthTest() : region({}, RandomStream(1)), health(region) {
    for (const char* zone : {"a", "b", "c"}) {
      const ZoneId id = region.add_zone(zone);
      region.add_node(region.add_rack(id));
    }
    std::vector<HostId> hosts;
    for (std::uint32_t zone = 0; zone < 3; ++zone) {
      for (int i = 0; i < 4; ++i) hosts.push_back(region.add_control_host({zone}));
    }
    region.finish();
    constexpr ControlRole kRoles[] = {ControlRole::store_member, ControlRole::api_server,
                                      ControlRole::scheduler, ControlRole::controller_manager};
    for (std::size_t i = 0; i < hosts.size(); ++i) {
      region.assign(hosts[i], {kRoles[i % 4], kPartition});
    }
  }
  HostId host(ControlRole role, std::uint32_t zone) {
    return region.hosts_on_duty(role, kPartition, {zone}).front();
  }
  void lose(ControlRole role, std::uint32_t zone) {
    region.set_down(host(role, zone), DownReason::crash, true);
  }
  Region region;
  CoreHealth health;
};

TEST_F(CoreHealthTest, AMajorityAndOneOfEachRoleAreEnough) {
  EXPECT_TRUE(health.whole(kPartition));
  lose(ControlRole::store_member, 0);
  for (const ControlRole role :
       {ControlRole::api_server, ControlRole::scheduler, ControlRole::controller_manager}) {
    lose(role, 0);
    lose(role, 1);
  }
  EXPECT_TRUE(health.whole(kPartition));
  lose(ControlRole::scheduler, 2);
  EXPECT_FALSE(health.whole(kPartition));
}

TEST_F(CoreHealthTest, WithoutAMajorityNothingIsWhole) {
  lose(ControlRole::store_member, 0);
  lose(ControlRole::store_member, 1);
  EXPECT_FALSE(health.whole(kPartition));
}

TEST_F(CoreHealthTest, AZoneThatIsCutOffCleanlyLeavesTheOthersWhole) {
  for (const std::uint32_t other : {1U, 2U}) {
    region.cut_zone_link({0}, {other});
    region.cut_zone_link({other}, {0});
  }
  EXPECT_TRUE(health.whole(kPartition));
}

TEST_F(CoreHealthTest, WhatIsCutInPartOrOneWayIsNotJudged) {
  region.cut_zone_link({0}, {1});
  EXPECT_FALSE(health.whole(kPartition));
  region.cut_zone_link({1}, {0});
  EXPECT_FALSE(health.whole(kPartition));  // both still reach zone c
}

TEST_F(CoreHealthTest, ProcessesThatStandStillAreThereAndDoNotWork) {
  const HostId one = host(ControlRole::scheduler, 0);
  health.set_hampered(one, true);
  EXPECT_FALSE(health.whole(kPartition));
  health.set_hampered(one, false);
  EXPECT_TRUE(health.whole(kPartition));
}

TEST_F(CoreHealthTest, AnIsolatedHostIsAsGoodAsDown) {
  region.set_isolated(host(ControlRole::api_server, 1), true);
  EXPECT_TRUE(health.whole(kPartition));
}

}  // namespace
}  // namespace arcas::sim
