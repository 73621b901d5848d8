#include "agent/runtime/container_pod.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "agent/runtime/environment.h"
#include "agent/runtime/probe_request.h"

namespace arcas::agent {

namespace files = std::filesystem;
using Effect = node::LifecycleEffect;
using Event = ports::RuntimeEvent::Type;

namespace {

constexpr Duration kRefresh = seconds(10);
constexpr Duration kFirstRetry = seconds(1);
constexpr Duration kLastRetry = seconds(30);

std::string first_word(const std::string& message) {
  const std::size_t colon = message.find(':');
  return colon == std::string::npos ? "RunContainerError" : message.substr(0, colon);
}

/// Source: the kubelet's directory names.
std::string log_directory(const PodContext& context, const PodDocument& pod) {
  return context.directory + "/logs/" + pod.name_space + "_" + pod.name + "_" + pod.uid;
}

}  // namespace

ContainerPod::ContainerPod(PodContext& context, std::shared_ptr<ContainerRuntime> runtime,
                           PodDocument document, Notify notify)
    : context_(context),
      runtime_(std::move(runtime)),
      document_(std::move(document)),
      notify_(std::move(notify)),
      volumes_(context.directory + "/pods/" + document_.uid),
      life_(lifecycle_plan(document_)),
      slots_(document_.containers.size()) {}

SandboxConfig ContainerPod::sandbox_config() const {
  SandboxConfig config;
  config.name = document_.name;
  config.name_space = document_.name_space;
  config.uid = document_.uid;
  config.attempt = set_up_attempts_;
  config.hostname = document_.hostname;
  config.log_directory = log_directory(context_, document_);
  config.cgroup_parent = context_.control_group + "/pod-" + document_.uid;
  config.host_network = document_.host_network;
  config.host_pid = document_.host_pid;
  config.host_ipc = document_.host_ipc;
  config.share_processes = document_.share_processes;
  config.ports = document_.host_ports;
  return config;
}

PodFacts ContainerPod::facts(const std::string& address) const {
  return {document_.host_network ? context_.node_address : address, context_.node_name,
          context_.node_address};
}

std::size_t ContainerPod::index_of(const std::string& container) const {
  const auto found = std::find_if(
      document_.containers.begin(), document_.containers.end(),
      [&](const ContainerDocument& candidate) { return candidate.config.name == container; });
  return static_cast<std::size_t>(found - document_.containers.begin());
}

void ContainerPod::start() {
  if (setting_up_ || set_up_done_) return;
  setting_up_ = true;
  context_.background->run(
      [self = shared_from_this()] { return self->set_up(); },
      [self = shared_from_this()](Found found) { self->on_set_up(std::move(found)); });
}

/// In the background: adopts the sandbox that is there, or makes volumes, log directory, sandbox.
ContainerPod::Found ContainerPod::set_up() {
  Found found;
  const Expected<std::vector<SandboxSummary>> sandboxes = runtime_->sandboxes(document_.uid);
  if (!sandboxes) {
    found.status = sandboxes.error();
    return found;
  }
  for (const SandboxSummary& sandbox : *sandboxes) {
    if (sandbox.ready && found.sandbox.empty()) {
      found.sandbox = sandbox.id;
      continue;
    }
    found.status = runtime_->remove_sandbox(sandbox.id);  // of an attempt that failed
    if (!found.status.ok()) return found;
  }
  found.status = volumes_.prepare(document_, context_.objects, context_.volumes, facts(""));
  if (!found.status.ok()) return found;
  for (const ContainerDocument& container : document_.containers) {
    std::error_code fault;
    const std::string path = log_directory(context_, document_) + "/" + container.config.name;
    files::create_directories(path, fault);
    if (fault) found.status = Status::exhausted("log directory " + path + ": " + fault.message());
    if (!found.status.ok()) return found;
  }
  if (found.sandbox.empty()) {
    Expected<std::string> made = runtime_->run_sandbox(sandbox_config());
    if (!made) {
      found.status = made.error();
      return found;
    }
    found.sandbox = *made;
  } else {
    found.status = find_runs(found);
  }
  if (document_.host_network || !found.status.ok()) return found;
  Expected<std::string> address = runtime_->sandbox_address(found.sandbox);
  if (address) {
    found.address = *address;
    found.status = volumes_.refresh(document_, context_.objects, facts(found.address));
  }
  return found;
}

Status ContainerPod::find_runs(Found& found) {
  const Expected<std::vector<ContainerSummary>> containers = runtime_->containers(document_.uid);
  if (!containers) return containers.error();
  for (const ContainerSummary& summary : *containers) {  // the latest attempt comes last
    const std::size_t index = index_of(summary.name);
    if (summary.sandbox_id != found.sandbox || index == document_.containers.size()) continue;
    const Expected<ContainerStatus> status = runtime_->container_status(summary.id);
    if (!status) return status.error();
    if (status->state == ContainerState::created) {  // an agent ended before it could start it
      const Status removed = runtime_->remove_container(summary.id);
      if (!removed.ok()) return removed;
      continue;
    }
    std::erase_if(found.runs, [&](const Found::Run& run) { return run.container == index; });
    found.runs.push_back({index, summary.attempt, summary.id, *status});
  }
  return Status::success();
}

void ContainerPod::on_set_up(Found found) {
  setting_up_ = false;
  sandbox_ = found.sandbox;
  if (stopping_) {
    tear_down();
    return;
  }
  if (!found.status.ok()) {
    reason_ = first_word(found.status.message);
    message_ = found.status.message;
    Duration wait = kFirstRetry;
    for (std::uint32_t doubled = 0; doubled < set_up_attempts_ && wait < kLastRetry; ++doubled) {
      wait = wait * 2;
    }
    ++set_up_attempts_;
    context_.background->after(std::min(wait, kLastRetry), [self = shared_from_this()] {
      if (!self->stopping_) self->start();
    });
    return;
  }
  set_up_done_ = true;
  reason_.clear();
  message_.clear();
  address_ = found.address;
  const TimePoint now = context_.background->now();
  for (const Found::Run& run : found.runs) {
    Slot& slot = slots_[run.container];
    slot.id = run.id;
    slot.image_id = run.status.image_id;
    slot.resources = run.status.resources;
    slot.state = run.status.state;
    if (run.status.state == ContainerState::running) {
      life_.adopt_running(now, run.container, run.attempt);
    } else {
      life_.adopt_exited(now, run.container, run.attempt, run.status.exit_code);
      slot.exit_code = run.status.exit_code;
      slot.reason = run.status.reason;
      slot.last_exit = {run.id,
                        run.status.exit_code,
                        run.status.reason,
                        run.status.message,
                        run.status.started_at_ns,
                        run.status.finished_at_ns};
    }
  }
  sync();
}

void ContainerPod::sync() {
  if (!set_up_done_ || tearing_down_) return;
  const TimePoint now = context_.background->now();
  std::vector<Effect> effects;
  life_.sync(now, effects);
  const auto among = [&](Effect::Type type) {
    return std::any_of(effects.begin(), effects.end(),
                       [type](const Effect& effect) { return effect.type == type; });
  };
  // What does not last is not told: a pod that runs and is ready at once, or is over at once.
  const bool over = among(Effect::Type::pod_succeeded) || among(Effect::Type::pod_failed) ||
                    among(Effect::Type::pod_stopped);
  const bool runs = among(Effect::Type::pod_running) && !among(Effect::Type::pod_ready);
  if (!over && (runs || among(Effect::Type::pod_unready))) tell_ready(false);
  for (const Effect& effect : effects) perform(effect);
  const TimePoint next = life_.next_tick();
  if (next == TimePoint::max() || (tick_at_ > now && tick_at_ <= next)) return;
  tick_at_ = next;
  context_.background->after(next > now ? next - now : Duration{},
                             [self = shared_from_this(), next] {
                               if (self->tick_at_ != next) return;  // an earlier one took its place
                               self->tick_at_ = TimePoint::max();
                               self->sync();
                             });
}

void ContainerPod::tell_ready(bool ready) {
  if (ready && !std::exchange(told_started_, true)) notify_(Event::started);
  ready_ = ready;
}

void ContainerPod::perform(const Effect& effect) {
  switch (effect.type) {
    case Effect::Type::start_container:
      return start_container(effect.container, effect.attempt);
    case Effect::Type::stop_container:
      return stop_container(effect.container, effect.grace);
    case Effect::Type::run_probe:
      return run_probe(effect.container, effect.probe, effect.grace);
    case Effect::Type::pod_running:
    case Effect::Type::pod_unready:
      return;
    case Effect::Type::pod_ready:
      return tell_ready(true);
    case Effect::Type::pod_succeeded:
      tell_ready(true);
      return notify_(Event::succeeded);
    case Effect::Type::pod_failed:
      return notify_(Event::failed);
    case Effect::Type::pod_stopped:
      return tear_down();
  }
}

void ContainerPod::start_container(std::size_t index, std::uint32_t attempt) {
  struct Started {
    Status status;
    std::string id;
    std::string image_id;
  };
  const auto work = [self = shared_from_this(), index, attempt] {
    Started result;
    const ContainerDocument& container = self->document_.containers[index];
    const auto keep = [&](auto&& expected) {
      if (!expected) result.status = expected.error();
      return expected.has_value();
    };
    Expected<std::string> image =
        self->runtime_->ensure_image(container.config.image, container.pull);
    if (!keep(image)) return result;
    result.image_id = *image;
    ContainerConfig config = container.config;
    config.attempt = attempt;
    config.log_path = config.name + "/" + std::to_string(attempt) + ".log";
    auto mounts = self->volumes_.mounts(self->document_, container);
    if (!keep(mounts)) return result;
    config.mounts = std::move(mounts).value();
    auto environment = environment_of(self->document_, container, self->context_.objects,
                                      self->facts(self->address_));
    if (!keep(environment)) return result;
    for (std::vector<std::string>* words : {&config.command, &config.args}) {
      for (std::string& word : *words) word = expanded(word, *environment);
    }
    config.environment = std::move(environment).value();
    Expected<std::string> id =
        self->runtime_->create_container(self->sandbox_, self->sandbox_config(), config);
    if (!keep(id)) return result;
    result.id = *id;
    result.status = self->runtime_->start_container(*id);
    if (!result.status.ok()) (void)self->runtime_->remove_container(*id);
    return result;
  };
  context_.background->run(work, [self = shared_from_this(), index](Started result) {
    Slot& slot = self->slots_[index];
    const TimePoint now = self->context_.background->now();
    slot.image_id = result.image_id;
    if (result.status.ok()) {
      const std::string before = std::exchange(slot.id, result.id);
      slot.state = ContainerState::running;
      slot.reason.clear();
      slot.message.clear();
      slot.failed_probe.reset();
      slot.resources = self->document_.containers[index].config.resources;
      self->life_.on_started(now, index);
      if (!before.empty()) {
        self->context_.background->run(
            [self, before] { return self->runtime_->remove_container(before); }, [](Status) {});
      }
    } else {
      slot.reason = first_word(result.status.message);
      slot.message = result.status.message;
      self->life_.on_start_failed(now, index);
    }
    self->sync();
  });
}

void ContainerPod::stop_container(std::size_t index, Duration grace) {
  context_.background->run([self = shared_from_this(), id = slots_[index].id,
                            grace] { return self->runtime_->stop_container(id, grace); },
                           [self = shared_from_this(), index](Status status) {
                             if (status.ok()) return self->ask_for_status(index);
                             // The server is away or hangs: tried again until it answers.
                             self->context_.background->after(seconds(1), [self, index] {
                               if (self->slots_[index].state == ContainerState::running) {
                                 self->stop_container(index, seconds(1));
                               }
                             });
                           });
}

void ContainerPod::run_probe(std::size_t index, node::ProbeKind kind, Duration timeout) {
  const ProbeAction& action = document_.containers[index].probes[static_cast<std::size_t>(kind)];
  const std::string id = slots_[index].id;
  context_.background->run(
      [self = shared_from_this(), action, id, timeout] {
        if (action.kind != ProbeAction::Kind::exec) {
          const std::string own = self->address_.empty() ? "127.0.0.1" : self->address_;
          return probe_by_network(action, own, timeout);
        }
        const Expected<ExecResult> result = self->runtime_->exec(id, action.command, timeout);
        return result.has_value() && result->exit_code == 0;
      },
      [self = shared_from_this(), index, kind, id](bool success) {
        if (self->slots_[index].id != id) return;  // of an earlier run
        if (!success) self->slots_[index].failed_probe = kind;
        self->life_.on_probe(self->context_.background->now(), index, kind, success);
        self->sync();
      });
}

void ContainerPod::observe(const std::map<std::string, ContainerState>& states,
                           const std::set<std::string>& ready_sandboxes) {
  if (!set_up_done_ || tearing_down_) return;
  refresh_volumes();
  const bool missing = !ready_sandboxes.contains(sandbox_);
  if (std::exchange(sandbox_missing_, missing) && missing && !life_.finished()) {
    return begin_anew();
  }
  for (std::size_t index = 0; index < slots_.size(); ++index) {
    const Slot& slot = slots_[index];
    if (slot.id.empty() || slot.state != ContainerState::running) continue;
    // One that is missing may only be newer than the list: its status tells.
    const auto found = states.find(slot.id);
    if (found == states.end() || found->second != ContainerState::running) ask_for_status(index);
  }
}

/// Config maps and secrets that have changed reach a pod that runs.
void ContainerPod::refresh_volumes() {
  const TimePoint now = context_.background->now();
  if (refreshing_ || now - refreshed_ < kRefresh) return;
  refreshing_ = true;
  context_.background->run(
      [self = shared_from_this(), known = facts(address_)] {
        return self->volumes_.refresh(self->document_, self->context_.objects, known);
      },
      [self = shared_from_this()](const Status&) {  // tried again the next time
        self->refreshing_ = false;
        self->refreshed_ = self->context_.background->now();
      });
}

void ContainerPod::begin_anew() {
  sandbox_missing_ = false;
  if (ready_) ready_ = false;
  life_.on_sandbox_lost(context_.background->now());
  set_up_done_ = false;  // so that nothing starts before there is a new one
  ++set_up_attempts_;
  reason_ = "SandboxChanged";
  message_ = "the pod's sandbox ended; it is made anew";
  for (Slot& slot : slots_) {
    if (slot.state == ContainerState::running) slot.state = ContainerState::exited;
    slot.id.clear();
  }
  start();
}

void ContainerPod::ask_for_status(std::size_t index) {
  Slot& slot = slots_[index];
  if (std::exchange(slot.asking, true)) return;
  context_.background->run(
      [self = shared_from_this(), id = slot.id] { return self->runtime_->container_status(id); },
      [self = shared_from_this(), index, id = slot.id](Expected<ContainerStatus> status) {
        Slot& current = self->slots_[index];
        current.asking = false;
        if (current.id != id) return;
        if (status && status->state == ContainerState::exited) {
          self->on_ended(index, *status);
        } else if (!status && status.error().code == StatusCode::not_found) {
          ContainerStatus lost;
          lost.exit_code = 137;  // Kubernetes's code for a container that is found gone
          lost.reason = "ContainerStatusUnknown";
          self->on_ended(index, lost);
        }
      });
}

void ContainerPod::on_ended(std::size_t index, const ContainerStatus& status) {
  Slot& slot = slots_[index];
  if (slot.state != ContainerState::running) return;
  slot.state = ContainerState::exited;
  slot.exit_code = status.exit_code;
  slot.reason = status.reason;
  slot.message = status.message;
  const bool probed = slot.failed_probe && *slot.failed_probe != node::ProbeKind::readiness;
  if (slot.message.empty() && probed && !stopping_) {
    slot.message = std::string("the ") +
                   (*slot.failed_probe == node::ProbeKind::startup ? "startup" : "liveness") +
                   " probe failed";
  }
  slot.last_exit = {slot.id,      status.exit_code,     status.reason,
                    slot.message, status.started_at_ns, status.finished_at_ns};
  life_.on_exited(context_.background->now(), index, status.exit_code);
  sync();
}

void ContainerPod::stop(Duration grace) {
  stopping_ = true;
  life_.on_delete(context_.background->now(), grace);
  if (setting_up_) return;  // continues in on_set_up
  if (!set_up_done_ || life_.finished()) {
    tear_down();
  } else {
    sync();
  }
}

void ContainerPod::tear_down() {
  if (refreshing_) {  // would write into what is being removed
    context_.background->after(milliseconds(20),
                               [self = shared_from_this()] { self->tear_down(); });
    return;
  }
  if (std::exchange(tearing_down_, true)) return;
  context_.background->run([self = shared_from_this()] { return self->remove_everything(); },
                           [self = shared_from_this()](Status status) {
                             if (status.ok()) return self->notify_(Event::stopped);
                             self->reason_ = "KillPodSandboxError";
                             self->message_ = status.message;
                             self->context_.background->after(seconds(1), [self] {
                               self->tearing_down_ = false;
                               self->tear_down();
                             });
                           });
}

/// In the background: sandboxes with their containers, volumes, logs, control groups.
Status ContainerPod::remove_everything() {
  const Expected<std::vector<SandboxSummary>> sandboxes = runtime_->sandboxes(document_.uid);
  if (!sandboxes) return sandboxes.error();
  for (const SandboxSummary& sandbox : *sandboxes) {
    const Status removed = runtime_->remove_sandbox(sandbox.id);
    if (!removed.ok()) return removed;
  }
  const Status unmounted = volumes_.remove();
  if (!unmounted.ok()) return unmounted;
  std::error_code fault;
  files::remove_all(log_directory(context_, document_), fault);
  // The CRI server leaves the parent group behind. It is empty, so it is only removed.
  const std::string group = context_.control_group + "/pod-" + document_.uid;
  for (const auto& controller : files::directory_iterator("/sys/fs/cgroup", fault)) {
    files::remove(controller.path().string() + group, fault);
  }
  files::remove("/sys/fs/cgroup" + group, fault);
  return Status::success();
}

void ContainerPod::resize(const std::string& container, const CgroupResources& resources,
                          std::function<void(Status)> done) {
  const std::size_t index = index_of(container);
  if (index == slots_.size() || slots_[index].state != ContainerState::running) {
    return done(Status::not_found("container \"" + container + "\" does not run"));
  }
  context_.background->run(
      [self = shared_from_this(), id = slots_[index].id, resources] {
        return self->runtime_->update_resources(id, resources);
      },
      [self = shared_from_this(), index, resources, done = std::move(done)](Status status) {
        if (status.ok()) self->slots_[index].resources = resources;
        done(std::move(status));
      });
}

void ContainerPod::exec(const std::string& container, std::vector<std::string> command,
                        Duration timeout, std::function<void(Expected<ExecResult>)> done) {
  const std::size_t index = index_of(container);
  if (index == slots_.size() || slots_[index].state != ContainerState::running) {
    return done(Status::not_found("container \"" + container + "\" does not run"));
  }
  context_.background->run(
      [self = shared_from_this(), id = slots_[index].id, command = std::move(command), timeout] {
        return self->runtime_->exec(id, command, timeout);
      },
      [done = std::move(done)](Expected<ExecResult> result) { done(std::move(result)); });
}

PodReport ContainerPod::report() const {
  PodReport result;
  result.address = address_;
  result.reason = reason_;
  result.message = message_;
  if (!stopping_ && !life_.finished()) result.ready = ready_;
  for (std::size_t index = 0; index < slots_.size(); ++index) {
    const Slot& slot = slots_[index];
    ContainerReport container;
    container.name = document_.containers[index].config.name;
    container.id = slot.id;
    container.state = slot.state;
    container.started = life_.started(index);
    container.ready = life_.ready(index);
    container.restarts = life_.restarts(index);
    container.exit_code = slot.exit_code;
    container.reason = slot.state == ContainerState::exited && life_.backing_off(index)
                           ? "CrashLoopBackOff"
                           : slot.reason;
    container.message = slot.message;
    container.last_exit = slot.last_exit;
    container.image_id = slot.image_id;
    container.resources = slot.resources;
    result.containers.push_back(std::move(container));
  }
  return result;
}

}  // namespace arcas::agent
