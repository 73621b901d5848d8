#include "sim/engine/engine.h"

#include <gtest/gtest.h>

namespace arcas::sim {
namespace {

HashChain run_chain(std::uint64_t payload_of_third) {
  Engine engine;
  for (std::uint64_t i = 0; i < 5; ++i) {
    engine.schedule(TimePoint{static_cast<std::int64_t>(10 * i)},
                    {1, 2, i == 2 ? payload_of_third : i});
  }
  engine.run([](const Event&) { return true; });
  return engine.trace();
}

TEST(EngineTest, TheSameEventsGiveTheSameHashAndOneOtherBitAnother) {
  EXPECT_EQ(run_chain(2), run_chain(2));
  EXPECT_NE(run_chain(2), run_chain(3));
}

TEST(EngineTest, TheTimeOfAnEventIsPartOfTheHash) {
  Engine early;
  Engine late;
  early.schedule(TimePoint{1}, {1, 1, 1});
  late.schedule(TimePoint{2}, {1, 1, 1});
  early.advance();
  late.advance();
  EXPECT_NE(early.trace(), late.trace());
}

TEST(EngineTest, ThePastMeansNow) {
  Engine engine;
  engine.schedule(TimePoint{100}, {1, 0, 0});
  engine.advance();
  engine.schedule(TimePoint{5}, {2, 0, 0});
  EXPECT_EQ(engine.next_time(), TimePoint{100});
  EXPECT_EQ(engine.advance().kind, 2U);
  EXPECT_EQ(engine.now(), TimePoint{100});
}

TEST(EngineTest, ACancelledTimerLeavesNoTrace) {
  Engine with;
  Engine without;
  with.schedule(TimePoint{1}, {1, 0, 0});
  without.schedule(TimePoint{1}, {1, 0, 0});
  const EventHandle handle = with.schedule_cancellable(TimePoint{1}, {9, 9, 9});
  with.schedule(TimePoint{3}, {2, 0, 0});
  without.schedule(TimePoint{3}, {2, 0, 0});
  EXPECT_TRUE(with.cancel(handle));
  with.run([](const Event&) { return true; });
  without.run([](const Event&) { return true; });
  EXPECT_EQ(with.trace(), without.trace());
  EXPECT_EQ(with.dispatched(), 2U);
}

TEST(EngineTest, AHandlerThatSaysFalseStopsTheRun) {
  Engine engine;
  for (std::uint32_t i = 0; i < 10; ++i) engine.schedule(TimePoint{i}, {i, 0, 0});
  EXPECT_EQ(engine.run([](const Event& event) { return event.kind < 3; }), 4U);
  EXPECT_EQ(engine.pending(), 6U);
}

TEST(EngineTest, CheckpointsTellWhereTwoRunsPart) {
  const auto checkpoints = [](std::int64_t odd_one) {
    Engine engine;
    for (std::int64_t i = 0; i < 200'000; ++i) {
      engine.schedule(TimePoint{i}, {1, 1, static_cast<std::uint64_t>(i == odd_one)});
    }
    engine.run([](const Event&) { return true; });
    return engine.checkpoints();
  };
  const auto a = checkpoints(-1);
  const auto b = checkpoints(100'000);
  ASSERT_EQ(a.size(), 3U);
  ASSERT_EQ(b.size(), 3U);
  EXPECT_EQ(a[0].events, 65'536U);
  EXPECT_EQ(a[0].hash, b[0].hash);
  EXPECT_NE(a[1].hash, b[1].hash);
  EXPECT_NE(a[2].hash, b[2].hash);
}

}  // namespace
}  // namespace arcas::sim
