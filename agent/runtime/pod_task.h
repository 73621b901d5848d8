#pragma once

#include <functional>
#include <memory>
#include <string>

#include "agent/runtime/background.h"
#include "agent/runtime/pod_document.h"
#include "agent/runtime/pod_report.h"
#include "agent/runtime/volumes.h"
#include "core/ports/node_runtime.h"

namespace arcas::agent {

/// What pods of a node share. Outlives them.
struct PodContext {
  Background* background = nullptr;
  std::string directory;      ///< the agent's own, absolute
  std::string control_group;  ///< below every controller's root, such as "/arcas"
  std::string node_name;
  std::string node_address;
  ObjectSource objects;
  VolumePolicy volumes;
};

/// One pod on this node, whatever runs it. Lives on the loop.
class PodTask {
 public:
  using Notify = std::function<void(ports::RuntimeEvent::Type)>;
  virtual ~PodTask() = default;

  virtual void start() = 0;
  /// Stops it and removes all that belongs to it; `stopped` follows. A second call can shorten the
  /// grace.
  virtual void stop(Duration grace) = 0;
  [[nodiscard]] virtual PodReport report() const = 0;
};

}  // namespace arcas::agent
