#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/base/rng.h"
#include "core/scheduler/policies/views.h"

namespace arcas::policies {

/// A kind of pod that is expected, and how often: `weight` out of the sum of all weights.
struct TypicalPod {
  PodView pod;
  std::int64_t weight = 0;
};

/// Nodes that look alike when they are empty.
struct NodeShape {
  NodeView node;
  std::int64_t count = 0;
};

/// What a policy may know besides the node and the pod. No policy knows what arrives next.
struct PolicySetup {
  /// What scores divide cpu and devices by; Weng et al. take their largest node.
  std::int64_t cpu_scale_milli = 128'000;
  std::int64_t device_scale_milli = 8'000;
  /// What usually arrives. FGD and arcas use it; without it they know of no fragmentation.
  std::vector<TypicalPod> typical;
  /// The cluster's nodes when empty; arcas prices devices by them.
  std::vector<NodeShape> shapes;
};

/// How good a node is for a pod (higher is better), and which devices it would take.
struct Placement {
  std::int64_t score = 0;
  DeviceSet devices = 0;
};

/// Rates one node for one pod. Pure: the same views give the same answer, unless `draws()`.
/// Among equal scores the caller decides (by its own order of nodes).
class PlacementPolicy {
 public:
  virtual ~PlacementPolicy() = default;
  /// `pod` must fit `node` (`fits`). Only a policy that draws takes numbers from `random`.
  virtual Placement place(const NodeView& node, const PodView& pod, RandomStream& random) const = 0;
  /// Whether answers depend on the random stream, so that none may be kept.
  [[nodiscard]] virtual bool draws() const { return false; }
};

}  // namespace arcas::policies
