#pragma once

#include <cstdint>

#include "core/scheduler/framework.h"
#include "core/scheduler/preemption_nominations.h"

namespace arcas::scheduler {

/// Tries one pod, or one node, as it might be: by the plugins of the cycle's profile themselves,
/// nominated pods respected. The cluster is as before after each call, except that the catalog
/// knows one more spec or node name.
class WhatIf {
 public:
  WhatIf(const Cycle& cycle, const Nominations& nominations)
      : cycle_(cycle), nominations_(nominations) {}

  struct Takers {
    std::uint32_t nodes = 0;
    NodeId first;  ///< the lowest of them
    [[nodiscard]] bool any() const { return nodes != 0; }
  };
  /// The nodes that take the pod with another spec, which is interned. Cost: O(nodes × plugins).
  Takers with(model::PodSpec spec) const;
  Takers with(SpecId spec) const;
  /// Whether a node that is new, or stands in place of the one with its id, takes the pod as it is.
  /// Cost: O(plugins) and what the cluster's readers do about two changes of a node.
  [[nodiscard]] bool on(const model::Node& node) const;

  [[nodiscard]] const Cycle& cycle() const { return cycle_; }

 private:
  const Cycle& cycle_;
  const Nominations& nominations_;
};

}  // namespace arcas::scheduler
