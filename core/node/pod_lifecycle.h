#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/base/time.h"
#include "core/model/pod_spec.h"
#include "core/node/probe.h"
#include "core/node/restart_backoff.h"

namespace arcas::node {

enum class ContainerRole : std::uint8_t { init, sidecar, main };

struct ContainerPlan {
  ContainerRole role = ContainerRole::main;
  std::optional<ProbeTiming> startup;
  std::optional<ProbeTiming> liveness;
  std::optional<ProbeTiming> readiness;
};

/// What the life cycle needs to know of a pod. Init containers and sidecars come first, in the
/// order of the document.
struct LifecyclePlan {
  std::vector<ContainerPlan> containers;
  model::RestartPolicy restart = model::RestartPolicy::always;
  Duration grace = seconds(30);
  RestartBackoffConfig backoff;
};

/// What is to be done, or what has become of the pod.
struct LifecycleEffect {
  enum class Type : std::uint8_t {
    start_container,  ///< `container`, `attempt`
    stop_container,   ///< `container`, `grace`; also for one whose probe failed
    run_probe,        ///< `container`, `probe`
    pod_running,      ///< every main container was started; once
    pod_ready,        ///< all that run are ready
    pod_unready,
    pod_succeeded,  ///< its work is done; the last
    pod_failed,     ///< the last
    pod_stopped,    ///< deleted, nothing runs; the last
  };
  Type type = Type::start_container;
  std::size_t container = 0;
  std::uint32_t attempt = 0;
  Duration grace;
  ProbeKind probe = ProbeKind::startup;
  bool operator==(const LifecycleEffect&) const = default;
};

/// A pod's life on its node: which container starts when, is restarted, probed, stopped, and what
/// that makes of the pod.
///
/// Init containers run one after the other; a sidecar among them counts as done once it has started
/// and passed its startup probe. Then all main containers start. When the work of the main
/// containers is done, and on deletion, sidecars stop last, in reverse order. Source:
/// Kubernetes 1.32, pkg/kubelet/kuberuntime and KEP-753.
///
/// Inputs change the state; `sync` says what follows. Cost of each: O(containers).
class PodLifecycle {
 public:
  explicit PodLifecycle(LifecyclePlan plan);

  void on_started(TimePoint now, std::size_t container);
  /// Its image or the runtime refused: tried again with back-off, under every restart policy.
  void on_start_failed(TimePoint now, std::size_t container);
  void on_exited(TimePoint now, std::size_t container, std::int32_t exit_code);
  void on_probe(TimePoint now, std::size_t container, ProbeKind kind, bool success);
  /// What holds the pod together (its sandbox) is gone, and all that ran with it: everything begins
  /// anew, init containers first, as far as the restart policy allows.
  void on_sandbox_lost(TimePoint now);
  /// Stops the pod within `grace`. A second call can only shorten what is left.
  void on_delete(TimePoint now, Duration grace);
  /// After a restart of the agent: the container was found as it is, with `attempt` its last run.
  void adopt_running(TimePoint now, std::size_t container, std::uint32_t attempt);
  void adopt_exited(TimePoint now, std::size_t container, std::uint32_t attempt,
                    std::int32_t exit_code);

  void sync(TimePoint now, std::vector<LifecycleEffect>& out);
  /// When sync could do something without another input; TimePoint::max() for never.
  [[nodiscard]] TimePoint next_tick() const;

  [[nodiscard]] bool finished() const { return finished_; }
  [[nodiscard]] bool ready(std::size_t container) const;
  /// Runs and has passed its startup probe.
  [[nodiscard]] bool started(std::size_t container) const;
  [[nodiscard]] std::uint32_t restarts(std::size_t container) const;
  /// It ended badly and waits for its next start (CrashLoopBackOff).
  [[nodiscard]] bool backing_off(std::size_t container) const;

 private:
  enum class State : std::uint8_t { waiting, starting, running, stopping, exited };
  struct Container {
    ContainerPlan plan;
    State state = State::waiting;
    std::uint32_t attempts = 0;  // starts asked for so far
    std::uint32_t runs = 0;      // those that came to run
    std::int32_t exit_code = 0;
    TimePoint started_at;
    TimePoint restart_at;
    RestartBackoff backoff;
    std::optional<Probe> probes[3];
  };

  using Effects = std::vector<LifecycleEffect>;
  void begin_run(TimePoint now, Container& container);
  [[nodiscard]] bool wants_restart(const Container& container) const;
  [[nodiscard]] static bool active(const Container& container);
  [[nodiscard]] static bool passed_startup(const Container& container);
  bool sync_init(TimePoint now, Effects& out);
  void sync_main(TimePoint now, Effects& out);
  void sync_end(TimePoint now, Effects& out);
  void sync_probes(TimePoint now, Effects& out);
  void sync_readiness(Effects& out);
  void start_if_due(TimePoint now, std::size_t index, Effects& out);
  void stop(std::size_t index, Duration grace, Effects& out);

  std::vector<Container> containers_;
  model::RestartPolicy restart_;
  Duration grace_;
  bool initialised_ = false;
  bool running_ = false;
  bool ready_ = false;
  bool failed_ = false;
  bool ending_ = false;  // no container is started any more
  bool deleting_ = false;
  bool hurried_ = false;  // the deadline was moved forward: tell those that stop already
  bool finished_ = false;
  TimePoint deadline_ = TimePoint::max();
};

}  // namespace arcas::node
