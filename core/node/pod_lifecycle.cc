#include "core/node/pod_lifecycle.h"

#include <algorithm>

namespace arcas::node {

using Effect = LifecycleEffect;

namespace {

constexpr Duration kLeastGrace = seconds(1);  // for sidecars that come last

Probe* probe_of(std::optional<Probe> (&probes)[3], ProbeKind kind) {
  auto& probe = probes[static_cast<std::size_t>(kind)];
  return probe ? &*probe : nullptr;
}

}  // namespace

PodLifecycle::PodLifecycle(LifecyclePlan plan) : restart_(plan.restart), grace_(plan.grace) {
  for (const ContainerPlan& container : plan.containers) {
    Container entry;
    entry.plan = container;
    entry.backoff = RestartBackoff(plan.backoff);
    containers_.push_back(std::move(entry));
  }
}

void PodLifecycle::begin_run(TimePoint now, Container& container) {
  container.state = State::running;
  container.started_at = now;
  ++container.runs;
  const ContainerPlan& plan = container.plan;
  const std::pair<ProbeKind, const std::optional<ProbeTiming>*> timings[] = {
      {ProbeKind::startup, &plan.startup},
      {ProbeKind::liveness, &plan.liveness},
      {ProbeKind::readiness, &plan.readiness}};
  for (const auto& [kind, timing] : timings) {
    auto& probe = container.probes[static_cast<std::size_t>(kind)];
    probe.reset();
    if (*timing) probe.emplace(kind, **timing, now);
  }
}

void PodLifecycle::on_started(TimePoint now, std::size_t index) {
  Container& container = containers_[index];
  if (container.state == State::starting) begin_run(now, container);
}

void PodLifecycle::on_start_failed(TimePoint now, std::size_t index) {
  Container& container = containers_[index];
  if (container.state != State::starting) return;
  container.state = State::waiting;
  container.restart_at = container.backoff.on_exit(now, now);
}

void PodLifecycle::on_exited(TimePoint now, std::size_t index, std::int32_t exit_code) {
  Container& container = containers_[index];
  if (!active(container)) return;
  container.state = State::exited;
  container.exit_code = exit_code;
  container.restart_at = container.backoff.on_exit(now, container.started_at);
  for (auto& probe : container.probes) probe.reset();
}

void PodLifecycle::on_probe(TimePoint now, std::size_t index, ProbeKind kind, bool success) {
  Container& container = containers_[index];
  if (container.state != State::running) return;
  if (Probe* probe = probe_of(container.probes, kind)) probe->on_result(now, success);
}

void PodLifecycle::on_sandbox_lost(TimePoint now) {
  constexpr std::int32_t kKilled = 137;
  for (std::size_t index = 0; index < containers_.size(); ++index) {
    on_exited(now, index, kKilled);
  }
  if (ending_ || restart_ == model::RestartPolicy::never) return;
  initialised_ = false;
  for (Container& container : containers_) {
    if (container.plan.role != ContainerRole::init) continue;
    container.state = State::waiting;
    container.restart_at = {};
  }
}

void PodLifecycle::on_delete(TimePoint now, Duration grace) {
  const TimePoint deadline = now + grace;
  if (deleting_ && deadline >= deadline_) return;
  hurried_ = deleting_;
  deleting_ = true;
  ending_ = true;
  deadline_ = deadline;
}

void PodLifecycle::adopt_running(TimePoint now, std::size_t index, std::uint32_t attempt) {
  containers_[index].attempts = attempt + 1;
  begin_run(now, containers_[index]);
}

void PodLifecycle::adopt_exited(TimePoint now, std::size_t index, std::uint32_t attempt,
                                std::int32_t exit_code) {
  containers_[index].attempts = attempt + 1;
  begin_run(now, containers_[index]);
  on_exited(now, index, exit_code);
}

bool PodLifecycle::active(const Container& container) {
  return container.state == State::starting || container.state == State::running ||
         container.state == State::stopping;
}

bool PodLifecycle::passed_startup(const Container& container) {
  const auto& probe = container.probes[static_cast<std::size_t>(ProbeKind::startup)];
  return !probe || probe->verdict() == Probe::Verdict::success;
}

bool PodLifecycle::started(std::size_t index) const {
  return containers_[index].state == State::running && passed_startup(containers_[index]);
}

bool PodLifecycle::ready(std::size_t index) const {
  if (!started(index)) return false;
  const auto& probe = containers_[index].probes[static_cast<std::size_t>(ProbeKind::readiness)];
  return !probe || probe->verdict() == Probe::Verdict::success;
}

std::uint32_t PodLifecycle::restarts(std::size_t index) const {
  return containers_[index].runs == 0 ? 0 : containers_[index].runs - 1;
}

bool PodLifecycle::backing_off(std::size_t index) const {
  const Container& container = containers_[index];
  const bool refused = container.state == State::waiting && container.attempts > 0;
  return refused || (container.state == State::exited && wants_restart(container));
}

bool PodLifecycle::wants_restart(const Container& container) const {
  if (ending_) return false;
  if (container.plan.role == ContainerRole::sidecar) return true;
  const bool bad = container.exit_code != 0;
  if (restart_ == model::RestartPolicy::never) return false;
  if (container.plan.role == ContainerRole::init) return bad;
  return restart_ == model::RestartPolicy::always || bad;
}

void PodLifecycle::start_if_due(TimePoint now, std::size_t index, Effects& out) {
  Container& container = containers_[index];
  const bool wanted = container.state == State::waiting ||
                      (container.state == State::exited && wants_restart(container));
  if (!wanted || now < container.restart_at) return;
  container.state = State::starting;
  out.push_back({Effect::Type::start_container, index, container.attempts++, {}, {}});
}

void PodLifecycle::stop(std::size_t index, Duration grace, Effects& out) {
  containers_[index].state = State::stopping;
  out.push_back({Effect::Type::stop_container, index, 0, grace, {}});
}

void PodLifecycle::sync(TimePoint now, Effects& out) {
  if (finished_) return;
  if (!ending_ && sync_init(now, out)) sync_main(now, out);
  if (ending_) sync_end(now, out);
  if (finished_) return;
  sync_probes(now, out);
  sync_readiness(out);
}

/// Init containers and sidecars in order. True when main containers may run.
bool PodLifecycle::sync_init(TimePoint now, Effects& out) {
  for (std::size_t index = 0; index < containers_.size(); ++index) {
    const Container& container = containers_[index];
    if (container.plan.role == ContainerRole::main) continue;
    if (container.plan.role == ContainerRole::init) {
      if (initialised_ || (container.state == State::exited && container.exit_code == 0)) continue;
      if (container.state == State::exited && !wants_restart(container)) {
        failed_ = ending_ = true;
        return false;
      }
      start_if_due(now, index, out);
      return false;
    }
    start_if_due(now, index, out);
    if (!initialised_ && !started(index)) return false;
  }
  initialised_ = true;
  return true;
}

void PodLifecycle::sync_main(TimePoint now, Effects& out) {
  bool all_began = true;
  bool all_done = true;
  bool any_bad = false;
  for (std::size_t index = 0; index < containers_.size(); ++index) {
    if (containers_[index].plan.role != ContainerRole::main) continue;
    start_if_due(now, index, out);
    const Container& container = containers_[index];
    all_began = all_began && container.runs > 0;
    const bool done = container.state == State::exited && !wants_restart(container);
    all_done = all_done && done;
    any_bad = any_bad || (done && container.exit_code != 0);
  }
  if (all_began && !running_) {
    running_ = true;
    out.push_back({Effect::Type::pod_running, 0, 0, {}, {}});
  }
  if (!all_done) return;
  failed_ = any_bad;
  ending_ = true;
  deadline_ = now + grace_;
}

/// Stops what still runs, sidecars last and in reverse order, then says how the pod ended.
void PodLifecycle::sync_end(TimePoint now, Effects& out) {
  const auto left = [&] {
    const Duration rest = deadline_ == TimePoint::max() ? grace_ : deadline_ - now;
    return rest < Duration{} ? Duration{} : rest;
  };
  bool others_active = false;
  for (std::size_t index = 0; index < containers_.size(); ++index) {
    const Container& container = containers_[index];
    if (container.plan.role == ContainerRole::sidecar || !active(container)) continue;
    others_active = true;
    const bool again = hurried_ && container.state == State::stopping;
    if (container.state == State::running || again) stop(index, left(), out);
  }
  hurried_ = false;
  if (others_active) return;
  for (std::size_t index = containers_.size(); index-- > 0;) {
    const Container& container = containers_[index];
    if (!active(container)) continue;
    if (container.state == State::running) {
      stop(index, deleting_ ? std::max(left(), kLeastGrace) : left(), out);
    }
    return;  // the one before it waits
  }
  finished_ = true;
  const Effect::Type type = deleting_ ? Effect::Type::pod_stopped
                            : failed_ ? Effect::Type::pod_failed
                                      : Effect::Type::pod_succeeded;
  out.push_back({type, 0, 0, {}, {}});
}

void PodLifecycle::sync_probes(TimePoint now, Effects& out) {
  if (ending_) return;
  for (std::size_t index = 0; index < containers_.size(); ++index) {
    Container& container = containers_[index];
    if (container.state != State::running) continue;
    const bool past_startup = passed_startup(container);
    for (const ProbeKind kind : {ProbeKind::startup, ProbeKind::liveness, ProbeKind::readiness}) {
      Probe* probe = probe_of(container.probes, kind);
      if (probe == nullptr) continue;
      if (kind != ProbeKind::readiness && probe->verdict() == Probe::Verdict::failure) {
        stop(index, grace_, out);
        break;
      }
      if (kind != ProbeKind::startup && !past_startup) continue;
      if (probe->due() > now) continue;
      probe->on_sent();
      out.push_back({Effect::Type::run_probe, index, 0, probe->timing().timeout, kind});
    }
  }
}

void PodLifecycle::sync_readiness(Effects& out) {
  bool now_ready = running_ && !ending_;
  for (std::size_t index = 0; index < containers_.size() && now_ready; ++index) {
    if (containers_[index].plan.role != ContainerRole::init) now_ready = ready(index);
  }
  if (now_ready == ready_) return;
  ready_ = now_ready;
  out.push_back({ready_ ? Effect::Type::pod_ready : Effect::Type::pod_unready, 0, 0, {}, {}});
}

TimePoint PodLifecycle::next_tick() const {
  TimePoint next = TimePoint::max();
  if (ending_) return next;
  for (std::size_t index = 0; index < containers_.size(); ++index) {
    const Container& container = containers_[index];
    if (backing_off(index)) next = std::min(next, container.restart_at);
    if (container.state != State::running) continue;
    const bool past_startup = passed_startup(container);
    for (std::size_t kind = 0; kind < 3; ++kind) {
      if (kind > 0 && !past_startup) continue;
      if (container.probes[kind]) next = std::min(next, container.probes[kind]->due());
    }
  }
  return next;
}

}  // namespace arcas::node
