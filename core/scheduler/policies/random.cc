#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

/// A node and devices drawn uniformly among those that fit: each node draws a score of 63 bits and
/// the highest wins. A tie, which the order of nodes would decide, has a chance of about 2^-43 at a
/// thousand nodes.
class Random final : public PlacementPolicy {
 public:
  Placement place(const NodeView& node, const PodView& pod, RandomStream& random) const override {
    Placement placement;
    placement.score = static_cast<std::int64_t>(random.next() >> 1U);
    // The k-th device goes to one of those that fit and are not taken yet.
    for (std::int32_t k = 0; k < pod.devices; ++k) {
      std::uint64_t able = 0;
      for (int i = 0; i < node.device_count; ++i) able += free_for(node, pod, placement, i);
      std::uint64_t choice = random.below(able);
      for (int i = 0; i < node.device_count; ++i) {
        if (!free_for(node, pod, placement, i) || choice-- != 0) continue;
        placement.devices = static_cast<DeviceSet>(placement.devices | (1 << i));
        break;
      }
    }
    return placement;
  }
  [[nodiscard]] bool draws() const override { return true; }

 private:
  static bool free_for(const NodeView& node, const PodView& pod, const Placement& placement,
                       int device) {
    return node.free[static_cast<std::size_t>(device)] >= pod.device_milli &&
           ((placement.devices >> device) & 1) == 0;
  }
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_random(const PolicySetup& /*setup*/) {
  return std::make_unique<Random>();
}

}  // namespace arcas::policies
