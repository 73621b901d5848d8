#include <gtest/gtest.h>

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
