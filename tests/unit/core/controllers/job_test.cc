#include "core/controllers/job.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "core/base/rng.h"
#include "fixture.h"

namespace arcas::controllers {
namespace {

class JobTest : public testing::Test {
 protected:
  JobTest() {
    job.meta.uid = Uid{6};
    job.meta.resource_version = 1;
    job.meta.name = {world.catalog.intern("sum"), 0};
    job.pod_template = {world.labels("sum"), world.spec()};
  }
  auto on_pod() {
    return [this](const model::Pod* before, const model::Pod* after) {
      controller.on_pod(before, after);
    };
  }
  /// Syncs and commits all, as the store would: atomic transactions as a whole.
  Effects sync(TimePoint now) {
    Effects out;
    result = controller.sync(now, job, world.pods, out);
    world.commit(out.pods, on_pod());
    for (const auto& operation : out.objects) take(operation);
    for (const auto& transaction : out.atomic) {
      EXPECT_EQ(transaction.mode, ports::Transaction::Mode::all_or_nothing);
      EXPECT_EQ(world.commit(transaction.pods, on_pod()), 0);
      for (const auto& operation : transaction.objects) take(operation);
    }
    return out;
  }
  void take(const ports::ObjectOperation& operation) {
    EXPECT_EQ(operation.expected, job.meta.resource_version);
    job = std::get<model::Job>(operation.object);
    ++job.meta.resource_version;
  }
  std::vector<model::Pod> active() const {
    std::vector<model::Pod> pods;
    world.pods.for_each([&](const model::Pod& pod) {
      if (is_active(pod)) pods.push_back(pod);
    });
    return pods;
  }
  void finish(model::Pod pod, model::PodPhase phase) {
    pod.phase = phase;
    pod.ready = false;
    world.put(pod, on_pod());
  }

  World world;
  model::Job job;
  JobController controller{{}, world.catalog};
  SyncResult result;
};

TEST_F(JobTest, RunsParallelismPodsUntilAllCompletionsAreThere) {
  job.parallelism = 2;
  job.completions = 5;
  TimePoint now = at(1);
  for (int i = 0; i < 5; ++i) {
    sync(now);
    ASSERT_EQ(active().size(), static_cast<std::size_t>(std::min(2, 5 - i)));
    finish(active().front(), model::PodPhase::succeeded);
    now = now + seconds(2);
  }
  sync(now);
  EXPECT_TRUE(job.complete);
  EXPECT_EQ(job.status_succeeded, 5);
  sync(now + seconds(2));
  EXPECT_TRUE(sync(now + seconds(4)).empty());
}

TEST_F(JobTest, StatusAndMarksOfFinishedPodsCommitTogether) {
  sync(at(1));
  finish(active().front(), model::PodPhase::succeeded);
  const Effects out = sync(at(3));
  ASSERT_EQ(out.atomic.size(), 1U);
  ASSERT_EQ(out.atomic[0].pods.size(), 1U);
  EXPECT_TRUE(out.atomic[0].pods[0].pod.counted);
  EXPECT_EQ(std::get<model::Job>(out.atomic[0].objects[0].object).status_succeeded, 1);
}

TEST_F(JobTest, ASuccessOfAPodThatWasGivenUpIsNotOneTooMany) {
  sync(at(1));
  model::Pod given_up = active().front();
  given_up.meta.deleted_at = at(2);
  world.put(given_up, on_pod());
  sync(at(3));
  ASSERT_EQ(active().size(), 1U);  // its replacement
  const Uid replacement = active().front().meta.uid;
  finish(given_up, model::PodPhase::succeeded);
  finish(active().front(), model::PodPhase::succeeded);
  const Effects out = sync(at(5));
  EXPECT_EQ(job.status_succeeded, 1);
  EXPECT_TRUE(job.complete);
  ASSERT_EQ(out.atomic.size(), 1U);
  ASSERT_EQ(out.atomic[0].pods.size(), 1U);
  EXPECT_EQ(out.atomic[0].pods[0].pod.meta.uid, replacement);
  sync(at(7));
  EXPECT_EQ(job.status_succeeded, 1);
}

TEST_F(JobTest, AFailedPodIsReplacedAfterABackOffThatDoubles) {
  job.backoff_limit = 3;
  sync(at(1));
  finish(active().front(), model::PodPhase::failed);
  sync(at(10));
  EXPECT_TRUE(active().empty());
  EXPECT_EQ(result.again_at, at(20));
  sync(at(20));
  ASSERT_EQ(active().size(), 1U);
  finish(active().front(), model::PodPhase::failed);
  sync(at(30));
  EXPECT_EQ(result.again_at, at(50));
}

TEST_F(JobTest, MoreFailuresThanTheLimitFailTheJobAndStopItsPods) {
  job.backoff_limit = 0;
  job.parallelism = 3;
  job.completions = 3;
  sync(at(1));
  finish(active().front(), model::PodPhase::failed);
  sync(at(3));
  sync(at(5));
  EXPECT_TRUE(job.failed);
  EXPECT_FALSE(job.complete);
  EXPECT_TRUE(active().empty());
}

TEST_F(JobTest, ThroughCrashesAndRefusalsEveryFinishedPodIsCountedOnce) {
  RandomStream rng(5);
  for (int round = 0; round < 200; ++round) {
    World fresh;
    auto decider = std::make_unique<JobController>(JobConfig{}, fresh.catalog);
    const auto tell = [&](const model::Pod* b, const model::Pod* a) { decider->on_pod(b, a); };
    model::Job wanted = job;
    wanted.parallelism = static_cast<std::int32_t>(rng.between(1, 6));
    wanted.completions = static_cast<std::int32_t>(rng.between(1, 20));
    std::int32_t succeeded = 0;
    TimePoint now = at(1);
    for (int step = 0; step < 400 && !wanted.complete; ++step) {
      now = now + milliseconds(700);
      Effects out;
      decider->sync(now, wanted, fresh.pods, out);
      fresh.commit(out.pods, tell);
      const bool lost = rng.chance(1, 3);  // a crash before the commit
      if (lost) decider = std::make_unique<JobController>(JobConfig{}, fresh.catalog);
      for (const auto& transaction : out.atomic) {
        if (lost) continue;
        fresh.commit(transaction.pods, tell);
        wanted = std::get<model::Job>(transaction.objects[0].object);
        ++wanted.meta.resource_version;
      }
      for (const auto& operation : out.objects) {
        if (lost) continue;
        wanted = std::get<model::Job>(operation.object);
        ++wanted.meta.resource_version;
      }
      std::vector<model::Pod> running;
      fresh.pods.for_each([&](const model::Pod& pod) {
        if (is_active(pod)) running.push_back(pod);
      });
      for (model::Pod& pod : running) {
        if (!rng.chance(1, 4)) continue;
        pod.phase = model::PodPhase::succeeded;
        fresh.put(pod, tell);
        ++succeeded;
      }
    }
    EXPECT_TRUE(wanted.complete);
    EXPECT_EQ(wanted.status_succeeded, wanted.completions);
    EXPECT_EQ(succeeded, wanted.completions);
  }
}

}  // namespace
}  // namespace arcas::controllers
