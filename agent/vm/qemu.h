#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/expected.h"
#include "core/base/time.h"

namespace arcas::agent {

enum class Accelerator : std::uint8_t { tcg, kvm };

/// What a machine is made of. A kernel boots, with or without an initrd and a disk, or the disk
/// does.
struct MachineConfig {
  std::string name;
  std::string directory;  ///< its own, absolute; sockets, log, overlay. Socket paths limit it to 90
                          ///< characters.
  std::int32_t cpus = 1;
  std::int32_t most_cpus = 8;
  std::int64_t memory_bytes = 256 << 20;
  std::int64_t most_memory_bytes = std::int64_t{4} << 30;
  std::string kernel;
  std::string initrd;
  std::string kernel_arguments;  ///< appended to "console=ttyS0"
  std::string base_image;        ///< qcow2 or raw; read only, under an overlay of its own
  std::string seed_image;        ///< cloud-init's, attached read only
  Accelerator accelerator = Accelerator::tcg;
};

// Files of a machine, in its directory.
std::string qmp_socket(const std::string& directory);
std::string console_socket(const std::string& directory);
std::string console_log(const std::string& directory);

/// Checks the configuration against limits and what is on disk; the error names the field.
Status validate(const MachineConfig& config);
/// The command line of QEMU.
std::vector<std::string> qemu_command(const MachineConfig& config);

/// Makes the disk if there is none yet, and runs QEMU, which detaches itself and outlives the
/// agent. Returns when its monitor listens; the error is what QEMU printed.
Status launch(const MachineConfig& config);
/// The process, 0 when none runs in this directory. Checks that the process is that of the
/// directory, and not another that got its number.
int process_of(const std::string& directory);

/// Whether a guest with this kernel really boots under KVM: being allowed to open /dev/kvm says
/// little. Boots it in `directory` and waits for its first words, `patience` at most.
Accelerator probe_accelerator(const std::string& kernel, const std::string& directory,
                              Duration patience);

/// Runs a program and waits for it; what it printed is the error when it fails.
Status run_program(const std::vector<std::string>& words, Duration timeout);

}  // namespace arcas::agent
