#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "sim/world/world.h"

namespace arcas::sim {
namespace {

class Listening final : public ports::Actor {
 public:
  void on_start() override {}
  void on_message(ActorId, ports::Message&) override { ++messages; }
  void on_timer(std::uint64_t) override {}
  void on_peer_lost(ActorId) override { ++lost; }
  int messages = 0;
  int lost = 0;
};

/// Two actors in two zones; `a` watches its session with `b`.
class Sessions : public testing::Test, public World::NoteSink {
 protected:
  Sessions() {
    for (const char* name : {"a", "b"}) {
      const ZoneId zone = region.add_zone(name);
      region.add_rack(zone);
      hosts.push_back(region.add_control_host(zone));
    }
    region.finish();
    a = world.add_actor(hosts[0]);
    b = world.add_actor(hosts[1]);
    world.bind_actor(a, left);
    world.bind_actor(b, right);
    world.start_all();
    run_until(TimePoint{} + seconds(1));
    world.monitor(a, b);
  }
  void on_note(TimePoint, ActorId, std::string_view, std::uint64_t, std::int64_t) override {}
  void run_until(TimePoint end) {
    while (!engine.empty() && engine.next_time() <= end) world.dispatch(engine.advance());
    engine.schedule(end, {static_cast<std::uint32_t>(EventKind::sample), 0, 0});
    engine.advance();
  }
  /// What ails all that the host of `b` sends and gets.
  static LinkTrouble trouble(LinkTrouble::What what, Duration delay, std::uint32_t per_million,
                             Duration period = {}, std::uint32_t larger_than = 0) {
    LinkTrouble trouble;
    trouble.period = period;
    trouble.larger_than = larger_than;
    trouble.what = what;
    trouble.delay = delay;
    trouble.per_million = per_million;
    return trouble;
  }
  void ail(LinkTrouble trouble) {
    trouble.from = {Domain::Kind::host, hosts[1].index};
    world.begin_trouble(trouble);
  }
  void cut(bool on) {
    if (on) {
      region.cut_zone_link(ZoneId{0}, ZoneId{1});
      region.cut_zone_link(ZoneId{1}, ZoneId{0});
    } else {
      region.heal_zone_link(ZoneId{0}, ZoneId{1});
      region.heal_zone_link(ZoneId{1}, ZoneId{0});
    }
    region.publish(engine.now());
  }

  Engine engine;
  Region region{LinkConfig{}, RandomStream(1)};
  World world{{1, seconds(3), false}, engine, region, *this};
  Listening left;
  Listening right;
  std::vector<HostId> hosts;
  ActorId a;
  ActorId b;
};

TEST_F(Sessions, AShortCutInWhichNothingWasSentIsSurvived) {
  cut(true);
  run_until(TimePoint{} + seconds(2));
  cut(false);
  run_until(TimePoint{} + seconds(10));
  EXPECT_EQ(left.lost, 0);
}

TEST_F(Sessions, AShortCutThatSwallowedAMessageEndsTheSession) {
  cut(true);
  world.send(b, a, ports::ZoneProbe{}, {});
  run_until(TimePoint{} + seconds(2));
  cut(false);
  world.send(b, a, ports::ZoneProbe{}, {});
  run_until(TimePoint{} + seconds(10));
  EXPECT_EQ(left.messages, 1);
  EXPECT_EQ(left.lost, 1);
}

TEST_F(Sessions, AMessageUnderWayWhenTheLinkIsCutCountsAsLost) {
  world.send(b, a, ports::ZoneProbe{}, {});
  cut(true);
  run_until(TimePoint{} + seconds(2));
  cut(false);
  run_until(TimePoint{} + seconds(10));
  EXPECT_EQ(left.messages, 0);
  EXPECT_EQ(left.lost, 1);
}

TEST_F(Sessions, AProcessThatIsBackAtOnceEndsItsOldSessionWithItsFirstWord) {
  region.set_down(hosts[1], DownReason::crash, true);
  region.publish(engine.now());
  run_until(TimePoint{} + milliseconds(1500));
  region.set_down(hosts[1], DownReason::crash, false);
  region.publish(engine.now());
  run_until(TimePoint{} + seconds(2));
  EXPECT_EQ(left.lost, 0);
  world.send(b, a, ports::ZoneProbe{}, {});
  run_until(TimePoint{} + milliseconds(2100));
  EXPECT_EQ(left.lost, 1);
  EXPECT_EQ(left.messages, 1);
  world.monitor(a, b);
  run_until(TimePoint{} + seconds(10));
  EXPECT_EQ(left.lost, 1);  // the new session lives
}

TEST_F(Sessions, OneThatIsBackAtOnceAndSaysNothingIsMissedWhenTheKeepAliveEnds) {
  region.set_down(hosts[1], DownReason::crash, true);
  region.publish(engine.now());
  run_until(TimePoint{} + milliseconds(1500));
  region.set_down(hosts[1], DownReason::crash, false);
  region.publish(engine.now());
  run_until(TimePoint{} + seconds(10));
  EXPECT_EQ(left.lost, 1);
}

TEST_F(Sessions, LateMessagesOfAPairStayInOrder) {
  struct Numbers final : ports::Actor {
    void on_start() override {}
    void on_message(ActorId, ports::Message& message) override {
      seen.push_back(std::get<ports::ZoneProbe>(message).sequence);
    }
    void on_timer(std::uint64_t) override {}
    std::vector<std::uint64_t> seen;
  } numbers;
  world.bind_actor(a, numbers);
  ail(trouble(LinkTrouble::What::delay, seconds(2), 0));
  for (std::uint64_t i = 0; i < 100; ++i) world.send(b, a, ports::ZoneProbe{i, {}}, {});
  run_until(TimePoint{} + seconds(10));
  ASSERT_EQ(numbers.seen.size(), 100U);
  EXPECT_TRUE(std::is_sorted(numbers.seen.begin(), numbers.seen.end()));
}

TEST_F(Sessions, LostPacketsAreSentAgainUntilTheKeepAliveGivesTheSessionUp) {
  ail(trouble(LinkTrouble::What::loss, Duration{}, 200'000));
  for (int i = 0; i < 30; ++i) world.send(b, a, ports::ZoneProbe{}, {});
  run_until(TimePoint{} + seconds(5));
  EXPECT_EQ(left.messages, 30);
  EXPECT_EQ(left.lost, 0);
  ail(trouble(LinkTrouble::What::loss, Duration{}, 1'000'000));
  world.send(b, a, ports::ZoneProbe{}, {});
  run_until(TimePoint{} + seconds(10));
  EXPECT_EQ(left.messages, 30);
  EXPECT_EQ(left.lost, 1);
}

TEST_F(Sessions, RepeatedMessagesArriveTwice) {
  ail(trouble(LinkTrouble::What::repeat, Duration{}, 1'000'000));
  world.send(b, a, ports::ZoneProbe{}, {});
  run_until(TimePoint{} + seconds(5));
  EXPECT_EQ(left.messages, 2);
}

TEST_F(Sessions, LargeMessagesEndTheSessionAndSmallOnesArrive) {
  ail(trouble(LinkTrouble::What::large_loss, Duration{}, 0, Duration{}, 2));
  ports::ClaimRequest large;
  large.items.resize(3);
  world.send(b, a, ports::ZoneProbe{}, {});
  world.send(b, a, large, {});
  run_until(TimePoint{} + seconds(5));
  EXPECT_EQ(left.messages, 1);
  EXPECT_EQ(left.lost, 1);
}

/// Until both ends know, one writes into a connection that is gone.
TEST_F(Sessions, WhatIsSentIntoAHalfOpenSessionIsLostAndTheFirstWordOfTheNextEndsIt) {
  world.monitor(b, a);
  ail(trouble(LinkTrouble::What::large_loss, Duration{}, 0, Duration{}, 2));
  ports::ClaimRequest large;
  large.items.resize(3);
  world.send(b, a, large, {});
  bool half_open = false;
  for (int i = 0; i < 40; ++i) {
    run_until(engine.now() + milliseconds(50));
    if (left.lost + right.lost != 1) continue;
    const bool left_knows = left.lost == 1;
    const ActorId knows = left_knows ? a : b;
    const ActorId waits = left_knows ? b : a;
    Listening& waiting = left_knows ? right : left;
    half_open = true;
    world.send(waits, knows, ports::ZoneProbe{}, {});
    run_until(engine.now() + milliseconds(50));
    EXPECT_EQ(left.messages + right.messages, 0);
    world.send(knows, waits, ports::ZoneProbe{}, {});
    run_until(engine.now() + milliseconds(50));
    EXPECT_EQ(waiting.messages, 1);
    EXPECT_EQ(waiting.lost, 1);
    break;
  }
  EXPECT_TRUE(half_open);
  run_until(TimePoint{} + seconds(20));
  EXPECT_EQ(left.lost, 1);  // and it is told once
  EXPECT_EQ(right.lost, 1);
}

TEST_F(Sessions, AClogHoldsBackAndLosesNothing) {
  ail(trouble(LinkTrouble::What::clog, seconds(2), 0, seconds(4)));
  int late = 0;
  for (int i = 0; i < 200; ++i) {
    world.send(b, a, ports::ZoneProbe{}, {});
    run_until(engine.now() + milliseconds(100));
    late += left.messages <= i ? 1 : 0;
  }
  run_until(engine.now() + seconds(5));
  EXPECT_EQ(left.messages, 200);
  EXPECT_EQ(left.lost, 0);
  EXPECT_GT(late, 10);
  EXPECT_LT(late, 150);
}

TEST_F(Sessions, TroubleThatEndsLeavesNothingBehind) {
  LinkTrouble slow = trouble(LinkTrouble::What::delay, seconds(2), 0);
  slow.from = {Domain::Kind::host, hosts[1].index};
  world.begin_trouble(slow);
  world.send(b, a, ports::ZoneProbe{}, {});
  world.end_trouble(slow);
  run_until(TimePoint{} + seconds(5));
  world.send(b, a, ports::ZoneProbe{}, {});
  run_until(engine.now() + milliseconds(2));
  EXPECT_EQ(left.messages, 2);
}

TEST_F(Sessions, EachHasItsOwnClockAndTimersGoByIt) {
  struct Timed final : ports::Actor {
    void on_start() override {}
    void on_message(ActorId, ports::Message&) override {}
    void on_timer(std::uint64_t) override { fired = world->now(); }
    World* world = nullptr;
    TimePoint fired{-1};
  } timed;
  timed.world = &world;
  world.bind_actor(b, timed);
  const ports::Clock& clock = world.clock_of(b);
  world.set_clock(hosts[1], hours(1));
  EXPECT_EQ(clock.now(), world.now() + hours(1));
  EXPECT_EQ(world.clock_of(a).now(), world.now());
  world.arm(b, clock.now() + seconds(2), 0);
  run_until(TimePoint{} + seconds(10));
  EXPECT_EQ(timed.fired, TimePoint{} + seconds(3));
  world.set_clock(hosts[1], Duration{-hours(1).ns});
  EXPECT_EQ(clock.now(), world.now() - hours(1));
}

TEST_F(Sessions, ALongCutEndsTheSessionInAnyCase) {
  cut(true);
  run_until(TimePoint{} + seconds(10));
  EXPECT_EQ(left.lost, 1);
}

}  // namespace
}  // namespace arcas::sim
