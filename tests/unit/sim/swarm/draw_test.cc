#include "sim/swarm/draw.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

#include "sim/run/simulation.h"
#include "sim/swarm/fault_families.h"

namespace arcas::sim {
namespace {

constexpr std::uint64_t kSeeds = 200;

Scenario drawn(std::uint64_t seed, const SwarmChoice& choice = {}) {
  auto scenario = parse_scenario(draw_scenario(seed, choice), "drawn", {});
  EXPECT_TRUE(scenario) << seed << ": " << scenario.error().message;
  return std::move(*scenario);
}

TEST(SwarmDraw, EverySeedGivesAScenarioThatCanBeRun) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const auto made = Simulation::make(drawn(seed), {});
    EXPECT_TRUE(made) << seed << ": " << made.error().message;
  }
}

TEST(SwarmDraw, ASeedAlwaysGivesTheSameTextAndAnotherSeedAnother) {
  EXPECT_EQ(draw_scenario(7, {}), draw_scenario(7, {}));
  EXPECT_NE(draw_scenario(7, {}), draw_scenario(8, {}));
}

TEST(SwarmDraw, WhatBreaksIsWholeAgainLongBeforeTheEnd) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Scenario scenario = drawn(seed);
    EXPECT_FALSE(scenario.faults.empty()) << seed;
    for (const FaultLine& fault : scenario.faults) {
      ASSERT_GE(fault.lasts.ns, 0) << seed;
      EXPECT_LE(fault.at + fault.lasts, scenario.limit - minutes(15)) << seed;
    }
  }
}

TEST(SwarmDraw, InTheEndEveryNodeTakesPodsAgain) {
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    std::multiset<std::string> cordoned;
    for (const ChangeSpec& change : drawn(seed).workload.changes) {
      if (change.op == "cordon" || change.op == "drain") cordoned.insert(change.node);
      if (change.op == "uncordon") cordoned.erase(change.node);
    }
    EXPECT_TRUE(cordoned.empty()) << seed;
  }
}

TEST(SwarmDraw, EveryFamilyAndEveryOperationComesUp) {
  std::set<std::string> kinds;
  std::set<std::string> operations;
  for (std::uint64_t seed = 0; seed < kSeeds; ++seed) {
    const Scenario scenario = drawn(seed);
    for (const FaultLine& fault : scenario.faults) kinds.insert(fault.kind);
    for (const ChangeSpec& change : scenario.workload.changes) operations.insert(change.op);
  }
  for (const FaultFamily& family : fault_families()) {
    EXPECT_TRUE(kinds.contains(std::string(family.kind))) << family.kind;
  }
  for (const std::string_view operation : swarm_operations()) {
    EXPECT_TRUE(operations.contains(std::string(operation))) << operation;
  }
}

TEST(SwarmDraw, OnlyTheFamiliesAskedForAreDrawn) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const FaultLine& fault : drawn(seed, {{"rack_loss", "node_crash"}}).faults) {
      EXPECT_TRUE(fault.kind == "rack_loss" || fault.kind == "node_crash") << fault.kind;
    }
  }
}

TEST(SwarmDraw, SpreadDrawsStayWithinTheirLimitsAndReachEveryMagnitude) {
  RandomStream random(3);
  std::int64_t short_ones = 0;
  for (int i = 0; i < 10'000; ++i) {
    const std::int64_t drawn_seconds = draw_spread(1, 900, random);
    ASSERT_GE(drawn_seconds, 1);
    ASSERT_LE(drawn_seconds, 900);
    short_ones += drawn_seconds < 30 ? 1 : 0;
  }
  EXPECT_GT(short_ones, 4000);  // 5 of 10 magnitudes; evenly over seconds it would be 330
  EXPECT_EQ(draw_spread(60, 60, random), 60);
}

}  // namespace
}  // namespace arcas::sim
