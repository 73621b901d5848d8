#include "core/controllers/evictor.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "fixture.h"

namespace arcas::controllers {
namespace {

constexpr ZoneId kA{0};
constexpr ZoneId kB{1};

class EvictorTest : public testing::Test {
 protected:
  auto on_pod() {
    return [this](const model::Pod* before, const model::Pod* after) {
      current->on_pod(before, after);
    };
  }
  /// Seen when its last taint was added.
  void node(std::uint32_t id, ZoneId zone, std::vector<model::Taint> taints = {}) {
    const TimePoint seen = taints.empty() ? at(0) : TimePoint{taints.back().added_ns};
    node_seen(seen, id, zone, std::move(taints));
  }
  void node_seen(TimePoint seen, std::uint32_t id, ZoneId zone, std::vector<model::Taint> taints) {
    model::Node node;
    node.id = NodeId{id};
    node.zone = zone;
    node.taints = std::move(taints);
    current->on_node(seen, node, world.pods);
  }
  model::Taint unreachable(std::int64_t added) {
    return {world.catalog.intern("node.kubernetes.io/unreachable"),
            {},
            model::TaintEffect::no_execute,
            at(added).ns};
  }
  Uid run(std::uint32_t node_id, Uid owner = Uid{7}, SpecId spec = {}) {
    if (!spec.valid()) spec = world.spec();
    return world.put(world.pod(owner, spec, NodeId{node_id}), on_pod());
  }
  /// Ticks, commits what was ordered, and gives the pods evicted.
  std::vector<Uid> tick(TimePoint now) {
    Effects out;
    current->tick(now, world.pods, out);
    notes.insert(notes.end(), out.notes.begin(), out.notes.end());
    std::vector<Uid> evicted;
    for (const auto& operation : out.pods) {
      EXPECT_EQ(operation.verb, ports::Verb::update);
      EXPECT_EQ(operation.pod.meta.deleted_at, now);
      evicted.push_back(operation.pod.meta.uid);
    }
    EXPECT_EQ(world.commit(out.pods, on_pod()), 0);
    return evicted;
  }
  void lose(ZoneId zone, TimePoint now) {
    Effects out;
    evictor.on_zone_lost(now, zone, world.pods, out);
  }

  World world;
  Evictor evictor{{}, world.catalog};
  Evictor* current = &evictor;
  std::vector<Note> notes;
};

TEST_F(EvictorTest, APodLeavesWhenItsToleratedTimeCountedFromTheTaintIsOver) {
  const Uid pod = run(1);
  node(1, kA, {unreachable(100)});
  EXPECT_EQ(evictor.next_tick(at(110)), at(400));
  EXPECT_TRUE(tick(at(399)).empty());
  EXPECT_EQ(tick(at(400)), std::vector<Uid>{pod});
  EXPECT_EQ(evictor.next_tick(at(400)), TimePoint::max());
}

TEST_F(EvictorTest, WhatAnotherClockSaysOfATaintCountsOnlyWhenItIsNews) {
  run(1);
  run(2);
  run(3);
  node_seen(at(5000), 1, kA, {unreachable(4991)});  // news
  node_seen(at(5000), 2, kA, {unreachable(100)});   // of long ago: seen by a new leader
  node_seen(at(5000), 3, kA, {unreachable(9000)});  // of the future
  EXPECT_TRUE(tick(at(5290)).empty());
  EXPECT_EQ(tick(at(5291)).size(), 1U);
  EXPECT_TRUE(tick(at(5299)).empty());
  EXPECT_EQ(tick(at(5300)).size(), 2U);
}

TEST_F(EvictorTest, ATaintBesideAnotherDoesNotStartItsTimeAnew) {
  run(1);
  model::Taint other = unreachable(200);
  other.key = world.catalog.intern("node.kubernetes.io/not-ready");
  node_seen(at(100), 1, kA, {unreachable(100)});
  node_seen(at(200), 1, kA, {unreachable(100), other});
  EXPECT_TRUE(tick(at(399)).empty());
  EXPECT_EQ(tick(at(400)).size(), 1U);
}

TEST_F(EvictorTest, WhenTheTaintGoesThePlanGoes) {
  run(1);
  node(1, kA, {unreachable(100)});
  node(1, kA, {});
  EXPECT_EQ(evictor.next_tick(at(110)), TimePoint::max());
  node(1, kA, {unreachable(200)});  // and a new one starts anew
  EXPECT_TRUE(tick(at(499)).empty());
  EXPECT_EQ(tick(at(500)).size(), 1U);
}

TEST_F(EvictorTest, NobodyIsEvictedForATaintOfAZoneOfWhichNothingIsHeard) {
  const Uid pod = run(1);
  node(1, kA, {unreachable(100)});
  evictor.on_feed(kA, false);
  EXPECT_TRUE(tick(at(400)).empty());
  EXPECT_TRUE(tick(at(700)).empty());
  EXPECT_LE(evictor.next_tick(at(700)), at(701));
  evictor.on_feed(kA, true);
  EXPECT_EQ(tick(at(701)), std::vector<Uid>{pod});
}

TEST_F(EvictorTest, TheSpecsOwnTolerationWins) {
  model::Toleration toleration;
  toleration.op = model::Toleration::Operator::exists;
  toleration.key = world.catalog.intern("node.kubernetes.io/unreachable");
  toleration.seconds = 10;
  const Uid hasty = run(1, Uid{7}, world.spec(1, 0, {toleration}));
  toleration.seconds = model::Toleration::kForever;
  run(1, Uid{7}, world.spec(2, 0, {toleration}));
  node(1, kA, {unreachable(0)});
  EXPECT_EQ(tick(at(10)), std::vector<Uid>{hasty});
  EXPECT_TRUE(tick(at(10'000)).empty());
}

TEST_F(EvictorTest, ATaintOfAnotherKeyIsNotToleratedAtAll) {
  const Uid pod = run(1);
  model::Taint taint = unreachable(5);
  taint.key = world.catalog.intern("maintenance");
  node(1, kA, {taint});
  EXPECT_EQ(tick(at(5)), std::vector<Uid>{pod});
}

TEST_F(EvictorTest, DaemonPodsAndPodsOnTheirWayOutStay) {
  world.put(world.pod(Uid{8}, world.spec(), NodeId{1}, model::Kind::daemon_set), on_pod());
  model::Pod leaving = world.pod(Uid{7}, world.spec(), NodeId{1});
  leaving.meta.deleted_at = at(1);
  world.put(leaving, on_pod());
  node(1, kA, {unreachable(0)});
  EXPECT_TRUE(tick(at(1000)).empty());
  lose(kA, at(1001));
  evictor.on_free_capacity({1'000'000, 1'000'000});
  EXPECT_TRUE(tick(at(1002)).empty());
}

TEST_F(EvictorTest, APodBoundToATaintedNodeIsSeen) {
  node(1, kA, {unreachable(0)});
  const Uid pod = world.put(world.pod(Uid{7}, world.spec()), on_pod());
  model::Pod bound = *world.pods.find(pod);
  bound.node = NodeId{1};
  world.put(bound, on_pod());
  EXPECT_EQ(tick(at(300)), std::vector<Uid>{pod});
}

TEST_F(EvictorTest, TheClientsRateLimitHolds) {
  Evictor limited({.qps = 10, .burst = 5, .cap_percent = 0}, world.catalog);
  for (int i = 0; i < 25; ++i) world.put(world.pod(Uid{7}, world.spec(), NodeId{1}));
  model::Node tainted;
  tainted.id = NodeId{1};
  tainted.zone = kA;
  tainted.taints = {unreachable(0)};
  limited.on_node(at(0), tainted, world.pods);
  TimePoint now = at(300);
  std::vector<std::size_t> counts;
  while (limited.next_tick(now) != TimePoint::max()) {
    now = limited.next_tick(now);
    Effects out;
    limited.tick(now, world.pods, out);
    counts.push_back(out.pods.size());
    world.commit(out.pods, [&](const auto* b, const auto* a) { limited.on_pod(b, a); });
  }
  EXPECT_EQ(counts.front(), 5U);
  EXPECT_EQ(counts.size(), 21U);
  EXPECT_EQ(now, at(302));
}

TEST_F(EvictorTest, PodsThatAreGoingDoNotRaiseTheCap) {
  for (int i = 0; i < 400; ++i) run(static_cast<std::uint32_t>(i));
  for (int i = 0; i < 200; ++i) {
    model::Pod going = world.pod(Uid{7}, world.spec(), NodeId{500});
    going.meta.deleted_at = at(1);
    world.put(going);
  }
  for (std::uint32_t i = 0; i < 100; ++i) node(i, kA, {unreachable(0)});
  std::size_t evicted = 0;
  for (TimePoint now = at(300); now < at(400); now = now + seconds(1)) evicted += tick(now).size();
  EXPECT_EQ(evicted, 20U);  // 5 % of 400, not of 600
}

TEST_F(EvictorTest, BeyondTheBlastRadiusEvictionsPauseAndSaySo) {
  for (int i = 0; i < 400; ++i) run(static_cast<std::uint32_t>(i));
  for (std::uint32_t i = 0; i < 100; ++i) node(i, kA, {unreachable(0)});
  std::size_t evicted = 0;
  for (TimePoint now = at(300); now < at(400); now = now + seconds(1)) evicted += tick(now).size();
  EXPECT_EQ(evicted, 20U);  // 5 % of 400
  EXPECT_TRUE(evictor.paused());
  ASSERT_EQ(notes.size(), 1U);
  EXPECT_EQ(notes[0].what, "evictions-paused");
  EXPECT_GE(evictor.next_tick(at(400)), at(900));
  evicted += tick(evictor.next_tick(at(400))).size();  // a window later it goes on
  EXPECT_GT(evicted, 20U);
}

/// A successor of an evictor that has ordered `before` evictions by 310 s; takes over at 320 s.
struct SuccessorTest : EvictorTest {
  void SetUp() override {
    for (int i = 0; i < 400; ++i) run(static_cast<std::uint32_t>(i));
  }
  void taint(std::uint32_t first, std::uint32_t end) {
    for (std::uint32_t i = first; i < end; ++i) node(i, kA, {unreachable(0)});
  }
  /// How many the successor evicts until `end`, looking every second.
  std::size_t succeed(const model::SpentEvictions& spent, TimePoint end) {
    current = &successor;
    taint(0, 100);
    successor.inherit(at(320), spent);
    std::size_t evicted = 0;
    for (TimePoint now = at(320); now < end; now = now + seconds(1)) evicted += tick(now).size();
    return evicted;
  }
  Evictor successor{{}, world.catalog};
};

TEST_F(SuccessorTest, TheNextLeaderGoesOnFromWhatTheLastHasSpent) {
  taint(0, 15);
  EXPECT_EQ(tick(at(310)).size(), 15U);
  const model::SpentEvictions spent = evictor.spent(at(312));
  EXPECT_EQ(succeed(spent, at(800)), 5U);  // 20 are the cap: 5 % of 400
  EXPECT_TRUE(successor.paused());
}

TEST_F(SuccessorTest, WhatWasSpentCountsNoLongerAWindowAfterItsEviction) {
  taint(0, 20);
  EXPECT_EQ(tick(at(310)).size(), 20U);
  const model::SpentEvictions spent = evictor.spent(at(312));
  EXPECT_EQ(succeed(spent, at(910)), 0U);
  EXPECT_EQ(tick(at(918)).size(), 19U);  // later by as much as the change has taken; 380 are left
}

TEST_F(SuccessorTest, EvictionsThatWereNotWrittenDownAnyMoreAreFoundInTheView) {
  taint(0, 8);
  EXPECT_EQ(tick(at(310)).size(), 8U);
  const model::SpentEvictions spent = evictor.spent(at(311));
  taint(8, 15);
  EXPECT_EQ(tick(at(312)).size(), 7U);
  EXPECT_EQ(succeed(spent, at(800)), 5U);
}

TEST_F(SuccessorTest, PodsThatUsersDeleteAreNoEvictions) {
  taint(0, 8);
  EXPECT_EQ(tick(at(310)).size(), 8U);
  const model::SpentEvictions spent = evictor.spent(at(311));
  for (int i = 0; i < 7; ++i) {
    model::Pod deleted = world.pod(Uid{7}, world.spec(), NodeId{300});
    deleted.meta.deleted_at = at(312);
    world.put(deleted);
  }
  EXPECT_EQ(succeed(spent, at(800)), 12U);
}

TEST_F(SuccessorTest, ALeaderWithoutAPredecessorHasItsWholeCap) {
  EXPECT_EQ(succeed({}, at(800)), 20U);
}

TEST_F(SuccessorTest, WhatIsLeftToTheNextIsShortHoweverManyTimesThereWere) {
  Evictor slow({.qps = 1, .burst = 1}, world.catalog);
  current = &slow;
  taint(0, 20);
  std::size_t evicted = 0;
  for (TimePoint now = at(300); now < at(330); now = now + seconds(1)) evicted += tick(now).size();
  ASSERT_EQ(evicted, 20U);
  const model::SpentEvictions spent = slow.spent(at(330));
  EXPECT_LE(spent.parts.size(), 11U);
  std::int32_t total = 0;
  for (const auto& part : spent.parts) total += part.count;
  EXPECT_EQ(total, 20);
  EXPECT_EQ(slow.spent(at(2000)).parts.size(), 0U);
}

TEST_F(EvictorTest, AConflictIsLookedAtAgain) {
  const Uid uid = run(1);
  node(1, kA, {unreachable(0)});
  Effects out;
  evictor.tick(at(300), world.pods, out);
  ASSERT_EQ(out.pods.size(), 1U);
  world.put(*world.pods.find(uid), on_pod());  // somebody else wrote the pod meanwhile
  EXPECT_EQ(world.commit(out.pods, on_pod()), 1);
  EXPECT_EQ(tick(at(301)), std::vector<Uid>{uid});
}

TEST_F(EvictorTest, ALostZoneIsEvictedByPriorityThenWorkloadThenUid) {
  node(1, kA);
  node(2, kB);
  const Uid low = run(1, Uid{9}, world.spec(1, 0));
  const Uid high = run(1, Uid{9}, world.spec(1, 100));
  const Uid first = run(1, Uid{8}, world.spec(1, 0));
  run(2, Uid{8}, world.spec(1, 0));
  run(1, Uid{});  // nothing would replace it
  evictor.on_free_capacity({1000, 1000});
  lose(kA, at(10));
  EXPECT_EQ(evictor.next_tick(at(10)), at(10));
  EXPECT_EQ(tick(at(10)), (std::vector<Uid>{high, first, low}));
  EXPECT_EQ(evictor.waiting(), 0U);
}

TEST_F(EvictorTest, EvictionsStayWithinTheFreeCapacityElsewhereAndGoOnAsReplacementsAreBound) {
  node(1, kA);
  node(2, kB);
  for (int i = 0; i < 5; ++i) run(1, Uid{7}, world.spec(100));
  evictor.on_free_capacity({250, 10'000});
  lose(kA, at(1));
  EXPECT_EQ(tick(at(1)).size(), 2U);
  EXPECT_EQ(evictor.next_tick(at(1)), TimePoint::max());  // waits for capacity, not for time
  EXPECT_TRUE(tick(at(2)).empty());
  run(2, Uid{7}, world.spec(100));
  EXPECT_EQ(tick(at(3)).size(), 1U);
  evictor.on_free_capacity({1000, 10'000});
  EXPECT_EQ(tick(at(4)).size(), 2U);
}

TEST_F(EvictorTest, EachTickEvictsOneBatch) {
  Evictor small({.zone_batch = 10}, world.catalog);
  model::Node lost;
  lost.id = NodeId{1};
  lost.zone = kA;
  small.on_node(at(0), lost, world.pods);
  for (int i = 0; i < 25; ++i) world.put(world.pod(Uid{7}, world.spec(1), NodeId{1}));
  small.on_free_capacity({1000, 1000});
  Effects out;
  small.on_zone_lost(at(1), kA, world.pods, out);
  small.tick(at(1), world.pods, out);
  EXPECT_EQ(out.pods.size(), 10U);
  small.tick(at(1), world.pods, out);
  EXPECT_EQ(out.pods.size(), 10U);
  EXPECT_EQ(small.next_tick(at(1)), at(1) + milliseconds(10));
  small.tick(small.next_tick(at(1)), world.pods, out);
  EXPECT_EQ(out.pods.size(), 20U);
}

TEST_F(EvictorTest, TheReturnOfTheZoneStopsItAtOnce) {
  node(1, kA);
  for (int i = 0; i < 5; ++i) run(1, Uid{7}, world.spec(100));
  evictor.on_free_capacity({200, 200});
  lose(kA, at(1));
  EXPECT_EQ(tick(at(1)).size(), 2U);
  evictor.on_zone_back(kA);
  evictor.on_free_capacity({10'000, 10'000});
  EXPECT_TRUE(tick(at(2)).empty());
  EXPECT_EQ(evictor.next_tick(at(2)), TimePoint::max());
}

TEST_F(EvictorTest, TaintsInALostZoneWaitForItsReturn) {
  run(1);
  node(1, kA, {unreachable(0)});
  lose(kA, at(1));  // no capacity known: nothing goes
  EXPECT_TRUE(tick(at(300)).empty());
  evictor.on_zone_back(kA);
  EXPECT_EQ(tick(at(301)).size(), 1U);
}

TEST_F(EvictorTest, NoPodOfALostZoneIsOrderedTwice) {
  for (std::uint32_t i = 0; i < 1000; ++i) node(i, kA);
  const SpecId spec = world.spec(1);
  for (std::uint32_t i = 0; i < 30'000; ++i) {
    world.put(world.pod(Uid{1 + i % 50}, spec, NodeId{i % 1000}), on_pod());
  }
  evictor.on_free_capacity({1'000'000, 1'000'000});
  lose(kA, at(1));
  std::set<Uid> evicted;
  for (TimePoint now = at(1); now != TimePoint::max(); now = evictor.next_tick(now)) {
    for (const Uid uid : tick(now)) EXPECT_TRUE(evicted.insert(uid).second);
  }
  EXPECT_EQ(evicted.size(), 30'000U);
}

}  // namespace
}  // namespace arcas::controllers
