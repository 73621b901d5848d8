#include "core/node/pod_lifecycle.h"

#include <gtest/gtest.h>

namespace arcas::node {
namespace {

using Type = LifecycleEffect::Type;
constexpr TimePoint kStart{0};

ContainerPlan plan(ContainerRole role) {
  ContainerPlan result;
  result.role = role;
  return result;
}

/// A life cycle and what it asked for at each sync, as one line: "start 0", "run" and so on.
class Life {
 public:
  explicit Life(std::vector<ContainerPlan> containers,
                model::RestartPolicy restart = model::RestartPolicy::always)
      : life({std::move(containers), restart, seconds(30), {}}) {}

  std::string sync(TimePoint now) {
    std::vector<LifecycleEffect> effects;
    life.sync(now, effects);
    std::string text;
    for (const LifecycleEffect& effect : effects) {
      if (!text.empty()) text += ", ";
      text += text_of(effect);
    }
    return text;
  }
  PodLifecycle life;

 private:
  static std::string text_of(const LifecycleEffect& effect) {
    const std::string container = " " + std::to_string(effect.container);
    switch (effect.type) {
      case Type::start_container:
        return "start" + container + "." + std::to_string(effect.attempt);
      case Type::stop_container:
        return "stop" + container + " in " + to_string(effect.grace);
      case Type::run_probe:
        return "probe" + container + "." + std::to_string(static_cast<int>(effect.probe));
      case Type::pod_running:
        return "running";
      case Type::pod_ready:
        return "ready";
      case Type::pod_unready:
        return "unready";
      case Type::pod_succeeded:
        return "succeeded";
      case Type::pod_failed:
        return "failed";
      case Type::pod_stopped:
        return "stopped";
    }
    return "";
  }
};

TEST(PodLifecycle, InitContainersRunOneByOneThenAllMainContainersAtOnce) {
  Life pod({plan(ContainerRole::init), plan(ContainerRole::init), plan(ContainerRole::main),
            plan(ContainerRole::main)});
  EXPECT_EQ(pod.sync(kStart), "start 0.0");
  pod.life.on_started(kStart, 0);
  EXPECT_EQ(pod.sync(kStart), "");
  pod.life.on_exited(kStart, 0, 0);
  EXPECT_EQ(pod.sync(kStart), "start 1.0");
  pod.life.on_started(kStart, 1);
  pod.life.on_exited(kStart, 1, 0);
  EXPECT_EQ(pod.sync(kStart), "start 2.0, start 3.0");
  pod.life.on_started(kStart, 2);
  EXPECT_EQ(pod.sync(kStart), "");
  pod.life.on_started(kStart, 3);
  EXPECT_EQ(pod.sync(kStart), "running, ready");
  EXPECT_EQ(pod.sync(kStart), "");
}

TEST(PodLifecycle, ASidecarHoldsTheNextContainerUntilItsStartupProbeSucceeds) {
  ContainerPlan sidecar = plan(ContainerRole::sidecar);
  sidecar.startup = ProbeTiming{};
  Life pod({sidecar, plan(ContainerRole::main)});
  EXPECT_EQ(pod.sync(kStart), "start 0.0");
  pod.life.on_started(kStart, 0);
  EXPECT_EQ(pod.sync(kStart), "probe 0.0");
  pod.life.on_probe(kStart, 0, ProbeKind::startup, false);
  EXPECT_EQ(pod.sync(kStart), "");
  EXPECT_EQ(pod.life.next_tick(), kStart + seconds(10));
  EXPECT_EQ(pod.sync(kStart + seconds(10)), "probe 0.0");
  pod.life.on_probe(kStart + seconds(10), 0, ProbeKind::startup, true);
  EXPECT_EQ(pod.sync(kStart + seconds(10)), "start 1.0");
}

TEST(PodLifecycle, AFailedInitContainerFailsThePodOnlyWhenItMayNotBeRestarted) {
  Life never({plan(ContainerRole::init), plan(ContainerRole::main)}, model::RestartPolicy::never);
  never.sync(kStart);
  never.life.on_started(kStart, 0);
  never.life.on_exited(kStart, 0, 1);
  EXPECT_EQ(never.sync(kStart), "failed");

  Life always({plan(ContainerRole::init), plan(ContainerRole::main)});
  always.sync(kStart);
  always.life.on_started(kStart, 0);
  always.life.on_exited(kStart, 0, 1);
  EXPECT_EQ(always.sync(kStart), "start 0.1");
}

TEST(PodLifecycle, RestartsWaitTenSecondsThenTwentyUpToFiveMinutes) {
  Life pod({plan(ContainerRole::main)});
  TimePoint now = kStart;
  pod.sync(now);
  const std::int64_t waits[] = {0, 10, 20, 40, 80, 160, 300, 300};
  for (std::size_t round = 0; round < std::size(waits); ++round) {
    pod.life.on_started(now, 0);
    pod.sync(now);
    pod.life.on_exited(now, 0, 0);
    if (waits[round] > 0) {
      EXPECT_TRUE(pod.life.backing_off(0));
      EXPECT_EQ(pod.life.next_tick(), now + seconds(waits[round]));
      pod.sync(now + seconds(waits[round]) - nanoseconds(1));
      EXPECT_TRUE(pod.life.backing_off(0)) << "not a moment earlier";
    }
    now = now + seconds(waits[round]);
    EXPECT_NE(pod.sync(now).find("start 0." + std::to_string(round + 1)), std::string::npos);
  }
  EXPECT_EQ(pod.life.restarts(0), 7U);
  // A long run is forgiven.
  pod.life.on_started(now, 0);
  pod.life.on_exited(now + minutes(10), 0, 1);
  EXPECT_NE(pod.sync(now + minutes(10)).find("start 0"), std::string::npos);
}

TEST(PodLifecycle, AContainerThatCannotBeStartedIsTriedAgainUnderEveryPolicyAndIsNoRunningPod) {
  Life pod({plan(ContainerRole::main)}, model::RestartPolicy::never);
  EXPECT_EQ(pod.sync(kStart), "start 0.0");
  pod.life.on_start_failed(kStart, 0);
  EXPECT_EQ(pod.sync(kStart), "start 0.1");
  pod.life.on_start_failed(kStart, 0);
  EXPECT_EQ(pod.sync(kStart), "");
  EXPECT_TRUE(pod.life.backing_off(0));
  EXPECT_EQ(pod.sync(pod.life.next_tick()), "start 0.2");
  pod.life.on_started(kStart + seconds(10), 0);
  EXPECT_EQ(pod.sync(kStart + seconds(10)), "running, ready");
  EXPECT_EQ(pod.life.restarts(0), 0U);
}

TEST(PodLifecycle, AFinishedPodStopsItsSidecarsAndTellsHowItEnded) {
  Life pod({plan(ContainerRole::sidecar), plan(ContainerRole::sidecar), plan(ContainerRole::main)},
           model::RestartPolicy::on_failure);
  pod.sync(kStart);
  pod.life.on_started(kStart, 0);
  EXPECT_EQ(pod.sync(kStart), "start 1.0");
  pod.life.on_started(kStart, 1);
  EXPECT_EQ(pod.sync(kStart), "start 2.0");
  pod.life.on_started(kStart, 2);
  EXPECT_EQ(pod.sync(kStart), "running, ready");
  pod.life.on_exited(kStart, 2, 0);
  EXPECT_EQ(pod.sync(kStart), "stop 1 in 30s, unready");
  pod.life.on_exited(kStart, 1, 143);
  EXPECT_EQ(pod.sync(kStart), "stop 0 in 30s");
  pod.life.on_exited(kStart, 0, 143);
  EXPECT_EQ(pod.sync(kStart), "succeeded");
  EXPECT_EQ(pod.sync(kStart), "");
}

TEST(PodLifecycle, DeletionStopsMainContainersThenSidecarsWithinTheGrace) {
  Life pod({plan(ContainerRole::sidecar), plan(ContainerRole::main), plan(ContainerRole::main)});
  pod.sync(kStart);
  pod.life.on_started(kStart, 0);
  pod.sync(kStart);
  pod.life.on_started(kStart, 1);
  pod.life.on_started(kStart, 2);
  pod.sync(kStart);
  pod.life.on_delete(kStart, seconds(20));
  EXPECT_EQ(pod.sync(kStart), "stop 1 in 20s, stop 2 in 20s, unready");
  pod.life.on_delete(kStart + seconds(1), seconds(5));
  EXPECT_EQ(pod.sync(kStart + seconds(1)), "stop 1 in 5s, stop 2 in 5s");
  pod.life.on_delete(kStart + seconds(1), seconds(60));
  EXPECT_EQ(pod.sync(kStart + seconds(1)), "") << "grace can only become shorter";
  pod.life.on_exited(kStart + seconds(2), 1, 137);
  pod.life.on_exited(kStart + seconds(4), 2, 137);
  EXPECT_EQ(pod.sync(kStart + seconds(4)), "stop 0 in 2s");
  pod.life.on_exited(kStart + seconds(5), 0, 0);
  EXPECT_EQ(pod.sync(kStart + seconds(5)), "stopped");
}

TEST(PodLifecycle, DeletionWaitsForAContainerThatIsStarting) {
  Life pod({plan(ContainerRole::main)});
  pod.sync(kStart);
  pod.life.on_delete(kStart, seconds(30));
  EXPECT_EQ(pod.sync(kStart), "");
  pod.life.on_started(kStart + seconds(1), 0);
  EXPECT_EQ(pod.sync(kStart + seconds(1)), "stop 0 in 29s");
  pod.life.on_exited(kStart + seconds(1), 0, 0);
  EXPECT_EQ(pod.sync(kStart + seconds(1)), "stopped");
}

TEST(PodLifecycle, AFailedLivenessProbeRestartsTheContainerAndAFailedReadinessProbeDoesNot) {
  ContainerPlan container = plan(ContainerRole::main);
  container.liveness = ProbeTiming{{}, seconds(1), seconds(1), 1, 2};
  container.readiness = ProbeTiming{seconds(1), seconds(1), seconds(1), 1, 1};
  Life pod({container});
  pod.sync(kStart);
  pod.life.on_started(kStart, 0);
  EXPECT_EQ(pod.sync(kStart), "running, probe 0.1");
  pod.life.on_probe(kStart, 0, ProbeKind::liveness, true);
  TimePoint now = kStart + seconds(1);
  EXPECT_EQ(pod.sync(now), "probe 0.1, probe 0.2");
  pod.life.on_probe(now, 0, ProbeKind::readiness, true);
  pod.life.on_probe(now, 0, ProbeKind::liveness, false);
  EXPECT_EQ(pod.sync(now), "ready");
  now = now + seconds(1);
  EXPECT_EQ(pod.sync(now), "probe 0.1, probe 0.2");
  pod.life.on_probe(now, 0, ProbeKind::readiness, false);
  EXPECT_EQ(pod.sync(now), "unready");
  pod.life.on_probe(now, 0, ProbeKind::liveness, false);
  EXPECT_EQ(pod.sync(now), "stop 0 in 30s");
  pod.life.on_exited(now, 0, 137);
  EXPECT_EQ(pod.sync(now), "start 0.1");
}

TEST(PodLifecycle, APodThatLostItsSandboxBeginsAnewUnlessItMayNot) {
  for (const auto policy : {model::RestartPolicy::always, model::RestartPolicy::never}) {
    Life pod({plan(ContainerRole::init), plan(ContainerRole::main)}, policy);
    pod.life.adopt_exited(kStart, 0, 0, 0);
    pod.life.adopt_running(kStart, 1, 0);
    EXPECT_EQ(pod.sync(kStart), "running, ready");
    pod.life.on_sandbox_lost(kStart);
    if (policy == model::RestartPolicy::never) {
      EXPECT_EQ(pod.sync(kStart), "failed");
      continue;
    }
    EXPECT_EQ(pod.sync(kStart), "start 0.1, unready");
    pod.life.on_started(kStart, 0);
    pod.life.on_exited(kStart, 0, 0);
    EXPECT_EQ(pod.sync(kStart), "start 1.1");
    pod.life.on_started(kStart, 1);
    EXPECT_EQ(pod.sync(kStart), "ready");
  }
}

TEST(PodLifecycle, AnAdoptedPodStartsOnlyWhatIsMissing) {
  Life pod({plan(ContainerRole::init), plan(ContainerRole::main), plan(ContainerRole::main)});
  pod.life.adopt_exited(kStart, 0, 0, 0);
  pod.life.adopt_running(kStart, 1, 3);
  EXPECT_EQ(pod.sync(kStart), "start 2.0");
  pod.life.on_started(kStart, 2);
  EXPECT_EQ(pod.sync(kStart), "running, ready");
  pod.life.on_exited(kStart, 1, 1);
  EXPECT_EQ(pod.sync(kStart), "start 1.4, unready");
}

}  // namespace
}  // namespace arcas::node
