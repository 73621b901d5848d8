#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "agent/vm/qemu.h"
#include "agent/vm/qmp.h"
#include "core/base/expected.h"

namespace arcas::agent {

/// As Arktos names them in status.virtualMachineStatus.powerState.
enum class PowerState : std::uint8_t { no_state, running, paused, shutdown, crashed, suspended };
std::string_view name_of(PowerState state);
/// The `state` that goes with it: "active", "paused", "suspended", "stopped", "error".
std::string_view machine_state_of(PowerState state);

/// One virtual machine on QEMU, driven by its monitor. The process belongs to nobody: it outlives
/// this object, and `adopt` finds it again by its socket. Calls block, one thread at a time.
class VirtualMachine {
 public:
  static Expected<VirtualMachine> start(const MachineConfig& config);
  /// The machine that runs in the directory; `unavailable` when none does.
  static Expected<VirtualMachine> adopt(const std::string& directory);

  [[nodiscard]] const std::string& directory() const { return directory_; }
  /// `shutdown` after the guest has powered itself off, `crashed` when QEMU ended otherwise.
  PowerState power();

  Status pause();
  Status resume();
  /// A reset, as by the button. The guest boots again.
  Status reboot();
  /// Asks the guest by ACPI and waits `grace`, then ends QEMU. True in `by_guest` when it obeyed.
  Status shut_down(Duration grace, bool& by_guest);
  /// Ends QEMU at once, as pulling the plug does.
  Status kill();

  /// Memory, devices and disk, kept in the disk's file under the name (letters, digits, - and .).
  Status snapshot(const std::string& name);
  /// Back to what the snapshot holds; the machine runs or is paused as it was at the time of it.
  Status restore(const std::string& name);
  Status delete_snapshot(const std::string& name);

  /// Plugs virtual processors in or, latest first, out again; which the guest must agree to.
  /// Without KVM none can be taken out: QEMU 7.2 then frees what its translator still uses, and
  /// ends by a fault at the next reset.
  Status set_cpus(std::int32_t count);
  Expected<std::int32_t> cpus();
  /// Plugs memory in by DIMMs of 128, 512, 1024 and 2048 MiB, or takes those out again that fit.
  /// The difference must be a multiple of 128 MiB. Taking out is up to the guest and asynchronous.
  Status set_memory(std::int64_t bytes);
  /// Boot memory and what is plugged in.
  Expected<std::int64_t> memory();

 private:
  VirtualMachine(std::string directory, std::unique_ptr<QmpSession> session)
      : directory_(std::move(directory)), session_(std::move(session)) {}
  Status execute(std::string_view command, const std::string& arguments = {});
  Status run_job(std::string_view command, const std::string& arguments, const std::string& job);
  void read_events();
  bool accelerated();
  bool wait_for_end(Duration timeout);
  Status plug_dimm(std::int64_t bytes, std::size_t number);

  std::string directory_;
  std::unique_ptr<QmpSession> session_;
  bool guest_shut_down_ = false;
  std::uint32_t jobs_ = 0;
};

}  // namespace arcas::agent
