#include "agent/runtime/machine_pod.h"

#include <filesystem>
#include <utility>

namespace arcas::agent {

namespace files = std::filesystem;
using Event = ports::RuntimeEvent::Type;

MachinePod::MachinePod(PodContext& context, PodDocument document, Accelerator accelerator,
                       Notify notify)
    : context_(context),
      document_(std::move(document)),
      accelerator_(accelerator),
      notify_(std::move(notify)),
      directory_(context.directory + "/machines/" + document_.uid),
      grace_(document_.grace) {}

Expected<MachineConfig> MachinePod::configuration() const {
  const MachineDocument& machine = *document_.machine;
  if (!is_path_below(machine.image)) {
    return Status::invalid("InvalidImageName: \"" + machine.image + "\" is no name of an image");
  }
  const std::string image = context_.directory + "/images/" + machine.image;
  MachineConfig config;
  config.name = machine.name;
  config.directory = directory_;
  config.accelerator = accelerator_;
  config.cpus = machine.cpus;
  config.most_cpus = std::max(config.most_cpus, machine.cpus);
  if (machine.memory_bytes > 0) config.memory_bytes = machine.memory_bytes;
  config.most_memory_bytes = std::max(config.most_memory_bytes, 2 * config.memory_bytes);
  std::error_code fault;
  if (files::is_directory(image, fault)) {
    config.kernel = image + "/vmlinuz";
    if (files::exists(image + "/initrd", fault)) config.initrd = image + "/initrd";
    if (files::exists(image + "/disk", fault)) config.base_image = image + "/disk";
  } else if (files::is_regular_file(image, fault)) {
    config.base_image = image;
  } else {
    return Status::not_found("ErrImageNeverPull: image \"" + machine.image +
                             "\" is not on this node");
  }
  return config;
}

void MachinePod::start() {
  if (std::exchange(setting_up_, true)) return;
  context_.background->run(
      [self = shared_from_this()] { return self->set_up(); },
      [self = shared_from_this()](Status status) { self->on_set_up(std::move(status)); });
}

Status MachinePod::set_up() {
  const std::lock_guard lock(mutex_);
  if (process_of(directory_) != 0) {
    Expected<VirtualMachine> adopted = VirtualMachine::adopt(directory_);
    if (!adopted) return adopted.error();
    machine_.emplace(std::move(adopted).value());
    return Status::success();
  }
  const Expected<MachineConfig> config = configuration();
  if (!config) return config.error();
  std::error_code fault;
  files::create_directories(files::path(directory_).parent_path(), fault);
  Expected<VirtualMachine> started = VirtualMachine::start(*config);
  if (!started) return started.error();
  machine_.emplace(std::move(started).value());
  const bool paused = document_.machine->power == MachineDocument::Power::paused;
  return paused ? machine_->pause() : Status::success();
}

void MachinePod::on_set_up(Status status) {
  setting_up_ = false;
  if (stopping_) return tear_down(grace_);
  if (!status.ok()) {
    const std::size_t colon = status.message.find(':');
    reason_ = status.message.starts_with("Err") || status.message.starts_with("Invalid")
                  ? status.message.substr(0, colon)
                  : "RunMachineError";
    message_ = status.message;
    power_ = PowerState::no_state;
    return tell(Event::failed);
  }
  const bool paused = document_.machine->power == MachineDocument::Power::paused;
  power_ = paused ? PowerState::paused : PowerState::running;
  notify_(Event::started);
}

void MachinePod::observe() {
  if (setting_up_ || stopping_ || finished_ || std::exchange(observing_, true)) return;
  context_.background->run(
      [self = shared_from_this()] {
        const std::lock_guard lock(self->mutex_);
        return self->machine_ ? self->machine_->power() : PowerState::no_state;
      },
      [self = shared_from_this()](PowerState power) {
        self->observing_ = false;
        self->power_ = power;
        if (power == PowerState::crashed) {
          self->reason_ = "MachineCrashed";
          self->message_ = "QEMU ended, or the guest panicked";
          self->tell(Event::failed);
        } else if (power == PowerState::shutdown) {
          self->tell(Event::succeeded);
        }
      });
}

void MachinePod::tell(Event type) {
  if (!std::exchange(finished_, true)) notify_(type);
}

void MachinePod::stop(Duration grace) {
  grace_ = grace;
  stopping_ = true;
  if (!setting_up_) tear_down(grace);
}

void MachinePod::tear_down(Duration grace) {
  if (std::exchange(tearing_down_, true)) return;
  context_.background->run(
      [self = shared_from_this(), grace]() -> Status {
        const std::lock_guard lock(self->mutex_);
        if (!self->machine_ && process_of(self->directory_) != 0) {
          Expected<VirtualMachine> adopted = VirtualMachine::adopt(self->directory_);
          if (!adopted) return adopted.error();
          self->machine_.emplace(std::move(adopted).value());
        }
        bool by_guest = false;
        if (process_of(self->directory_) != 0) {
          const Status down = self->machine_->shut_down(grace, by_guest);
          if (!down.ok()) return down;
        }
        std::error_code fault;
        files::remove_all(self->directory_, fault);
        return fault ? Status::exhausted(fault.message()) : Status::success();
      },
      [self = shared_from_this()](Status status) {
        if (status.ok()) {
          self->power_ = PowerState::shutdown;
          return self->notify_(Event::stopped);
        }
        self->message_ = status.message;
        self->context_.background->after(seconds(1), [self] {
          self->tearing_down_ = false;
          self->tear_down(Duration{});
        });
      });
}

Status MachinePod::perform(const MachineAction& action) {
  const std::lock_guard lock(mutex_);
  if (!machine_) return Status::not_found("the machine does not run");
  switch (action.kind) {
    case MachineAction::Kind::reboot:
      return machine_->reboot();
    case MachineAction::Kind::snapshot:
      return machine_->snapshot(action.snapshot);
    case MachineAction::Kind::restore:
      return machine_->restore(action.snapshot);
    case MachineAction::Kind::pause:
      return machine_->pause();
    case MachineAction::Kind::resume:
      return machine_->resume();
  }
  return Status::invalid("no such action");
}

void MachinePod::act(const MachineAction& action, std::function<void(Status)> done) {
  const auto go = [self = shared_from_this(), action, done = std::move(done)] {
    self->context_.background->run([self, action] { return self->perform(action); },
                                   [self, done](Status status) {
                                     done(std::move(status));
                                     self->observe();
                                   });
  };
  if (action.delay > Duration{}) {
    context_.background->after(action.delay, go);
  } else {
    go();
  }
}

void MachinePod::resize(std::int32_t cpus, std::int64_t memory_bytes,
                        std::function<void(Status)> done) {
  context_.background->run(
      [self = shared_from_this(), cpus, memory_bytes]() -> Status {
        const std::lock_guard lock(self->mutex_);
        if (!self->machine_) return Status::not_found("the machine does not run");
        const Status processors = self->machine_->set_cpus(cpus);
        return processors.ok() ? self->machine_->set_memory(memory_bytes) : processors;
      },
      [done = std::move(done)](Status status) { done(std::move(status)); });
}

PodReport MachinePod::report() const {
  PodReport result;
  result.is_machine = true;
  result.power = power_;
  result.reason = reason_;
  result.message = message_;
  return result;
}

}  // namespace arcas::agent
