#include "real/loop/role_host.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace arcas::real {
namespace {

/// Writes down what it is told.
struct Recorder final : ports::Actor {
  explicit Recorder(std::string& log_) : log(log_) {}
  void on_start() override { log += "start "; }
  void on_stop() override { log += "stop "; }
  void on_message(ActorId from, ports::Message& message) override {
    if (const auto* probe = std::get_if<ports::ZoneProbe>(&message)) {
      log += std::to_string(from.index) + ":" + std::to_string(probe->sequence) + " ";
    }
    if (std::holds_alternative<ports::NodeHeartbeat>(message)) {
      ++heartbeats;
      if (on_heartbeat) on_heartbeat();
    }
  }
  void on_timer(std::uint64_t tag) override { log += "timer" + std::to_string(tag) + " "; }
  void on_peer_lost(ActorId peer) override { log += "lost" + std::to_string(peer.index) + " "; }
  std::string& log;
  int heartbeats = 0;
  std::function<void()> on_heartbeat;
};

struct RoleHostTest : testing::Test {
  RoleHostTest() {
    a = host.reserve();
    b = host.reserve();
    host.start(a, first);
    host.start(b, second);
  }
  /// Runs until everything that is posted and due within some milliseconds is done.
  void run(Duration time = milliseconds(15)) {
    loop.at(loop.now() + time, [this] { loop.stop(); });
    loop.run();
  }
  static ports::ZoneProbe probe(std::uint64_t sequence) { return {sequence, ZoneId{0}}; }

  EventLoop loop;
  std::vector<std::string> noted;
  RoleHost host{loop, [this](ActorId, std::string_view what, std::uint64_t, std::int64_t) {
                  noted.emplace_back(what);
                }};
  std::string log_a, log_b;
  Recorder first{log_a}, second{log_b};
  ActorId a, b;
};

TEST_F(RoleHostTest, MessagesArriveInOrderAfterTheStartAndNotInsideTheCall) {
  host.send(a, b, probe(1), {});
  host.send(a, b, probe(2), {});
  EXPECT_EQ(log_b, "");
  run();
  EXPECT_EQ(log_a, "start ");
  EXPECT_EQ(log_b, "start 0:1 0:2 ");
}

TEST_F(RoleHostTest, AMessageForLaterWaitsAndTimersFireByTime) {
  host.send(a, b, probe(2), loop.now() + milliseconds(6));
  host.arm(b, loop.now() + milliseconds(3), 7);
  host.send(a, b, probe(1), {});
  run();
  EXPECT_EQ(log_b, "start 0:1 timer7 0:2 ");
}

TEST_F(RoleHostTest, WhatWasForAStoppedRoleDoesNotReachTheOneThatComesAfterIt) {
  host.send(a, b, probe(1), loop.now() + milliseconds(4));
  host.arm(b, loop.now() + milliseconds(2), 7);
  host.send(a, b, probe(2), {});
  host.stop(b);
  host.start(b, second);
  run();
  // The message for later was not sent yet when b ended; it finds the new one.
  EXPECT_EQ(log_b, "stop start 0:1 ");
}

TEST_F(RoleHostTest, WhoMonitorsARoleIsToldOfItsEndOnce) {
  host.monitor(a, b);
  host.monitor(a, b);
  loop.post([&] {
    host.stop(b);
    host.stop(b);
  });
  run();
  EXPECT_EQ(log_a, "start lost1 ");
  host.monitor(a, b);  // is not there any more
  run();
  EXPECT_EQ(log_a, "start lost1 lost1 ");
}

TEST_F(RoleHostTest, HeartbeatsGoOnUntilTheyAreStoppedOrTheSenderEnds) {
  second.on_heartbeat = [&] {
    if (second.heartbeats == 3) host.stop_sending(a);
  };
  host.keep_sending(a, b, {NodeId{5}, 1}, milliseconds(1));
  run(milliseconds(30));
  EXPECT_EQ(second.heartbeats, 3);
}

TEST_F(RoleHostTest, ANewStreamOfHeartbeatsReplacesTheOld) {
  host.keep_sending(a, b, {NodeId{5}, 1}, milliseconds(1));
  host.keep_sending(a, b, {NodeId{5}, 1}, hours(1));
  run();
  EXPECT_EQ(second.heartbeats, 1) << "the first of the new one, at once";
}

TEST_F(RoleHostTest, NotesAreHandedOn) {
  host.note(a, "leads", 1, 2);
  EXPECT_EQ(noted, std::vector<std::string>{"leads"});
}

TEST_F(RoleHostTest, WorkForARoleThatEndedIsDropped) {
  host.deliver(b, [](ports::Actor& actor) { actor.on_timer(9); });
  host.stop(b);
  run();
  EXPECT_EQ(log_b, "stop ");
}

}  // namespace
}  // namespace arcas::real
