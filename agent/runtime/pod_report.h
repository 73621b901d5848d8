#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/cri/container_runtime.h"
#include "agent/vm/virtual_machine.h"
#include "core/base/id.h"

namespace arcas::agent {

/// How a container's last run ended.
struct ContainerExit {
  std::string id;
  std::int32_t code = 0;
  std::string reason;
  std::string message;
  std::int64_t started_at_ns = 0;   ///< Unix time; 0: not known
  std::int64_t finished_at_ns = 0;  ///< the same
};

/// What a pod's status says of one container.
struct ContainerReport {
  std::string name;
  std::string id;  ///< of its last run; empty before the first
  ContainerState state = ContainerState::created;
  bool started = false;
  bool ready = false;
  std::uint32_t restarts = 0;
  std::int32_t exit_code = 0;
  std::string reason;  ///< why it waits or how it ended: "CrashLoopBackOff", "OOMKilled"…
  std::string message;
  std::string image_id;
  CgroupResources resources;  ///< in force
  std::optional<ContainerExit> last_exit;
};

struct PodReport {
  std::string address;
  std::string reason;  ///< why the pod as a whole cannot start
  std::string message;
  std::vector<ContainerReport> containers;
  /// Whether it is ready, since it runs; nothing before that and for machines.
  std::optional<bool> ready;
  bool is_machine = false;
  PowerState power = PowerState::no_state;
};

}  // namespace arcas::agent
