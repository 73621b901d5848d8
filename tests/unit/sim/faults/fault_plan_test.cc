#include "sim/faults/fault_plan.h"

#include <gtest/gtest.h>

#include <map>

namespace arcas::sim {
namespace {

using Kind = FaultSpec::Kind;

/// Three zones of two racks with ten nodes each, and a control-plane host in each zone.
Region region_of_three() {
  Region region(LinkConfig{}, RandomStream(7));
  for (const char* name : {"a", "b", "c"}) {
    const ZoneId zone = region.add_zone(name);
    for (int rack = 0; rack < 2; ++rack) {
      const RackId id = region.add_rack(zone);
      for (int node = 0; node < 10; ++node) region.add_node(id);
    }
  }
  for (std::uint32_t zone = 0; zone < 3; ++zone) region.add_control_host({zone});
  region.finish();
  return region;
}

/// Remembers what was done to it.
struct Target final : FaultTarget {
  void set_paused(HostId host, bool on) override { paused[host] = on; }
  void set_disk_write(HostId host, Duration takes) override { disks[host] = takes; }
  void set_clock(HostId host, Duration ahead) override { clocks[host] = ahead; }
  void wipe_disk(HostId host) override { wiped.push_back(host); }
  [[nodiscard]] HostId store_leader(PartitionId) const override { return leader; }
  void set_trouble(const LinkTrouble& trouble, bool begins) override {
    troubles.emplace_back(trouble, begins);
  }
  void set_registry_back(TimePoint at) override { registry_back = at; }
  void set_start_failures(std::uint32_t per_million) override { failures = per_million; }

  std::map<HostId, bool> paused;
  std::map<HostId, Duration> disks;
  HostId leader;
  std::vector<HostId> wiped;
  std::map<HostId, Duration> clocks;
  TimePoint registry_back;
  std::vector<std::pair<LinkTrouble, bool>> troubles;
  std::uint32_t failures = 0;
};

FaultSpec line(Kind kind, std::int64_t at_seconds, std::int64_t for_seconds, ZoneId zone = {}) {
  FaultSpec spec;
  spec.kind = kind;
  spec.at = TimePoint{} + seconds(at_seconds);
  spec.lasts = seconds(for_seconds);
  spec.zone = zone;
  return spec;
}

FaultSpec random_line() {
  FaultSpec spec = line(Kind::node_crash_random, 10, 3600);
  spec.crashes_per_million_node_hours = 1'000'000;  // one per node and hour
  spec.down_min = seconds(1);
  spec.down_max = seconds(60);
  return spec;
}

std::vector<TimedFault> all_of(const std::vector<FaultSpec>& specs, const Region& region,
                               std::uint64_t seed = 1) {
  auto plan = FaultPlan::make(specs, region, RandomStream(seed));
  EXPECT_TRUE(plan.has_value()) << plan.error().message;
  std::vector<TimedFault> faults;
  TimePoint last{};
  while (plan->next_time()) {
    faults.push_back(plan->pop());
    EXPECT_GE(faults.back().at, last);
    last = faults.back().at;
  }
  return faults;
}

std::string refusal(const std::vector<FaultSpec>& specs) {
  const Region region = region_of_three();
  const auto plan = FaultPlan::make(specs, region, RandomStream(1));
  return plan.has_value() ? "" : plan.error().message;
}

std::vector<FaultSpec> one_of_each() {
  std::vector<FaultSpec> specs;
  specs.push_back(line(Kind::zone_power_loss, 10, 600, ZoneId{0}));
  specs.back().returns_over = seconds(300);
  specs.push_back(line(Kind::zone_partition, 20, 100, ZoneId{1}));
  specs.push_back(line(Kind::zone_partition, 30, 100));
  specs.back().from_zone = ZoneId{0};
  specs.back().to_zone = ZoneId{2};
  specs.back().one_way = true;
  specs.push_back(line(Kind::rack_loss, 40, 50, ZoneId{1}));
  specs.push_back(line(Kind::rack_uplink_loss, 40, 50));
  specs.back().count = 3;
  specs.push_back(line(Kind::node_crash, 45, 10));
  specs.back().count = 5;
  specs.push_back(line(Kind::control_plane_cut, 100, 60));
  specs.push_back(line(Kind::zone_flapping, 200, 300, ZoneId{2}));
  specs.push_back(line(Kind::zone_flapping, 600, 300, ZoneId{2}));
  specs.back().share_percent = 55;
  specs.push_back(random_line());
  return specs;
}

TEST(FaultPlan, EverythingRestoredEndsWhereItBegan) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Region region = region_of_three();
    const auto faults = all_of(one_of_each(), region, seed);
    bool broken = false;
    Target target;
    for (const TimedFault& fault : faults) {
      apply(fault.action, region, target, fault.at);
      broken = broken || !region.whole();
    }
    EXPECT_TRUE(broken);
    EXPECT_TRUE(region.whole()) << "seed " << seed;
    for (std::uint32_t h = 0; h < region.host_count(); ++h) {
      EXPECT_TRUE(region.reachable(HostId{h}, HostId{0}));
    }
  }
}

TEST(FaultPlan, TheSameSeedGivesTheSameActions) {
  const Region region = region_of_three();
  const auto hashes = [&](std::uint64_t seed) {
    std::vector<std::uint64_t> list;
    for (const TimedFault& fault : all_of(one_of_each(), region, seed)) {
      list.push_back(hash_value(fault.action));
      EXPECT_FALSE(describe(fault.action, region).empty());
    }
    return list;
  };
  EXPECT_EQ(hashes(3), hashes(3));
  EXPECT_NE(hashes(3), hashes(4));
}

TEST(FaultPlan, OneMoreLineShiftsNothingInTheOthers) {
  const Region region = region_of_three();
  const auto alone = all_of({random_line()}, region);
  const auto both = all_of({random_line(), line(Kind::zone_partition, 5, 60, ZoneId{0})}, region);
  ASSERT_EQ(both.size(), alone.size() + 2);
}

TEST(FaultPlan, AZoneReturnsStaggeredWithinItsTime) {
  Region region = region_of_three();
  FaultSpec spec = line(Kind::zone_power_loss, 10, 100, ZoneId{1});
  spec.returns_over = seconds(60);
  const auto faults = all_of({spec}, region);
  ASSERT_EQ(faults.size(), 2U + 21U);
  EXPECT_EQ(faults.front().at.ns, seconds(10).ns);
  Target target;
  apply(faults[0].action, region, target, faults[0].at);
  EXPECT_FALSE(region.alive(HostId{20}));
  EXPECT_FALSE(region.alive(HostId{61}));  // the zone's control-plane host
  EXPECT_TRUE(region.alive(HostId{0}));
  EXPECT_GT(faults.back().at - faults[2].at, seconds(5));
  EXPECT_LE(faults.back().at.ns, seconds(170).ns);
}

TEST(FaultPlan, RandomCrashesHaveTheRateAskedForAndNeverHitANodeThatIsDown) {
  const Region region = region_of_three();
  std::map<std::uint32_t, bool> down;
  int crashes = 0;
  for (const TimedFault& fault : all_of({random_line()}, region)) {
    if (const auto* crash = std::get_if<HostCrash>(&fault.action)) {
      EXPECT_FALSE(down[crash->host.index]);
      EXPECT_TRUE(region.is_node(crash->host));
      EXPECT_LT(fault.at.ns, seconds(3610).ns);
      down[crash->host.index] = true;
      crashes += 1;
    } else {
      down[std::get<HostRestart>(fault.action).host.index] = false;
    }
  }
  EXPECT_NEAR(crashes, 60, 25);  // 60 nodes, one crash per node and hour
}

TEST(FaultPlan, FlappingEndsWithAHealAtItsEnd) {
  const Region region = region_of_three();
  FaultSpec spec = line(Kind::zone_flapping, 0, 100, ZoneId{1});
  spec.period = seconds(40);
  const auto faults = all_of({spec}, region);
  ASSERT_EQ(faults.size(), 6U);
  EXPECT_TRUE(strikes(faults[0].action));
  EXPECT_EQ(faults[1].at.ns, seconds(20).ns);
  EXPECT_FALSE(strikes(faults[1].action));
  EXPECT_EQ(faults[5].at.ns, seconds(100).ns);
}

TEST(FaultPlan, BadLinesAreRefusedWithTheFieldsPath) {
  FaultSpec negative = line(Kind::zone_power_loss, -1, 10, ZoneId{0});
  EXPECT_EQ(refusal({negative}).substr(0, 12), "faults[0].at");
  EXPECT_EQ(refusal({line(Kind::zone_power_loss, 1, 10, ZoneId{3})}).substr(0, 14),
            "faults[0].zone");
  EXPECT_EQ(refusal({line(Kind::zone_power_loss, 1, 0, ZoneId{0})}).substr(0, 15),
            "faults[0].lasts");
  EXPECT_EQ(refusal({line(Kind::zone_flapping, 1, -1, ZoneId{0})}).substr(0, 15),
            "faults[0].lasts");
  FaultSpec many = line(Kind::node_crash, 1, 10);
  many.count = 61;
  EXPECT_EQ(refusal({many}).substr(0, 15), "faults[0].count");
  FaultSpec itself = line(Kind::zone_partition, 1, 10);
  itself.from_zone = itself.to_zone = ZoneId{1};
  EXPECT_EQ(refusal({itself}).substr(0, 17), "faults[0].to_zone");
  FaultSpec named = line(Kind::rack_loss, 1, 10);
  named.rack = RackId{99};
  named.path = "timeline[4]";
  EXPECT_EQ(refusal({named}).substr(0, 16), "timeline[4].rack");
  FaultSpec rate = random_line();
  rate.crashes_per_million_node_hours = 0;
  EXPECT_EQ(refusal({rate}).substr(0, 15), "faults[0].per_m");
}

TEST(FaultPlan, BreakingWhatIsBrokenAlreadyIsRefused) {
  const FaultSpec first = line(Kind::zone_power_loss, 10, 100, ZoneId{0});
  EXPECT_EQ(refusal({first, line(Kind::zone_power_loss, 50, 10, ZoneId{0})}).substr(0, 12),
            "faults[1].at");
  EXPECT_EQ(refusal({first, line(Kind::zone_power_loss, 50, 10, ZoneId{1})}), "");
  EXPECT_EQ(refusal({first, line(Kind::zone_power_loss, 111, 10, ZoneId{0})}), "");
  FaultSpec crowd = line(Kind::node_crash, 1, 10);
  crowd.count = 40;
  EXPECT_EQ(refusal({crowd, crowd}).substr(0, 15), "faults[1].count");
}

/// The same region, with two schedulers of the first tenant partition and one store member.
Region region_on_duty() {
  Region region = region_of_three();
  region.assign(HostId{60}, {ControlRole::scheduler, PartitionId{1}});
  region.assign(HostId{61}, {ControlRole::scheduler, PartitionId{1}});
  region.assign(HostId{62}, {ControlRole::store_member, PartitionId{1}});
  return region;
}

FaultSpec of_role(Kind kind, ControlRole role) {
  FaultSpec spec = line(kind, 10, 30);
  spec.role = role;
  return spec;
}

TEST(FaultPlan, AProcessFaultStrikesOnlyProcessesOfItsRoleAndRestoresThem) {
  Region region = region_on_duty();
  Target target;
  FaultSpec crash = of_role(Kind::process_crash, ControlRole::scheduler);
  crash.count = 2;
  const FaultSpec pause = of_role(Kind::process_pause, ControlRole::scheduler);
  const auto faults = all_of({crash, pause}, region);
  ASSERT_EQ(faults.size(), 6U);
  for (std::size_t i = 0; i < 3; ++i) apply(faults[i].action, region, target, faults[i].at);
  EXPECT_FALSE(region.alive(HostId{60}));
  EXPECT_FALSE(region.alive(HostId{61}));
  EXPECT_TRUE(region.alive(HostId{62}));
  ASSERT_EQ(target.paused.size(), 1U);
  EXPECT_TRUE(target.paused.begin()->second);
  for (std::size_t i = 3; i < 6; ++i) apply(faults[i].action, region, target, faults[i].at);
  EXPECT_TRUE(region.whole());
  EXPECT_FALSE(target.paused.begin()->second);
}

TEST(FaultPlan, TheStoreLeaderOfThatMomentCrashesAndComesBack) {
  Region region = region_on_duty();
  Target target;
  target.leader = HostId{62};
  FaultSpec spec = line(Kind::store_leader_loss, 10, 30);
  spec.partition = PartitionId{1};
  const auto faults = all_of({spec}, region);
  ASSERT_EQ(faults.size(), 2U);
  apply(faults[0].action, region, target, faults[0].at);
  EXPECT_FALSE(region.alive(HostId{62}));
  target.leader = HostId{};
  apply(faults[1].action, region, target, faults[1].at);
  EXPECT_TRUE(region.whole());
}

TEST(FaultPlan, DisksRegistryAndStartsAreAsTheyWereInTheEnd) {
  Region region = region_on_duty();
  Target target;
  FaultSpec disk = of_role(Kind::disk_slow, ControlRole::store_member);
  disk.write = seconds(4);
  FaultSpec starts = line(Kind::start_failures, 10, 30);
  starts.per_million = 5;
  const auto faults = all_of({disk, line(Kind::registry_loss, 10, 30), starts}, region);
  ASSERT_EQ(faults.size(), 6U);
  for (std::size_t i = 0; i < 3; ++i) apply(faults[i].action, region, target, faults[i].at);
  EXPECT_EQ(target.disks[HostId{62}], seconds(4));
  EXPECT_EQ(target.registry_back, TimePoint{} + seconds(40));
  EXPECT_EQ(target.failures, 5U);
  for (std::size_t i = 3; i < 6; ++i) apply(faults[i].action, region, target, faults[i].at);
  EXPECT_LT(target.disks[HostId{62}].ns, 0);
  EXPECT_EQ(target.registry_back, TimePoint{});
  EXPECT_EQ(target.failures, 0U);
}

TEST(FaultPlan, ALostDiskTakesItsMachineAlong) {
  Region region = region_on_duty();
  Target target;
  const auto faults = all_of({of_role(Kind::disk_loss, ControlRole::store_member)}, region);
  ASSERT_EQ(faults.size(), 2U);
  apply(faults[0].action, region, target, faults[0].at);
  EXPECT_FALSE(region.alive(HostId{62}));
  EXPECT_EQ(target.wiped, std::vector<HostId>{HostId{62}});
  apply(faults[1].action, region, target, faults[1].at);
  EXPECT_TRUE(region.whole());
  EXPECT_EQ(target.wiped.size(), 1U);
}

TEST(FaultPlan, AClockJumpRestartsTheProcessWithAWrongClockAndThenWithARightOne) {
  Region region = region_on_duty();
  Target target;
  FaultSpec jump = of_role(Kind::clock_jump, ControlRole::scheduler);
  jump.behind = true;
  EXPECT_FALSE(FaultPlan::make({jump}, region, RandomStream(1)).has_value());  // before the run
  jump.by = seconds(9);
  const auto faults = all_of({jump}, region);
  ASSERT_EQ(faults.size(), 2U);
  apply(faults[0].action, region, target, faults[0].at);
  EXPECT_TRUE(region.whole());
  ASSERT_EQ(target.clocks.size(), 1U);
  EXPECT_EQ(target.clocks.begin()->second, Duration{-seconds(9).ns});
  apply(faults[1].action, region, target, faults[1].at);
  EXPECT_EQ(target.clocks.begin()->second, Duration{});
}

TEST(FaultPlan, ARollingRestartTakesOneProcessAfterAnother) {
  Region region = region_on_duty();
  FaultSpec rolling = line(Kind::rolling_restart, 10, 5);
  rolling.period = seconds(20);
  const auto faults = all_of({rolling}, region);
  ASSERT_EQ(faults.size(), 6U);
  Target target;
  for (std::size_t i = 0; i < 6; i += 2) {
    EXPECT_EQ(faults[i].at, TimePoint{} + seconds(10 + 10 * static_cast<std::int64_t>(i)));
    apply(faults[i].action, region, target, faults[i].at);
    std::size_t down = 0;
    for (std::uint32_t host = 60; host < 63; ++host) down += region.alive(HostId{host}) ? 0U : 1U;
    EXPECT_EQ(down, 1U);
    EXPECT_EQ(region.alive(HostId{62}), i != 0);  // the store's members come first
    apply(faults[i + 1].action, region, target, faults[i + 1].at);
    EXPECT_TRUE(region.whole());
  }
  rolling.period = seconds(5);
  const auto plan = FaultPlan::make({rolling}, region, RandomStream(1));
  ASSERT_FALSE(plan.has_value());
  EXPECT_NE(plan.error().message.find("faults[0].period"), std::string::npos);
  rolling.period = seconds(20);
  const FaultSpec crash = of_role(Kind::process_crash, ControlRole::store_member);
  EXPECT_EQ(all_of({rolling, crash}, region).size(), 6U);  // what is down already is left out
}

TEST(FaultPlan, ProcessFaultsThatMakeNoSenseAreRefused) {
  const Region region = region_on_duty();
  const auto says = [&](const std::vector<FaultSpec>& specs) {
    const auto plan = FaultPlan::make(specs, region, RandomStream(1));
    return plan.has_value() ? "" : plan.error().message;
  };
  EXPECT_NE(says({of_role(Kind::process_pause, ControlRole::store_member)}).find(".role"),
            std::string::npos);
  FaultSpec many = of_role(Kind::process_crash, ControlRole::scheduler);
  many.count = 3;
  EXPECT_NE(says({many}).find(".count"), std::string::npos);
  FaultSpec endless = of_role(Kind::process_crash, ControlRole::scheduler);
  endless.lasts = Duration{-1};
  EXPECT_NE(says({endless}).find(".lasts"), std::string::npos);
  FaultSpec nobodys = line(Kind::store_leader_loss, 10, 30);
  nobodys.partition = PartitionId{9};
  EXPECT_NE(says({nobodys}).find(".partition"), std::string::npos);
  const FaultSpec registry = line(Kind::registry_loss, 10, 30);
  EXPECT_NE(says({registry, registry}).find("[1].at"), std::string::npos);
}

}  // namespace
}  // namespace arcas::sim
