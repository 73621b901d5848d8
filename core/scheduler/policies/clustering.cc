#include <algorithm>

#include "core/scheduler/policies/builtin.h"

namespace arcas::policies {
namespace {

/// Keeps pods of one class (sharing, 1, 2, 4, 8 devices) together, and fuller nodes first.
/// Source: Xiao et al., OSDI 2018 (Gandiva); as a policy with sharing, Weng et al. 2023.
class Clustering final : public PlacementPolicy {
 public:
  explicit Clustering(const PolicySetup& setup) : device_scale_(setup.device_scale_milli) {}

  Placement place(const NodeView& node, const PodView& pod,
                  RandomStream& /*random*/) const override {
    if (pod.devices == 0) return {};
    const std::int64_t base = 25 * (device_scale_ - node.device_free()) / device_scale_;
    const auto classes = std::count_if(node.class_pods.begin(), node.class_pods.end(),
                                       [](std::uint16_t pods) { return pods > 0; });
    std::int64_t bonus = classes == 0 ? 25 : 0;
    if (node.class_pods[class_of(pod)] > 0) bonus = classes == 1 ? 75 : 50;
    return {base + bonus, tightest_devices(node, pod)};
  }

 private:
  std::int64_t device_scale_;
};

}  // namespace

std::unique_ptr<PlacementPolicy> make_clustering(const PolicySetup& setup) {
  return std::make_unique<Clustering>(setup);
}

}  // namespace arcas::policies
