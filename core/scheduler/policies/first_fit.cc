#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

/// The first node in the caller's order that fits: all nodes score alike. The lowest devices that
/// fit.
class FirstFit final : public PlacementPolicy {
 public:
  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    Placement placement;
    std::int32_t wanted = pod.devices;
    for (int i = 0; i < node.device_count && wanted > 0; ++i) {
      if (node.free[static_cast<std::size_t>(i)] < pod.device_milli) continue;
      placement.devices = static_cast<DeviceSet>(placement.devices | (1 << i));
      --wanted;
    }
    return placement;
  }
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_first_fit(const PolicySetup& /*setup*/) {
  return std::make_unique<FirstFit>();
}

}  // namespace arcas::policies
