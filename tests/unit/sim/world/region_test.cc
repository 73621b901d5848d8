#include "sim/world/region.h"

#include <gtest/gtest.h>

namespace arcas::sim {
namespace {

/// Zones a and b with two racks of two nodes each, and one control-plane host in each zone.
Region small_region() {
  Region region(LinkConfig{}, RandomStream(7));
  for (const char* name : {"a", "b"}) {
    const ZoneId zone = region.add_zone(name);
    for (int rack = 0; rack < 2; ++rack) {
      const RackId id = region.add_rack(zone);
      region.add_node(id);
      region.add_node(id);
    }
  }
  region.add_control_host(ZoneId{0});
  region.add_control_host(ZoneId{1});
  region.finish();
  return region;
}

class Recorder final : public RegionListener {
 public:
  void on_region_changed(const RegionChanges& changes, TimePoint) override {
    calls += 1;
    last = changes;
  }
  int calls = 0;
  RegionChanges last;
};

TEST(Region, DomainsListTheirSubtreeInTheOrderOfIds) {
  const Region region = small_region();
  EXPECT_EQ(region.host_count(), 10U);
  EXPECT_EQ(region.node_count(), 8U);
  EXPECT_EQ(region.rack_count(), 6U);
  EXPECT_EQ(region.hosts_of({Domain::Kind::rack, 1}), (std::vector<HostId>{{2}, {3}}));
  EXPECT_EQ(region.hosts_of({Domain::Kind::zone, 1}),
            (std::vector<HostId>{{4}, {5}, {6}, {7}, {9}}));
  EXPECT_EQ(region.hosts_of({Domain::Kind::region, 0}).size(), 10U);
  EXPECT_EQ(region.hosts_of({Domain::Kind::host, 3}), (std::vector<HostId>{{3}}));
  EXPECT_EQ(region.racks_of({Domain::Kind::zone, 0}), (std::vector<RackId>{{0}, {1}, {4}}));
  EXPECT_EQ(region.find_zone("b"), ZoneId{1});
  EXPECT_FALSE(region.find_zone("c").valid());
  EXPECT_FALSE(region.is_node(HostId{8}));
}

TEST(Region, AHostIsAliveOnlyWhenNoReasonHoldsItDown) {
  Region region = small_region();
  Recorder recorder;
  region.add_listener(&recorder);
  region.set_down(HostId{1}, DownReason::crash, true);
  region.set_down(HostId{1}, DownReason::zone_power, true);
  region.publish({});
  EXPECT_EQ(recorder.last.went_down, (std::vector<HostId>{{1}}));
  region.set_down(HostId{1}, DownReason::crash, false);
  EXPECT_FALSE(region.alive(HostId{1}));
  region.publish({});
  EXPECT_EQ(recorder.calls, 1);  // nothing that can be seen from outside has changed
  region.set_down(HostId{1}, DownReason::zone_power, false);
  region.publish({});
  EXPECT_EQ(recorder.last.came_up, (std::vector<HostId>{{1}}));
  EXPECT_TRUE(region.whole());
  EXPECT_EQ(region.version(HostId{1}), 4U);
}

TEST(Region, AOneWayCutLetsTheOtherDirectionThrough) {
  Region region = small_region();
  region.cut_zone_link(ZoneId{0}, ZoneId{1});
  EXPECT_FALSE(region.reachable(HostId{0}, HostId{4}));
  EXPECT_TRUE(region.reachable(HostId{4}, HostId{0}));
  EXPECT_TRUE(region.reachable(HostId{0}, HostId{2}));
  EXPECT_FALSE(region.cut_off(ZoneId{0}));
  region.cut_zone_link(ZoneId{0}, ZoneId{1});
  region.heal_zone_link(ZoneId{0}, ZoneId{1});
  EXPECT_FALSE(region.reachable(HostId{0}, HostId{4}));  // cuts nest
  region.heal_zone_link(ZoneId{0}, ZoneId{1});
  EXPECT_TRUE(region.reachable(HostId{0}, HostId{4}));
}

TEST(Region, TheControlPlaneCutSeparatesAgentsFromEveryControlHostAndNothingElse) {
  Region region = small_region();
  region.cut_control_plane(ZoneId{0});
  EXPECT_FALSE(region.reachable(HostId{0}, HostId{8}));
  EXPECT_FALSE(region.reachable(HostId{8}, HostId{0}));
  EXPECT_FALSE(region.reachable(HostId{0}, HostId{9}));
  EXPECT_TRUE(region.reachable(HostId{4}, HostId{8}));
  EXPECT_TRUE(region.reachable(HostId{8}, HostId{9}));
  EXPECT_TRUE(region.reachable(HostId{0}, HostId{4}));
  region.heal_control_plane(ZoneId{0});
  EXPECT_TRUE(region.reachable(HostId{0}, HostId{8}));
}

TEST(Region, RackUplinkAndIsolation) {
  Region region = small_region();
  region.set_rack_uplink(RackId{0}, false);
  EXPECT_TRUE(region.reachable(HostId{0}, HostId{1}));
  EXPECT_FALSE(region.reachable(HostId{0}, HostId{2}));
  region.set_isolated(HostId{1}, true);
  EXPECT_FALSE(region.reachable(HostId{0}, HostId{1}));
  EXPECT_TRUE(region.reachable(HostId{1}, HostId{1}));
  region.set_rack_uplink(RackId{0}, true);
  region.set_isolated(HostId{1}, false);
  EXPECT_TRUE(region.whole());
}

TEST(Region, LatencyDependsOnDistanceAndIsAPureFunctionOfPairAndSequence) {
  const Region region = small_region();
  const Region twin = small_region();
  const LinkConfig links;
  bool differs = false;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const Duration near = region.latency(HostId{0}, HostId{1}, i);
    const Duration far = region.latency(HostId{0}, HostId{4}, i);
    EXPECT_GE(near, links.within_rack.base);
    EXPECT_LE(near, links.within_rack.base + links.within_rack.jitter);
    EXPECT_GE(far, links.between_zones.base);
    EXPECT_EQ(far, twin.latency(HostId{0}, HostId{4}, i));
    differs = differs || far != region.latency(HostId{0}, HostId{4}, 0);
  }
  EXPECT_TRUE(differs);
  EXPECT_EQ(region.latency_min(HostId{0}, HostId{2}), links.within_zone.base);
}

TEST(Region, LossHasTheRateAskedFor) {
  LinkConfig links;
  links.loss_per_million = 100'000;
  Region region(links, RandomStream(1));
  const RackId rack = region.add_rack(region.add_zone("a"));
  region.add_node(rack);
  region.add_node(rack);
  region.finish();
  int lost = 0;
  for (std::uint64_t i = 0; i < 10'000; ++i) lost += region.lost(HostId{0}, HostId{1}, i) ? 1 : 0;
  EXPECT_NEAR(lost, 1000, 100);
  EXPECT_FALSE(region.lost(HostId{0}, HostId{0}, 1));
}

}  // namespace
}  // namespace arcas::sim
