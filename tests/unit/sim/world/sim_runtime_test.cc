#include "sim/world/sim_runtime.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace arcas::sim {
namespace {

using ports::RuntimeEvent;

class Log final : public RuntimeObserver {
 public:
  void on_running(Uid pod, NodeId node, TimePoint) override { add("+", pod, node); }
  void on_stopped(Uid pod, NodeId node, StopCause cause, TimePoint) override {
    add(cause == StopCause::host_crash ? "x" : "-", pod, node);
  }
  std::string text;

 private:
  void add(const char* sign, Uid pod, NodeId node) {
    text += sign + std::to_string(pod.sequence()) + "@" + std::to_string(node.index) + " ";
  }
};

class SimRuntimeTest : public ::testing::Test {
 protected:
  static RuntimeConfig config() {
    RuntimeConfig value;
    value.parallel_pulls = 2;
    value.pull_bytes_per_second = 2'000'000'000;  // 1 GB/s for each lane
    return value;
  }
  SimRuntimeTest() : runtime(config(), catalog, 3, RandomStream(5)) { runtime.set_observer(&log); }

  SpecId container(const std::string& image, std::int64_t run_seconds = -1) {
    model::PodSpec spec;
    model::Container part;
    part.image = catalog.intern(image);
    part.requests.set(model::kCpu, part.image.index);
    spec.containers.push_back(part);
    spec.run_seconds = run_seconds;
    runtime.set_image_bytes(part.image, 1'000'000'000);
    return catalog.intern_spec(spec);
  }
  static Uid uid(std::uint64_t sequence) { return Uid::make(1, sequence); }
  static constexpr NodeId kNode{0};
  static constexpr TimePoint kStart{0};
  static constexpr Duration kPull = seconds(1);

  model::Catalog catalog;
  Log log;
  SimRuntime runtime;
};

TEST_F(SimRuntimeTest, APodPullsItsImageOnceAndStartsWithinTheRange) {
  const SpecId spec = container("web");
  const RuntimeOutcome first = runtime.start(kStart, kNode, uid(1), spec);
  ASSERT_TRUE(first.has_timer);
  EXPECT_GE(first.at, kStart + kPull + milliseconds(300));
  EXPECT_LE(first.at, kStart + kPull + milliseconds(1500));
  EXPECT_FALSE(runtime.has_image(kNode, catalog.intern("web"), kStart));
  const RuntimeOutcome started = runtime.complete(first.at, first.token);
  ASSERT_TRUE(started.has_event);
  EXPECT_FALSE(started.has_timer);
  EXPECT_EQ(started.event.type, RuntimeEvent::Type::started);
  EXPECT_EQ(started.event.pod, uid(1));
  EXPECT_EQ(runtime.state(kNode, uid(1)), SimRuntime::State::running);
  EXPECT_EQ(log.text, "+1@0 ");

  const RuntimeOutcome second = runtime.start(first.at, kNode, uid(2), spec);
  EXPECT_LE(second.at, first.at + milliseconds(1500));
  EXPECT_TRUE(runtime.has_image(kNode, catalog.intern("web"), first.at));
}

TEST_F(SimRuntimeTest, PullsShareTheLanesInTheOrderTheyCame) {
  std::vector<std::int64_t> whole_seconds;
  for (int i = 0; i < 5; ++i) {
    const SpecId spec = container("image" + std::to_string(i));
    const auto number = static_cast<std::uint64_t>(i + 1);
    const RuntimeOutcome outcome = runtime.start(kStart, kNode, uid(number), spec);
    // Starting takes 0.3 s to 1.5 s, pulling 1 s in each of two lanes.
    whole_seconds.push_back((outcome.at - kStart - milliseconds(300)).ns / seconds(1).ns);
  }
  for (std::size_t i = 0; i < whole_seconds.size(); ++i) {
    const auto round = static_cast<std::int64_t>(i / 2 + 1);
    EXPECT_GE(whole_seconds[i], round) << i;
    EXPECT_LE(whole_seconds[i], round + 1) << i;
  }
}

TEST_F(SimRuntimeTest, AVirtualMachineTakesItsBootTime) {
  model::PodSpec spec;
  spec.workload = model::WorkloadType::vm;
  const RuntimeOutcome outcome = runtime.start(kStart, kNode, uid(1), catalog.intern_spec(spec));
  EXPECT_GE(outcome.at, kStart + seconds(8));
  EXPECT_LE(outcome.at, kStart + seconds(20));
}

TEST_F(SimRuntimeTest, WorkThatTakesAWhileSucceedsAndIsGone) {
  const RuntimeOutcome start = runtime.start(kStart, kNode, uid(1), container("job", 60));
  const RuntimeOutcome started = runtime.complete(start.at, start.token);
  ASSERT_TRUE(started.has_timer);
  EXPECT_EQ(started.at, start.at + seconds(60));
  const RuntimeOutcome done = runtime.complete(started.at, started.token);
  EXPECT_EQ(done.event.type, RuntimeEvent::Type::succeeded);
  EXPECT_EQ(runtime.pods_on(kNode), 0U);
  EXPECT_EQ(log.text, "+1@0 -1@0 ");
  EXPECT_FALSE(runtime.complete(started.at, started.token).has_event);  // stale
}

TEST_F(SimRuntimeTest, AStopOvertakesTheStartAndTheStaleCompletionDoesNothing) {
  const RuntimeOutcome start = runtime.start(kStart, kNode, uid(1), container("web"));
  const RuntimeOutcome stop = runtime.stop(kStart + milliseconds(1), kNode, uid(1), seconds(30));
  ASSERT_TRUE(stop.has_timer);
  EXPECT_LE(stop.at, kStart + seconds(3));
  EXPECT_FALSE(runtime.complete(start.at, start.token).has_event);
  const RuntimeOutcome stopped = runtime.complete(stop.at, stop.token);
  EXPECT_EQ(stopped.event.type, RuntimeEvent::Type::stopped);
  EXPECT_EQ(log.text, "");  // it never ran
}

TEST_F(SimRuntimeTest, AShorterGraceBringsTheEndNearer) {
  const RuntimeOutcome start = runtime.start(kStart, kNode, uid(1), container("web"));
  runtime.complete(start.at, start.token);
  const RuntimeOutcome slow = runtime.stop(start.at, kNode, uid(1), seconds(30));
  const RuntimeOutcome again = runtime.stop(start.at, kNode, uid(1), seconds(30));
  EXPECT_FALSE(again.has_timer || again.has_event);
  const RuntimeOutcome fast = runtime.stop(start.at, kNode, uid(1), milliseconds(1));
  ASSERT_TRUE(fast.has_timer);
  EXPECT_EQ(fast.at, start.at + milliseconds(1));
  EXPECT_TRUE(runtime.complete(fast.at, fast.token).has_event);
  EXPECT_FALSE(runtime.complete(slow.at, slow.token).has_event);
}

TEST_F(SimRuntimeTest, StoppingWhatIsNotThereAnswersAtOnce) {
  const RuntimeOutcome outcome = runtime.stop(kStart, kNode, uid(9), seconds(30));
  EXPECT_TRUE(outcome.has_event);
  EXPECT_EQ(outcome.event.type, RuntimeEvent::Type::stopped);
}

TEST_F(SimRuntimeTest, ACrashTakesEverythingButFinishedImages) {
  const SpecId spec = container("web");
  const RuntimeOutcome first = runtime.start(kStart, kNode, uid(1), spec);
  runtime.complete(first.at, first.token);
  const RuntimeOutcome second = runtime.start(first.at, kNode, uid(2), container("other"));
  runtime.crash(first.at + milliseconds(1), kNode);
  EXPECT_EQ(runtime.pods_on(kNode), 0U);
  EXPECT_EQ(runtime.running_count(), 0U);
  EXPECT_FALSE(runtime.complete(second.at, second.token).has_event);
  EXPECT_TRUE(runtime.has_image(kNode, catalog.intern("web"), first.at));
  EXPECT_FALSE(runtime.has_image(kNode, catalog.intern("other"), second.at));
  EXPECT_EQ(log.text, "+1@0 x1@0 ");
}

TEST_F(SimRuntimeTest, APodCanRunTwiceAndBothCopiesAreKnown) {
  const SpecId spec = container("web");
  const RuntimeOutcome here = runtime.start(kStart, NodeId{0}, uid(1), spec);
  const RuntimeOutcome there = runtime.start(kStart, NodeId{1}, uid(1), spec);
  runtime.complete(here.at, here.token);
  runtime.complete(there.at, there.token);
  EXPECT_EQ(runtime.running_count(), 2U);
  runtime.crash(here.at, NodeId{0});
  EXPECT_EQ(runtime.state(NodeId{1}, uid(1)), SimRuntime::State::running);
  const RuntimeOutcome stop = runtime.stop(there.at, NodeId{1}, uid(1), seconds(1));
  EXPECT_TRUE(runtime.complete(stop.at, stop.token).has_event);
  EXPECT_EQ(runtime.running_count(), 0U);
}

TEST_F(SimRuntimeTest, ARestartedAgentFindsThePodsOldestFirst) {
  const SpecId spec = container("web");
  for (const std::uint64_t number : {3U, 1U, 2U}) runtime.start(kStart, kNode, uid(number), spec);
  const RuntimeOutcome stop = runtime.stop(kStart, kNode, uid(1), Duration{0});
  runtime.complete(stop.at, stop.token);
  std::vector<std::uint64_t> found;
  runtime.for_each_on_node(
      kNode, [&](Uid pod, SpecId, SimRuntime::State) { found.push_back(pod.sequence()); });
  EXPECT_EQ(found, (std::vector<std::uint64_t>{3, 2}));
}

TEST(SimRuntime, TheLeastRecentlyUsedImageGoesFirst) {
  model::Catalog catalog;
  RuntimeConfig config;
  config.image_cache_bytes = 250;
  config.pull_bytes_per_second = 1'000'000'000;
  SimRuntime runtime(config, catalog, 1, RandomStream(5));
  TimePoint now{0};
  std::uint64_t sequence = 0;
  const auto use = [&](const char* image) {
    model::PodSpec spec;
    model::Container part;
    part.image = catalog.intern(image);
    part.requests.set(model::kCpu, part.image.index);
    spec.containers.push_back(part);
    runtime.set_image_bytes(part.image, 100);
    runtime.start(now, NodeId{0}, Uid::make(1, ++sequence), catalog.intern_spec(spec));
    now = now + seconds(60);
  };
  for (const char* image : {"a", "b", "a", "c", "a"}) use(image);
  EXPECT_TRUE(runtime.has_image(NodeId{0}, catalog.intern("a"), now));
  EXPECT_FALSE(runtime.has_image(NodeId{0}, catalog.intern("b"), now));
  EXPECT_TRUE(runtime.has_image(NodeId{0}, catalog.intern("c"), now));
}

}  // namespace
}  // namespace arcas::sim
