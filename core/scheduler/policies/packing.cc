#include <algorithm>

#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

/// First shared devices, then free devices of used nodes, then unused nodes.
/// Source: Weng et al., NSDI 2022 (MLaaS in the wild); as scored in Weng et al. 2023.
class Packing final : public PlacementPolicy {
 public:
  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    if (pod.devices == 0) return {};
    const DeviceSet devices = tightest_devices(node, pod);
    const std::int64_t count = node.device_count;
    if (node.device_free() == count * kWholeDevice) return {std::max(33 - count, count), devices};
    std::int64_t untouched = 0;
    std::int64_t percent_free = 0;
    for (std::size_t i = 0; i < node.device_count; ++i) {
      if (((devices >> i) & 1) == 0) continue;
      untouched += node.free[i] == kWholeDevice;
      percent_free += node.free[i] * 100 / kWholeDevice;
    }
    if (untouched > 0) return {std::max<std::int64_t>(50 - untouched, 33), devices};
    return {std::max<std::int64_t>(100 - percent_free / 10, 50), devices};
  }
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_packing(const PolicySetup& /*setup*/) {
  return std::make_unique<Packing>();
}

}  // namespace arcas::policies
