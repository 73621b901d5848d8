#pragma once

#include <mutex>
#include <optional>

#include "agent/runtime/pod_task.h"
#include "agent/vm/virtual_machine.h"

namespace arcas::agent {

struct MachineAction {
  enum class Kind : std::uint8_t { reboot, snapshot, restore, pause, resume };
  Kind kind = Kind::reboot;
  std::string snapshot;  ///< its name
  Duration delay;        ///< before a reboot
};

/// A pod that is a virtual machine. Its image is a name below the agent's directory `images`: a
/// disk image, or a folder with `vmlinuz` and, if wanted, `initrd`. One that runs already is
/// adopted.
class MachinePod final : public PodTask, public std::enable_shared_from_this<MachinePod> {
 public:
  MachinePod(PodContext& context, PodDocument document, Accelerator accelerator, Notify notify);

  void start() override;
  void stop(Duration grace) override;
  [[nodiscard]] PodReport report() const override;

  /// Looks after its power state; from time to time.
  void observe();
  void act(const MachineAction& action, std::function<void(Status)> done);
  /// Whole processors, memory in steps of 128 MiB.
  void resize(std::int32_t cpus, std::int64_t memory_bytes, std::function<void(Status)> done);
  /// Where the guest's console is recorded.
  [[nodiscard]] std::string log_path() const { return console_log(directory_); }
  /// The Unix socket of its console, for one at a time.
  [[nodiscard]] std::string console_path() const { return console_socket(directory_); }

 private:
  Expected<MachineConfig> configuration() const;
  Status set_up();
  Status perform(const MachineAction& action);
  void on_set_up(Status status);
  void tear_down(Duration grace);
  void tell(ports::RuntimeEvent::Type type);

  PodContext& context_;
  PodDocument document_;
  Accelerator accelerator_;
  Notify notify_;
  std::string directory_;
  std::string reason_;
  std::string message_;
  PowerState power_ = PowerState::no_state;  // as last seen
  bool setting_up_ = false;
  bool stopping_ = false;
  bool tearing_down_ = false;
  bool observing_ = false;
  bool finished_ = false;
  Duration grace_;

  std::mutex mutex_;  // of the machine: one piece of background work at a time
  std::optional<VirtualMachine> machine_;
};

}  // namespace arcas::agent
