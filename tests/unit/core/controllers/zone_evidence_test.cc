#include "core/controllers/zone_evidence.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "fixture.h"

namespace arcas::controllers {
namespace {

constexpr ZoneId kA{0};
constexpr ZoneId kB{1};
constexpr ZoneId kC{2};
constexpr std::array kZones = {kA, kB, kC};

/// Three zones; the controller sits in zone A. Each second every zone that speaks reports.
class ZoneEvidenceTest : public testing::Test {
 protected:
  struct Zone {
    bool speaks = true;
    std::int64_t ready = 100;
    std::vector<ZoneId> accuses;
  };
  void second() {
    ++now;
    evidence.tick(at(now), verdicts);
    for (const ZoneId zone : kZones) {
      if (zone != kA) {
        evidence.on_own_probe(at(now), zone, answers_us[zone.index], verdicts);
      }
      if (!zones[zone.index].speaks) continue;
      ports::ZoneReport report;
      report.resource_partition = PartitionId{zone.index};
      report.zone = zone;
      report.nodes = 100;
      report.nodes_ready = zones[zone.index].ready;
      report.free_cpu_milli = 1000;
      report.free_memory_bytes = 2000;
      report.silent_zones = zones[zone.index].accuses;
      evidence.on_report(at(now), report, verdicts);
    }
  }
  void seconds_pass(int n) {
    for (int i = 0; i < n; ++i) second();
  }
  void power_off_c() {
    zones[2].speaks = false;
    zones[0].accuses = zones[1].accuses = {kC};
    answers_us[2] = false;
  }
  void power_on_c() {
    zones[2].speaks = true;
    zones[0].accuses = zones[1].accuses = {};
    answers_us[2] = true;
  }

  std::int64_t now = 0;
  std::array<Zone, 3> zones;
  std::array<bool, 3> answers_us = {true, true, true};
  std::vector<ZoneVerdict> verdicts;
  ZoneEvidence evidence{{}, kZones, kA, at(0)};
};

TEST_F(ZoneEvidenceTest, APowerLossIsConfirmedRightAfterTheSilence) {
  seconds_pass(10);
  power_off_c();
  seconds_pass(5);
  EXPECT_TRUE(verdicts.empty());
  second();
  ASSERT_EQ(verdicts, std::vector<ZoneVerdict>{ZoneLost{kC}});
  EXPECT_EQ(evidence.free_capacity(at(now)).cpu_milli, 2000);
  EXPECT_EQ(evidence.free_capacity(at(now)).memory_bytes, 4000);
}

TEST_F(ZoneEvidenceTest, ACutOffZoneIsLostToTheSideWithTheQuorum) {
  seconds_pass(3);
  power_off_c();
  seconds_pass(20);
  EXPECT_TRUE(evidence.is_lost(kC));
}

TEST_F(ZoneEvidenceTest, TheCutOffSideItselfDecidesNothing) {
  seconds_pass(3);
  zones[1].speaks = zones[2].speaks = false;
  zones[0].accuses = {kB, kC};
  answers_us = {true, false, false};
  evidence.on_store(at(now), false, verdicts);
  seconds_pass(60);
  EXPECT_TRUE(verdicts.empty());
}

TEST_F(ZoneEvidenceTest, WithoutTheStoresQuorumThereIsNoVerdictUntilItIsBack) {
  seconds_pass(3);
  evidence.on_store(at(now), false, verdicts);
  power_off_c();
  seconds_pass(30);
  EXPECT_TRUE(verdicts.empty());
  evidence.on_store(at(now), true, verdicts);
  EXPECT_EQ(verdicts, std::vector<ZoneVerdict>{ZoneLost{kC}});
}

TEST_F(ZoneEvidenceTest, AllZonesSilentIsACutOfTheControlPlane) {
  seconds_pass(3);
  for (Zone& zone : zones) zone.speaks = false;
  answers_us = {false, false, false};
  seconds_pass(600);
  EXPECT_TRUE(verdicts.empty());
}

TEST_F(ZoneEvidenceTest, NoNodeReadyAnywhereIsACutOfTheControlPlane) {
  seconds_pass(3);
  for (const ZoneId zone : kZones) {
    zones[zone.index].ready = 0;
    for (const ZoneId other : kZones) {
      if (other != zone) zones[zone.index].accuses.push_back(other);
    }
  }
  answers_us = {false, false, false};
  seconds_pass(60);
  EXPECT_TRUE(verdicts.empty());
}

TEST_F(ZoneEvidenceTest, ACrashOfTheNodeManagerAloneIsNoLoss) {
  seconds_pass(3);
  zones[2].speaks = false;
  seconds_pass(300);
  EXPECT_TRUE(verdicts.empty());
}

TEST_F(ZoneEvidenceTest, ANodeManagerThatOutlivesItsNodesReportsTheLoss) {
  seconds_pass(3);
  zones[2].ready = 0;
  seconds_pass(30);
  EXPECT_TRUE(verdicts.empty());  // the hosts still answer the other zones' probes
  zones[0].accuses = zones[1].accuses = {kC};
  answers_us[2] = false;
  seconds_pass(1);
  EXPECT_EQ(verdicts, std::vector<ZoneVerdict>{ZoneLost{kC}});
}

TEST_F(ZoneEvidenceTest, AnAsymmetricLinkIsNoLoss) {
  seconds_pass(3);
  zones[1].accuses = {kC};  // B does not hear C, all else is well
  seconds_pass(100);
  zones[2].speaks = false;  // nor do we hear C's node manager; A still gets its probes answered
  seconds_pass(100);
  EXPECT_TRUE(verdicts.empty());
  zones[0].accuses = {kC};  // both accuse, but C answers our own probe
  seconds_pass(100);
  EXPECT_TRUE(verdicts.empty());
}

TEST_F(ZoneEvidenceTest, AZoneThatWasDeadBeforeTheStartIsFound) {
  power_off_c();
  seconds_pass(6);
  EXPECT_TRUE(evidence.is_lost(kC));
}

TEST_F(ZoneEvidenceTest, AZoneIsBackOnlyAfterAnsweringForTheHoldTime) {
  seconds_pass(3);
  power_off_c();
  seconds_pass(10);
  power_on_c();
  seconds_pass(8);
  power_off_c();
  seconds_pass(8);
  power_on_c();
  verdicts.clear();
  seconds_pass(10);
  EXPECT_TRUE(verdicts.empty());
  seconds_pass(2);
  EXPECT_EQ(verdicts, std::vector<ZoneVerdict>{ZoneBack{kC}});
}

TEST_F(ZoneEvidenceTest, TheHoldTimeDoublesWithEveryFlapUpToItsMaximum) {
  seconds_pass(3);
  std::vector<std::int64_t> holds;
  for (int flap = 0; flap < 7; ++flap) {
    power_off_c();
    while (!evidence.is_lost(kC)) second();
    power_on_c();
    const std::int64_t from = now;
    while (evidence.is_lost(kC)) second();
    holds.push_back(now - from - 1);
  }
  EXPECT_EQ(holds, (std::vector<std::int64_t>{10, 20, 40, 80, 160, 300, 300}));
}

TEST_F(ZoneEvidenceTest, NextTickIsTheEndOfTheSilence) {
  seconds_pass(3);
  EXPECT_EQ(evidence.next_tick(at(now)), at(now) + seconds(5) + nanoseconds(1));
}

}  // namespace
}  // namespace arcas::controllers
