#pragma once

#include <cstdint>

#include "core/base/id.h"
#include "core/model/objects.h"

namespace arcas::ports {

/// What happened to a pod's containers or virtual machine on this node.
struct RuntimeEvent {
  enum class Type : std::uint8_t {
    started,    ///< running and ready
    failed,     ///< could not be started, or died
    succeeded,  ///< its work is done
    stopped,    ///< stopped as asked; nothing of it is left
  };
  Type type = Type::started;
  Uid pod;
};

/// Runs pods on one machine. Outcomes come back as inputs (Actor::on_runtime).
class NodeRuntime {
 public:
  virtual ~NodeRuntime() = default;

  /// Pulls images if needed and starts the pod. Exactly one event `started` or `failed` follows,
  /// unless the machine dies or `stop` comes first.
  virtual void start(ActorId self, Uid pod, SpecId spec) = 0;
  /// Stops the pod within its grace period; `stopped` follows, also when it was not running.
  virtual void stop(ActorId self, Uid pod, Duration grace) = 0;
};

}  // namespace arcas::ports
