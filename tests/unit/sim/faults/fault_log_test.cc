#include "sim/faults/fault_log.h"

#include <gtest/gtest.h>

namespace arcas::sim {
namespace {

Region small_region() {
  Region region({}, RandomStream(1).stream("links"));
  for (const char* name : {"a", "b"}) region.add_rack(region.add_zone(name));
  for (std::uint32_t rack : {0U, 1U}) region.add_node(RackId{rack});
  region.finish();
  return region;
}

TimePoint at(std::int64_t s) { return TimePoint{} + seconds(s); }

TEST(FaultLog, AFaultLastsFromTheStrikeToItsRestoration) {
  const Region region = small_region();
  FaultLog log;
  log.on_action(HostCrash{HostId{0}}, region, at(1));
  log.on_action(HostIsolate{HostId{0}}, region, at(2));
  log.on_action(HostCrash{HostId{1}}, region, at(3));
  log.on_action(HostRestart{HostId{0}}, region, at(5));
  ASSERT_EQ(log.entries().size(), 3U);
  EXPECT_EQ(log.entries()[0].ends, at(5));
  EXPECT_LT(log.entries()[1].ends.ns, 0) << "another kind of fault of the same host goes on";
  EXPECT_LT(log.entries()[2].ends.ns, 0) << "and so does the same kind elsewhere";
  EXPECT_EQ(log.entries()[1].begins, at(2));
  EXPECT_EQ(log.entries()[1].text, describe(HostIsolate{HostId{0}}, region));
}

TEST(FaultLog, TheSameThingMayBreakAgain) {
  const Region region = small_region();
  FaultLog log;
  for (const std::int64_t start : {10, 20}) {
    log.on_action(ZoneLinkCut{ZoneId{0}, ZoneId{1}}, region, at(start));
    log.on_action(ZoneLinkHeal{ZoneId{0}, ZoneId{1}}, region, at(start + 5));
  }
  ASSERT_EQ(log.entries().size(), 2U);
  EXPECT_EQ(log.entries()[0].ends, at(15));
  EXPECT_EQ(log.entries()[1].ends, at(25));
}

TEST(FaultLog, AZoneIsWholeAgainWhenItsLastHostCanBeBack) {
  const Region region = small_region();
  FaultLog log;
  log.on_action(ZonePowerLoss{ZoneId{1}}, region, at(10));
  log.on_action(ZoneReturn{ZoneId{1}, seconds(120)}, region, at(60));
  log.on_action(HostPowerReturn{HostId{1}}, region, at(70));
  ASSERT_EQ(log.entries().size(), 1U);
  EXPECT_EQ(log.entries()[0].ends, at(180));
}

TEST(FaultLog, WhatIsTooMuchIsCounted) {
  const Region region = small_region();
  FaultLog log;
  for (std::size_t i = 0; i < FaultLog::kMost + 7; ++i) {
    log.on_action(HostCrash{HostId{0}}, region, at(1));
    log.on_action(HostRestart{HostId{0}}, region, at(2));
  }
  EXPECT_EQ(log.entries().size(), FaultLog::kMost);
  EXPECT_EQ(log.left_out(), 7U);
}

}  // namespace
}  // namespace arcas::sim
