#include "core/controllers/node_lifecycle.h"

#include <gtest/gtest.h>

#include <vector>

#include "fixture.h"

namespace arcas::controllers {
namespace {

using model::ConditionStatus;
using model::TaintEffect;

class NodeLifecycleTest : public testing::Test {
 protected:
  /// `count` nodes of a zone that beat every 10 s from time 1 on.
  void start(std::uint32_t first, std::uint32_t count, ZoneId zone) {
    for (std::uint32_t i = first; i < first + count; ++i) {
      lifecycle.registered(at(0), NodeId{i}, zone);
      lifecycle.steady(at(0), NodeId{i}, 1, at(1), seconds(10));
    }
  }
  void stop(std::uint32_t first, std::uint32_t count, TimePoint last) {
    for (std::uint32_t i = first; i < first + count; ++i) {
      lifecycle.stopped(last, NodeId{i}, 1, last);
    }
  }
  /// Wakes only when asked to, up to and including `until`.
  void run(TimePoint until) {
    for (TimePoint t = lifecycle.next_tick({0}); t <= until; t = lifecycle.next_tick({0})) {
      std::vector<NodeEffect> out;
      lifecycle.tick(t, out);
      ++wakes;
      for (const NodeEffect& effect : out) effects.emplace_back(t, effect);
    }
  }
  /// When nodes got their NoExecute taint.
  std::vector<TimePoint> taint_times() const {
    std::vector<TimePoint> times;
    for (const auto& [t, effect] : effects) {
      const auto* add = std::get_if<AddTaint>(&effect);
      if (add != nullptr && add->taint.effect == TaintEffect::no_execute) times.push_back(t);
    }
    return times;
  }
  template <class Effect>
  std::vector<std::pair<TimePoint, Effect>> all() const {
    std::vector<std::pair<TimePoint, Effect>> found;
    for (const auto& [t, effect] : effects) {
      if (const auto* match = std::get_if<Effect>(&effect)) found.emplace_back(t, *match);
    }
    return found;
  }
  model::Taint taint(const char* key, TaintEffect effect, TimePoint added) {
    return {world.catalog.intern(key), {}, effect, added.ns};
  }

  World world;
  NodeLifecycle lifecycle{{}, world.catalog};
  std::vector<std::pair<TimePoint, NodeEffect>> effects;
  int wakes = 0;
};

TEST(ZoneStateRule, FollowsComputeZoneStateRowByRow) {
  EXPECT_EQ(compute_zone_state(0, 1, 55), ZoneState::full_disruption);
  EXPECT_EQ(compute_zone_state(0, 0, 55), ZoneState::normal);
  EXPECT_EQ(compute_zone_state(1, 2, 55), ZoneState::normal);  // two are too few to be partial
  EXPECT_EQ(compute_zone_state(1, 3, 55), ZoneState::partial_disruption);
  EXPECT_EQ(compute_zone_state(9, 11, 55), ZoneState::partial_disruption);  // exactly 55 %
  EXPECT_EQ(compute_zone_state(46, 54, 55), ZoneState::normal);
  EXPECT_EQ(compute_zone_state(10, 0, 55), ZoneState::normal);
}

TEST(MasterNames, AreThoseOfKubernetes) {
  EXPECT_TRUE(is_master("master"));
  EXPECT_TRUE(is_master("cluster-a-master"));
  EXPECT_TRUE(is_master("cluster-a-master-x1z"));
  EXPECT_FALSE(is_master("cluster-a-master-10"));
  EXPECT_FALSE(is_master("master-of-none"));
  EXPECT_FALSE(is_master(""));
}

TEST_F(NodeLifecycleTest, MastersDoNotCountForTheirZonesStateButAreTaintedThemselves) {
  lifecycle.registered(at(0), NodeId{9}, ZoneId{0}, false);
  start(0, 2, ZoneId{0});
  run(at(70));  // the master's startup grace is over: 2 of 2 that count are ready
  EXPECT_EQ(lifecycle.zone_state(ZoneId{0}), ZoneState::normal);
  EXPECT_EQ(lifecycle.node_count(ZoneId{0}), 2U);
  EXPECT_EQ(lifecycle.ready_count(ZoneId{0}), 2U);
  ASSERT_EQ(all<AddTaint>().size(), 2U);
  EXPECT_EQ(all<AddTaint>().back().second.node, NodeId{9});
  lifecycle.removed(at(71), NodeId{0});
  lifecycle.removed(at(71), NodeId{1});
  lifecycle.registered(at(72), NodeId{3}, ZoneId{1});
  lifecycle.steady(at(72), NodeId{3}, 1, at(73), seconds(10));
  run(at(100));
  EXPECT_EQ(lifecycle.node_count(ZoneId{0}), 0U);
  EXPECT_EQ(lifecycle.zone_state(ZoneId{1}), ZoneState::normal);
}

TEST_F(NodeLifecycleTest, ANodeBecomesReadyAtTheMonitorTickAfterItsFirstSign) {
  start(0, 1, ZoneId{0});
  run(at(5));
  EXPECT_EQ(all<SetNodeCondition>(), (std::vector<std::pair<TimePoint, SetNodeCondition>>{
                                         {at(5), {NodeId{0}, ConditionStatus::yes}}}));
  EXPECT_EQ(lifecycle.next_tick(at(5)), TimePoint::max());
}

TEST_F(NodeLifecycleTest, ASilentNodeTurnsUnknownAfterGraceAndIsTaintedOneTickLater) {
  start(0, 4, ZoneId{0});
  run(at(50));
  stop(0, 1, at(51));
  run(at(1000));
  // 51 + 40 = 91: the first monitor tick after that is 95.
  EXPECT_EQ(lifecycle.condition(NodeId{0}), ConditionStatus::unknown);
  const auto adds = all<AddTaint>();
  ASSERT_EQ(adds.size(), 2U);
  EXPECT_EQ(adds[0].first, at(95));
  EXPECT_EQ(adds[0].second.taint,
            taint("node.kubernetes.io/unreachable", TaintEffect::no_schedule, at(95)));
  EXPECT_EQ(adds[1].first, at(100));
  EXPECT_EQ(adds[1].second.taint,
            taint("node.kubernetes.io/unreachable", TaintEffect::no_execute, at(100)));
}

TEST_F(NodeLifecycleTest, GraceMustBeExceededNotJustReached) {
  start(0, 2, ZoneId{0});
  lifecycle.steady(at(5), NodeId{0}, 1, at(10), seconds(10));
  stop(0, 1, at(50));
  run(at(90));
  EXPECT_EQ(lifecycle.condition(NodeId{0}), ConditionStatus::yes);
  run(at(95));
  EXPECT_EQ(lifecycle.condition(NodeId{0}), ConditionStatus::unknown);
}

TEST_F(NodeLifecycleTest, ANewNodeHasTheStartupGrace) {
  start(0, 2, ZoneId{0});
  lifecycle.registered(at(2), NodeId{9}, ZoneId{0});
  run(at(64));
  EXPECT_TRUE(all<AddTaint>().empty());
  run(at(65));
  EXPECT_EQ(all<AddTaint>().size(), 2U);
}

TEST_F(NodeLifecycleTest, ANodeThatReturnsLosesConditionAndTaintsAtTheNextTick) {
  start(0, 4, ZoneId{0});
  stop(0, 1, at(51));
  run(at(200));
  effects.clear();
  lifecycle.steady(at(201), NodeId{0}, 2, at(202), seconds(10));
  run(at(1000));
  ASSERT_EQ(effects.size(), 3U);
  for (const auto& [t, effect] : effects) EXPECT_EQ(t, at(205));
  EXPECT_EQ(all<SetNodeCondition>().size(), 1U);
  EXPECT_EQ(all<RemoveTaint>().size(), 2U);
}

TEST_F(NodeLifecycleTest, ANodeThatSaysItIsNotReadyGetsTheOtherTaint) {
  start(0, 4, ZoneId{0});
  run(at(50));
  lifecycle.reported(at(51), NodeId{0}, false);
  run(at(100));
  const auto adds = all<AddTaint>();
  ASSERT_EQ(adds.size(), 2U);
  EXPECT_EQ(adds[1].second.taint,
            taint("node.kubernetes.io/not-ready", TaintEffect::no_execute, at(55)));
  lifecycle.stopped(at(101), NodeId{0}, 1, at(101));
  run(at(1000));  // then silent: the taints change places, whatever the rate
  EXPECT_EQ(all<RemoveTaint>().size(), 2U);
  EXPECT_EQ(all<AddTaint>().back().second.taint,
            taint("node.kubernetes.io/unreachable", TaintEffect::no_execute, at(150)));
}

TEST_F(NodeLifecycleTest, ANormalZoneTaintsOneNodeEveryTenSeconds) {
  start(0, 10, ZoneId{0});
  stop(0, 4, at(51));
  run(at(1000));
  EXPECT_EQ(taint_times(), (std::vector<TimePoint>{at(100), at(110), at(120), at(130)}));
  EXPECT_EQ(lifecycle.zone_state(ZoneId{0}), ZoneState::normal);
}

TEST_F(NodeLifecycleTest, ASmallPartlyDisruptedZoneTaintsNothing) {
  start(0, 10, ZoneId{0});
  stop(0, 6, at(51));
  run(at(10'000));
  EXPECT_TRUE(taint_times().empty());
  EXPECT_EQ(lifecycle.zone_state(ZoneId{0}), ZoneState::partial_disruption);
}

TEST_F(NodeLifecycleTest, ALargePartlyDisruptedZoneTaintsOneNodeEveryHundredSeconds) {
  start(0, 51, ZoneId{0});
  stop(0, 30, at(51));
  run(at(500));
  // The limiter had a token when it was replaced at 95.
  EXPECT_EQ(taint_times(), (std::vector<TimePoint>{at(100), at(200), at(300), at(400), at(500)}));
}

TEST_F(NodeLifecycleTest, AFullyDisruptedZoneIsTaintedAtTheNormalRateWhileAnotherLives) {
  start(0, 5, ZoneId{0});
  start(5, 5, ZoneId{1});
  stop(0, 5, at(51));
  run(at(1000));
  EXPECT_EQ(taint_times(), (std::vector<TimePoint>{at(100), at(110), at(120), at(130), at(140)}));
}

TEST_F(NodeLifecycleTest, WhenAllZonesAreDarkNothingIsTaintedAndTaintsGo) {
  start(0, 5, ZoneId{0});
  start(5, 5, ZoneId{1});
  stop(0, 2, at(51));
  run(at(200));
  EXPECT_EQ(taint_times().size(), 2U);
  stop(2, 8, at(211));
  run(at(100'000));
  EXPECT_EQ(taint_times().size(), 2U);
  EXPECT_EQ(lifecycle.zone_state(ZoneId{0}), ZoneState::full_disruption);
  EXPECT_EQ(lifecycle.zone_state(ZoneId{1}), ZoneState::full_disruption);
  std::size_t removed = 0;
  for (const auto& [t, effect] : all<RemoveTaint>()) {
    removed += effect.taint.effect == TaintEffect::no_execute ? 1 : 0;
  }
  EXPECT_EQ(removed, 2U);
}

TEST_F(NodeLifecycleTest, AfterAllWasDarkEveryGraceStartsAgain) {
  start(0, 5, ZoneId{0});
  start(5, 5, ZoneId{1});
  stop(0, 10, at(51));
  run(at(1000));
  for (std::uint32_t i = 5; i < 10; ++i) {
    lifecycle.steady(at(1001), NodeId{i}, 2, at(1001), seconds(10));
  }
  run(at(1045));
  EXPECT_TRUE(taint_times().empty());
  run(at(1070));  // the darkness ended at 1005; 1005 + 40 is exceeded at 1050
  EXPECT_EQ(taint_times(), (std::vector<TimePoint>{at(1050), at(1060), at(1070)}));
}

TEST_F(NodeLifecycleTest, ALostZoneIsLeftToTheEvictorAndStartsAnewOnReturn) {
  start(0, 5, ZoneId{0});
  start(5, 5, ZoneId{1});
  stop(0, 5, at(51));
  lifecycle.zone_lost(at(60), ZoneId{0});
  run(at(1000));
  EXPECT_TRUE(taint_times().empty());
  lifecycle.zone_back(at(1001), ZoneId{0});
  run(at(1040));
  EXPECT_TRUE(taint_times().empty());
  run(at(1050));
  EXPECT_EQ(taint_times().size(), 1U);  // 1045
}

TEST_F(NodeLifecycleTest, ASignOfAnOldAgentDoesNotRevive) {
  start(0, 2, ZoneId{0});
  run(at(5));
  lifecycle.steady(at(6), NodeId{0}, 2, at(7), seconds(10));
  lifecycle.stopped(at(20), NodeId{0}, 2, at(17));
  lifecycle.heartbeat(at(50), NodeId{0}, 1);
  run(at(60));
  EXPECT_EQ(lifecycle.condition(NodeId{0}), ConditionStatus::unknown);
}

TEST_F(NodeLifecycleTest, AfterARestartNodesKeepConditionAndTaintsAndGetOneGrace) {
  model::Node silent;
  silent.id = NodeId{0};
  silent.zone = ZoneId{0};
  silent.ready = ConditionStatus::yes;
  model::Node tainted = silent;
  tainted.id = NodeId{1};
  tainted.ready = ConditionStatus::unknown;
  tainted.taints = {taint("node.kubernetes.io/unreachable", TaintEffect::no_schedule, at(1)),
                    taint("node.kubernetes.io/unreachable", TaintEffect::no_execute, at(2))};
  lifecycle.restored(at(100), silent);
  lifecycle.restored(at(100), tainted);
  start(2, 3, ZoneId{0});
  run(at(140));
  EXPECT_EQ(lifecycle.condition(NodeId{0}), ConditionStatus::yes);
  EXPECT_TRUE(all<AddTaint>().empty());
  run(at(160));
  EXPECT_EQ(lifecycle.condition(NodeId{0}), ConditionStatus::unknown);
  EXPECT_EQ(taint_times(), std::vector<TimePoint>{at(150)});
  lifecycle.heartbeat(at(161), NodeId{1}, 1);
  run(at(165));
  EXPECT_EQ(all<RemoveTaint>().size(), 2U);
}

TEST_F(NodeLifecycleTest, NinetyTwoHoursOfTaintingWakeOncePerNode) {
  constexpr std::uint32_t kNodes = 33'333;
  start(0, kNodes, ZoneId{0});
  start(kNodes, 10, ZoneId{1});
  run(at(50));
  wakes = 0;
  stop(0, kNodes, at(51));
  run(at(100) + hours(100));
  EXPECT_EQ(taint_times().size(), kNodes);
  EXPECT_EQ(taint_times().back(), at(100 + 10 * (kNodes - 1)));  // 92.6 hours
  EXPECT_LT(wakes, static_cast<int>(kNodes) + 10);
}

}  // namespace
}  // namespace arcas::controllers
