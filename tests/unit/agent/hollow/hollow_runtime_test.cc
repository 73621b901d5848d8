#include "agent/hollow/hollow_runtime.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace arcas::agent {
namespace {

using Type = ports::RuntimeEvent::Type;

/// A runtime with a clock that the test turns.
class HollowRuntimeTest : public testing::Test {
 protected:
  SpecId spec(model::RestartPolicy restart, model::WorkloadType type) {
    model::PodSpec made;
    made.restart = restart;
    made.workload = type;
    return catalog_.intern_spec(std::move(made));
  }
  void run(Duration span) {
    const TimePoint end = now_ + span;
    while (!work_.empty() && work_.begin()->first <= end) {
      now_ = work_.begin()->first;
      const auto next = std::move(work_.begin()->second);
      work_.erase(work_.begin());
      next();
    }
    now_ = end;
  }
  model::Catalog catalog_;
  TimePoint now_;
  std::multimap<TimePoint, std::function<void()>> work_;
  std::string told_;
  HollowRuntime runtime_{
      catalog_,
      {},
      [this](Duration wait, std::function<void()> work) { work_.emplace(now_ + wait, work); },
      [this](ActorId, ports::RuntimeEvent event) {
        constexpr char kLetters[] = "rfss";  // started, failed, succeeded, stopped
        told_ += event.type == Type::stopped ? 'x' : kLetters[static_cast<int>(event.type)];
      }};
};

TEST_F(HollowRuntimeTest, PodsStartAndStopAndMachinesTakeLonger) {
  const Uid pod = Uid::make(1, 1);
  runtime_.start(ActorId{1}, pod, spec(model::RestartPolicy::always, model::WorkloadType::vm));
  run(milliseconds(199));
  EXPECT_EQ(told_, "");
  run(seconds(1));
  EXPECT_EQ(told_, "r");
  run(hours(1));
  EXPECT_EQ(told_, "r");
  runtime_.stop(ActorId{1}, pod, seconds(30));
  run(seconds(1));
  EXPECT_EQ(told_, "rx");
  EXPECT_EQ(runtime_.pods(), 0U);
}

TEST_F(HollowRuntimeTest, WorkThatIsNotForEverSucceeds) {
  runtime_.start(ActorId{1}, Uid::make(1, 1),
                 spec(model::RestartPolicy::never, model::WorkloadType::container));
  run(seconds(3));
  EXPECT_EQ(told_, "rs");
}

TEST_F(HollowRuntimeTest, AStopBeforeTheStartLeavesOnlyTheStop) {
  const Uid pod = Uid::make(1, 1);
  runtime_.start(ActorId{1}, pod,
                 spec(model::RestartPolicy::always, model::WorkloadType::container));
  runtime_.stop(ActorId{1}, pod, Duration{0});
  run(seconds(5));
  EXPECT_EQ(told_, "x");
  runtime_.stop(ActorId{1}, Uid::make(1, 2), seconds(1));
  run(seconds(5));
  EXPECT_EQ(told_, "xx") << "also when it was not running";
}

}  // namespace
}  // namespace arcas::agent
