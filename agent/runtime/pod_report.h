#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "agent/cri/container_runtime.h"
#include "agent/vm/virtual_machine.h"
#include "core/base/id.h"

namespace arcas::agent {

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
};

struct PodReport {
  std::string address;
  std::string reason;  ///< why the pod as a whole cannot start
  std::string message;
  std::vector<ContainerReport> containers;
  bool is_machine = false;
  PowerState power = PowerState::no_state;
};

}  // namespace arcas::agent
