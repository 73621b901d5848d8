#include "real/loop/event_loop.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace arcas::real {
namespace {

TEST(EventLoopTest, PostedWorkRunsInOrderAndNeverInsideTheCall) {
  EventLoop loop;
  std::string seen;
  loop.post([&] {
    seen += "a";
    loop.post([&] {
      seen += "c";
      loop.stop();
    });
    seen += "b";
  });
  EXPECT_EQ(seen, "");
  loop.run();
  EXPECT_EQ(seen, "abc");
}

TEST(EventLoopTest, TimersFireInTheOrderOfTimeAndThenOfTheCalls) {
  EventLoop loop;
  std::string seen;
  const TimePoint soon = loop.now() + milliseconds(5);
  loop.at(soon + milliseconds(5), [&] { loop.stop(); });
  loop.at(soon, [&] { seen += "b"; });
  loop.at(soon, [&] { seen += "c"; });
  loop.at(loop.now(), [&] { seen += "a"; });
  loop.at(TimePoint::max(), [&] { seen += "never"; });
  loop.run();
  EXPECT_EQ(seen, "abc");
}

TEST(EventLoopTest, ATimerDoesNotFireBeforeItsTime) {
  EventLoop loop;
  const TimePoint wanted = loop.now() + milliseconds(20);
  TimePoint fired;
  loop.at(wanted, [&] {
    fired = loop.now();
    loop.stop();
  });
  loop.run();
  EXPECT_GE(fired, wanted);
}

TEST(EventLoopTest, ACancelledTimerDoesNotFire) {
  EventLoop loop;
  bool fired = false;
  const std::uint64_t timer = loop.at(loop.now() + milliseconds(1), [&] { fired = true; });
  loop.at(loop.now() + milliseconds(5), [&] { loop.stop(); });
  loop.cancel(timer);
  loop.cancel(timer + 100);
  loop.run();
  EXPECT_FALSE(fired);
}

TEST(EventLoopTest, ATimerThatArmsItselfForThePastLetsPostedWorkHaveItsTurn) {
  EventLoop loop;
  int rounds = 0;
  std::function<void()> again = [&] {
    ++rounds;
    loop.at(loop.now(), again);
  };
  loop.at(loop.now(), again);
  loop.at(loop.now() + milliseconds(5), [&] { loop.post([&] { loop.stop(); }); });
  loop.run();
  EXPECT_GT(rounds, 1);
}

TEST(EventLoopTest, ManyThreadsMayPost) {
  EventLoop loop;
  constexpr int kEach = 1000;
  int seen = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < kEach; ++i) {
        loop.post([&] {
          if (++seen == 4 * kEach) loop.stop();
        });
      }
    });
  }
  loop.run();
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen, 4 * kEach);
}

}  // namespace
}  // namespace arcas::real
